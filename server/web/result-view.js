// SPDX-License-Identifier: LGPL-2.1-or-later

import {forget} from './api.js';
import {ComparePanel} from './compare-panel.js';
import {h, oncePerFrame, setText} from './dom.js';
import {makeLabel} from './emotion-label.js';
import {icon} from './icons.js';
import {Player} from './player.js';
import {describeProblem, problemNotice} from './problem.js';
import {dropResult, getResult} from './result-data.js';
import {windowAt} from './segments.js';
import {SegmentTable} from './segment-table.js';
import {forgetResults, getSetting, getSound, keepSound, setSetting} from './settings.js';
import {listFacts, shareOut, summarise} from './summary.js';
import {clock, percent, sureness, t, time} from './text.js';
import {TimeView} from './time-view.js';
import {toast} from './toast-line.js';

const FORMATS = {json: 'JSON', csv: 'CSV', vtt: 'VTT', emotionml: 'XML'};

export function makeResultView(app, route) {
  return new ResultView(app, route);
}

class ResultView {
  #view = new TimeView();

  constructor(app, route) {
    this.app = app;
    this.id = route.id;
    this.data = getResult(route.id);
    this.player = new Player(() => this.data.state === 'done' ? this.data.duration : 0);
    this.compare = new ComparePanel(app, this.data, this.#view, (detail) => this.#seek(detail));
    this.table = new SegmentTable((start) => this.#seek({time: start, play: true}));
    this.element = this.#build();
    this.take = oncePerFrame(() => this.#refresh());
    this.data.addEventListener('change', this.take);
    this.player.addEventListener('change', () => this.#takePlayer());
    if (getSound(this.id))
      this.player.setSound(getSound(this.id));
    this.#refresh();
    this.update(route);
  }

  /** The same result with another place or comparison in the address. */
  update({query}) {
    const start = Number.parseFloat(query.get('t'));
    if (start >= 0)
      this.player.seek(start);
    this.compare.open(query.get('with'));
    return true;
  }

  leave() {
    this.left = true;
    this.data.removeEventListener('change', this.take);
    this.player.close();
    this.compare.close();
  }

  #build() {
    this.title = h('h1', {tabindex: -1, class: 'file-name'}, ' ');
    this.meta = h('p', {class: 'meta'}, ' ');
    this.summary = h('p', {id: 'summary', role: 'status'}, t('state.loading'));
    this.facts = h('p', {id: 'facts', class: 'muted'}, ' ');
    this.note = h('div', {class: 'status'});
    this.actions = h('div', {class: 'actions', id: 'actions'});
    this.body = h('div', {class: 'result-body'}, this.#buildBar(), this.#buildTimeline(),
        h('div', {class: 'columns'}, this.#buildOverall(), this.#buildMoment(), this.table.element), this.compare.element);
    return h('article', {class: 'result'}, h('div', {class: 'head'},
        h('div', {}, this.title, this.meta), this.actions), this.summary, this.facts, this.note, this.body);
  }

  #buildBar() {
    const button = (name, key, onclick, id = name) =>
        h('button', {type: 'button', id, class: 'quiet', title: t(key), 'aria-label': t(key), onclick}, icon(name));
    this.play = h('button', {type: 'button', id: 'play-button', class: 'primary round',
                             onclick: () => this.player.toggle()}, icon('play'));
    this.clock = h('span', {class: 'number', id: 'time'});
    this.spectrogram = button('spectrogram', 'spectrogram', () => this.#toggleSpectrogram(), 'spectrogram-toggle');
    this.sound = h('div', {class: 'sound'});
    return h('div', {class: 'bar-line'}, this.play, this.clock, this.sound,
             h('span', {class: 'tools'}, button('minus', 'zoom.out', () => this.#view.zoom(0.5, this.player.time), 'zoom-out'),
               button('whole', 'zoom.all', () => this.#view.showAll(), 'zoom-all'),
               button('plus', 'zoom.in', () => this.#view.zoom(2, this.player.time), 'zoom-in'), this.spectrogram));
  }

  #buildTimeline() {
    this.timeline = h('emotion-timeline', {id: 'timeline', overview: true, 'no-table': true,
                                           spectrogram: getSetting('spectrogram')});
    this.timeline.view = this.#view;
    this.timeline.addEventListener('seek', (event) => this.#seek(event.detail));
    this.timeline.addEventListener('toggle', () => this.player.toggle());
    this.shares = h('ul', {class: 'shares', id: 'shares', 'aria-label': t('shares')});
    return h('div', {}, this.timeline, this.shares);
  }

  /** Of the whole sound: the top three, or all. */
  #buildOverall() {
    this.top = h('emotion-scores');
    this.all = h('button', {type: 'button', id: 'all-scores', 'aria-pressed': 'false', onclick: () => {
      this.all.setAttribute('aria-pressed', this.top.toggleAttribute('all'));
    }}, t('scores.all'));
    this.whole_answer = h('p', {class: 'answer'});
    this.overall = h('section', {class: 'overall', id: 'overall', 'aria-labelledby': 'overall-title'},
        h('h2', {id: 'overall-title'}, t('overall')), this.whole_answer,
        h('p', {class: 'hint'}, t('scores.hint')), this.top, h('p', {}, this.all));
    return this.overall;
  }

  #showOverall() {
    const {summary, track} = this.data;
    if (this.shown_summary === summary && this.shown_labels === track.labels)
      return;
    this.shown_summary = summary;
    this.shown_labels = track.labels;
    this.whole_answer.replaceChildren(...summary ? this.#describeAnswer(summary)
                                                 : [h('span', {class: 'muted'}, t('overall.wait'))]);
    this.top.show(summary?.scores ?? null, track);
  }

  #buildMoment() {
    this.moment_time = h('h2', {id: 'moment-title'});
    this.answer = h('p', {class: 'answer'});
    this.scores = h('emotion-scores', {all: true});
    this.affect = h('affect-plot');
    return h('section', {class: 'moment', id: 'moment', 'aria-labelledby': 'moment-title'},
        this.moment_time, this.answer, h('p', {class: 'hint'}, t('scores.hint')),
        h('div', {class: 'pair'}, this.scores, this.affect));
  }

  #refresh() {
    const {data} = this, {head, state} = data;
    if (!this.left)
      this.app.setState(state === 'loading' ? 'loading' : data.lost ? 'lost' : state);
    if (state === 'missing' && this.app.askLogin(data.problem))
      return;
    this.#showHead(head);
    this.#showSummary();
    this.body.hidden = (!head && state !== 'loading') || state === 'missing' ||
                       (state === 'failed' && data.track.windows.length === 0);
    this.#view.setTotal(data.total);
    this.timeline.track = data.track;
    this.table.show(data.track);
    this.affect.hidden = !data.track.windows.some((w) => w.valence !== undefined);
    this.compare.refresh();
    this.#showOverall();
    this.#showShares();
    this.#loadSpectrogram();
    this.#takePlayer();
  }

  #showHead(head) {
    const name = head?.name || (head ? t('unnamed') : t('result.title'));
    setText(this.title, name);
    this.app.setTitle(name);
    if (!head)
      return;
    const parts = [time(this.data.total), head.model, t(`priors.${head.priors === 'equal' ? 'equal' : 'model'}.short`),
                   clock(new Date(head.created))];
    if (head.expires)
      parts.push(t('result.expires', {time: clock(new Date(head.expires))}));
    setText(this.meta, parts.join(' · '));
    if (!this.actions.firstChild)
      this.#fillActions();
    for (const link of this.actions.querySelectorAll('a'))
      link.hidden = this.data.state !== 'done';
    for (const id of ['copy-link', 'print'])
      this.actions.querySelector(`#${id}`).hidden = this.data.state === 'failed';
  }

  #fillActions() {
    const tool = (id, name, key, onclick) => h('button', {type: 'button', id, class: 'quiet', title: t(key),
                                                        'aria-label': t(key), onclick}, icon(name));
    this.actions.append(
        ...Object.entries(FORMATS).map(([format, name]) => h('a', {
          class: 'download', 'data-format': format, download: true, title: t(`download.${format}`),
          'aria-label': t(`download.${format}`),
          href: `/api/results/${encodeURIComponent(this.id)}?format=${format}&download=1`}, name)),
        tool('copy-link', 'link', 'result.copy', () => this.#copyLink()),
        tool('print', 'print', 'result.print', () => window.print()),
        tool('forget', 'remove', 'forget', () => this.#forget()));
  }

  async #copyLink() {
    try {
      await navigator.clipboard.writeText(location.href);
      toast(t('result.copied'));
    } catch {
      toast(location.href);
    }
  }

  async #forget() {
    try {
      await forget(this.id);
    } catch (problem) {
      if (problem.code !== 'gone' && problem.code !== 'not-found') {
        toast(describeProblem(problem, this.app.info).what);
        return;
      }
    }
    forgetResults([this.id]);
    dropResult(this.id);
    toast(t('result.forgotten'));
    location.hash = '#/';
  }

  #showSummary() {
    const {data} = this, {head, state, lost, problem, summary, track} = data;
    const key = lost ? `lost ${lost.wait}` : problem?.code;
    this.summary.hidden = this.facts.hidden = Boolean(problem);
    this.summary.ariaLive = state === 'running' ? 'off' : 'polite'; // Not each second aloud.
    if (state === 'queued')
      setText(this.summary, head.ahead ? t('state.ahead', {n: head.ahead}) : t('state.next'));
    else if (state === 'running')
      setText(this.summary, head.total ? t('state.running.of', {now: time(data.duration), total: time(head.total)})
                                       : t('state.running.at', {now: time(data.duration)}));
    else if (state === 'done')
      setText(this.summary, summary ? summarise(summary, track) : t('summary.nothing'));
    setText(this.facts, state === 'done' && summary ? listFacts(summary, track).join(' · ') : ' ');
    if (key === this.note_key)
      return;
    this.note_key = key;
    this.note.replaceChildren(...lost ? [this.#describeLost(lost)]
        : problem ? [problemNotice(problem, this.app.info, h('a', {class: 'button', href: '#/'}, t('result.again')))] : []);
  }

  #describeLost({problem, wait}) {
    return h('p', {class: 'lost', 'data-code': problem.code}, t('lost.retry', {what: describeProblem(problem, this.app.info).what, n: wait}));
  }

  #showShares() {
    const {track} = this.data, shares = shareOut(track);
    const total = shares.reduce((sum, [, seconds]) => sum + seconds, 0);
    const texts = shares.map(([emotion, seconds]) => `${emotion} ${percent(seconds / total)}`);
    if (texts.join() === this.shares_key)
      return;
    this.shares_key = texts.join();
    this.shares.replaceChildren(...shares.map(([emotion, seconds]) => h('li', {'data-label': emotion},
        makeLabel(emotion, {labels: track.labels, text: track.labelText(emotion)}),
        h('span', {class: 'number'}, percent(seconds / total)))));
  }

  #toggleSpectrogram() {
    const shown = !getSetting('spectrogram');
    setSetting('spectrogram', shown);
    this.timeline.toggleAttribute('spectrogram', shown);
    this.#loadSpectrogram();
  }

  async #loadSpectrogram() {
    const wanted = getSetting('spectrogram') && this.data.head?.spectrogram !== false;
    this.spectrogram.setAttribute('aria-pressed', wanted);
    this.timeline.toggleAttribute('spectrogram', wanted);
    if (!wanted || this.data.state !== 'done' || this.loaded)
      return;
    this.loaded = true;
    try {
      this.timeline.spectrogram = await this.data.getSpectrogram();
    } catch {
      this.timeline.removeAttribute('spectrogram');
    }
  }

  #seek({time: to, play}) {
    this.player.seek(to);
    this.#view.reveal(to);
    if (play)
      this.player.play();
  }

