// SPDX-License-Identifier: LGPL-2.1-or-later

const MIN_SPAN = 2; // s

/** The part of the time that is seen; timelines that share one stay aligned. */
export class TimeView extends EventTarget {
  start = 0;
  span = 1;
  total = 1;

  get end() {
    return this.start + this.span;
  }

  get isWhole() {
    return this.span >= this.total - 1e-6;
  }

  /** The total grows while a file is analysed; a view of everything keeps showing everything. */
  setTotal(total) {
    const whole = this.isWhole;
    this.total = Math.max(total, 0.05);
    if (whole)
      this.set(0, this.total);
    else
      this.set(this.start, this.span);
  }

  set(start, span) {
    const old = [this.start, this.span, this.old_total];
    this.span = Math.min(Math.max(span, MIN_SPAN), this.total);
    this.start = Math.min(Math.max(start, 0), this.total - this.span);
    this.old_total = this.total;
    if (old[0] !== this.start || old[1] !== this.span || old[2] !== this.total)
      this.dispatchEvent(new Event('change'));
  }

  /** Zooms by a factor; the time `at` stays where it is. */
  zoom(factor, at = this.start + this.span / 2) {
    const span = Math.min(Math.max(this.span / factor, MIN_SPAN), this.total);
    this.set(at - (at - this.start) * span / this.span, span);
  }

  pan(seconds) {
    this.set(this.start + seconds, this.span);
  }

  showAll() {
    this.set(0, this.total);
  }

  /** Moves so that a time is seen. */
  reveal(time) {
    if (time < this.start || time > this.end)
      this.set(time - this.span / 4, this.span);
  }
}

/** The time until now, of a fixed span. */
export class MovingView extends TimeView {
  constructor(span) {
    super();
    this.moveTo(0, span);
  }

  moveTo(now, span = this.span) {
    this.span = span;
    this.total = now;
    this.start = now - span;
    this.dispatchEvent(new Event('change'));
  }
}
