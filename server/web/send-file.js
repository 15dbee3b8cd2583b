// SPDX-License-Identifier: LGPL-2.1-or-later

import {Problem, upload} from './api.js';
import {h} from './dom.js';
import {problemNotice} from './problem.js';
import {keepSound, rememberResult} from './settings.js';
import {number, percent, t} from './text.js';

const MAX_WAIT = 30; // s, whatever the server asks for

/**
 * Sends a sound to be analysed and shows in an element how that goes: progress, waiting for a place,
 * problems with the way out. Gives the result's first state, or null when the user gave up.
 */
export async function sendFile(app, host, sound, options) {
  const sending = new Sending(app, host, sound, options);
  const result = await sending.run();
  host.replaceChildren();
  if (result) {
    keepSound(result.id, sound);
    rememberResult(result.id);
  }
  return result;
}

/** A file that moved, or a folder, fails only when it is read. */
async function checkReadable(sound) {
  try {
    await sound.slice(0, 1).arrayBuffer();
  } catch {
    throw new Problem({code: 'unreadable-file'});
  }
}

class Sending {
  constructor(app, host, sound, options) {
    Object.assign(this, {app, host, sound, options});
    this.bar = h('progress', {max: 1, value: 0, 'aria-label': t('upload.progress')});
    this.text = h('span', {role: 'status'});
    this.given_up = false;
  }

  async run() {
    while (!this.given_up) {
      try {
        return await this.#send();
      } catch (problem) {
        if (problem.name === 'AbortError' || this.app.askLogin(problem))
          return null;
        await this.#recover(problem);
      }
    }
    return null;
  }

  async #send() {
    const limit = this.app.info.limits.upload_bytes;
    if (this.sound.size > limit)
      throw new Problem({code: 'too-large'});
    if (this.sound.size === 0)
      throw new Problem({code: 'empty-file'});
    await checkReadable(this.sound);
    this.app.setState('uploading');
    const {promise, abort} = upload(this.sound, this.options, (fraction) => {
      this.bar.value = fraction;
      this.text.textContent = fraction < 1 ? t('upload.sent', {share: percent(fraction)})
                                           : t('upload.waiting');
    });
    this.#show(this.bar, this.text, this.#makeCancel(abort));
    return promise;
  }

  #show(...children) {
    this.host.replaceChildren(h('div', {class: 'sending'}, ...children));
  }

  #makeCancel(abort) {
    return h('button', {type: 'button', class: 'cancel', onclick: () => {
      this.given_up = true;
      abort();
    }}, t('cancel'));
  }

  /** Returns when it is time to try again, or when the user gave up. */
  #recover(problem) {
    return problem.code === 'busy' ? this.#waitForPlace(problem) : this.#ask(problem);
  }

  async #waitForPlace(problem) {
    this.app.setState('busy');
    const stop = {};
    stop.promise = new Promise((resolve) => { stop.now = resolve; });
    this.#show(this.text, this.#makeCancel(stop.now));
    for (let left = Math.min(problem.retry_after ?? 5, MAX_WAIT); left > 0 && !this.given_up; left--) {
      const running = /\d+/.exec(problem.detail ?? '')?.[0];
      this.text.textContent = t(running ? 'busy.number' : 'busy.unknown', {number: running, seconds: number(left)});
      await Promise.race([stop.promise, new Promise((resolve) => setTimeout(resolve, 1000))]);
    }
  }

  #ask(problem) {
    this.app.setState('failed');
    return new Promise((resolve) => {
      const give_up = () => {
        this.given_up = true;
        resolve();
      };
      this.host.replaceChildren(problemNotice(problem, this.app.info,
          h('button', {type: 'button', class: 'retry', onclick: resolve}, t('retry')),
          h('button', {type: 'button', class: 'cancel', onclick: give_up}, t('close'))));
      this.host.give_up?.();
      this.host.give_up = give_up;
    });
  }
}
