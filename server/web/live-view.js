// SPDX-License-Identifier: LGPL-2.1-or-later

import {h, setText} from './dom.js';
import {makeLabel} from './emotion-label.js';
import {icon} from './icons.js';
import {LiveSession} from './live-session.js';
import {makeMicrophoneSelect} from './microphone-select.js';
import {findObstacle} from './microphone.js';
import {makePriorsSelect} from './options.js';
import {describeProblem, problemNotice} from './problem.js';
import {getSetting} from './settings.js';
import {shareOut, summarise} from './summary.js';
import {capital, clock, emotionName, number, percent, sureness, t, time} from './text.js';
import {MovingView} from './time-view.js';

const SPAN = 60;          // s of the timeline
const TRAIL = 10;         // s of the plot
const MAX_CHANGES = 50;   // in the list
const STILL = 10;         // blocks between pictures with reduced motion

let session = null; // goes on while the view is made anew in another language

export function makeLiveView(app) {
  return new LiveView(app);
}

class LiveView {
  #view = new MovingView(SPAN);
  #n_blocks = 0;

  constructor(app) {
    this.app = app;
    this.still = matchMedia('(prefers-reduced-motion: reduce)');
    this.element = this.#build();
    this.take = () => this.#refresh();
    this.take_block = () => this.#takeBlock();
    this.#follow();
    app.setTitle(t('live.title'));
    this.#refresh();
  }

  update() {
    return true;
  }

  /** The session ends with the view, unless the same view comes again. */
  leave(again) {
    session?.removeEventListener('change', this.take);
    session?.removeEventListener('block', this.take_block);
    if (again)
      return;
    session?.stop();
    session = null;
    this.app.lockModel(false);
  }

