// What a visitor does on the pages where a wallet signs, and services that lie to him.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Visitor } from './browser.mjs';
import { Message, addressOf, give } from './wallet.mjs';

export class Desk {
  constructor(world) {
    Object.assign(this, { world, stage: world.stage });
  }

  /** Makes the keys: a wallet with SOL, and two agents' that nobody registered. */
  furnish() {
    for (const name of ['wallet', 'fresh', 'other']) this.stage.run(`keygen ${name}.json`);
    this.stage.run('-k wallet.json airdrop 10', 'finalized');
    this.wallet = this.stage.key('wallet');
  }

  /** Comes with a wallet, connects it, and adds endpoints. */
  async visit(action, { urls = [this.world.rpc], connect = true, window = {}, ...wallet } = {}) {
    const visitor = await Visitor.come(this.world.browser, [this.world.url, ...urls], window);
    await give(visitor, this.stage.path('wallet.json'), wallet);
    await visitor.page.goto(`${this.world.url}/act/${action}`);
    await this.arrive(visitor, urls, connect);
    return visitor;
  }

  async arrive({ page }, urls, connect = true) {
    if (connect) await page.click('#wallets button');
    for (const url of urls) {
      await page.fill('#endpoint', url);
      await page.click('#add');
    }
  }

  /** What the form for a log is filled in with. */
  log(name) {
    const [anchoring_key, promise_key] = ['anchoring', 'promise'].map((key) => addressOf(this.keyOf(key)));
    return { name, anchoring_key, promise_key };
  }

  /** Fills the form in: a manifest and code are there unless something else is said. */
  async fill({ page }, fields) {
    for (const name of ['manifest_hash', 'code_hash']) {
      if (await page.$(`#${name}`)) await page.setInputFiles(`#${name}`, this.stage.path('manifest.json'));
    }
    for (const [name, value] of Object.entries(fields)) {
      if (name === 'identity') await page.setInputFiles('#identity', value);
      else await page.fill(`#${name}`, value);
    }
  }

  /** Fills in and has the transaction shown; returns what kind of verdict there is, or the problem. */
  async show(visitor, fields) {
    await this.fill(visitor, fields);
    await visitor.page.click('#look');
    return this.looked(visitor.page);
  }

  async looked(page) {
    await page.waitForFunction(() => document.querySelector('#look:not(:disabled)') && document.querySelector('#shown .verdict, #problem'));
    return (await page.$('#problem')) ? page.textContent('#problem') : page.getAttribute('#shown .verdict', 'data-kind');
  }

  /** Has it shown, signs it, and waits until it is final; returns the address of what is created. */
  async signs(visitor, fields) {
    assert.equal(await this.show(visitor, fields), 'pass');
    await visitor.checkAccess();
    await visitor.page.click('#sign');
    assert.equal(await this.ending(visitor.page), 'pass', await visitor.page.textContent('#outcome'));
    assert.deepEqual(await this.told(visitor.page), { asked: 1, signed: 1 });
    return /[1-9A-HJ-NP-Za-km-z]{32,44}/.exec(await visitor.page.textContent('#outcome .verdict p'))[0];
  }

  /** How it ended. */
  async ending(page) {
    await page.waitForSelector('#outcome .verdict, #problem', { timeout: 240_000 });
    return (await page.$('#problem')) ? page.textContent('#problem') : page.getAttribute('#outcome .verdict', 'data-kind');
  }

  /** What the wallet was asked for, and what it signed. */
  told(page) {
    return page.evaluate(() => ({ asked: globalThis.wallet.asked, signed: globalThis.wallet.signed }));
  }

  /** Nothing is signed, and the page says why; returns that. */
  async isCaught(visitor) {
    const { page } = visitor;
    await page.click('#look');
    const said = await this.looked(page);
    assert.notEqual(said, 'pass');
    const text = await page.textContent(said === 'fail' ? '#shown' : '#problem');
    assert.equal(await page.isEnabled('#sign'), false);
    // A click that no person can make does nothing either.
    await page.evaluate(() => {
      const sign = document.getElementById('sign');
      sign.disabled = false;
      sign.click();
    });
    assert.deepEqual(await this.told(page), { asked: 0, signed: 0 });
    return text;
  }

