// SPDX-License-Identifier: LGPL-2.1-or-later
// The microphone: recorded, and live. The browser plays the speech into a device of its own.

import assert from 'node:assert/strict';

import {Server, finish, go, waitForState} from './harness.mjs';

async function testRecord({browser, server}) {
  const page = await browser.open(server.url);
  await go(page);
  assert.ok(await page.locator('#microphone-select option').count() > 0, 'devices by name');
  await page.click('#test-button');
  await page.waitForFunction(() => /\d dBFS/.test(document.querySelector('level-meter .value').textContent));
  await page.selectOption('#record-length', '2');
  await page.click('#record-button');
  await waitForState(page, 'recording');
  await waitForState(page, 'done');
  assert.match(await page.textContent('#time'), /\/ 0:02\.0$/, 'as long as was chosen');
  await page.waitForFunction(() => !document.querySelector('#play-button').disabled);
  await page.click('#play-button');
  await page.waitForSelector('#play-button[data-action=pause]');
  await finish(page);
}

async function testRecordUntilStopped({browser, server}) {
  const page = await browser.open(server.url);
  await go(page);
  await page.selectOption('#record-length', 'until');
  await page.click('#record-button');
  await page.waitForFunction(() => parseFloat(document.querySelector('[role=timer]').textContent) >= 1);
  await page.keyboard.press('Enter'); // The focus is on the button that stops.
  await waitForState(page, 'done');
  await finish(page);
}

async function startLive(page) {
  await go(page, '#/live');
  await page.click('#live-button');
  await waitForState(page, 'live');
  await page.waitForFunction(() => document.querySelectorAll('#changes li').length > 0);
}

async function testLive({browser, server}) {
  const page = await browser.open(server.url);
  await startLive(page);
  await page.waitForFunction(() => /^\d\.\d+ s behind$/.test(document.querySelector('#delay').textContent));
  await page.waitForFunction(() => /\d+% speech/.test(document.querySelector('#speech').textContent));
  await page.waitForFunction(() => document.querySelectorAll('#live-timeline tbody tr').length > 1);
  assert.equal(await page.locator('.live-stage .scores li').count(), 7);
  assert.ok(await page.isDisabled('#model-select'), 'the model stays');
  const arousal = () => page.textContent('affect-plot tbody tr:last-child td');
  const before = await arousal();
  await page.waitForFunction((old) => document.querySelector('affect-plot tbody tr:last-child td').textContent !== old, before);
  await page.click('#stop-button');
  await waitForState(page, 'ended');
  assert.match(await page.textContent('#summary'), /\w/);
  await page.click('#live-result');
  await waitForState(page, 'done');
  await page.waitForFunction(() => !document.querySelector('#play-button').disabled);
  await finish(page);
}

async function testReconnect({browser, program}) {
  let server = await Server.start(program);
  const page = await browser.open(server.url);
  await startLive(page);
  await server.stop();
  await waitForState(page, 'lost');
  assert.match(await page.textContent('#live-state'), /server.*Next attempt in \d+ s/i);
  server = await Server.start(program, [], server.port);
  await waitForState(page, 'live');
  const rows = await page.locator('#changes li').count();
  await page.waitForFunction((n) => document.querySelectorAll('#changes li').length > n, rows);
  await page.click('#stop-button');
  await waitForState(page, 'ended');
  await finish(page, {failures: true});
  await server.stop();
}

async function testLanguageWhileLive({browser, server}) {
  const page = await browser.open(server.url);
  await startLive(page);
  await page.click('#language');
  await page.waitForFunction(() => document.querySelector('#live-state').textContent === 'À l’écoute');
  await page.click('#stop-button');
  await waitForState(page, 'ended');
  await finish(page);
}

export const cases = (world) => [
  ['a recording of a chosen length is answered and played', () => testRecord(world)],
  ['a recording is stopped by hand', () => testRecordUntilStopped(world)],
  ['live: scores, valence, speech, delay, changes, then a result', () => testLive(world)],
  ['live: the connection comes back after the server was away', () => testReconnect(world)],
  ['live: the language changes and the session goes on', () => testLanguageWhileLive(world)],
];