  #follow() {
    session?.addEventListener('change', this.take);
    session?.addEventListener('block', this.take_block);
  }

  #build() {
    const obstacle = findObstacle();
    this.before = h('div', {class: 'before'}, h('p', {class: 'lead'}, t('live.lead')),
                    obstacle ? problemNotice(obstacle, this.app.info) : this.#buildStart());
    this.note = h('div', {class: 'status'});
    this.ended = h('div', {class: 'ended', hidden: true});
    this.stage = h('div', {class: 'live-stage', hidden: true}, this.#buildStatus(), this.#buildAnswer(),
                   this.#buildTimeline(), this.#buildColumns());
    return h('div', {class: 'live'}, h('h1', {tabindex: -1}, t('live.title')), this.before, this.note,
             this.ended, this.stage);
  }

  #buildStart() {
    this.keep = h('input', {type: 'checkbox', id: 'live-keep', checked: true});
    this.devices = makeMicrophoneSelect('live-microphone', () => {});
    return h('div', {class: 'controls'},
        this.devices.element, makePriorsSelect('priors-live', 'priors_live'),
        h('label', {class: 'check'}, this.keep, t('live.keep', {n: Math.round(this.app.info.limits.keep / 60)})),
        h('p', {}, h('button', {type: 'button', id: 'live-button', class: 'primary',
                                onclick: () => this.#start()}, icon('live'), t('live.start'))),
        h('p', {class: 'hint'}, t('live.law'), ' ', h('a', {href: '#/about'}, t('live.law.more'))));
  }

  #buildStatus() {
    this.state = h('span', {id: 'live-state', role: 'status'});
    this.delay = h('span', {id: 'delay', class: 'number muted'});
    this.meter = h('level-meter');
    this.speech = h('span', {id: 'speech', class: 'number muted'});
    this.stop = h('button', {type: 'button', id: 'stop-button', class: 'primary',
                             onclick: () => session.stop()}, icon('stop'), t('live.stop'));
    this.line = h('div', {class: 'bar-line'}, h('span', {class: 'dot', 'aria-hidden': 'true'}), this.state,
                  this.delay, h('span', {class: 'tools'}, this.speech, this.meter, this.stop));
    return this.line;
  }

  #buildAnswer() {
    this.word = h('p', {class: 'word', 'aria-live': 'polite'});
    this.sure = h('p', {class: 'sure number'});
    this.second = h('p', {class: 'second number muted'});
    this.big = h('div', {class: 'big', id: 'live-answer'}, this.word, this.sure, this.second);
    return this.big;
  }

  #buildTimeline() {
    this.timeline = h('emotion-timeline', {live: true, id: 'live-timeline'});
    this.timeline.view = this.#view;
    return this.timeline;
  }

  #buildColumns() {
    this.scores = h('emotion-scores', {all: true, fixed: true});
    this.affect = h('affect-plot');
    this.changes = h('ol', {id: 'changes', class: 'changes', 'aria-label': t('live.changes'), tabindex: 0});
    this.shares = h('ul', {class: 'shares', id: 'live-shares', 'aria-label': t('shares')});
    return h('div', {class: 'columns'},
        h('section', {}, h('h2', {}, t('live.scores')), h('div', {class: 'pair'}, this.scores, this.affect)),
        h('section', {}, h('h2', {}, t('live.so-far')), this.shares,
          h('h2', {}, t('live.changes')), this.changes));
  }

  #start() {
    this.leave();
    session = new LiveSession({model: this.app.model, keep: this.keep.checked,
                               name: t('live.name', {time: clock(new Date())}),
                               ...getSetting('priors_live') === 'equal' ? {priors: 'equal'} : {}});
    this.#follow();
    session.start();
    this.#refresh();
    this.stop.focus();
  }

  #takeBlock() {
    this.meter.show(session.level);
    this.#n_blocks++;
    if (this.still.matches && this.#n_blocks % STILL)
      return;
    this.#view.moveTo(session.now);
  }

  #refresh() {
    const state = session?.state ?? 'empty';
    const running = session?.running ?? false;
    if (session?.state === 'failed' && this.app.askLogin(session.problem))
      return;
    this.app.setState(state);
    this.app.lockModel(running);
    const over = !running && session?.track.windows.length > 0;
    this.before.hidden = running || over;
    this.stage.hidden = !running && !over;
    this.line.hidden = this.big.hidden = over;
    this.ended.hidden = !over && state !== 'ended';
    this.#showNote(state);
    if (!session)
      return;
    this.#showState(state);
    this.timeline.track = session.track;
    if (session.track.windows.length !== this.n_windows)
      this.#showWindow();
    if (!running)
      this.#showEnd(over);
  }

  #showNote(state) {
    const problem = state === 'failed' || state === 'ended' ? session.problem : null;
    if (this.shown_problem === problem)
      return;
    this.shown_problem = problem;
    this.note.replaceChildren(...problem ? [problemNotice(problem, this.app.info)] : []);
  }

  #showState(state) {
    const text = state === 'lost'
        ? t('lost.retry', {what: describeProblem(session.problem, this.app.info).what, n: session.wait})
        : t(`live.state.${state}`);
    setText(this.state, text);
    const {behind} = session;
    setText(this.delay, behind === undefined || state !== 'live' ? ''
                        : t('live.behind', {seconds: number(behind, behind < 0.1 ? 2 : 1)}));
    if (!session.running)
      this.meter.show(undefined);
  }

  #showWindow() {
    const {track, window} = session;
    this.n_windows = track.windows.length;
    const name = (label, reason) => emotionName(label, reason, track.labelText(label));
    if (!window) {
      setText(this.word, t('live.listening'));
      return;
    }
    const [second] = Object.entries(window.scores).filter(([label]) => label !== window.emotion)
        .sort((a, b) => b[1] - a[1]);
    const none = window.emotion === 'none';
    if (this.word_key !== `${window.emotion} ${window.reason}`)
      this.word.replaceChildren(makeLabel(window.emotion, {labels: track.labels, reason: window.reason,
                                                           text: track.labelText(window.emotion)}));
    this.word_key = `${window.emotion} ${window.reason}`;
    setText(this.sure, none ? t('live.no-answer') : `${percent(window.confidence)} · ${sureness(window.confidence)}`);
    setText(this.second, second && !none ? t('live.second', {emotion: name(second[0]), share: percent(second[1])}) : ' ');
    setText(this.speech, t('live.speech', {share: percent(window.speech_ratio ?? 0)}));
    this.scores.show(window.scores, track);
    this.#showTrail();
    this.#showChanges();
    this.#showShares();
  }

  #showTrail() {
    const {windows} = session.track, from = session.now - TRAIL;
    const trail = windows.slice(-2 * TRAIL).filter((w) => w.start + w.duration >= from);
    this.affect.hidden = !windows.some((w) => w.valence !== undefined);
    this.affect.show(trail);
  }

  /** The newest change first. */
  #showChanges() {
    const {segments, labels} = session.track, track = session.track;
    if (segments.length === this.n_changes)
      return;
    this.n_changes = segments.length;
    this.changes.replaceChildren(...segments.slice(-MAX_CHANGES).reverse().map((s) => h('li', {},
        h('span', {class: 'number muted'}, time(s.start)),
        makeLabel(s.emotion, {labels, reason: s.reason, text: track.labelText(s.emotion)}))));
  }

  #showShares() {
    const {track} = session, shares = shareOut(track);
    const total = shares.reduce((sum, [, seconds]) => sum + seconds, 0);
    this.shares.replaceChildren(...shares.map(([emotion, seconds]) => h('li', {'data-label': emotion},
        makeLabel(emotion, {labels: track.labels, text: track.labelText(emotion)}),
        h('span', {class: 'number'}, percent(seconds / total)))));
  }

  #showEnd(over) {
    const {track, summary, results, now} = session;
    const text = track.windows.length
        ? summarise(summary ?? {...track.windows.at(-1), duration: now, topk: []}, track) : t('summary.nothing');
    this.ended.replaceChildren(h('p', {id: 'summary', role: 'status'}, capital(text)),
        ...results.map((id) => h('a', {class: 'button primary', id: 'live-result', href: `#/r/${id}`},
                                 t('live.result'), icon('next'))),
        over && h('button', {type: 'button', id: 'again-button', onclick: () => this.app.restart()},
                  t('live.again')) || '');
    if (!summary)
      return;
    this.scores.show(summary.scores, track);
    this.affect.show([summary]);
  }
}
