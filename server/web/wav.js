// SPDX-License-Identifier: LGPL-2.1-or-later

const HEADER = 44; // bytes

/** A WAV file of 16-bit samples, one channel, from blocks (Int16Array). */
export function makeWav(blocks, rate) {
  const size = blocks.reduce((sum, block) => sum + block.byteLength, 0);
  const view = new DataView(new ArrayBuffer(HEADER));
  const text = (at, word) => [...word].forEach((c, i) => view.setUint8(at + i, c.charCodeAt(0)));
  text(0, 'RIFF');
  view.setUint32(4, HEADER - 8 + size, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);       // bytes of the format
  view.setUint16(20, 1, true);        // PCM
  view.setUint16(22, 1, true);        // channels
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2, true); // bytes a second
  view.setUint16(32, 2, true);        // bytes a sample
  view.setUint16(34, 16, true);       // bits
  text(36, 'data');
  view.setUint32(40, size, true);
  return new Blob([view, ...blocks], {type: 'audio/wav'});
}
