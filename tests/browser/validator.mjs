// A validator with the program, on ports that nobody else uses.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How long it may take on a machine with much else to do. */
const MOST_SECONDS = 240;

export async function startValidator(root) {
  const ledger = mkdtempSync(join(tmpdir(), 'runseal-validator-'));
  // Its own port to others too, so that another validator may run on the machine.
  const [port, faucet, gossip] = [await portPair(), await portPair(), await portPair()];
  const program = JSON.parse(readFileSync(join(root, 'programs/registry/idl.json'), 'utf8')).address;
  const owner = join(root, 'tests/fixtures/keys/wallet.json');
  const so = join(root, 'client/runseal-ledger/program/runseal_registry.so');
  // It keeps a core busy even when it has nothing to do.
  const validator = spawn(
    'nice',
    [
      '-n', '15', 'solana-test-validator', '--reset', '--quiet', '--ledger', ledger, '--bind-address', '127.0.0.1', '--rpc-port', `${port}`,
      '--faucet-port', `${faucet}`, '--gossip-port', `${gossip}`, '--upgradeable-program', program, so, owner, '--mint', addressOf(owner),
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const ended = new Promise((resolve) => validator.on('exit', resolve));
  const end = async () => {
    validator.kill('SIGKILL');
    await ended;
    rmSync(ledger, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await healthy(url, ended);
  } catch (error) {
    await end();
    throw error;
  }
  return { url, end };
}

async function healthy(url, ended) {
  let isOver = false;
  ended.then(() => (isOver = true));
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'getSlot', params: [{ commitment: 'finalized' }] });
  for (let second = 0; second < MOST_SECONDS && !isOver; second += 1) {
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body }).then((it) => it.json()).catch(() => null);
    if (answer?.result > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  throw new Error('the validator does not answer');
}

/** A port whose successor is free too: the validator puts its websocket there. */
async function portPair() {
  for (;;) {
    const port = await portAt(0);
    if (port !== null && port < 65_535 && (await portAt(port + 1)) !== null) return port;
  }
}

function portAt(port) {
  const server = createServer();
  return new Promise((resolve) => {
    server.on('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => {
      const found = server.address().port;
      server.close(() => resolve(found));
    });
  });
}

/** The address of a keypair's file: its last 32 bytes in base58. */
function addressOf(file) {
  const bytes = Buffer.from(JSON.parse(readFileSync(file, 'utf8')).slice(32));
  let number = BigInt(`0x${bytes.toString('hex')}`);
  let text = '';
  for (; number > 0n; number /= 58n) text = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'[Number(number % 58n)] + text;
  return text;
}
