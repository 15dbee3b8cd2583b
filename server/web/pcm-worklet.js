// SPDX-License-Identifier: LGPL-2.1-or-later
// In the audio thread: blocks of 100 ms, 16 bit, one channel, and their level.

const BLOCK = 0.1; // s

class PcmProcessor extends AudioWorkletProcessor {
  constructor() {
    super();
    this.size = Math.round(sampleRate * BLOCK);
    this.clear();
  }

  clear() {
    this.block = new Int16Array(this.size);
    this.n = 0;
    this.energy = 0;
  }

  process([channels]) {
    const n_channels = channels?.length ?? 0;
    for (let i = 0; n_channels > 0 && i < channels[0].length; i++) {
      let sample = 0;
      for (let c = 0; c < n_channels; c++)
        sample += channels[c][i] / n_channels;
      this.energy += sample * sample;
      this.block[this.n++] = Math.max(-32768, Math.min(Math.round(sample * 32768), 32767));
      if (this.n === this.size)
        this.send();
    }
    return true;
  }

  send() {
    const level = 10 * Math.log10(this.energy / this.size + 1e-12);
    this.port.postMessage({block: this.block, level}, [this.block.buffer]);
    this.clear();
  }
}

registerProcessor('pcm', PcmProcessor);