  #takePlayer() {
    if (this.left)
      return;
    const {player} = this, key = player.playing ? 'pause' : 'play';
    if (this.play.dataset.action !== key) {
      this.play.dataset.action = key;
      this.play.replaceChildren(icon(key));
      this.play.title = t(key);
      this.play.setAttribute('aria-label', t(key));
    }
    this.play.disabled = !player.ready;
    this.#showSound();
    this.#showMoment();
    if (!player.playing)
      this.app.setQuery({t: player.time > 0 ? player.time.toFixed(1) : null});
    if (player.playing && !this.frame)
      this.#animate();
  }

  #animate() {
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      if (!this.player.playing || this.left)
        return;
      this.#showMoment();
      this.#view.reveal(this.player.time);
      this.#animate();
    });
  }

  /** Why nothing can be heard, and how it can. */
  #showSound() {
    const key = this.player.problem ?? (this.player.ready ? '' : 'missing');
    if (this.sound.dataset.sound === key)
      return;
    this.sound.dataset.sound = key;
    this.sound.replaceChildren();
    if (key)
      this.sound.append(h('span', {class: 'hint'}, t(`sound.${key}`)));
    if (key && key !== 'playback')
      this.sound.append(this.#makeDrop());
  }

  #makeDrop() {
    const drop = h('file-drop', {class: 'small', 'input-id': 'sound-input', 'title-text': t('sound.choose'), hint: ''});
    drop.addEventListener('file', ({detail: {file}}) => {
      keepSound(this.id, file);
      this.player.setSound(file);
      this.compare.refresh();
    });
    return drop;
  }

  #showMoment() {
    const {track} = this.data, now = this.player.time, window = windowAt(track.windows, now);
    setText(this.clock, `${time(now, 1)} / ${time(this.data.total, 1)}`);
    setText(this.moment_time, t('moment', {time: time(now, 1)}));
    this.timeline.playhead = now;
    this.compare.playhead = now;
    this.table.mark(now);
    const moment = window ?? null;
    if (this.moment === moment && this.moment_track === track)
      return;
    this.moment = moment;
    this.moment_track = track;
    this.answer.replaceChildren(...this.#describeAnswer(moment));
    this.scores.show(moment?.scores ?? null, track);
    this.affect.show(moment ? [moment] : []);
  }

  #describeAnswer(window) {
    const {track} = this.data;
    if (!window)
      return [h('span', {class: 'muted'}, t('moment.nothing'))];
    const label = makeLabel(window.emotion, {labels: track.labels, reason: window.reason,
                                             text: track.labelText(window.emotion)});
    if (window.emotion === 'none')
      return [label];
    return [label, h('strong', {class: 'number'}, percent(window.confidence)),
            h('span', {class: 'muted'}, sureness(window.confidence))];
  }
}