  /** Has the service lie: `change` gets the answer, and may return another. */
  async deceive(visitor, change) {
    await visitor.page.route('**/transactions/*', async (route) => {
      const response = await route.fetch();
      const answer = await response.json();
      assert.equal(response.status(), 200, JSON.stringify(answer));
      await route.fulfill({ json: change(answer, (name) => this.keyOf(name)) });
    });
  }

  keyOf(name) {
    return Buffer.from(JSON.parse(readFileSync(this.stage.path(`${name}.json`), 'utf8')).slice(32));
  }

  /** The names of the logs that the service's ledger has. */
  async logs() {
    return (await (await fetch(`${this.world.url}/index.json`)).json()).logs.map(({ name }) => name);
  }
}

const changed = (change) => (answer, key) => {
  const message = new Message(answer.message);
  change(message, message.instructions.at(-1), key);
  return { ...answer, message: message.base64() };
};
const recoded = (change) => (answer) => ({ ...answer, message: change(Buffer.from(answer.message, 'base64')).toString('base64') });

/** What a service may make of the transaction that registers an agent, and what is said of it. */
export const LIES = [
  ['has another account pay', /would pay, not your wallet/, changed((message, _, key) => (message.keys[0] = key('certifier')))],
  ['adds a transfer', /it is of a program that nobody asked for/, changed((message, _, key) => message.addTransfer(key('certifier')))],
  ['adds an account that is written', /an account that nobody asked for/, changed((message, _, key) => message.insertWritable(key('certifier')))],
  ['takes another program', /it is of a program that nobody asked for/, changed((message, { program }, key) => (message.keys[program] = key('certifier')))],
  ['takes another agent', /identity is not/, changed((message, _, key) => (message.keys[1] = key('certifier')))],
  ['takes another manifest', /manifest_hash is/, changed((_, { data }) => (data[8] ^= 1))],
  ['takes another cadence', /heartbeat_cadence_seconds is 1, and 0 was asked for/, changed((_, { data }) => (data[40] ^= 1))],
  ['takes another instruction', /no such instruction/, changed((_, { data }) => (data[0] ^= 1))],
  ['hides bytes behind the arguments', /bytes stand behind the arguments/, changed((_, one) => (one.data = Buffer.concat([one.data, Buffer.alloc(1)])))],
  ['cuts the arguments off', /the arguments end too early/, changed((_, one) => (one.data = one.data.subarray(0, 20)))],
  ['does it twice', /there are 2/, changed((message, one) => message.instructions.push(one))],
  ['does nothing', /there are 0/, changed((message) => message.instructions.pop())],
  ['swaps accounts', /payer is not/, changed((_, { accounts }) => accounts.reverse())],
  ['names one account more', /more accounts than it needs/, changed((_, { accounts }) => accounts.push(0))],
  ['has one more sign', /would sign/, changed((message) => (message.header[0] += 1))],
  ['has the configuration written', /could be written/, changed((message) => (message.header[2] -= 1))],
  ['names an account that is not there', /names an account that is not there/, changed((_, { accounts }) => (accounts[0] = 99))],
  ['pays much to go first', /more than 0.001 SOL/, changed((message) => message.instructions.unshift({ program: message.instructions[0].program, accounts: [], data: Buffer.from([3, 0, 0, 0, 0, 1, 0, 0, 0]) }))],
  ['asks what is not known of the compute budget', /compute budget is not known/, changed((message) => (message.instructions[0].data[0] = 1))],
  ['reads another chain', /The service reads the chain 4uhc/, (answer) => ({ ...answer, genesis_hash: '4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY' })],
  ['makes a message with a version', /of another version/, recoded((bytes) => Buffer.concat([Buffer.from([0x80]), bytes]))],
  ['adds a byte at the end', /stand behind the end/, recoded((bytes) => Buffer.concat([bytes, Buffer.alloc(1)]))],
  ['cuts a byte off', /the bytes end too early/, recoded((bytes) => bytes.subarray(0, -1))],
  ['names a block that is none', /too old, or your endpoints do not know it/, changed((message) => (message.blockhash = Buffer.alloc(32, 7)))],
  ['sends no message', /is no transaction/, () => ({})],
];
