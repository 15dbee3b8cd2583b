// SPDX-License-Identifier: LGPL-2.1-or-later

import {h, oncePerFrame, prepareCanvas, setText} from './dom.js';
import {number, t} from './text.js';

const SIZE = 168;
const MARGIN = 8;

/** Valence (to the right) and arousal (upwards), each from -1 to 1, with a trail of earlier points. */
class AffectPlot extends HTMLElement {
  #points = [];

  constructor() {
    super();
    this.schedule = oncePerFrame(() => this.draw());
  }

  connectedCallback() {
    this.#build();
    document.addEventListener('themechange', this.schedule);
    this.schedule();
  }

  #build() {
    if (this.canvas)
      return;
    this.canvas = h('canvas', {'aria-hidden': 'true'});
    this.valence = h('td');
    this.arousal = h('td');
    this.append(
        h('div', {class: 'affect'},
          h('span', {class: 'top'}, t('affect.excited')), h('span', {class: 'left'}, t('affect.unpleasant')),
          this.canvas,
          h('span', {class: 'right'}, t('affect.pleasant')), h('span', {class: 'bottom'}, t('affect.calm'))),
        h('table', {class: 'hidden-visually'}, h('caption', {}, t('affect.title')),
          h('tbody', {}, h('tr', {}, h('th', {scope: 'row'}, t('affect.valence')), this.valence),
            h('tr', {}, h('th', {scope: 'row'}, t('affect.arousal')), this.arousal))));
  }

  disconnectedCallback() {
    document.removeEventListener('themechange', this.schedule);
  }

  /** Points {valence, arousal}, oldest first; the last is now. */
  show(points) {
    this.#build();
    this.#points = points.filter((p) => p && p.valence !== undefined && p.arousal !== undefined);
    const now = this.#points.at(-1);
    setText(this.valence, now ? number(now.valence, 2) : '–');
    setText(this.arousal, now ? number(now.arousal, 2) : '–');
    this.schedule();
  }

  draw() {
    const style = getComputedStyle(this);
    const context = prepareCanvas(this.canvas, SIZE, SIZE);
    const middle = SIZE / 2, radius = middle - MARGIN;
    const at = (p) => [middle + Math.max(-1, Math.min(p.valence, 1)) * radius,
                       middle - Math.max(-1, Math.min(p.arousal, 1)) * radius];
    context.strokeStyle = style.getPropertyValue('--line');
    context.beginPath();
    context.moveTo(MARGIN, middle);
    context.lineTo(SIZE - MARGIN, middle);
    context.moveTo(middle, MARGIN);
    context.lineTo(middle, SIZE - MARGIN);
    context.roundRect(0.5, 0.5, SIZE - 1, SIZE - 1, 6);
    context.stroke();
    const accent = style.getPropertyValue('--accent');
    context.strokeStyle = context.fillStyle = accent;
    for (let i = 1; i < this.#points.length; i++) {
      context.globalAlpha = 0.15 + 0.5 * i / this.#points.length;
      context.lineWidth = 2;
      context.beginPath();
      context.moveTo(...at(this.#points[i - 1]));
      context.lineTo(...at(this.#points[i]));
      context.stroke();
    }
    context.globalAlpha = context.lineWidth = 1;
    if (this.#points.length) {
      context.beginPath();
      context.arc(...at(this.#points.at(-1)), 6, 0, 7);
      context.fill();
    }
  }
}

customElements.define('affect-plot', AffectPlot);
