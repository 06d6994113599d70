// The page that verifies: good files, false ones, endpoints that lie, and no endpoint at all.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Visitor } from './browser.mjs';
import { endpoint } from './service.mjs';

export function verifyHere(world) {
  const { stage } = world;
  const visit = async (urls = [], options = {}) => {
    const visitor = await Visitor.come(world.browser, [world.url, ...urls], options);
    await visitor.page.goto(`${world.url}/verify-here`);
    for (const url of urls) {
      await visitor.page.fill('#endpoint', url);
      await visitor.page.click('#add');
    }
    return visitor;
  };

  const cases = [
    ['a good bundle is VERIFIED, with its cosigner', 'good.json', 'VERIFIED', []],
    ['an absence is VERIFIED', 'absence.json', 'VERIFIED', []],
    ['a receipt alone gets its proof from the service, and is VERIFIED', 'receipt.json', 'VERIFIED', []],
    [
      'of a receipt that was changed exactly what does not fit fails', 'tampered.json', 'FAILED',
      [['fail', 'signature', 'signature-wrong'], ['fail', 'proof', 'proof-wrong']],
    ],
  ];
  for (const [name, file, verdict, wrong] of cases) {
    test(`${world.name}: ${name}`, async () => {
      const visitor = await visit();
      await visitor.page.fill('#cosigners', '1');
      assert.deepEqual(await judge(visitor.page, stage.path(file)), { verdict, wrong });
      await visitor.checkAccess();
      await visitor.leave();
    });
  }

  for (const { name, change, wrong } of CHANGES) {
    test(`${world.name}: ${name}`, async () => {
      const visitor = await visit();
      const file = stage.changed('changed.json', change);
      assert.deepEqual(await judge(visitor.page, file), { verdict: 'FAILED', wrong });
      await visitor.leave();
    });
  }

  test(`${world.name}: pasting does what choosing does, by keyboard alone`, async () => {
    const visitor = await visit();
    const { page } = visitor;
    await tabTo(page, '#text');
    await page.keyboard.insertText(readFileSync(stage.path('good.json'), 'utf8'));
    await tabTo(page, 'button.primary');
    await page.keyboard.press('Enter');
    assert.equal((await outcome(page)).verdict, 'VERIFIED');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'verdict', 'the verdict is where the reader is');
    await tabTo(page, '[data-check=anchor] summary');
    await page.keyboard.press('Enter');
    await tabTo(page, '[data-check=anchor] details details summary');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-check=anchor] pre');
    await visitor.leave();
  });

  test(`${world.name}: endpoints that agree count, and one that lies is named`, async () => {
    const honest = await endpoint(world.rpc);
    const liar = await endpoint(world.rpc, lie);
    const visitor = await visit([honest.url, liar.url]);
    await visitor.page.fill('#quorum', '2');
    await judge(visitor.page, stage.path('good.json'));
    const disputes = await visitor.page.locator('.dispute').allTextContents();
    assert.ok(disputes.length > 0 && disputes.every((text) => text.includes(liar.url)), `${disputes}`);
    await visitor.checkAccess();
    await visitor.leave();
    await Promise.all([honest.end(), liar.end()]);
  });

  if (stage.url !== undefined) {
    test(`${world.name}: the validator itself is asked beside this service, and both must say the same`, async () => {
      const visitor = await visit([stage.url]);
      assert.deepEqual(await judge(visitor.page, stage.path('good.json')), { verdict: 'VERIFIED', wrong: [] });
      assert.ok(visitor.asked.filter((url) => url.startsWith(stage.url)).length >= 2, 'the validator was asked');
      await visitor.leave();
    });
  }

  test(`${world.name}: an endpoint on another chain, and one that is down, are not believed and said to be so`, async () => {
    const elsewhere = await endpoint(world.rpc, (method, result) => (method === 'getGenesisHash' ? '4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY' : result));
    const down = await endpoint(world.rpc, () => null);
    const visitor = await visit([elsewhere.url, down.url]);
    await visitor.page.fill('#quorum', '1');
    // Two chains have a quorum of one each, so none is agreed on.
    const { verdict, wrong } = await judge(visitor.page, stage.path('good.json'));
    assert.deepEqual([verdict, wrong.map(([outcome, check]) => `${outcome} ${check}`)], ['INCOMPLETE', ['unknown chain', 'unknown finality']]);
    await visitor.page.getByRole('button', { name: `Remove ${elsewhere.url}` }).click();
    assert.equal((await judge(visitor.page, stage.path('good.json'))).verdict, 'VERIFIED');
    assert.match(await visitor.page.locator('#result').textContent(), /it answered with status 503/);
    await visitor.leave();
    await Promise.all([elsewhere.end(), down.end()]);
  });

  test(`${world.name}: without endpoints nothing that the chain must say passes`, async () => {
    const visitor = await visit();
    await visitor.page.getByRole('button', { name: /^Remove/ }).click();
    const { verdict, wrong } = await judge(visitor.page, stage.path('good.json'));
    assert.equal(verdict, 'INCOMPLETE');
    assert.ok(wrong.some(([outcome, check]) => outcome === 'unknown' && check === 'finality'), `${wrong}`);
    await visitor.leave();
  });

  test(`${world.name}: what is asked for beyond the file is asked`, async () => {
    const visitor = await visit();
    const { page } = visitor;
    await page.selectOption('#stage', '4');
    await page.fill('#cosigners', '2');
    await page.fill('#log', stage.agent);
    const { wrong } = await judge(page, stage.path('good.json'));
    assert.deepEqual(wrong.map(([, , code]) => code).sort(), ['foreign-log', 'stage-not-attested', 'too-few-cosigners']);
    await page.fill('#log', 'no address');
    await page.click('button.primary');
    assert.match(await page.locator('#problem').textContent(), /What is asked for cannot be/);
    await visitor.leave();
  });

  test(`${world.name}: hostile texts of a file and of endpoints are shown as texts`, async () => {
    const visitor = await visit();
    const file = stage.changed('hostile.json', (bundle) => (bundle['<img src=x onerror=alert(1)>'] = '<script>alert(1)</script>'));
    const { wrong } = await judge(visitor.page, file);
    assert.deepEqual(wrong, [['fail', 'bundle', 'not-a-bundle']]);
    assert.match(await visitor.page.locator('[data-check=bundle]').textContent(), /<img src=x onerror=alert\(1\)>/);
    assert.equal(await visitor.page.locator('#result img, #result script').count(), 0);
    await visitor.leave();
  });

  test(`${world.name}: on a phone nothing is cut off`, async () => {
    const visitor = await visit([], { viewport: { width: 360, height: 740 } });
    await visitor.checkWidth();
    await judge(visitor.page, stage.path('good.json'));
    await visitor.checkWidth();
    await visitor.checkAccess();
    await visitor.leave();
  });
}

