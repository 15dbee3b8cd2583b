// SPDX-License-Identifier: LGPL-2.1-or-later
// A file: sent, answered while it is analysed, played, compared, downloaded, printed, deleted.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

import {finish, go, sendFile, waitForState} from './harness.mjs';

/** Keeps what the page showed while the file was analysed. */
function watch() {
  window.seen = {texts: [], rows: 0};
  new MutationObserver(() => {
    if (document.querySelector('main')?.dataset.state !== 'running')
      return;
    window.seen.texts.push(document.querySelector('#summary')?.textContent);
    window.seen.rows = Math.max(window.seen.rows, document.querySelectorAll('#segments tbody tr').length);
  }).observe(document, {subtree: true, childList: true, characterData: true});
}

async function testUpload({browser, server, speech}) {
  const page = await browser.open(server.url, {script: watch});
  await go(page);
  assert.ok(await page.isVisible('.example emotion-timeline'), 'an example when there is nothing yet');
  await sendFile(page, speech);
  const seen = await page.evaluate(() => window.seen);
  assert.ok(seen.rows > 0, 'windows appear while the file is analysed');
  assert.ok(seen.texts.some((text) => /^Analysing: \d+:\d\d/.test(text)), 'how far it is');
  assert.equal(await page.textContent('h1'), path.basename(speech));
  assert.match(await page.textContent('#summary'), /%/);
  assert.match(await page.textContent('#facts'), /change.*longest stretch/);
  assert.equal(await page.locator('#overall .scores li').count(), 3, 'top three');
  await page.click('#all-scores');
  assert.equal(await page.locator('#overall .scores li').count(), 7, 'all scores');
  const shares = await page.$$eval('#shares li .number', (nodes) => nodes.map((n) => parseInt(n.textContent, 10)));
  const sum = shares.reduce((a, b) => a + b);
  assert.ok(Math.abs(sum - 100) <= shares.length, `shares of the time add up to ${sum} %`);
  await finish(page);
}

async function testTimeline({browser, server, speech}) {
  const page = await browser.open(server.url);
  await go(page);
  await sendFile(page, speech);
  const stage = await page.locator('#timeline .stage').boundingBox();
  const at = [stage.x + stage.width / 2, stage.y + stage.height / 4];
  await page.mouse.move(...at);
  assert.match(await page.textContent('#timeline .tip'), /\d:\d\d\.\d: .+ \d+%/, 'numbers under the pointer');
  await page.waitForFunction(() => !document.querySelector('#play-button').disabled);
  await page.mouse.click(...at);
  await page.waitForSelector('#play-button[data-action=pause]');
  const [now, total] = (await page.textContent('#time')).split(' / ').map((text) => {
    const [minutes, seconds] = text.split(':').map(Number);
    return 60 * minutes + seconds;
  });
  assert.ok(Math.abs(now - total / 2) < 5, `a click in the middle plays from ${now} of ${total} s`);
  await page.click('#play-button');
  await page.waitForSelector('#play-button[data-action=play]');
  assert.match(page.url(), /[?&]t=\d/, 'the place is in the address');
  const drawn = await page.$eval('#timeline .stage canvas', (canvas) => {
    const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
  assert.ok(drawn > 8, `${drawn} colours are drawn`);
  await page.reload();
  await waitForState(page, 'done');
  assert.ok(await page.isDisabled('#play-button'), 'no sound after a reload');
  assert.equal(await page.getAttribute('.sound', 'data-sound'), 'missing', 'the page says where the sound is');
  await page.setInputFiles('#sound-input', speech);
  await page.waitForFunction(() => !document.querySelector('#play-button').disabled);
  await finish(page);
}

const CONTENTS = {
  json: (text) => assert.ok(JSON.parse(text).windows.length > 0),
  csv: (text) => assert.match(text.split('\n')[0], /,.*emotion/),
  vtt: (text) => assert.ok(text.startsWith('WEBVTT')),
  emotionml: (text) => assert.match(text, /<emotionml/),
};

async function testDownloads({browser, server, speech}) {
  const page = await browser.open(server.url);
  await go(page);
  await sendFile(page, speech);
  for (const [format, check] of Object.entries(CONTENTS)) {
    const [download] = await Promise.all([page.waitForEvent('download'),
                                          page.click(`.download[data-format=${format}]`)]);
    check(fs.readFileSync(await download.path(), 'utf8'));
    assert.match(download.suggestedFilename(), /^speech/);
  }
  await finish(page);
}

async function testCompare({browser, server, speech}) {
  const page = await browser.open(server.url);
  await go(page);
  await sendFile(page, speech);
  const model = await page.textContent('#model-select option:not(:checked)');
  await page.selectOption('#compare-select', `${model}|model`);
  await page.waitForFunction(() => /\d/.test(document.querySelector('#agreement')?.textContent));
  assert.ok((await page.textContent('#compare h2')).startsWith(model));
  assert.match(page.url(), /[?&]with=\w/);
  await page.reload();
  await page.waitForSelector('#compare emotion-timeline');
  await finish(page);
}

async function testModel({browser, server, speech}) {
  const page = await browser.open(server.url);
  await go(page);
  const model = await page.textContent('#model-select option:not(:checked)');
  await page.selectOption('#model-select', model);
  assert.match(page.url(), new RegExp(`model=${model}`));
  await sendFile(page, speech);
  assert.ok((await page.textContent('.meta')).includes(model));
  await go(page, '#/models');
  await page.waitForSelector('.model');
  assert.equal(await page.locator('.model input:checked').getAttribute('value'), model, 'it is remembered');
  for (const word of ['Licence', 'Learned from', 'Mean recall'])
    assert.ok((await page.textContent(`.model[data-model=${model}]`)).includes(word), word);
  await page.click(`.model[data-model=${model}] summary`);
  await page.waitForSelector(`.model[data-model=${model}] .card table`);
  await page.check('.model:not(:has(:checked)) input >> nth=0');
  assert.notEqual(await page.inputValue('#model-select'), model, 'and can be changed here');
  await finish(page);
}

async function testDelete({browser, server, speech}) {
  const page = await browser.open(server.url);
  await go(page);
  await sendFile(page, speech);
  const address = page.url();
  await go(page);
  await page.click('#earlier li a');
  await page.waitForFunction(() => location.hash.startsWith('#/r/'));
  await page.click('#forget');
  await page.waitForSelector('#drop');
  assert.ok(await page.isHidden('#earlier'), 'it is not listed any more');
  await page.goto(address);
  await page.reload();
  await page.waitForSelector('.notice[data-code=gone]');
  await finish(page, {failures: true});
}

async function testPrint({browser, server, speech}) {
  const page = await browser.open(server.url, {scheme: 'dark'});
  await go(page);
  await sendFile(page, speech);
  await page.emulateMedia({media: 'print'});
  for (const gone of ['.page-head', '.bar-line', '.actions', '.page-foot'])
    assert.ok(await page.isHidden(gone), `${gone} is not printed`);
  for (const kept of ['#timeline', '#segments', '#summary'])
    assert.ok(await page.isVisible(kept), `${kept} is printed`);
  await finish(page);
}

export const cases = (world) => [
  ['a file is answered while it is analysed, then summed up', () => testUpload(world)],
  ['the timeline tells numbers and plays from a click', () => testTimeline(world)],
  ['results are downloaded in four formats', () => testDownloads(world)],
  ['two models are compared on the same file', () => testCompare(world)],
  ['a model is chosen for an analysis', () => testModel(world)],
  ['a result is listed, and deleted', () => testDelete(world)],
  ['a result is printed without controls', () => testPrint(world)],
];
