// SPDX-License-Identifier: LGPL-2.1-or-later
// The page of emotion-server in a real browser.
// test-page.mjs SERVER SPEECH [NODE_MODULES]: SPEECH is a WAV file, or a folder with WAV or FLAC files (needs gst-launch-1.0).

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import {cases as fileCases} from './cases-file.mjs';
import {cases as frameCases} from './cases-frame.mjs';
import {cases as microphoneCases} from './cases-microphone.mjs';
import {cases as stateCases} from './cases-states.mjs';
import {Browser, Server, loadModules, run, skip} from './harness.mjs';
import {makeSpeech} from './sounds.mjs';

const [program, source, modules] = process.argv.slice(2);
if (!source) {
  console.error('usage: test-page.mjs SERVER SPEECH [NODE_MODULES]');
  process.exit(2);
}
if (!fs.existsSync(source))
  skip(`${source} is missing: the page is tested with its speech`);
const loaded = loadModules(modules);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'page-test-'));
const speech = makeSpeech(source, path.join(folder, 'speech.wav'));
const browser = await Browser.launch(loaded, speech);
const server = await Server.start(program);
const world = {browser, server, program, speech, folder};
const wanted = process.env.CASES ? new RegExp(process.env.CASES) : /./;
const good = await run([fileCases, microphoneCases, stateCases, frameCases].flatMap((cases) => cases(world))
    .filter(([name]) => wanted.test(name)));
await browser.close();
await server.stop();
fs.rmSync(folder, {recursive: true});
process.exitCode = good ? 0 : 1;
