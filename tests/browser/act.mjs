// The pages on which a wallet signs: what is right lands, and nothing is signed that is not what was asked.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Desk, LIES } from './desk.mjs';
import { refusals } from './refusals.mjs';
import { endpoint } from './service.mjs';
import { HOSTILE } from './stage.mjs';

/** On a validator: the embedded ledger takes no transactions of others. */
export function act(world) {
  const { stage } = world;
  const desk = new Desk(world);
  test(`${world.name}: there is a wallet`, () => desk.furnish());
  landings(world, desk);
  refusals(world, desk);

  test(`${world.name}: a service that lies is caught, and nothing is signed`, async (t) => {
    const visitor = await desk.visit('register-agent');
    let lie = (answer) => answer;
    await desk.deceive(visitor, (answer, key) => lie(answer, key));
    assert.equal(await desk.show(visitor, { identity: stage.path('other.json'), uri: 'https://example.test/b' }), 'pass', 'the truth');
    for (const [name, says, change] of LIES) {
      lie = change;
      await t.test(`it ${name}`, async () => assert.match(await desk.isCaught(visitor), says));
    }
    await visitor.leave();
  });

  test(`${world.name}: a service that has another name for the log is caught`, async () => {
    const visitor = await desk.visit('open-log');
    await visitor.page.route('**/transactions/*', (route) => route.continue({ postData: JSON.stringify({ ...route.request().postDataJSON(), name: 'another' }) }));
    await desk.fill(visitor, desk.log('mine'));
    assert.match(await desk.isCaught(visitor), /name is another, and mine was asked for/);
    await visitor.checkAccess();
    await visitor.leave();
  });

  test(`${world.name}: what a service and a wallet say is shown as text`, async () => {
    const visitor = await desk.visit('open-log', { name: HOSTILE });
    await visitor.page.route('**/transactions/*', (route) => route.fulfill({ status: 409, json: { code: 'refused', message: HOSTILE } }));
    assert.ok((await desk.show(visitor, desk.log('mine'))).includes(HOSTILE));
    assert.ok((await visitor.page.textContent('#wallets')).includes(HOSTILE));
    assert.equal(await visitor.page.locator('main img, main script').count(), 0);
    await visitor.leave();
  });

  test(`${world.name}: nothing that was refused or caught is on the chain`, async () => {
    const names = await desk.logs();
    assert.deepEqual(names.filter((name) => name.startsWith('never-') || ['mine', 'another'].includes(name)), []);
  });
}

