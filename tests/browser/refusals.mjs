// Wallets that say no, endpoints that say otherwise, and forms that are filled in wrongly: nothing is signed
// or nothing is sent, and the page says why.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { endpoint } from './service.mjs';
import { HOSTILE } from './stage.mjs';
import { give } from './wallet.mjs';

export function refusals(world, desk) {
  const { stage } = world;
  for (const [mode, says] of [
    ['refuse', /The wallet did not sign: User rejected the request/],
    ['vanish', /The wallet went away/],
    ['change', /signed something else than what is shown. It was not sent/],
    ['unsigned', /is not signed by its account. It was not sent/],
  ]) {
    test(`${world.name}: of a wallet in the mode “${mode}” nothing is sent`, async () => {
      const visitor = await desk.visit('open-log', { mode });
      assert.equal(await desk.show(visitor, desk.log(`never-${mode}`)), 'pass');
      await visitor.page.click('#sign');
      assert.match(await desk.ending(visitor.page), says);
      assert.equal(await visitor.page.isVisible('#sign'), false, 'what was shown is not signed again');
      await visitor.leave();
    });
  }

  test(`${world.name}: a wallet that sends by itself may say no too, and then nothing is waited for`, async () => {
    const visitor = await desk.visit('open-log', { mode: 'send', rpc: world.rpc });
    assert.equal(await desk.show(visitor, desk.log('never-sent')), 'pass');
    await visitor.page.evaluate(() => (globalThis.wallet.mode = 'refuse'));
    await visitor.page.click('#sign');
    assert.match(await desk.ending(visitor.page), /The wallet did not sign: User rejected the request/);
    assert.equal(await visitor.page.evaluate(() => localStorage.length), 0);
    assert.equal(await visitor.page.isEnabled('#look'), true);
    await visitor.leave();
  });

  test(`${world.name}: a wallet that does not answer is waited for until it is too late, and no longer`, async () => {
    const state = { isOver: false };
    const later = await endpoint(world.rpc, (method, result) => {
      if (method === 'getBlockHeight' && state.isOver) return Number.MAX_SAFE_INTEGER;
      return method === 'isBlockhashValid' && state.isOver ? { ...result, value: false } : result;
    });
    const visitor = await desk.visit('open-log', { mode: 'hang', urls: [later.url] });
    assert.equal(await desk.show(visitor, desk.log('never-answered')), 'pass');
    await visitor.page.click('#sign');
    await visitor.page.waitForFunction(() => globalThis.wallet.asked === 1);
    await visitor.page.waitForTimeout(3_000);
    assert.equal(await visitor.page.locator('#problem').count(), 0);
    state.isOver = true;
    assert.match(await desk.ending(visitor.page), /The wallet took too long/);
    assert.deepEqual(await desk.told(visitor.page), { asked: 1, signed: 0 });
    await visitor.leave();
    await later.end();
  });

  test(`${world.name}: an account that the wallet takes back signs nothing`, async () => {
    const visitor = await desk.visit('open-log');
    assert.equal(await desk.show(visitor, desk.log('never-taken-back')), 'pass');
    await visitor.page.evaluate(() => globalThis.wallet.takeBack());
    assert.equal(await visitor.page.isVisible('#sign'), false);
    assert.match(await desk.show(visitor, {}), /Connect a wallet first/);
    await visitor.leave();
  });

  test(`${world.name}: what was changed after it was shown is not signed`, async () => {
    const visitor = await desk.visit('open-log');
    assert.equal(await desk.show(visitor, desk.log('never-shown')), 'pass');
    await visitor.page.fill('#name', 'never-seen');
    assert.equal(await visitor.page.isVisible('#sign'), false);
    await visitor.leave();
  });

  for (const [action, base, wrongs] of wrongInputs(stage, desk)) {
    test(`${world.name}: what is asked for wrongly is said: ${action}`, async () => {
      const visitor = await desk.visit(action);
      for (const [name, value, says] of wrongs) {
        const said = await desk.show(visitor, { ...base, [name]: value });
        assert.ok(says instanceof RegExp ? says.test(said) : said.includes(says), `${name} ${value}: ${said}, not ${says}`);
        assert.deepEqual(await desk.told(visitor.page), { asked: 0, signed: 0 });
        await visitor.page.reload();
        await desk.arrive(visitor, [world.rpc]);
      }
      await visitor.leave();
    });
  }

  test(`${world.name}: endpoints that are not there, elsewhere, behind, or say no are named`, async () => {
    const change = (...replaced) => (method, result) => Object.fromEntries(replaced)[method] ?? result;
    const refusal = { context: { slot: 1 }, value: { err: { InstructionError: [2, { Custom: 6008 }] }, logs: [], accounts: [null] } };
    for (const [change_, says] of [
      [change(['getGenesisHash', '4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY']), /is on another chain than/],
      [change(['isBlockhashValid', { context: { slot: 1 }, value: false }]), /too old, or your endpoints do not know it/],
      [change(['simulateTransaction', refusal]), /the signer is not the authority of this account \(NotAuthority, error 6008\)/],
      [change(['simulateTransaction', { ...refusal, value: { ...refusal.value, err: 'AccountNotFound' } }]), /has no SOL on this chain/],
      [() => null, /it answered with status 503/],
    ]) {
      const other = await endpoint(world.rpc, change_);
      const visitor = await desk.visit('open-log', { urls: [world.rpc, other.url] });
      const said = await desk.show(visitor, desk.log('never-said'));
      assert.match(said, says);
      assert.ok(said.includes(other.url) || /too old/.test(said), said);
      await visitor.leave();
      await other.end();
    }
  });

  test(`${world.name}: without a wallet, with one for another chain, or without endpoints nothing is made`, async () => {
    const alone = await desk.visit('open-log', { connect: false });
    assert.match(await desk.show(alone, desk.log('never-alone')), /Connect a wallet first/);
    await alone.leave();
    const elsewhere = await desk.visit('open-log', { chain: 'solana:devnet' });
    assert.match(await desk.show(elsewhere, desk.log('never-elsewhere')), /does not sign for solana:localnet/);
    await elsewhere.leave();
    const through = await desk.visit('open-log', { urls: [] });
    assert.match(await desk.show(through, desk.log('never-through')), /Add an endpoint first/);
    await through.leave();
  });

  test(`${world.name}: of several wallets one is chosen, and one that is none is not shown`, async () => {
    const visitor = await desk.visit('open-log', { connect: false });
    await give(visitor, stage.path('vendor.json'), { name: 'Second wallet' });
    await give(visitor, stage.path('vendor.json'), { name: 'Of another chain', chain: 'other:chain' });
    await visitor.page.reload();
    assert.deepEqual(await visitor.page.locator('#wallets button').allTextContents(), ['Connect Test wallet', 'Connect Second wallet']);
    await visitor.page.click('#wallets button:has-text("Second")');
    await visitor.page.waitForSelector('#account:enabled');
    assert.equal(await visitor.page.inputValue('#account'), stage.key('vendor'));
    await visitor.page.click('#wallets button:has-text("Test wallet")');
    await visitor.page.waitForFunction((address) => document.getElementById('account').value === address, desk.wallet);
    await visitor.leave();
  });
}

