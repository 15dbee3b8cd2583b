// SPDX-License-Identifier: LGPL-2.1-or-later

import {h, setText} from './dom.js';
import {makeLabel} from './emotion-label.js';
import {number, t, time} from './text.js';

const MAX_ROWS = 200; // before all are asked for

/** The stretches as a table whose times are buttons. */
export class SegmentTable {
  #rows = [];
  #shown_all = false;

  constructor(jump) {
    this.jump = jump;
    this.body = h('tbody');
    this.only = h('input', {type: 'checkbox', id: 'segments-only', onchange: () => this.#rebuild()});
    this.more = h('button', {type: 'button', id: 'segments-all', hidden: true, onclick: () => {
      this.#shown_all = true;
      this.#rebuild();
    }});
    this.empty = h('p', {class: 'muted', hidden: true}, t('segments.none'));
    this.element = h('section', {class: 'segments', 'aria-labelledby': 'segments-title'},
        h('div', {class: 'title'}, h('h2', {id: 'segments-title'}, t('segments.title')),
          h('label', {class: 'check'}, this.only, t('segments.only'))),
        h('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': t('timeline.table')},
          h('table', {id: 'segments'}, h('thead', {}, h('tr', {},
              h('th', {scope: 'col', class: 'number'}, t('table.start')),
              h('th', {scope: 'col', class: 'number'}, t('table.end')),
              h('th', {scope: 'col'}, t('table.answer')),
              h('th', {scope: 'col', class: 'number'}, t('table.probability')))), this.body),
          this.empty, this.more));
  }

  /** Shows the segments of a track; those that are there already stay. */
  show(track) {
    const other = this.track !== track;
    this.track = track;
    if (other)
      this.#rebuild();
    else
      this.#grow();
  }

  #rebuild() {
    this.#rows = [];
    this.next = 0;
    this.body.replaceChildren();
    this.#grow();
  }

  #grow() {
    const {segments} = this.track, last = this.#rows.at(-1);
    if (last)
      this.#fill(last);
    const limit = this.#shown_all ? Infinity : MAX_ROWS;
    for (; this.next < segments.length && this.#rows.length < limit; this.next++) {
      const segment = segments[this.next];
      const calm = segment.emotion === 'none' || segment.emotion === 'neutral';
      if (!this.only.checked || !calm)
        this.#add(segment);
    }
    this.empty.hidden = this.#rows.length > 0 || segments.length === 0;
    this.more.hidden = this.next >= segments.length;
    setText(this.more, t('segments.all', {n: segments.length}));
  }

  #add(segment) {
    const end = h('td', {class: 'number'}), confidence = h('td', {class: 'number'});
    const label = makeLabel(segment.emotion, {labels: this.track.labels, reason: segment.reason,
                                              text: this.track.labelText(segment.emotion)});
    const button = h('button', {type: 'button', class: 'jump', 'data-time': segment.start,
                                'aria-label': t('segments.jump', {time: time(segment.start)})},
                     time(segment.start));
    const row = h('tr', {onclick: () => this.jump(segment.start)},
                  h('td', {class: 'number'}, button), end, h('td', {}, label), confidence);
    this.#rows.push({segment, row, end, confidence});
    this.#fill(this.#rows.at(-1));
    this.body.append(row);
  }

  #fill({segment, end, confidence}) {
    setText(end, time(segment.end));
    setText(confidence, segment.emotion === 'none' ? '' : number(segment.confidence, 2));
  }

  /** Marks the row of a time. */
  mark(now) {
    const current = this.#rows.find(({segment}) => segment.start <= now && now < segment.end)?.row;
    if (current === this.current)
      return;
    this.current?.removeAttribute('aria-current');
    current?.setAttribute('aria-current', 'true');
    this.current = current;
  }
}
