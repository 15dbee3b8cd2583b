// SPDX-License-Identifier: LGPL-2.1-or-later

import {h, setText} from './dom.js';
import {makeLabel} from './emotion-label.js';
import {getLooks, paint} from './emotions.js';
import {percent} from './text.js';

const N_TOP = 3;

/** Scores as bars with numbers, highest first: the top three, or all with the attribute all. */
class EmotionScores extends HTMLElement {
  #rows = new Map();

  static observedAttributes = ['all'];

  attributeChangedCallback() {
    this.#arrange();
  }

  /** scores: label to number, or null for unknown. */
  show(scores, track) {
    if (this.labels !== track.labels)
      this.#build(track);
    this.scores = scores;
    this.#arrange();
  }

  #build(track) {
    this.labels = track.labels;
    const looks = getLooks(track.labels);
    this.#rows.clear();
    for (const label of track.labels) {
      const fill = h('span', {class: 'fill'}), value = h('span', {class: 'value'});
      paint(fill, looks.get(label));
      const name = makeLabel(label, {labels: track.labels, text: track.labelText(label)});
      const row = h('li', {'data-label': label}, name, h('span', {class: 'bar'}, fill), value);
      this.#rows.set(label, {row, fill, value});
    }
    this.ul = h('ul', {class: 'scores'});
    this.replaceChildren(this.ul);
  }

  #arrange() {
    if (!this.labels)
      return;
    const known = this.scores ?? {};
    const sorted = this.hasAttribute('fixed') ? [...this.labels]
        : this.labels.toSorted((a, b) => (known[b] ?? 0) - (known[a] ?? 0));
    const shown = this.hasAttribute('all') ? sorted : sorted.slice(0, N_TOP);
    for (const label of shown) {
      const {fill, value} = this.#rows.get(label), score = known[label];
      fill.hidden = score === undefined;
      fill.style.width = `${(score ?? 0) * 100}%`;
      setText(value, score === undefined ? '–' : percent(score));
    }
    const rows = shown.map((label) => this.#rows.get(label).row);
    if (rows.length !== this.ul.children.length || rows.some((row, i) => this.ul.children[i] !== row))
      this.ul.replaceChildren(...rows);
  }
}

customElements.define('emotion-scores', EmotionScores);
