// SPDX-License-Identifier: LGPL-2.1-or-later
// Sounds of the tests: speech of a corpus, and files that are no use.

import fs from 'node:fs';
import path from 'node:path';

const SECONDS = 150;

export function makeWav(samples, rate = 16000) {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(2 * rate, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}

/** Format and samples of a WAV file of 16 bit and one channel, or null. */
function readWav(file) {
  const data = fs.readFileSync(file);
  let format = null;
  for (let at = 12; at + 8 <= data.length; at += 8 + data.readUInt32LE(at + 4)) {
    const name = data.toString('latin1', at, at + 4), size = data.readUInt32LE(at + 4);
    if (name === 'fmt ')
      format = {channels: data.readUInt16LE(at + 10), rate: data.readUInt32LE(at + 12), bits: data.readUInt16LE(at + 22)};
    if (name === 'data' && format?.channels === 1 && format.bits === 16)
      return {rate: format.rate, samples: data.subarray(at + 8, at + 8 + size)};
  }
  return null;
}

function* listWavs(folder) {
  for (const entry of fs.readdirSync(folder, {withFileTypes: true}).sort((a, b) => a.name < b.name ? -1 : 1)) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory())
      yield* listWavs(file);
    else if (/\.wav$/i.test(entry.name))
      yield file;
  }
}

/** Some minutes of speech: a WAV file as it is, or clips of a corpus in one file of `target`. */
export function makeSpeech(source, target) {
  if (!fs.statSync(source).isDirectory()) {
    fs.copyFileSync(source, target);
    return target;
  }
  const parts = [];
  let rate = 0, size = 0;
  for (const file of listWavs(source)) {
    const wav = readWav(file);
    if (!wav || (rate && wav.rate !== rate))
      continue;
    rate = wav.rate;
    parts.push(wav.samples);
    size += wav.samples.length;
    if (size >= SECONDS * rate * 2)
      break;
  }
  if (!parts.length)
    throw new Error(`no WAV files of 16 bit and one channel in ${source}`);
  fs.writeFileSync(target, makeWav(Buffer.concat(parts), rate));
  return target;
}
