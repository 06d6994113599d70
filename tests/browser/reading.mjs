// How the page reads transactions, against the program's own golden bytes; and what it says where the
// ledger takes none. Both ledgers.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Visitor } from './browser.mjs';
import { give } from './wallet.mjs';

export function reading(world) {
  const { stage } = world;

  /** Runs something in the page with its own modules. */
  const inPage = async (work, argument) => {
    const visitor = await Visitor.come(world.browser, [world.url]);
    await visitor.page.goto(`${world.url}/act/open-log`);
    const main = await visitor.page.getAttribute('script[type=module]', 'src');
    const done = await visitor.page.evaluate(work, { ...argument, folder: main.replace('main.js', '') });
    await visitor.leave();
    return done;
  };

  test(`${world.name}: every instruction of the program is read to its end, and nothing that is cut or longer`, async () => {
    const { instructions } = JSON.parse(readFileSync(join(stage.root, 'tests/vectors/layout.json'), 'utf8'));
    const found = await inPage(async ({ folder, instructions }) => {
      const { Interface } = await import(`${folder}idl.js`);
      const idl = await Interface.load(`${folder}idl.json`);
      const bytesOf = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
      const isRead = (data) => {
        try {
          return idl.decode(data).name;
        } catch {
          return null;
        }
      };
      return Object.entries(instructions).map(([name, { data }]) => {
        const bytes = bytesOf(data);
        const wrong = [Uint8Array.from([...bytes, 0]), ...Array.from(bytes.keys(), (size) => bytes.slice(0, size))];
        return [name, isRead(bytes), wrong.filter((one) => isRead(one) !== null).length, Object.fromEntries(idl.decode(bytes).args)];
      });
    }, { instructions });
    assert.ok(found.length > 30);
    for (const [name, read, wrongs] of found) assert.deepEqual([read, wrongs], [name, 0], name);
    const args = Object.fromEntries(found.map(([name, , , args]) => [name, args]));
    assert.deepEqual(Object.keys(args.publish_version), ['semantic', 'manifest_hash', 'code_hash', 'uri']);
    assert.match(args.publish_version.semantic, /^\d+\.\d+\.\d+$/);
    assert.match(args.register_agent.manifest_hash, /^[0-9a-f]{64}$/);
  });

  test(`${world.name}: addresses are derived as the program derives them`, async () => {
    const twin = await (await fetch(`${world.url}/index.json`)).json();
    const keys = { program: twin.program, agent: stage.key('agent'), operator: stage.key('operator') };
    const found = await inPage(async ({ folder, program, agent, operator }) => {
      const [{ derive, isOnCurve }, { bytesOfAddress, bytesOfText, isAddress }] = [await import(`${folder}pda.js`), await import(`${folder}../verify/bytes.js`)];
      const name = new Uint8Array(32);
      name.set(bytesOfText('browser'));
      const derived = await derive(program, bytesOfText('agent'), bytesOfAddress(agent));
      const version = await derive(program, bytesOfText('version'), bytesOfAddress(derived), new Uint8Array(8));
      const log = await derive(program, bytesOfText('log'), bytesOfAddress(operator), name);
      const keys = [agent, operator, derived, version, log].map((address) => isOnCurve(bytesOfAddress(address)));
      // Without its first letter a text may still be of 32 bytes.
      const texts = ['', agent.slice(8), `1${agent}`, agent.replace(/.$/, '0'), '1'.repeat(31), '1'.repeat(33), 'z'.repeat(44), null, 7];
      return { addresses: [derived, version, log], keys, none: texts.filter((text) => isAddress(text)), system: isAddress('1'.repeat(32)) };
    }, keys);
    assert.deepEqual(found, { addresses: [stage.agent, stage.version, stage.log], keys: [true, true, false, false, false], none: [], system: true });
  });

  test(`${world.name}: the room leads to each of its pages, without a script`, async () => {
    const visitor = await Visitor.come(world.browser, [world.url], { javaScriptEnabled: false });
    for (const name of ['Register an agent', 'Publish a version', 'Open a log']) {
      await visitor.page.goto(world.url);
      await visitor.page.click('nav a:has-text("Act")');
      await visitor.page.click(`main a:has-text("${name}")`);
      assert.equal(await visitor.page.textContent('h1'), name);
      assert.match(await visitor.page.textContent('noscript'), /runseal (agent|log) /);
    }
    await visitor.leave();
  });

  if (stage.url !== undefined) return;
  test(`${world.name}: a ledger that takes no transactions of others says so in one line`, async () => {
    const visitor = await Visitor.come(world.browser, [world.url]);
    await give(visitor, stage.path('vendor.json'));
    const { page } = visitor;
    await page.goto(`${world.url}/act/open-log`);
    await page.click('#wallets button');
    await page.fill('#endpoint', `${world.url}/rpc`);
    await page.click('#add');
    for (const [name, value] of [['name', 'mine'], ['anchoring_key', stage.log], ['promise_key', stage.log]]) await page.fill(`#${name}`, value);
    await page.click('#look');
    assert.match(await page.textContent('#problem'), /takes no transactions that others signed/);
    await visitor.leave();
  });
}