/** What lands, and how often. */
function landings(world, desk) {
  const { stage } = world;
  test(`${world.name}: a wallet registers an agent, publishes a version and opens a log`, async () => {
    const visitor = await desk.visit('register-agent');
    const agent = await desk.signs(visitor, { identity: stage.path('fresh.json'), uri: 'https://example.test/a' });
    await visitor.leave();
    assert.equal(stage.json(`agent show ${agent}`).authority, desk.wallet);
    const second = await desk.visit('publish-version');
    const version = await desk.signs(second, { agent: stage.key('fresh'), semantic: '1.4.2' });
    await second.leave();
    const { versions } = stage.json(`agent show ${agent}`);
    assert.deepEqual(versions.map(({ address }) => address), [version]);
    const third = await desk.visit('open-log');
    const log = await desk.signs(third, desk.log('by-wallet'));
    await third.leave();
    const found = stage.json(`log show ${log}`);
    assert.deepEqual([found.name, found.operator], ['by-wallet', desk.wallet]);
  });

  test(`${world.name}: a wallet that sends by itself is followed until what it sent is final`, async () => {
    const visitor = await desk.visit('open-log', { mode: 'send', rpc: world.rpc });
    const log = await desk.signs(visitor, desk.log('sent-by-wallet'));
    await visitor.leave();
    assert.equal(stage.json(`log show ${log}`).name, 'sent-by-wallet');
  });

  test(`${world.name}: a wallet that fails after it sent is not believed to have sent nothing`, async () => {
    const state = { isOver: false };
    const later = await endpoint(world.rpc, (method, result) => {
      if (method === 'getBlockHeight' && state.isOver) return Number.MAX_SAFE_INTEGER;
      return method === 'isBlockhashValid' && state.isOver ? { ...result, value: false } : result;
    });
    const visitor = await desk.visit('open-log', { mode: 'send and fail', rpc: later.url, urls: [later.url] });
    const { page } = visitor;
    assert.equal(await desk.show(visitor, desk.log('sent-and-failed')), 'pass');
    await page.click('#sign');
    await page.waitForSelector('#sending li');
    assert.equal(await page.isEnabled('#look'), false, 'while it can land, nothing else is signed');
    while (!(await desk.logs()).includes('sent-and-failed')) await page.waitForTimeout(1_000);
    state.isOver = true;
    assert.equal(await desk.ending(page), 'pass');
    await visitor.leave();
    await later.end();
  });

  test(`${world.name}: three clicks make one transaction, and another tab waits for it`, async () => {
    const visitor = await desk.visit('open-log');
    const { page } = visitor;
    assert.equal(await desk.show(visitor, desk.log('three-clicks')), 'pass');
    await page.evaluate(() => [1, 2, 3].forEach(() => document.getElementById('sign').click()));
    await page.waitForSelector('#sending li');
    const other = await visitor.context.newPage();
    await other.goto(page.url());
    await other.waitForSelector('#sending');
    assert.equal(await other.isEnabled('#look'), false);
    assert.equal(await desk.ending(page), 'pass');
    assert.deepEqual(await desk.told(page), { asked: 1, signed: 1 });
    await visitor.leave();
  });

  test(`${world.name}: what may still land is waited for when the page is opened again`, async () => {
    const visitor = await desk.visit('open-log');
    const { page } = visitor;
    assert.equal(await desk.show(visitor, desk.log('opened-again')), 'pass');
    await page.click('#sign');
    await page.waitForSelector('#sending li');
    await page.evaluate(() => globalThis.location.reload());
    await page.waitForSelector('#outcome .verdict', { timeout: 240_000 });
    assert.equal(await page.getAttribute('#outcome .verdict', 'data-kind'), 'pass');
    assert.equal(await page.evaluate(() => localStorage.length), 0, 'nothing is kept');
    // A browser asks before it leaves; that is no script of somebody else.
    visitor.wrongs = visitor.wrongs.filter((wrong) => !wrong.endsWith('ran: '));
    await visitor.leave();
  });

  test(`${world.name}: who waits for endpoints that are gone can give up, and nobody else does it for him`, async () => {
    const gone = await endpoint(world.rpc);
    await gone.end();
    const visitor = await desk.visit('open-log');
    const { page } = visitor;
    visitor.allowed.add(new URL(gone.url).origin);
    const kept = { signature: null, blockhash: '1'.repeat(32), lastHeight: 1, urls: [gone.url], title: '<b>Open a log</b>', creates: 'nobody' };
    await page.evaluate((text) => localStorage.setItem('runseal-pending', text), JSON.stringify(kept));
    await page.reload();
    await page.waitForSelector('#sending li:has-text("no answer that counts")');
    assert.match(await page.textContent('#sending'), /<b>Open a log<\/b>: |may still land|Waiting/);
    assert.equal(await page.isEnabled('#look'), false);
    await page.click('#give-up');
    await page.waitForSelector('#look:enabled');
    assert.equal(await page.evaluate(() => localStorage.length), 0);
    visitor.wrongs = visitor.wrongs.filter((wrong) => !wrong.endsWith('ran: '));
    await visitor.leave();
  });

  test(`${world.name}: what did not land in time can land no more, and that is said`, async () => {
    const state = { height: 0 };
    const behind = await endpoint(world.rpc, (method, result) => {
      if (method === 'getBlockHeight') return state.height;
      if (method === 'isBlockhashValid' && state.height > 0) return { ...result, value: false };
      return method === 'getSignatureStatuses' ? { ...result, value: [null] } : result;
    }, ['sendTransaction']);
    const visitor = await desk.visit('open-log', { urls: [behind.url] });
    assert.equal(await desk.show(visitor, desk.log('never-landed')), 'pass');
    await visitor.page.click('#sign');
    await visitor.page.waitForSelector('#sending li');
    assert.equal(await visitor.page.isEnabled('#look'), false, 'while it can land, nothing else is signed');
    state.height = Number.MAX_SAFE_INTEGER;
    assert.equal(await desk.ending(visitor.page), 'unknown');
    assert.equal(await visitor.page.isEnabled('#look'), true);
    await visitor.leave();
    await behind.end();
  });

  test(`${world.name}: by keyboard alone, on a phone`, async () => {
    const visitor = await desk.visit('open-log', { connect: false, urls: [], window: { viewport: { width: 360, height: 740 }, colorScheme: 'dark' } });
    const { page } = visitor;
    visitor.allowed.add(new URL(world.rpc).origin);
    await tabTo(page, '#wallets button');
    await page.keyboard.press('Enter');
    for (const [name, value] of Object.entries(desk.log('by-keyboard'))) {
      await tabTo(page, `#${name}`);
      await page.keyboard.insertText(value);
    }
    await tabTo(page, '#endpoint');
    await page.keyboard.insertText(world.rpc);
    await page.keyboard.press('Enter');
    await tabTo(page, '#look');
    await page.keyboard.press('Enter');
    assert.equal(await desk.looked(page), 'pass', await page.textContent('main'));
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'This is what you asked for');
    await visitor.checkWidth();
    await visitor.checkAccess();
    await tabTo(page, '#sign');
    await page.keyboard.press('Enter');
    assert.equal(await desk.ending(page), 'pass');
    await visitor.checkWidth();
    await visitor.checkAccess();
    await visitor.leave();
  });
}

async function tabTo(page, selector) {
  for (let presses = 0; presses < 200; presses += 1) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`the keyboard does not reach ${selector}`);
}
