// SPDX-License-Identifier: LGPL-2.1-or-later
// Languages, themes, sizes, keyboard, accessibility, weight.

import assert from 'node:assert/strict';

import {checkView, finish, go, sendFile, waitForState} from './harness.mjs';

const MAX_BYTES = 300_000;
const PHONE = {width: 390, height: 844};

async function testViews({browser, server, speech}) {
  for (const scheme of ['light', 'dark'])
    for (const size of [{width: 1280, height: 800}, PHONE])
      for (const locale of ['en-GB', 'fr-FR']) {
        const page = await browser.open(server.url, {axe: true, scheme, locale, ...size});
        const name = `${scheme}, ${size.width} px, ${locale}`;
        await go(page);
        await checkView(page, `listen, empty, ${name}`);
        await sendFile(page, speech);
        await checkView(page, `result, ${name}`);
        await go(page);
        await page.waitForSelector('#earlier li');
        await checkView(page, `listen, ${name}`);
        for (const view of ['live', 'models', 'about']) {
          await go(page, `#/${view}`);
          await checkView(page, `${view}, ${name}`);
        }
        await page.click('header a[href="#/models"]');
        await page.click('.model summary');
        await page.waitForSelector('.card p');
        await checkView(page, `model card, ${name}`);
        await finish(page);
      }
}

async function testLiveViews({browser, server}) {
  for (const [scheme, size] of [['light', PHONE], ['dark', {}]]) {
    const page = await browser.open(server.url, {axe: true, scheme, ...size});
    await go(page, '#/live');
    await page.click('#live-button');
    await waitForState(page, 'live');
    await page.waitForFunction(() => document.querySelectorAll('#changes li').length > 0);
    await checkView(page, `live, ${scheme}`);
    await page.click('#stop-button');
    await waitForState(page, 'ended');
    await checkView(page, `live, ended, ${scheme}`);
    await finish(page);
  }
}

async function testLanguages({browser, server}) {
  const page = await browser.open(server.url, {locale: 'fr-CA'});
  await go(page);
  assert.equal(await page.getAttribute('html', 'lang'), 'fr', 'as the browser');
  assert.match(await page.textContent('h1'), /voix/);
  await page.click('#language');
  await page.waitForSelector('html[lang=en]');
  assert.match(await page.textContent('h1'), /voice/);
  await page.reload();
  await page.waitForSelector('h1');
  assert.equal(await page.getAttribute('html', 'lang'), 'en', 'the choice is remembered');
  await finish(page);
}

/** Every text that a script names exists, with the same gaps to fill in both languages. */
async function testTexts({server}) {
  const fetchText = async (name) => (await fetch(`${server.url}/web/${name}`)).text();
  const [en, fr] = await Promise.all(['en', 'fr'].map(async (name) => JSON.parse(await fetchText(`text/${name}.json`))));
  assert.deepEqual(Object.keys(en), Object.keys(fr));
  const gaps = (text) => [...new Set(text.match(/\{\w+\}/g))].sort();
  for (const key of Object.keys(en))
    assert.deepEqual(gaps(en[key]), gaps(fr[key]), key);
  const seen = new Set(), next = ['app.js'];
  while (next.length) {
    const name = next.pop();
    if (seen.has(name))
      continue;
    seen.add(name);
    const code = await fetchText(name);
    next.push(...[...code.matchAll(/(?:from|import) '\.\/([\w-]+\.js)'/g)].map((match) => match[1]));
    for (const [, key] of code.matchAll(/\bt\('([\w.-]+)'/g))
      assert.ok(key in en || `${key}.other` in en, `${name}: ${key}`);
  }
  assert.ok(seen.size > 20, `${seen.size} scripts`);
  for (const key of Object.keys(en).filter((name) => /^problem\.[\w-]+$/.test(name)))
    assert.ok(`${key}.fix` in en, `${key} says what to do`);
}

async function testThemes({browser, server}) {
  const page = await browser.open(server.url, {scheme: 'dark'});
  const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await go(page);
  const dark = await background();
  await page.click('#theme');
  const light = await background();
  assert.notEqual(light, dark);
  await page.reload();
  assert.equal(await background(), light, 'the choice is remembered, and there before the scripts');
  await page.click('#theme');
  await page.click('#theme');
  assert.equal(await background(), dark, 'as the system again');
  await finish(page);
}

/** Presses Tab until the focus is on an element; each stop on the way must show where it is. */
async function tabTo(page, selector) {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    const [there, seen] = await page.evaluate((wanted) => {
      const element = document.activeElement, label = element.labels?.[0];
      const outlined = (node) => node && getComputedStyle(node).outlineStyle !== 'none';
      return [element.matches(wanted), element === document.body || outlined(element) || outlined(label)];
    }, selector);
    assert.ok(seen, `the focus is seen on the way to ${selector}`);
    if (there)
      return;
  }
  assert.fail(`${selector} is not reached by Tab`);
}

