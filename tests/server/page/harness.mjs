// SPDX-License-Identifier: LGPL-2.1-or-later
// A server, a browser, pages that notice what must not happen, and TAP.

import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import {createRequire} from 'node:module';
import os from 'node:os';
import path from 'node:path';

const CHROMIUM = process.env.CHROMIUM || '/usr/bin/chromium';
const SKIP = 77;
const EXPECTED = /^Failed to load resource|^WebSocket connection to/; // of a case about failures
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
               '--disable-background-networking', '--disable-component-update', '--disable-sync',
               '--use-fake-device-for-media-stream', '--host-resolver-rules=MAP plain.test 127.0.0.1'];

export function skip(reason) {
  console.log(`1..0 # SKIP ${reason}`);
  process.exit(SKIP);
}

/** The browser's driver and the accessibility check, from a folder of modules or NODE_PATH. */
export function loadModules(folder) {
  const require = createRequire(folder ? path.join(path.resolve(folder), '..', 'x.js') : import.meta.url);
  if (!fs.existsSync(CHROMIUM))
    skip(`${CHROMIUM} is missing: install chromium`);
  try {
    return {
      chromium: require('playwright-core').chromium,
      axe: fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'),
    };
  } catch (error) {
    return skip(`playwright-core or axe-core is missing: ${error.message.split('\n')[0]}`);
  }
}

/** A server on a free port, or on a given one. */
export class Server {
  static async start(program, options = [], port = 0) {
    const self = new Server();
    self.child = spawn(program, ['--listen', `127.0.0.1:${port}`, ...options], {stdio: ['ignore', 'pipe', 'inherit']});
    self.ended = new Promise((resolve) => self.child.once('exit', resolve));
    self.url = await new Promise((resolve, reject) => {
      let text = '';
      self.child.stdout.on('data', (data) => {
        text += data;
        const match = /open (http\S+)\//.exec(text);
        if (match)
          resolve(match[1]);
      });
      self.ended.then((code) => reject(new Error(`the server ended with ${code}: ${text}`)));
    });
    self.port = Number(new URL(self.url).port);
    return self;
  }

  async stop() {
    this.child.kill('SIGTERM');
    assert.equal(await this.ended, 0, 'the server ends well');
  }
}

/** A page that collects console errors, and requests to other hosts. */
export class Browser {
  static async launch(modules, microphone) {
    const self = new Browser();
    const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'page-test-'));
    self.profile = profile;
    self.axe = modules.axe;
    self.browser = await modules.chromium.launch({
      executablePath: CHROMIUM,
      args: [...FLAGS, `--use-file-for-fake-audio-capture=${microphone}`],
    });
    return self;
  }

  async open(base, {width = 1280, height = 800, scheme = 'light', locale = 'en-GB', microphone = true,
                    axe = false, script, ...options} = {}) {
    const context = await this.browser.newContext({
      viewport: {width, height}, colorScheme: scheme, locale, acceptDownloads: true,
      permissions: microphone ? ['microphone'] : [], ...options,
    });
    if (axe)
      await context.addInitScript({content: this.axe});
    if (script)
      await context.addInitScript(script);
    const page = await context.newPage();
    page.faults = [];
    page.on('console', (message) => message.type() === 'error' && page.faults.push(message.text()));
    page.on('pageerror', (error) => page.faults.push(String(error.stack)));
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.protocol.startsWith('http') && url.origin !== base)
        page.faults.push(`request to ${url.origin}`);
    });
    page.base = base;
    return page;
  }

  async close() {
    await this.browser.close();
    fs.rmSync(this.profile, {recursive: true, force: true});
  }
}

/** Closes a page; nothing must have gone wrong in it but what the case is about. */
export async function finish(page, {failures = false} = {}) {
  const faults = page.faults.filter((text) => !failures || !EXPECTED.test(text));
  await page.context().close();
  assert.deepEqual(faults, []);
}

export function waitForState(page, ...states) {
  return page.waitForFunction((wanted) => wanted.includes(document.querySelector('main').dataset.state), states);
}

export async function go(page, hash = '#/') {
  await page.goto(`${page.base}/${hash}`);
  await page.waitForSelector('main h1');
}

/** Sends a file on the view Listen and waits for its result. */
export async function sendFile(page, file) {
  await page.setInputFiles('#file-input', file);
  await page.waitForFunction(() => location.hash.startsWith('#/r/'));
  await waitForState(page, 'done');
}

/** Nothing that axe finds wrong, and nothing that is wider than the window. */
export async function checkView(page, name) {
  const found = await page.evaluate(async () => (await axe.run()).violations.map(
      (v) => `${v.id}: ${v.nodes.map((node) => node.target).join(' ')}`));
  assert.deepEqual(found, [], name);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${name} is ${wide} px too wide`);
}

/** Runs cases one after the other and prints TAP. */
export async function run(cases) {
  let failed = 0, n = 0;
  console.log(`1..${cases.length}`);
  for (const [name, test] of cases) {
    n++;
    try {
      await test();
      console.log(`ok ${n} - ${name}`);
    } catch (error) {
      failed++;
      console.log(`not ok ${n} - ${name}`);
      console.log(String(error.stack).replace(/^/gm, '# '));
    }
  }
  return failed === 0;
}
