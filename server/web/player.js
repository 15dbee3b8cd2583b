// SPDX-License-Identifier: LGPL-2.1-or-later

const MAX_DIFFERENCE = 1; // s, between the lengths of a sound and its result

/** Plays the user's own sound; without one it only keeps the place. Tells 'change'. */
export class Player extends EventTarget {
  #audio = new Audio();
  #time = 0;
  #address = null;
  problem = null; // 'playback' or 'other-sound'

  constructor(total) {
    super();
    this.get_total = total;
    for (const name of ['play', 'pause', 'ended', 'seeked'])
      this.#audio.addEventListener(name, () => this.#tell());
    this.#audio.addEventListener('error', () => this.#fail('playback'));
    this.#audio.addEventListener('loadedmetadata', () => this.#takeLength());
  }

  get ready() {
    return this.#address !== null && this.problem !== 'playback';
  }

  get playing() {
    return this.ready && !this.#audio.paused;
  }

  get time() {
    return this.playing ? this.#audio.currentTime : this.#time;
  }

  setSound(blob) {
    this.close();
    this.problem = null;
    this.#address = URL.createObjectURL(blob);
    this.#audio.src = this.#address;
    this.#audio.currentTime = this.#time;
    this.#tell();
  }

  seek(time) {
    this.#time = time;
    if (this.ready)
      this.#audio.currentTime = time;
    this.#tell();
  }

  async play() {
    if (!this.ready)
      return;
    if (this.#time >= this.get_total() - 0.05)
      this.seek(0);
    try {
      await this.#audio.play();
    } catch (error) {
      if (error.name === 'NotSupportedError')
        this.#fail('playback');
    }
  }

  toggle() {
    if (this.playing)
      this.#audio.pause();
    else
      this.play();
  }

  close() {
    this.#audio.pause();
    this.#audio.removeAttribute('src');
    if (this.#address)
      URL.revokeObjectURL(this.#address);
    this.#address = null;
  }

  #takeLength() {
    const {duration} = this.#audio, total = this.get_total();
    if (Number.isFinite(duration) && total && Math.abs(duration - total) > MAX_DIFFERENCE)
      this.problem = 'other-sound';
    this.#tell();
  }

  #fail(problem) {
    if (!this.#address)
      return;
    this.problem = problem;
    this.#tell();
  }

  #tell() {
    if (this.ready && this.#audio.readyState > 0)
      this.#time = this.#audio.currentTime;
    this.dispatchEvent(new Event('change'));
  }
}
