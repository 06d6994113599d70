// Pages that somebody looks at: what comes stands there without being asked for, and nobody loses his place.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { test } from 'node:test';
import { Visitor } from './browser.mjs';
import { serve, tell } from './service.mjs';
import { HOSTILE, Stage } from './stage.mjs';

export function live(world) {
  const { stage } = world;
  const look = async (url, path, options) => {
    const visitor = await Visitor.come(world.browser, [url], options);
    await visitor.page.goto(url + path);
    await visitor.page.waitForSelector('#live.on');
    return visitor;
  };

  test(`${world.name}: a run's events come while one looks, as texts, and the focus stays`, async () => {
    const run_id = `live ${HOSTILE}`;
    await post(world.url, '/v1/run/start', { run_id, agent_id: 'live' });
    const visitor = await look(world.url, `/run?id=${encodeURIComponent(run_id)}`);
    const { page } = visitor;
    assert.match(await page.textContent('main'), /goes on/);
    await page.locator('main a').first().focus();
    const focused = await page.evaluate(() => document.activeElement.getAttribute('href'));
    await event(world.url, run_id, 'first');
    await page.waitForSelector('.timeline > li');
    await event(world.url, run_id, HOSTILE);
    await page.waitForSelector('.timeline > li:nth-child(2)');
    assert.ok((await page.textContent('.timeline')).includes(HOSTILE));
    await page.waitForFunction(() => /1 new event/.test(document.getElementById('live-news').textContent));
    await post(world.url, '/v1/run/end', { run_id });
    await page.waitForSelector('main a[href^="/receipts/"]');
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('href')), focused);
    assert.equal(await page.locator('main img, main script').count(), 0);
    await visitor.checkAccess();
    await visitor.leave();
  });

  test(`${world.name}: an anchor that comes is a row on the log's page`, async (t) => {
    const { url, log, anchor, end } = await anchored(world);
    t.after(end);
    const visitor = await look(url, `/logs/${log}`);
    const { page } = visitor;
    const rows = () => page.locator('[data-live=anchors] tbody tr:not(.below)').count();
    const before = await rows();
    await page.locator('[data-live=anchors] tbody a').first().focus();
    const at = await page.evaluate(() => [document.activeElement.textContent, performance.timeOrigin]);
    await anchor();
    await page.waitForFunction((count) => document.querySelectorAll('[data-live=anchors] tbody tr:not(.below)').length > count, before);
    assert.match(await page.textContent('#live-news'), /^\d+ new anchors? at /);
    assert.equal(Number(await page.textContent('[data-live=anchors] tbody a')), (await rows()) - 1, 'the newest is the first');
    assert.deepEqual(await page.evaluate(() => [document.activeElement.textContent, performance.timeOrigin]), at, 'nothing was loaded, and the focus is where it was');
    await visitor.checkAccess();
    await visitor.leave();
  });

  test(`${world.name}: a page says that it is live no more, and is again once it may be`, async (t) => {
    const home = stage.path('another');
    stage.run(`--home ${home} -k vendor.json airdrop 1`);
    const service = await serve(stage, [], home);
    const visitor = await look(service.url, '/');
    await service.end();
    await visitor.page.waitForSelector('#live:not(.on):has-text("Not live: the service does not answer")');
    assert.match(await visitor.page.textContent('#live-news'), /may be old/);
    const again = await serve(stage, ['--listen', new URL(service.url).host], home);
    t.after(again.end);
    await visitor.page.waitForSelector('#live.on:has-text("Live")');
    await visitor.leave();
  });

  test(`${world.name}: who does not look takes nobody's place, and sees what came when he looks again`, async () => {
    const run_id = 'hidden';
    await post(world.url, '/v1/run/start', { run_id, agent_id: 'live' });
    const visitor = await look(world.url, `/run?id=${run_id}`);
    const hide = (isHidden) => visitor.page.evaluate((hidden) => {
      Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, isHidden);
    await hide(true);
    await event(world.url, run_id, 'e');
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    assert.equal(await visitor.page.locator('.timeline > li').count(), 0);
    await hide(false);
    await visitor.page.waitForSelector('.timeline > li');
    await visitor.leave();
  });

  test(`${world.name}: without a script a page says as of when it is`, async () => {
    const visitor = await Visitor.come(world.browser, [world.url], { javaScriptEnabled: false });
    await visitor.page.goto(`${world.url}/logs/${stage.log}`);
    assert.equal(await visitor.page.textContent('#live-state'), 'As it was when this page was asked for');
    await visitor.leave();
  });
}

/** A service that shows a log, and a way to anchor it. */
async function anchored(world) {
  const { stage } = world;
  if (stage.url !== undefined) {
    // A service that only reads the chain; the command line posts from a copy of the log's store, which
    // another service has open.
    mkdirSync(stage.path('operator'));
    stage.run('backup operator/store.db');
    const service = await serve(stage, [], stage.path('reader'));
    // A slow machine is periods behind by now, and the first anchor is all that is waited for.
    const ends = [service.end];
    const anchor = async () => ends.push(stage.begin(`-k anchoring.json anchor run --log ${stage.log} --home operator`));
    const end = async () => {
      for (const each of ends) await each();
    };
    return { url: service.url, log: stage.log, anchor, end };
  }
  // Nobody else can write an embedded ledger meanwhile, so the service anchors by itself.
  const own = new Stage({ runseal: stage.runseal, root: stage.root, cadence: 10 }).set();
  const service = await serve(own, ['--create-keys', '--anchor-log', own.log, '-k', 'anchoring.json']);
  const end = async () => {
    await service.end();
    own.clear();
  };
  return { url: service.url, log: own.log, anchor: () => tell(service.url, [['run-of-this-log']]), end };
}

function event(url, run_id, event_id) {
  return post(url, '/v1/run/event', { run_id, event_id, type: 'message.received', timestamp: '2026-01-01T00:00:00Z', source: 'test' });
}

async function post(url, path, body) {
  const answer = await fetch(url + path, { method: 'POST', body: JSON.stringify(body) });
  assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.text()}`);
}
