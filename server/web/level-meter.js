// SPDX-License-Identifier: LGPL-2.1-or-later

import {h, setText} from './dom.js';
import {number, t} from './text.js';

const MIN = -60; // dBFS
const FALL = 1.5; // dB at each call, so that the bar does not flicker

/** The level of the microphone in dBFS. */
class LevelMeter extends HTMLElement {
  #shown = MIN;

  connectedCallback() {
    if (this.fill)
      return;
    this.fill = h('span', {class: 'fill'});
    this.value = h('span', {class: 'value'}, '–');
    this.bar = h('span', {class: 'bar', role: 'meter', 'aria-label': t('level'), 'aria-valuemin': MIN,
                          'aria-valuemax': 0, 'aria-valuenow': MIN}, this.fill);
    this.append(this.bar, this.value);
  }

  /** The level in dBFS; undefined: no sound is taken. */
  show(level) {
    if (level === undefined) {
      this.#shown = MIN;
      setText(this.value, '–');
    } else {
      this.#shown = Math.min(0, Math.max(level, this.#shown - FALL, MIN));
      const text = level < MIN ? `< ${number(MIN)}` : number(level);
      setText(this.value, `${text.replace('-', '−')} dBFS`);
    }
    this.fill.style.transform = `scaleX(${1 - this.#shown / MIN})`;
    this.bar.setAttribute('aria-valuenow', Math.round(this.#shown));
    this.dataset.high = this.#shown > -3;
  }
}

customElements.define('level-meter', LevelMeter);