/** What is done to a good bundle, and what exactly does not pass then. */
const CHANGES = [
  { name: 'a proof with a wrong hash fails as such', change: (bundle) => flip(bundle.proof.path, 0), wrong: [['fail', 'proof', 'proof-wrong']] },
  { name: 'a proof that counts more leaves fails as such', change: (bundle) => (bundle.proof.count += 1), wrong: [['fail', 'proof', 'count-differs']] },
  {
    name: 'an anchor that is told otherwise fails as such',
    change: (bundle) => (bundle.anchor.posted_slot += 1),
    wrong: [['fail', 'anchor', 'anchor-contradicts']],
  },
  { name: 'events that were left out are not checked', change: (bundle) => bundle.events.pop(), wrong: [['fail', 'events', 'events-differ']] },
  {
    name: 'a bundle of another chain fails as such, and as what follows',
    change: (bundle) => (bundle.genesis_hash = '4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY'),
    wrong: [['fail', 'chain', 'foreign-genesis'], ['fail', 'proof', 'proof-wrong'], ['fail', 'anchor', 'anchor-of-other-period']],
  },
];

function flip(list, index) {
  list[index] = (list[index].startsWith('0') ? '1' : '0') + list[index].slice(1);
}

/** The first account of an answer gets another last byte. */
function lie(method, result) {
  if (method !== 'getMultipleAccounts') return result;
  const value = result.value.map((account) => {
    if (account === null) return account;
    const bytes = Buffer.from(account.data[0], 'base64');
    bytes[40] ^= 1;
    return { ...account, data: [bytes.toString('base64'), 'base64'] };
  });
  return { ...result, value };
}

export async function judge(page, file) {
  await page.setInputFiles('#file', file);
  await page.click('button.primary');
  return outcome(page);
}

/** The verdict, and every check that does not pass. */
export async function outcome(page) {
  await page.waitForFunction(() => document.querySelector('button.primary:not(:disabled)') && document.querySelector('.verdict, #problem'));
  const problem = page.locator('#problem');
  if (await problem.count()) return { verdict: 'problem', wrong: await problem.textContent() };
  const wrong = await page.$$eval('.check:not([data-outcome=pass])', (checks) => checks.map(({ dataset }) => [dataset.outcome, dataset.check, dataset.code]));
  return { verdict: await page.getAttribute('.verdict', 'data-verdict'), wrong };
}

async function tabTo(page, selector) {
  for (let presses = 0; presses < 200; presses += 1) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`the keyboard does not reach ${selector}`);
}
