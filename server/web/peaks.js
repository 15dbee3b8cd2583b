// SPDX-License-Identifier: LGPL-2.1-or-later

const FACTOR = 8; // between levels

/** Peaks of a sound with a pyramid of maxima, so that any zoom is drawn at the same cost. */
export class Peaks {
  interval = 0; // s
  length = 0;
  #levels = [new Uint8Array(1024)];

  /** Adds peaks from a time on. An interval that grew merges the earlier ones. */
  add(start, interval, values) {
    if (this.interval && interval > this.interval * 1.5)
      this.#merge(Math.round(interval / this.interval));
    this.interval = interval;
    const from = Math.round(start / interval);
    this.length = Math.max(this.length, from + values.length);
    this.#reserve(0, this.length);
    this.#levels[0].set(values, from);
    this.#update(from);
  }

  /** The highest peak between two times, 0 to 255. */
  max(from, to) {
    let first = Math.max(Math.floor(from / this.interval), 0);
    let last = Math.min(Math.max(Math.ceil(to / this.interval), first + 1), this.length), level = 0;
    while (last - first > 2 * FACTOR && level + 1 < this.#levels.length) {
      first = Math.floor(first / FACTOR);
      last = Math.ceil(last / FACTOR);
      level++;
    }
    let peak = 0;
    for (let i = first; i < last; i++)
      peak = Math.max(peak, this.#levels[level][i]);
    return peak;
  }

  #reserve(level, length) {
    const old = this.#levels[level];
    if (old && old.length >= length)
      return;
    const grown = new Uint8Array(Math.max(length, 2 * (old?.length ?? 64)));
    if (old)
      grown.set(old);
    this.#levels[level] = grown;
  }

  #update(from) {
    let length = this.length;
    for (let level = 1; length > FACTOR; level++) {
      const below = this.#levels[level - 1];
      const n = Math.ceil(length / FACTOR);
      this.#reserve(level, n);
      from = Math.floor(from / FACTOR);
      for (let i = from; i < n; i++) {
        let peak = 0;
        for (let j = i * FACTOR; j < Math.min((i + 1) * FACTOR, length); j++)
          peak = Math.max(peak, below[j]);
        this.#levels[level][i] = peak;
      }
      length = n;
    }
  }

  #merge(factor) {
    const old = this.#levels[0], n = Math.ceil(this.length / factor);
    for (let i = 0; i < n; i++)
      old[i] = Math.max(...old.subarray(i * factor, Math.min((i + 1) * factor, this.length)));
    this.length = n;
    this.#levels.length = 1;
    this.#update(0);
  }
}
