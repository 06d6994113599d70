// A real browser, and what must be so on every page: nothing is asked but who may be, nothing runs but
// the page's own script, nothing is wrong for who cannot see it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
// Without these it calls home, or needs what a test machine has not.
const FLAGS = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export async function launch() {
  const profile = mkdtempSync(join(tmpdir(), 'runseal-profile-'));
  const options = { executablePath: process.env.RUNSEAL_CHROMIUM ?? '/usr/bin/chromium', headless: true, chromiumSandbox: false, args: FLAGS };
  const context = await chromium.launchPersistentContext(profile, options);
  const end = async () => {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  };
  return { browser: context.browser(), end };
}

/** A visitor with a window of his own. `allowed` are the origins that may be asked. */
export class Visitor {
  static async come(browser, allowed, options = {}) {
    const visitor = new Visitor();
    visitor.context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    visitor.page = await visitor.context.newPage();
    visitor.page.setDefaultTimeout(120_000);
    Object.assign(visitor, { allowed: new Set(allowed.map((url) => new URL(url).origin)), asked: [], wrongs: [] });
    visitor.page.on('request', (request) => visitor.asked.push(request.url()));
    visitor.page.on('dialog', async (dialog) => {
      visitor.wrongs.push(`a script of somebody else ran: ${dialog.message()}`);
      await dialog.dismiss();
    });
    visitor.page.on('pageerror', (error) => visitor.wrongs.push(`the page's script failed: ${error.message}`));
    visitor.page.on('console', (message) => {
      if (/Content Security Policy/i.test(message.text())) visitor.wrongs.push(message.text());
    });
    return visitor;
  }

  /** Asserts what must be so wherever the visitor was, and leaves. */
  async leave() {
    const strangers = this.asked.filter((url) => !url.startsWith('data:') && !this.allowed.has(new URL(url).origin));
    await this.context.close();
    assert.deepEqual(strangers, [], 'a request left the endpoints that were chosen');
    assert.deepEqual(this.wrongs, []);
  }

  /** No serious issue for who uses the page with other senses or tools. */
  async checkAccess() {
    // By the debugger's door: the page's own policy forbids scripts of others.
    await this.page.evaluate(AXE);
    const { violations } = await this.page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
    const serious = violations.filter((violation) => ['serious', 'critical'].includes(violation.impact));
    assert.deepEqual(serious.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`), [], this.page.url());
  }

  /** Nothing is wider than the window, but what scrolls by itself. */
  async checkWidth() {
    const [inside, window] = await this.page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    assert.ok(inside <= window, `${this.page.url()} is ${inside} wide in a window of ${window}`);
  }
}
