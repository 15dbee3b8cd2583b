// SPDX-License-Identifier: LGPL-2.1-or-later
// Sounds of the tests: speech of a corpus, and files that are no use.

import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const CLIPS = 45;
const RATE = 16000;

export function makeWav(samples) {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(RATE, 24);
  head.writeUInt32LE(2 * RATE, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}

function* listSounds(folder) {
  for (const entry of fs.readdirSync(folder, {withFileTypes: true}).sort((a, b) => a.name < b.name ? -1 : 1)) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory())
      yield* listSounds(file);
    else if (/\.(wav|flac)$/i.test(entry.name))
      yield file;
  }
}

function decode(file) {
  return execFileSync('gst-launch-1.0', ['-q', 'filesrc', `location=${file}`, '!', 'decodebin', '!', 'audioconvert', '!',
    'audioresample', '!', `audio/x-raw,format=S16LE,rate=${RATE},channels=1`, '!', 'fdsink'], {maxBuffer: 2 ** 26});
}

/** Some minutes of speech in the file `target`: a WAV file, or clips from all over a corpus. */
export function makeSpeech(source, target) {
  if (!fs.statSync(source).isDirectory()) {
    fs.copyFileSync(source, target);
    return target;
  }
  const files = [...listSounds(source)], step = Math.max(1, Math.floor(files.length / CLIPS));
  const chosen = files.filter((_, i) => i % step === 0).slice(0, CLIPS);
  if (!chosen.length)
    throw new Error(`no WAV or FLAC files in ${source}`);
  fs.writeFileSync(target, makeWav(Buffer.concat(chosen.map(decode))));
  return target;
}
