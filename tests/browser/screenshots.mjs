// Pictures of every page, light and dark, wide and narrow, for people to look at.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Visitor } from './browser.mjs';
import { judge } from './verify_here.mjs';

export function screenshots(world, folder) {
  const { stage } = world;
  mkdirSync(folder, { recursive: true });
  const pages = [
    ['agents', '/'],
    ['agent', `/agents/${stage.agent}`],
    ['log', `/logs/${stage.log}`],
    ['period', `/logs/${stage.log}/periods/0`],
    ['certifier', `/certifiers/${stage.certifier}`],
    ['vendor', `/vendors/${stage.key('vendor')}`],
    ['auditor', `/auditors/${stage.auditor}`],
    ['receipt', `/receipts/${stage.digests[1]}`],
    ['run', `/run?id=${encodeURIComponent(stage.runs[0])}`],
    ['graph', '/graph?id=third'],
    ['states', stage.states],
    ['search', '/search?q=example'],
    ['not-found', '/nothing'],
    ['act', '/act'],
    ['register-agent', '/act/register-agent'],
    ['publish-version', '/act/publish-version'],
    ['open-log', '/act/open-log'],
    ['verify', '/verify-here'],
    ['verified', '/verify-here', (page) => judge(page, stage.path('good.json'))],
    ['failed', '/verify-here', (page) => judge(page, stage.path('tampered.json'))],
  ];
  for (const colorScheme of ['light', 'dark']) {
    for (const width of [1280, 360]) {
      test(`${world.name}: pictures, ${colorScheme}, ${width} pixels`, async () => {
        const visitor = await Visitor.come(world.browser, [world.url], { colorScheme, viewport: { width, height: 800 } });
        for (const [name, path, act] of pages) {
          await visitor.page.goto(world.url + path);
          await act?.(visitor.page);
          await visitor.checkWidth();
          await visitor.checkAccess();
          await visitor.page.screenshot({ path: join(folder, `${name}-${colorScheme}-${width}.png`), fullPage: true });
        }
        await visitor.leave();
      });
    }
  }
}