async function testKeyboard({browser, server, speech}) {
  const page = await browser.open(server.url);
  await go(page);
  await tabTo(page, '.skip');
  await tabTo(page, '#model-select');
  await tabTo(page, '#file-input');
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Space')]);
  await chooser.setFiles(speech);
  await waitForState(page, 'done');
  await page.waitForFunction(() => !document.querySelector('#play-button').disabled);
  await tabTo(page, '#timeline .stage');
  const now = async () => Number(await page.getAttribute('#timeline .stage', 'aria-valuenow'));
  const start = await now();
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction((t) => document.querySelector('#timeline .stage').ariaValueNow > t, start);
  await page.keyboard.press('Space');
  await page.waitForSelector('#play-button[data-action=pause]');
  await page.keyboard.press('Space');
  await page.waitForSelector('#play-button[data-action=play]');
  await page.keyboard.press('Home');
  await page.waitForFunction(() => document.querySelector('#timeline .stage').ariaValueNow === '0.0');
  await tabTo(page, '#all-scores');
  await tabTo(page, '#segments .jump[data-time]:not([data-time="0"])');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => Number(document.querySelector('#timeline .stage').ariaValueNow) > 0);
  await tabTo(page, '#compare-select');
  await page.goBack();
  await page.waitForSelector('#drop');
  await finish(page);
}

/** Behind each picture there is a table that says the same. */
async function testTables({browser, server, speech}) {
  const page = await browser.open(server.url);
  await go(page);
  await sendFile(page, speech);
  const pictures = await page.$$eval('main canvas', (all) => all.filter((c) => c.getAttribute('aria-hidden') !== 'true').length);
  assert.equal(pictures, 0, 'pictures are hidden from screen readers');
  assert.ok(await page.locator('#segments tbody tr').count() > 0);
  const row = page.locator('#segments tr:has(td:last-child:not(:empty))').first(); // An emotion.
  await row.locator('.jump').click();
  assert.equal(await page.textContent('.answer emotion-label >> nth=1'), await row.locator('emotion-label').textContent(),
               'the answer at the start of a stretch is that of the stretch');
  assert.match(await page.textContent('affect-plot table'), /Valence.*\d/);
  const value = await page.getAttribute('#timeline .stage', 'aria-valuetext');
  assert.match(value, /\d:\d\d\.\d/);
  await finish(page);
}

/** The part of a core that the page takes while it listens; told, for it depends on the machine. */
async function testLoad({browser, server}) {
  const page = await browser.open(server.url);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const measure = async () => {
    const {metrics} = await session.send('Performance.getMetrics');
    return Object.fromEntries(metrics.map(({name, value}) => [name, value]));
  };
  await go(page, '#/live');
  await page.click('#live-button');
  await page.waitForFunction(() => document.querySelectorAll('#changes li').length > 0);
  const start = await measure();
  await page.waitForFunction((n) => document.querySelectorAll('#live-timeline tbody tr').length > n, 1);
  const end = await measure();
  const load = (end.TaskDuration - start.TaskDuration) / (end.Timestamp - start.Timestamp);
  console.log(`# the live view takes ${Math.round(load * 100)} % of a core`);
  assert.ok(load < 0.5, `${load}`);
  await finish(page);
}

async function testMotion({browser, server}) {
  const page = await browser.open(server.url, {reducedMotion: 'reduce'});
  await go(page);
  const moving = await page.$$eval('*', (all) => all.filter(
      (e) => getComputedStyle(e).transitionDuration.split(', ').some((d) => parseFloat(d) > 0)).length);
  assert.equal(moving, 0);
  await finish(page);
}

async function testWeight({browser, server, speech}) {
  const page = await browser.open(server.url);
  await go(page);
  const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime);
  console.log(`# first paint after ${Math.round(paint)} ms`);
  await sendFile(page, speech);
  const bytes = await page.evaluate(() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
      .filter((entry) => !entry.name.includes('/api/')).reduce((sum, entry) => sum + entry.encodedBodySize, 0));
  console.log(`# ${bytes} bytes`);
  assert.ok(bytes > 0 && bytes < MAX_BYTES, `${bytes} bytes`);
  await finish(page);
}

export const cases = (world) => [
  ['every text exists in both languages', () => testTexts(world)],
  ['French and English, by browser and switch', () => testLanguages(world)],
  ['light and dark, by system and switch', () => testThemes(world)],
  ['keyboard only', () => testKeyboard(world)],
  ['a table behind each picture', () => testTables(world)],
  ['the live view is light', () => testLoad(world)],
  ['reduced motion', () => testMotion(world)],
  ['less than 300 kB', () => testWeight(world)],
  ['every view: axe, and no wider than the window', () => testViews(world)],
  ['the live view: axe, and no wider than the window', () => testLiveViews(world)],
];
