// SPDX-License-Identifier: LGPL-2.1-or-later

import {h} from './dom.js';
import {icon} from './icons.js';
import {makeMicrophoneSelect} from './microphone-select.js';
import {Microphone, findObstacle} from './microphone.js';
import {makePriorsSelect} from './options.js';
import {problemNotice} from './problem.js';
import {getSetting, setSetting} from './settings.js';
import {clock, number, t} from './text.js';
import {makeWav} from './wav.js';

const LENGTHS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', 'until'];
const BLOCK = 0.1;        // s
const MAX_SECONDS = 600;  // of a recording until stopped

/** Records a sentence and hands it over as a WAV file. */
export class RecordPanel {
  #microphone = null;
  #blocks = null; // while recording

  constructor(app, send) {
    Object.assign(this, {app, send});
    const obstacle = findObstacle();
    this.element = h('section', {class: 'way', 'aria-labelledby': 'record-title'},
        h('h2', {id: 'record-title'}, t('record.title')), h('p', {}, t('record.lead')),
        obstacle ? problemNotice(obstacle, app.info) : this.#makeControls());
  }

  #makeControls() {
    this.start = h('button', {type: 'button', id: 'record-button', class: 'primary',
                              onclick: () => this.#record()}, icon('record'), t('record.start'));
    this.end = h('button', {type: 'button', id: 'stop-button', class: 'primary', hidden: true,
                            onclick: () => this.#finish()}, icon('stop'), t('record.stop'));
    this.test = h('button', {type: 'button', id: 'test-button', 'aria-pressed': 'false',
                             onclick: () => this.#toggleTest()}, icon('microphone'), t('record.test'));
    this.length = h('select', {id: 'record-length', 'aria-label': t('record.length'),
                               onchange: () => setSetting('length', this.length.value)},
                    ...LENGTHS.map((value) => h('option', {value}, value === 'until'
                        ? t('record.until') : t('record.seconds', {n: Number(value)}))));
    this.length.value = getSetting('length');
    this.meter = h('level-meter');
    this.clock = h('span', {class: 'number', role: 'timer'});
    this.note = h('div', {class: 'status'});
    this.devices = makeMicrophoneSelect('microphone-select', () => this.#reopen());
    return h('div', {class: 'controls'},
        h('p', {class: 'buttons'}, this.start, this.end, this.length, this.test),
        h('p', {class: 'metering'}, this.meter, this.clock), this.devices.element,
        makePriorsSelect('priors-record', 'priors_record', t('priors.record')), this.note);
  }

  async #open() {
    if (this.#microphone)
      return true;
    this.note.replaceChildren();
    try {
      const microphone = await Microphone.open();
      if (!this.element.isConnected) {
        microphone.close();
        return false;
      }
      this.#microphone = microphone;
    } catch (problem) {
      this.app.setState('failed');
      this.note.replaceChildren(problemNotice(problem, this.app.info));
      return false;
    }
    this.devices.refresh();
    this.#microphone.addEventListener('block', ({detail}) => this.#take(detail));
    this.#microphone.addEventListener('ended', () => this.#takeEnd());
    return true;
  }

  async #record() {
    this.start.disabled = true;
    const opened = await this.#open();
    this.start.disabled = false;
    if (!opened)
      return;
    this.#blocks = [];
    this.app.setState('recording');
    this.#showButtons(true);
    this.end.focus();
  }

  #showButtons(recording) {
    this.start.hidden = recording;
    this.end.hidden = !recording;
    this.test.disabled = this.length.disabled = recording;
  }

  #take({block, level}) {
    this.meter.show(level);
    if (!this.#blocks)
      return;
    this.#blocks.push(block);
    const seconds = this.#blocks.length * BLOCK;
    const wanted = this.length.value === 'until' ? MAX_SECONDS : Number(this.length.value);
    this.clock.textContent = this.length.value === 'until' ? `${number(seconds, 1)} s`
        : t('record.of', {seconds: number(seconds, 1), total: number(wanted)});
    if (seconds >= wanted - BLOCK / 2)
      this.#finish();
  }

  #finish() {
    const blocks = this.#blocks, rate = this.#microphone?.rate;
    this.close();
    if (!blocks?.length)
      return;
    const name = t('record.name', {time: clock(new Date())});
    this.send(makeWav(blocks, rate), `${name}.wav`, getSetting('priors_record'));
  }

  #takeEnd() {
    this.#finish();
    this.note.replaceChildren(problemNotice({code: 'unplugged'}, this.app.info));
  }

  async #toggleTest() {
    if (this.#microphone)
      this.close();
    else if (await this.#open())
      this.test.setAttribute('aria-pressed', 'true');
  }

  async #reopen() {
    if (!this.#microphone || this.#blocks)
      return;
    this.close();
    await this.#toggleTest();
  }

  /** Lets go of the microphone. */
  close() {
    this.#microphone?.close();
    this.#microphone = this.#blocks = null;
    if (!this.meter)
      return;
    this.meter.show(undefined);
    this.clock.textContent = '';
    this.test.setAttribute('aria-pressed', 'false');
    this.#showButtons(false);
  }
}
