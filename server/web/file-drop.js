// SPDX-License-Identifier: LGPL-2.1-or-later

import {h, newId} from './dom.js';
import {icon} from './icons.js';

/**
 * A field to drop a file on or to choose one. Files dropped anywhere on the page count, too.
 * Tells 'file' {file}. Attributes: title-text, hint, input-id.
 */
class FileDrop extends HTMLElement {
  connectedCallback() {
    if (!this.input)
      this.#build();
    this.listeners = {
      dragover: (event) => this.#takeOver(event),
      dragleave: (event) => !event.relatedTarget && this.classList.remove('over'),
      drop: (event) => this.#takeDrop(event),
      paste: (event) => this.#choose(event.clipboardData?.files),
    };
    for (const [name, listener] of Object.entries(this.listeners))
      document.addEventListener(name, listener);
  }

  disconnectedCallback() {
    for (const [name, listener] of Object.entries(this.listeners))
      document.removeEventListener(name, listener);
  }

  #build() {
    const id = this.getAttribute('input-id') ?? newId('file');
    this.input = h('input', {type: 'file', id, class: 'hidden-visually'});
    this.input.addEventListener('change', () => {
      this.#choose(this.input.files);
      this.input.value = '';
    });
    this.append(this.input, h('label', {for: id}, icon('file'),
        h('span', {class: 'words'}, h('strong', {}, this.getAttribute('title-text')),
          h('span', {class: 'hint'}, this.getAttribute('hint')))));
  }

  #takeOver(event) {
    if (!event.dataTransfer?.types.includes('Files'))
      return;
    event.preventDefault();
    this.classList.add('over');
  }

  #takeDrop(event) {
    this.classList.remove('over');
    if (!event.dataTransfer?.files.length)
      return;
    event.preventDefault();
    this.#choose(event.dataTransfer.files);
  }

  #choose(files) {
    if (files?.length)
      this.dispatchEvent(new CustomEvent('file', {detail: {file: files[0]}}));
  }
}

customElements.define('file-drop', FileDrop);
