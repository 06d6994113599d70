// Pages, their twins, and the one box that leads to all of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Visitor } from './browser.mjs';
import { HOSTILE } from './stage.mjs';
import { outcome } from './verify_here.mjs';

const ELSEWHERE = '4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY';

export function pages(world) {
  const { stage } = world;
  const run = (id) => `/run?id=${encodeURIComponent(id)}`;

  test(`${world.name}: the box leads to whatever it may be`, async () => {
    const visitor = await Visitor.come(world.browser, [world.url]);
    const { page } = visitor;
    const twin = async (path) => (await fetch(`${world.url}${path}.json`)).json();
    // Not any period: those without receipts have one root, and a slow validator's operator may miss some.
    const sealed = `/logs/${stage.log}/periods/${(await twin(`/receipts/${stage.digests[1]}`)).period}`;
    const { anchor } = await twin(sealed);
    for (const [text, path] of [
      [stage.digests[0], `/receipts/${stage.digests[0]}`],
      [`sha256:${stage.digests[0]}`, `/receipts/${stage.digests[0]}`],
      [stage.agent, `/agents/${stage.agent}`],
      [stage.key('agent'), `/agents/${stage.agent}`],
      [stage.key('vendor'), `/vendors/${stage.key('vendor')}`],
      [stage.version, `/agents/${stage.agent}#version-0`],
      [stage.log, `/logs/${stage.log}`],
      [stage.key('operator'), `/logs/${stage.log}`],
      [`${stage.log}/1`, `/logs/${stage.log}/periods/1`],
      ['browser', `/logs/${stage.log}`],
      [stage.key('certifier'), '/certifiers/'],
      ['<b>.example', '/certifiers/'],
      [stage.key('auditor'), '/auditors/'],
      ['auditor.example', '/auditors/'],
      [anchor.root, sealed],
      [`sha256:${anchor.anchorHash}`, sealed],
      ['run-2', '/run?id=run-2'],
      [stage.runs[0], '/run?id='],
    ]) {
      await page.goto(world.url);
      await page.fill('input[type=search]', `  ${text} `);
      await page.keyboard.press('Enter');
      await page.waitForURL((url) => url.pathname !== '/');
      const found = page.url().slice(world.url.length);
      assert.ok(path.endsWith('/') || path.endsWith('=') ? found.startsWith(path) : found === path, `${text}: ${found}, not ${path}`);
    }
    for (const text of ['', 'nothing of this name', HOSTILE, '0'.repeat(64), ELSEWHERE, '5'.repeat(88)]) {
      const response = await page.goto(`${world.url}/search?q=${encodeURIComponent(text)}`);
      assert.equal(response.status(), 200, text);
      assert.equal(await page.locator('.hits').count(), 0, text);
    }
    await visitor.leave();
  });

  test(`${world.name}: a transaction leads to what it touched, or it is said why nobody knows`, async () => {
    const ask = async (text) => (await fetch(`${world.url}/search.json?q=${text}`)).json();
    const unknown = await ask('5'.repeat(88));
    assert.deepEqual(unknown.hits, []);
    if (stage.url === undefined) {
      assert.match(unknown.hint, /keeps accounts and no transactions/);
      return;
    }
    assert.match(unknown.hint, /knows no transaction/);
    // The vendor sent the registration, which no store of this service knows.
    const { hits, hint } = await ask(await stage.firstTransaction(stage.agent));
    assert.ok(hits.some(({ kind, path }) => kind === 'agent' && path === `/agents/${stage.agent}`), JSON.stringify(hits));
    assert.match(hint, /^The transaction is in slot \d+\./);
  });

  test(`${world.name}: a vendor's page has its agents and how their versions stand`, async () => {
    const visitor = await Visitor.come(world.browser, [world.url]);
    const { page } = visitor;
    await page.goto(`${world.url}/agents/${stage.agent}`);
    await page.click('a:has-text("All that this vendor answers for")');
    await page.waitForURL(`${world.url}/vendors/${stage.key('vendor')}`);
    assert.equal(await page.locator('main tbody tr', { hasText: '1.0.0' }).locator('.badge').textContent(), 'stage C');
    await page.click('main tbody a');
    await page.waitForURL(/#version-0$/);
    await visitor.leave();
  });

  test(`${world.name}: every page has a twin, a permalink, and no page of another chain`, async () => {
    for (const [path, twin] of everyPath(stage, run)) {
      const answer = await fetch(world.url + path);
      const text = await answer.text();
      assert.equal(answer.status, 200, `${path}: ${text}`);
      assert.ok(text.includes(`rel="alternate" type="application/json" href="${twin.replaceAll('&', '&amp;')}"`), `${path} names its twin ${twin}`);
      const said = await (await fetch(world.url + twin)).json();
      assert.ok(text.includes(said.cluster.genesisHash), path);
      const mark = path.includes('?') ? '&' : '?';
      assert.equal((await fetch(`${world.url}${path}${mark}cluster=${said.cluster.genesisHash}`)).status, 200, path);
      for (const where of [path, twin]) {
        const refused = await fetch(`${world.url}${where}${mark}cluster=${ELSEWHERE}`);
        assert.equal(refused.status, 421, where);
        assert.ok((await refused.text()).includes(ELSEWHERE));
      }
    }
  });

  test(`${world.name}: what is not there is said, and named`, async () => {
    const nobody = stage.key('vendor');
    for (const [path, status, code] of [
      [`/agents/${nobody}.json`, 404, 'no_such_agent'],
      ['/agents/nothing.json', 400, 'not_an_address'],
      [`/agents/${stage.log}.json`, 502, 'account_not_understood'],
      [`/logs/${nobody}.json`, 404, 'no_such_log'],
      [`/logs/${stage.log}/periods/99.json`, 404, 'not_anchored_yet'],
      [`/logs/${stage.log}/periods/-1.json`, 400, 'not_a_period'],
      [`/certifiers/${nobody}.json`, 404, 'no_such_certifier'],
      [`/auditors/${nobody}.json`, 404, 'no_such_auditor'],
      [`/receipts/${'0'.repeat(64)}.json`, 404, 'no_such_receipt'],
      ['/receipts/0.json', 400, 'not_a_digest'],
      [`/receipts/${'0'.repeat(64)}/bundle.json`, 404, 'no_such_receipt'],
      ['/run.json?id=nothing', 404, 'no_such_run'],
      ['/graph.json?id=nothing', 404, 'no_such_run'],
      [`/states.json?agent=${stage.agent}&type=memory`, 404, 'no_such_states'],
      [`/states.json?agent=${stage.agent}&type=x`, 400, 'not_a_state_type'],
      [`/vendors/${stage.agent}.json`, 404, 'no_such_vendor'],
      ['/vendors/nothing.json', 400, 'not_an_address'],
      ['/nothing.json', 404, 'not_found'],
    ]) {
      const answer = await fetch(world.url + path);
      const said = await answer.json();
      assert.deepEqual([answer.status, said.code], [status, code], `${path}: ${said.message}`);
    }
  });

  test(`${world.name}: an agent's page has its ladder as of a slot, and its receipts`, async () => {
    const visitor = await Visitor.come(world.browser, [world.url]);
    const { page } = visitor;
    await page.goto(`${world.url}/agents/${stage.agent}`);
    const held = () => page.locator('#version-0 tbody tr', { hasText: 'held' }).count();
    assert.equal(await held(), 3);
    assert.equal(await page.locator('a[href^="/receipts/"]').count(), 3);
    assert.match(await page.locator('dl').first().textContent(), /every 60 s; last never/);
    await page.fill('#slot', '1');
    await page.click('button:has-text("Show")');
    await page.waitForURL(/slot=1/);
    assert.equal(await held(), 0);
    const { coverage, receipts } = await (await fetch(`${world.url}/agents/${stage.agent}.json`)).json();
    const sealed = receipts.receipts.filter(({ period }) => period === 0).length;
    const { anchors } = await (await fetch(`${world.url}/logs/${stage.log}.json`)).json();
    const { state, receiptCount } = coverage.periods[0];
    assert.deepEqual([coverage.log, state, receiptCount], [stage.log, anchors.at(-1).state, sealed]);
    assert.ok(sealed > 0 && coverage.periods.length >= 2);
    const days = await page.locator('.calendar .cell').allTextContents();
    assert.deepEqual(days, coverage.periods.map(({ state: day }) => day[0].toUpperCase()));
    await page.click('.calendar li:first-child a');
    assert.equal(new URL(page.url()).pathname, `/logs/${stage.log}/periods/0`);
    await visitor.leave();
  });

  test(`${world.name}: one walks from a log through its anchors to a receipt, and verifies it`, async () => {
    const visitor = await Visitor.come(world.browser, [world.url]);
    const { page } = visitor;
    await page.goto(`${world.url}/logs/${stage.log}`);
    const cells = await page.locator('.calendar .cell').allTextContents();
    // A validator on a busy machine may make the operator miss a period.
    assert.ok(cells.length >= 2 && cells.every((cell) => 'AELM'.includes(cell)), `${cells}`);
    await page.click('.calendar li:first-child a');
    await page.click('a[rel=next]');
    await page.waitForURL(/periods\/1$/);
    await page.click('a[rel=prev]');
    await page.waitForURL(/periods\/0$/);
    const { period } = await (await fetch(`${world.url}/receipts/${stage.digests[1]}.json`)).json();
    await page.goto(`${world.url}/logs/${stage.log}/periods/${period}`);
    await page.click(`a[href="/receipts/${stage.digests[1]}"]`);
    await page.click('a:has-text("verify it here")');
    await page.waitForSelector('#chosen:has-text("runseal-")');
    await page.click('button.primary');
    assert.equal((await outcome(page)).verdict, 'VERIFIED');
    await visitor.leave();
  });

  test(`${world.name}: a run's page shows hashes and keys of payloads, and no values`, async () => {
    const visitor = await Visitor.come(world.browser, [world.url]);
    await visitor.page.goto(world.url + run(stage.runs[0]));
    const text = await visitor.page.textContent('main');
    assert.ok(text.includes('secret') && !text.includes('payload of'), text);
    assert.ok(text.includes(HOSTILE), 'hostile texts are shown as texts');
    assert.equal(await visitor.page.locator('.timeline > li').count(), 2);
    assert.equal(await visitor.page.locator('main img, main script').count(), 0);
    await visitor.leave();
  });

  test(`${world.name}: one walks through the graph of runs`, async () => {
    const visitor = await Visitor.come(world.browser, [world.url]);
    const { page } = visitor;
    await page.goto(world.url + run('third'));
    await page.click('a:has-text("What it follows from")');
    await page.waitForSelector('.drawing');
    assert.equal(await page.locator('.drawing a').count(), 4);
    assert.equal(await page.locator('.drawing polyline').count(), 4);
    assert.ok((await page.locator('table').textContent()).includes(HOSTILE));
    await page.locator('.drawing a', { hasText: 'fourth' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/graph\?id=fourth/);
    assert.equal(await page.locator('.drawing .here text').first().textContent(), 'fourth');
    await visitor.leave();
  });

  test(`${world.name}: one walks along the chain of a state`, async () => {
    const visitor = await Visitor.come(world.browser, [world.url]);
    const { page } = visitor;
    await page.goto(world.url + run('third'));
    await page.click('a:has-text("Change 2 of the agent’s state: memory")');
    await page.waitForSelector('.drawing');
    assert.equal(await page.locator('.drawing a').count(), 4);
    assert.equal(await page.locator('.drawing polyline').count(), 3);
    assert.equal(await page.locator('.drawing .here text').first().textContent(), 'third');
    assert.ok((await page.textContent('table')).includes(HOSTILE));
    assert.match(await page.textContent('main'), /one chain, as far as it is shown/);
    await page.locator('.drawing a', { hasText: 'first' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/at=0$/);
    await page.click('a[rel=next]');
    await page.waitForURL(/at=1$/);
    assert.equal(await page.locator('main img, main script').count(), 0);
    await visitor.checkAccess();
    await visitor.leave();
  });

  test(`${world.name}: the first page is small, and the module comes packed and stays`, async () => {
    const html = await (await fetch(world.url)).text();
    const loaded = [...html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map((match) => match[1]);
    let size = Buffer.byteLength(html);
    for (const path of loaded) size += (await packed(world.url + path)).size;
    assert.ok(size < 200_000, `${size} bytes`);
    const verify = await (await fetch(`${world.url}/verify-here`)).text();
    const wasm = /data-module="([^"]+)"/.exec(verify)[1];
    const { size: wasmSize, headers } = await packed(world.url + wasm);
    assert.ok(wasmSize < 200_000, `${wasmSize} bytes`);
    assert.equal(headers.get('content-type'), 'application/wasm');
    assert.match(headers.get('cache-control'), /immutable/);
    assert.equal((await fetch(world.url + wasm.replace(/[0-9a-f]{16}/, '0'.repeat(16)))).status, 404);
  });
}

/** Every page about something, and its twin. */
export function everyPath(stage, run) {
  const plain = [
    `/agents/${stage.agent}`, `/logs/${stage.log}`, `/logs/${stage.log}/periods/0`, `/certifiers/${stage.certifier}`,
    `/auditors/${stage.auditor}`, `/vendors/${stage.key('vendor')}`, `/receipts/${stage.digests[0]}`,
  ];
  return [['/', '/index.json'], ...plain.map((path) => [path, `${path}.json`]), [run('run-2'), '/run.json?id=run-2'], [stage.states, stage.states.replace('/states?', '/states.json?')], ['/graph?id=run-2', '/graph.json?id=run-2'], ['/search?q=a', '/search.json?q=a']];
}

/** What goes over the wire for somebody who takes gzip. */
async function packed(url) {
  const answer = await fetch(url, { headers: { 'accept-encoding': 'gzip' } });
  assert.equal(answer.headers.get('content-encoding'), 'gzip', url);
  const { gzipSync } = await import('node:zlib');
  return { size: gzipSync(Buffer.from(await answer.arrayBuffer()), { level: 9 }).length, headers: answer.headers };
}
