// SPDX-License-Identifier: LGPL-2.1-or-later

const SECONDS = 5;

/** One line that tells what was done, and goes away. */
class ToastLine extends HTMLElement {
  connectedCallback() {
    this.setAttribute('role', 'status');
  }

  show(text) {
    clearTimeout(this.timer);
    this.textContent = text;
    this.classList.add('shown');
    this.timer = setTimeout(() => {
      this.classList.remove('shown');
      this.textContent = '';
    }, SECONDS * 1000);
  }
}

customElements.define('toast-line', ToastLine);

export function toast(text) {
  document.querySelector('toast-line').show(text);
}
