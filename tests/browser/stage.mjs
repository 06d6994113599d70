// A vendor, a certifier, an operator and their receipts, made by the command line alone: on the
// embedded ledger, or on a validator.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What nobody's browser may take for markup, wherever it stands. */
export const HOSTILE = `"><img src=x onerror=alert(1)><script>alert('2')</script>`;
const HOSTILE_URI = "javascript:alert('<b>&\"')";

export class Stage {
  /** @param {{runseal: string, root: string, url?: string, cadence?: number}} where */
  constructor({ runseal, root, url, cadence }) {
    Object.assign(this, { runseal, root, url });
    this.folder = mkdtempSync(join(tmpdir(), 'runseal-browser-'));
    this.home = this.path('home');
    this.cadence = cadence ?? (url === undefined ? 3_600 : 15);
  }

  path(name) {
    return join(this.folder, name);
  }

  /** Runs a command that must succeed, and returns what it printed. */
  run(line, commitment = 'confirmed') {
    const ledger = this.url === undefined ? [] : ['-u', this.url, '--commitment', commitment];
    const options = { cwd: this.folder, env: this.environment(), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] };
    return execFileSync(this.runseal, [...line.split(' ').filter(Boolean), ...ledger], options);
  }

  /** Starts a command, and returns how to end it: any may be killed at any moment. */
  begin(line) {
    const command = spawn(this.runseal, [...line.split(' '), '-u', this.url], { cwd: this.folder, env: this.environment(), stdio: 'ignore' });
    const ended = new Promise((resolve) => command.on('exit', resolve));
    return () => (command.kill('SIGKILL'), ended);
  }

  json(line) {
    return JSON.parse(this.run(`${line} --output json`));
  }

  environment() {
    return { PATH: process.env.PATH, HOME: this.folder, RUNSEAL_HOME: this.home };
  }

  /** Registers an agent, certifies it to C, opens a log, and anchors two periods. */
  set() {
    for (const name of ['manifest.json', 'code.tar', 'evidence.txt']) writeFileSync(this.path(name), name);
    for (const name of ['vendor', 'agent', 'certifier', 'operator', 'anchoring', 'promise', 'auditor']) this.run(`keygen ${name}.json`);
    for (const name of ['vendor', 'certifier', 'operator', 'anchoring', 'auditor']) this.run(`-k ${name}.json airdrop 10`);
    cpSync(join(this.root, 'migrations/program/0001_config.toml'), this.path('config.toml'));
    const owner = this.url === undefined ? 'vendor.json' : join(this.root, 'tests/fixtures/keys/wallet.json');
    this.run(`-k ${owner} config init config.toml`);
    const register = '-k vendor.json agent register --identity agent.json --manifest manifest.json';
    this.agent = this.json(`${register} --heartbeat-cadence 60 --uri ${HOSTILE_URI}`).address;
    this.version = this.json(`-k vendor.json agent publish ${this.agent} --semver 1.0.0 --manifest manifest.json --code code.tar`).address;
    this.run(`-k vendor.json agent activate ${this.agent}`);
    this.certify(owner);
    const keys = `--anchoring-key ${this.key('anchoring')} --promise-key ${this.key('promise')}`;
    const times = `--cadence ${this.cadence}s --grace ${this.cadence}s --answer-window ${this.cadence}s --challenge-window 1d`;
    this.log = this.json(`-k operator.json log open browser ${keys} ${times}`).address;
    this.runs = [`run-1 ${HOSTILE}`, 'run-2', 'run-3'];
    this.digests = [this.seal(this.runs[0]), this.seal(this.runs[1])];
    this.anchor();
    this.digests.push(this.seal(this.runs[2]));
    this.anchor();
    this.run('period export -o published');
    this.run(`mirror ${this.log} --from published`);
    // Pages read what is finalized: when this is, so is everything before it. One period, however many
    // there are by now on a validator that takes its time.
    const { period } = this.json(`receipt show ${this.digests[1]}`);
    this.run(`-k auditor.json cosign --log ${this.log} --period ${period}`, 'finalized');
    this.prove();
    return this;
  }

  certify(owner) {
    const certifier = this.key('certifier');
    this.certifier = this.json(`-k ${owner} certifier accredit ${certifier} --organisation <b>.example --stages ABC`).address;
    for (const stage of ['A', 'B', 'C']) this.run(`-k certifier.json certify attest ${this.version} --stage ${stage} --evidence evidence.txt`);
    this.auditor = this.json(`-k ${owner} auditor register ${this.key('auditor')} --organisation auditor.example`).address;
  }

  key(name) {
    return this.json(`-k ${name}.json address`).address;
  }

  /** The signature of the first transaction that touched an account, as the validator tells it. */
  async firstTransaction(address) {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'getSignaturesForAddress', params: [address, { commitment: 'finalized' }] });
    const answer = await fetch(this.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return (await answer.json()).result.at(-1).signature;
  }

  seal(runId) {
    const event = (seq, type) => ({
      event_id: `${seq}`, type, seq, source: HOSTILE, timestamp: '2026-01-01T00:00:00Z', data: { secret: `payload of ${runId}` },
    });
    writeFileSync(this.path('run.json'), JSON.stringify({ run_id: runId, events: [event(0, 'message.received'), event(1, 'message.sent')] }));
    return this.json('-k agent.json receipt seal run.json').digest;
  }

  /** Lets the period end, and posts until one more is anchored. */
  anchor() {
    for (;;) {
      if (this.url === undefined) this.run(`warp ${this.cadence}s`);
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, this.cadence * 1_000);
      if (this.json(`-k anchoring.json anchor post --log ${this.log}`).anchored.length > 0) return;
    }
  }

  /** A good bundle, one that says that it failed, its receipt, and an absence. */
  prove() {
    this.run(`prove ${this.digests[1]} -o good.json`);
    this.changed('tampered.json', (bundle) => {
      const told = bundle.receipts[0];
      bundle.receipts[0] = told.replace('"status":"completed"', '"status":"failed"');
      if (bundle.receipts[0] === told) throw new Error('the receipt has no status to tamper with');
    });
    const good = readFileSync(this.path('good.json'), 'utf8');
    writeFileSync(this.path('receipt.json'), JSON.parse(good).receipts[0]);
    this.run(`prove-absence --agent ${this.agent} --sequence 99 --period 0 -o absence.json`);
  }

  /** A copy of the good bundle, changed. */
  changed(name, change) {
    const bundle = JSON.parse(readFileSync(this.path('good.json'), 'utf8'));
    change(bundle);
    writeFileSync(this.path(name), JSON.stringify(bundle));
    return this.path(name);
  }

  clear() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
