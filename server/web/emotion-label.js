// SPDX-License-Identifier: LGPL-2.1-or-later

import {h} from './dom.js';
import {getLooks, paint} from './emotions.js';
import {emotionName} from './text.js';

/** Colour, letter and word of an emotion. */
class EmotionLabel extends HTMLElement {
  /** labels: all of the model; reason: of none; text: the model's own word. */
  show(emotion, {labels, reason, text} = {}) {
    const look = getLooks(labels ?? [emotion]).get(emotion) ?? getLooks([]).get('none');
    if (!this.swatch) {
      this.swatch = h('span', {class: 'swatch', 'aria-hidden': 'true'});
      this.word = h('span');
      this.append(this.swatch, this.word);
    }
    this.dataset.emotion = emotion;
    this.swatch.textContent = emotion === 'none' ? '' : look.letter;
    paint(this.swatch, look);
    this.word.textContent = emotionName(emotion, reason, text);
    this.repaint = () => this.show(emotion, {labels, reason, text});
    return this;
  }

  connectedCallback() {
    this.takeTheme = () => this.repaint?.();
    document.addEventListener('themechange', this.takeTheme);
  }

  disconnectedCallback() {
    document.removeEventListener('themechange', this.takeTheme);
  }
}

customElements.define('emotion-label', EmotionLabel);

export function makeLabel(emotion, options) {
  return document.createElement('emotion-label').show(emotion, options);
}