/** What is typed or chosen instead of what is right, and what is said. */
function wrongInputs(stage, desk) {
  const file = (name, text) => {
    writeFileSync(stage.path(name), text);
    return stage.path(name);
  };
  const bytes = Array.from({ length: 64 }, (_, index) => index);
  const ofAgent = [
    ['identity', file('text.json', 'a text'), 'That is no key file'],
    ['identity', file('short.json', JSON.stringify(bytes.slice(1))), 'That is no key file'],
    ['identity', file('large.json', JSON.stringify([...bytes.slice(1), 256])), 'That is no key file'],
    ['identity', file('halves.json', JSON.stringify(bytes)), /halves of the key file do not belong together|cannot sign/],
    ['identity', stage.path('agent.json'), 'refused'],
    ['identity', stage.path('wallet.json'), 'AuthorityIsIdentity, error 6104'],
    ['uri', 'https://example.test/ü', 'printable ASCII'],
    ['uri', 'a'.repeat(129), 'At most 128'],
    ['heartbeat_cadence_seconds', '-1', 'no whole number'],
    ['heartbeat_cadence_seconds', '1.5', 'no whole number'],
    ['heartbeat_cadence_seconds', '9999999', 'HeartbeatCadenceTooLong, error 6103'],
    ['heartbeat_cadence_seconds', '4294967296', 'invalid value: integer `4294967296`'],
  ];
  const ofVersion = [
    ['agent', 'nobody', 'That is no address'],
    ['agent', '1'.repeat(44), 'That is no address'],
    ['agent', 'SysvarC1ock11111111111111111111111111111111', 'makes no such transaction'],
    ['agent', stage.agent, 'NotAuthority, error 6008'],
    ['semantic', '1.4', 'three numbers'],
    ['semantic', '1.04.2', 'three numbers'],
    ['semantic', '1.4.4294967296', 'three numbers'],
  ];
  const ofLog = [
    ['name', '', 'no name'],
    ['name', 'two words', 'no name'],
    ['name', 'a'.repeat(33), 'no name'],
    ['name', HOSTILE.slice(0, 30), 'no name'],
    ['cadence_seconds', '0', 'CadenceOutOfRange, error 6300'],
    ['cadence_seconds', 'a day', 'no whole number'],
    ['start_seconds', '9007199254740993', 'no whole number'],
    ['anchoring_key', HOSTILE, 'That is no address'],
  ];
  return [
    ['register-agent', { identity: stage.path('other.json') }, ofAgent],
    ['publish-version', { agent: stage.agent, semantic: '9.0.0' }, ofVersion],
    ['open-log', desk.log('never-wrong'), ofLog],
  ];
}
