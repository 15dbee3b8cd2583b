// SPDX-License-Identifier: LGPL-2.1-or-later

import {h, newId, setText} from './dom.js';
import {analysisOptions} from './options.js';
import {problemNotice} from './problem.js';
import {getResult} from './result-data.js';
import {agreement} from './segments.js';
import {sendFile} from './send-file.js';
import {getSound} from './settings.js';
import {percent, t} from './text.js';

/** A second result of the same sound under the first, and in how much of the time they agree. */
export class ComparePanel {
  #second = null;

  constructor(app, first, view, seek) {
    Object.assign(this, {app, first, view, seek});
    const hint_id = newId('hint');
    this.select = h('select', {id: 'compare-select', 'aria-describedby': hint_id,
                               onchange: () => this.#choose()});
    this.hint = h('p', {class: 'hint', id: hint_id});
    this.status = h('div', {class: 'status'});
    this.place = h('div', {id: 'compare'});
    this.field = h('div', {class: 'field'}, h('label', {for: 'compare-select'}, t('compare.title')),
                   this.select, this.hint);
    this.element = h('section', {class: 'compare', 'aria-label': t('compare.title')},
                     this.field, this.status, this.place);
    this.take = () => this.#show();
  }

  /** Offers what differs from the first result, as soon as that is known. */
  refresh() {
    const {head} = this.first;
    this.element.hidden = !head || this.first.state === 'failed';
    if (head && !this.select.options.length)
      this.#fill(head);
    const possible = Boolean(getSound(this.first.id));
    this.select.disabled = !possible;
    setText(this.hint, possible ? '' : t('compare.no-sound'));
    this.#tellAgreement();
  }

  #fill(head) {
    const options = [];
    for (const {name} of this.app.models)
      for (const priors of ['model', 'equal'])
        if (name !== head.model || priors !== head.priors)
          options.push(h('option', {value: `${name}|${priors}`}, `${name}, ${t(`priors.${priors}.short`)}`));
    this.select.append(h('option', {value: ''}, t('compare.none')), ...options);
  }

  async #choose() {
    this.open(null);
    if (!this.select.value)
      return;
    const [model, priors] = this.select.value.split('|');
    this.select.disabled = true;
    const result = await sendFile(this.app, this.status, getSound(this.first.id),
                                  analysisOptions(model, priors, this.first.head.name));
    this.select.disabled = false;
    this.app.setState(this.first.state);
    if (result)
      this.open(result.id);
    else
      this.select.value = '';
  }

  /** Shows the second result by its id; null: none. */
  open(id) {
    if ((this.#second?.id ?? null) === id)
      return;
    this.close();
    this.place.replaceChildren();
    this.app.setQuery({with: id});
    if (!id)
      return;
    this.#second = getResult(id);
    this.#second.addEventListener('change', this.take);
    this.title = h('h2');
    this.agreement = h('p', {id: 'agreement', role: 'status'});
    this.timeline = h('emotion-timeline', {compact: true, label: t('compare.timeline')});
    this.timeline.view = this.view;
    this.timeline.addEventListener('seek', (event) => this.seek(event.detail));
    this.place.append(h('div', {class: 'title'}, this.title, this.agreement), this.timeline);
    this.#show();
  }

  #show() {
    const {head, problem, track} = this.#second;
    if (problem)
      this.place.replaceChildren(problemNotice(problem, this.app.info));
    if (!head)
      return;
    setText(this.title, t('compare.with', {model: head.model, priors: t(`priors.${head.priors === 'equal' ? 'equal' : 'model'}.short`)}));
    const value = `${head.model}|${head.priors}`;
    if ([...this.select.options].some((option) => option.value === value))
      this.select.value = value;
    this.timeline.track = track;
    this.#tellAgreement();
  }

  #tellAgreement() {
    if (!this.#second?.head)
      return;
    const share = agreement(this.first.track.segments, this.#second.track.segments);
    setText(this.agreement, share === undefined ? '' : t('compare.agreement', {share: percent(share)}));
  }

  set playhead(time) {
    if (this.timeline)
      this.timeline.playhead = time;
  }

  close() {
    this.#second?.removeEventListener('change', this.take);
    this.#second = null;
    this.timeline = null;
  }
}
