// SPDX-License-Identifier: LGPL-2.1-or-later
// What goes wrong, in the words of the page.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';

import {Server, checkView, finish, go, sendFile, waitForState} from './harness.mjs';
import {makeWav} from './sounds.mjs';

async function waitForProblem(page, code) {
  await page.waitForSelector(`.notice[data-code=${code}]`);
  const text = await page.textContent('.notice .what');
  assert.ok(text.length > 10 && !text.startsWith('problem.'), text);
  assert.ok((await page.textContent('.notice .fix')).length > 5, 'and what to do');
  await checkView(page, code);
}

async function testFiles({browser, program, folder}) {
  const server = await Server.start(program, ['--max-upload=1']);
  const files = {
    undecodable: Buffer.from('This is a text and no sound. '.repeat(40)),
    'no-audio': makeWav(Buffer.alloc(320)),
    'too-large': Buffer.alloc(2 ** 20 + 1),
    'empty-file': Buffer.alloc(0),
  };
  for (const [code, content] of Object.entries(files)) {
    const file = path.join(folder, `${code}.wav`);
    fs.writeFileSync(file, content);
    for (const locale of ['en-GB', 'fr-FR']) {
      const page = await browser.open(server.url, {axe: true, locale});
      await go(page);
      await page.setInputFiles('#file-input', file);
      await waitForProblem(page, code);
      await finish(page, {failures: true});
    }
  }
  await server.stop();
}

async function testUnknownResult({browser, server}) {
  const page = await browser.open(server.url, {axe: true});
  await go(page, '#/r/nothing');
  await waitForProblem(page, 'not-found');
  await finish(page, {failures: true});
}

/** An upload that takes the only place and does not end. */
async function occupy(server) {
  const socket = net.connect(server.port, '127.0.0.1');
  socket.write('POST /api/analyze HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n' +
               'Expect: 100-continue\r\n\r\n');
  await new Promise((resolve) => socket.once('data', resolve));
  return socket;
}

async function testBusy({browser, program, speech}) {
  const server = await Server.start(program, ['--jobs=1', '--queue=0']);
  const page = await browser.open(server.url, {axe: true});
  await go(page);
  const socket = await occupy(server);
  await page.setInputFiles('#file-input', speech);
  await waitForState(page, 'busy');
  await page.waitForFunction(() => /Busy.*Next attempt in \d+ s/.test(document.querySelector('#upload-status').textContent));
  await checkView(page, 'busy');
  socket.destroy();
  await waitForState(page, 'done');
  await finish(page, {failures: true});
  await server.stop();
}

async function testToken({browser, program, folder}) {
  const file = path.join(folder, 'token');
  fs.writeFileSync(file, 'a-long-token-of-this-test-0123456789\n');
  const server = await Server.start(program, [`--token-file=${file}`]);
  for (const scheme of ['light', 'dark']) {
    const page = await browser.open(server.url, {axe: true, scheme});
    await go(page);
    await page.fill('#token', 'wrong');
    await page.keyboard.press('Enter');
    await waitForProblem(page, 'wrong-token');
    await page.fill('#token', 'a-long-token-of-this-test-0123456789');
    await page.click('#login-button');
    await page.waitForSelector('#drop');
    await page.reload();
    await page.waitForSelector('#drop');
    await finish(page, {failures: true});
  }
  await server.stop();
}

async function testOffline({browser, server, speech}) {
  const page = await browser.open(server.url, {axe: true});
  await go(page);
  await page.context().setOffline(true);
  await page.setInputFiles('#file-input', speech);
  await waitForProblem(page, 'offline');
  await page.context().setOffline(false);
  await page.click('.retry');
  await waitForState(page, 'done');
  await finish(page, {failures: true});
}

async function testServerGone({browser, program, speech}) {
  let server = await Server.start(program);
  const page = await browser.open(server.url, {axe: true});
  await go(page);
  await sendFile(page, speech);
  const {port} = server;
  await server.stop();
  await page.click('#forget');
  await page.waitForFunction(() => /does not answer/.test(document.querySelector('toast-line').textContent));
  await page.click('.brand');
  await waitForProblem(page, 'no-answer');
  server = await Server.start(program, [], port);
  await page.setInputFiles('#file-input', speech);
  await waitForState(page, 'done');
  await finish(page, {failures: true});
  await server.stop();
}

async function testInsecure({browser, program, speech}) {
  const server = await Server.start(program, ['--host=plain.test']);
  const base = `http://plain.test:${server.port}`;
  const page = await browser.open(base, {axe: true, microphone: false});
  for (const hash of ['#/', '#/live']) {
    await go(page, hash);
    await waitForProblem(page, 'insecure');
    const text = await page.textContent('.notice');
    assert.ok(text.includes(base) && text.includes('https') && text.includes(`http://localhost:${server.port}`), text);
  }
  await go(page);
  await sendFile(page, speech);
  await finish(page);
  await server.stop();
}

async function testDenied({browser, server}) {
  const page = await browser.open(server.url, {axe: true, microphone: false});
  await go(page);
  await page.click('#record-button');
  await waitForProblem(page, 'denied');
  await finish(page);
}

async function testWithoutScript({browser, server, speech}) {
  const page = await browser.open(server.url, {javaScriptEnabled: false});
  await page.goto(server.url);
  await page.setInputFiles('#plain-file', speech);
  await page.click('.plain button');
  await page.waitForURL(/format=html/);
  assert.ok(await page.isVisible('main table'), 'a plain HTML answer');
  await finish(page, {failures: true});
}

export const cases = (world) => [
  ['files that are no use: undecodable, no sound, too large, empty', () => testFiles(world)],
  ['a result that does not exist', () => testUnknownResult(world)],
  ['busy: the page waits for a place and goes on', () => testBusy(world)],
  ['a token is asked for; a wrong one is refused', () => testToken(world)],
  ['offline, and back', () => testOffline(world)],
  ['the server is gone, and comes back', () => testServerGone(world)],
  ['no secure context: the page says so and how to get one', () => testInsecure(world)],
  ['the microphone is refused', () => testDenied(world)],
  ['without JavaScript a form answers', () => testWithoutScript(world)],
];
