// SPDX-License-Identifier: LGPL-2.1-or-later

import {h, oncePerFrame, prepareCanvas} from './dom.js';
import {getLooks, isDark} from './emotions.js';
import {windowAt} from './segments.js';
import {emotionName, percent, t, time as formatTime} from './text.js';
import {drawAreas, drawAxis, drawBands, drawSpectrogram, drawWave, paintSpectrogram}
  from './timeline-draw.js';
import {TimeView} from './time-view.js';

const HEIGHTS = {wave: 72, bands: 32, areas: 88, spectrogram: 88, axis: 24};
const GAP = 8;
const OVERVIEW = 28;
const MAX_ROWS = 100; // of the table for screen readers
const STEP = 1, BIG_STEP = 10; // s, of the arrow keys

function readColours(element) {
  const style = getComputedStyle(element);
  const get = (name) => style.getPropertyValue(name).trim();
  return {line: get('--line'), wave: get('--wave'), muted: get('--muted'),
          background: get('--background'), dim: get('--dim'), accent: get('--accent')};
}

/**
 * Waveform, bands of answers, scores and spectrogram over one time axis. Set .track and .view;
 * attributes: live (the last minute, moving), compact (bands and scores only), overview.
 * Tells 'seek' {time, play} and 'toggle' (space).
 */
class EmotionTimeline extends HTMLElement {
  #track = null;
  #view = new TimeView();
  #playhead = 0;
  #spectrogram = null;
  #boxes = {};
  #drag = null;
  #pointers = new Map();

  constructor() {
    super();
    this.schedule = oncePerFrame(() => this.draw());
    this.takeTheme = () => {
      this.colours = null;
      this.#repaint();
      this.draw();
    };
  }

  connectedCallback() {
    if (!this.stage)
      this.#build();
    this.#observer = new ResizeObserver(() => this.draw());
    this.#observer.observe(this.stage);
    document.addEventListener('themechange', this.takeTheme);
    this.#view.addEventListener('change', this.schedule);
    this.#layOut();
  }

  disconnectedCallback() {
    this.#observer.disconnect();
    document.removeEventListener('themechange', this.takeTheme);
    this.#view.removeEventListener('change', this.schedule);
  }

  #observer = null;

  set view(view) {
    this.#view.removeEventListener('change', this.schedule);
    this.#view = view;
    if (this.isConnected)
      view.addEventListener('change', this.schedule);
  }

  get view() {
    return this.#view;
  }

  set track(track) {
    this.#track = track;
    this.schedule();
  }

  set playhead(time) {
    this.#playhead = time;
    this.#placePlayhead();
  }

  /** The spectrogram as the server tells it, or null. */
  set spectrogram(source) {
    this.spectrogram_source = source;
    this.#repaint();
    this.#layOut();
    this.schedule();
  }

  get live() {
    return this.hasAttribute('live');
  }

  #build() {
    this.canvas = h('canvas', {'aria-hidden': 'true'});
    this.line = h('div', {class: 'playhead', hidden: this.live});
    this.mark = h('div', {class: 'hover-line', hidden: true});
    this.tip = h('div', {class: 'tip', hidden: true});
    const role = this.live ? {role: 'img', 'aria-label': t('timeline.live')}
                           : {role: 'slider', tabindex: 0, 'aria-label': this.getAttribute('label') ||
                              t('timeline.label'), 'aria-valuemin': 0};
    this.stage = h('div', {class: 'stage', ...role}, this.canvas, this.mark, this.line);
    if (this.hasAttribute('overview')) {
      this.map = h('canvas', {class: 'overview', 'aria-hidden': 'true'});
      this.append(this.map);
      this.map.addEventListener('pointerdown', (event) => this.#takeMap(event));
      this.map.addEventListener('pointermove', (event) => event.buttons && this.#takeMap(event));
    }
    this.append(this.stage, this.tip);
    if (!this.hasAttribute('no-table')) {
      this.rows = h('tbody');
      this.append(h('table', {class: 'hidden-visually'}, h('caption', {}, t('timeline.table')),
                    h('thead', {}, h('tr', {}, ...['start', 'end', 'answer', 'probability'].map(
                        (name) => h('th', {scope: 'col'}, t(`table.${name}`))))), this.rows));
    }
    this.stage.addEventListener('pointermove', (event) => this.#takeMove(event));
    this.stage.addEventListener('pointerleave', () => this.#hover(null));
    if (!this.live)
      this.#listen();
  }

  #listen() {
    this.stage.addEventListener('pointerdown', (event) => this.#takeDown(event));
    this.stage.addEventListener('pointerup', (event) => this.#takeUp(event));
    this.stage.addEventListener('pointercancel', (event) => this.#forgetPointer(event));
    this.stage.addEventListener('wheel', (event) => this.#takeWheel(event), {passive: false});
    this.stage.addEventListener('keydown', (event) => this.#takeKey(event));
  }

  /** Places the layers; the height does not depend on what has arrived. */
  #layOut() {
    if (!this.stage)
      return;
    const names = this.hasAttribute('compact') ? ['bands', 'areas'] : ['wave', 'bands', 'areas'];
    if (this.hasAttribute('spectrogram'))
      names.push('spectrogram');
    if (!this.hasAttribute('compact'))
      names.push('axis');
    this.#boxes = {};
    let y = 0;
    for (const name of names) {
      this.#boxes[name] = {y, height: HEIGHTS[name]};
      y += HEIGHTS[name] + (name === 'bands' || name === 'axis' ? 0 : GAP);
      if (name === 'bands')
        y += 4;
    }
    this.height_px = y;
    this.stage.style.height = `${y}px`;
  }

  static observedAttributes = ['spectrogram'];

  attributeChangedCallback() {
    this.#layOut();
    this.schedule();
  }

  #repaint() {
    const source = this.spectrogram_source;
    this.#spectrogram = source?.columns ? paintSpectrogram(source, isDark()) : null;
  }

  #makeScene(width, from, to) {
    return {width, from, to, track: this.#track, looks: getLooks(this.#track.labels),
            colours: this.colours, font: 'system-ui, sans-serif', live: this.live,
            now: t('timeline.now'), spectrogram: this.#spectrogram};
  }

  draw() {
    const width = this.stage?.clientWidth;
    if (!width || !this.#track)
      return;
    this.colours ??= readColours(this);
    const context = prepareCanvas(this.canvas, width, this.height_px);
    const scene = this.#makeScene(width, this.#view.start, this.#view.end);
    const {wave, bands, areas, spectrogram, axis} = this.#boxes;
    if (wave)
      drawWave(context, scene, wave);
    drawAreas(context, scene, areas);
    drawBands(context, scene, bands);
    if (spectrogram && this.#spectrogram)
      drawSpectrogram(context, scene, spectrogram);
    if (axis)
      drawAxis(context, scene, axis);
    this.#drawMap();
    this.#placePlayhead();
    this.#fillTable();
  }

  #drawMap() {
    if (!this.map)
      return;
    const width = this.map.clientWidth, total = this.#view.total;
    const context = prepareCanvas(this.map, width, OVERVIEW);
    const scene = this.#makeScene(width, 0, total);
    drawBands(context, scene, {y: 4, height: OVERVIEW - 8}, false);
    if (this.#view.isWhole)
      return;
    const x = this.#view.start / total * width, w = Math.max(this.#view.span / total * width, 3);
    context.fillStyle = this.colours.dim;
    context.fillRect(0, 0, x, OVERVIEW);
    context.fillRect(x + w, 0, width - x - w, OVERVIEW);
    context.strokeStyle = this.colours.accent;
    context.lineWidth = 2;
    context.strokeRect(x + 1, 1, w - 2, OVERVIEW - 2);
    context.lineWidth = 1;
  }

  #placePlayhead() {
    if (!this.stage || this.live)
      return;
    const x = (this.#playhead - this.#view.start) / this.#view.span * this.stage.clientWidth;
    this.line.hidden = x < -1 || x > this.stage.clientWidth + 1;
    this.line.style.transform = `translateX(${x}px)`;
    this.stage.setAttribute('aria-valuemax', this.#view.total.toFixed(1));
    this.stage.setAttribute('aria-valuenow', this.#playhead.toFixed(1));
    this.stage.setAttribute('aria-valuetext', this.#describe(this.#playhead));
  }

  #describe(time) {
    const window = this.#track && windowAt(this.#track.windows, time);
    const name = window && emotionName(window.emotion, window.reason,
                                       this.#track.labelText(window.emotion));
    return !window ? formatTime(time, 1) : window.emotion === 'none'
        ? `${formatTime(time, 1)}: ${name}`
        : `${formatTime(time, 1)}: ${name} ${percent(window.confidence)}`;
  }

  #fillTable() {
    const segments = this.#track.segments.slice(-MAX_ROWS);
    const key = `${segments.length} ${segments.at(-1)?.start}`;
    if (!this.rows || key === this.table_key)
      return;
    this.table_key = key;
    this.rows.replaceChildren(...segments.map((s) => h('tr', {},
        h('td', {}, formatTime(s.start)), h('td', {}, formatTime(s.end)),
        h('td', {}, emotionName(s.emotion, s.reason, this.#track.labelText(s.emotion))),
        h('td', {}, s.emotion === 'none' ? '' : percent(s.confidence)))));
  }

  #timeAt(event, element = this.stage) {
    const box = element.getBoundingClientRect();
    const fraction = Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1);
    return element === this.map ? fraction * this.#view.total
                                : this.#view.start + fraction * this.#view.span;
  }

  #seek(time, play = false) {
    const clamped = Math.min(Math.max(time, 0), this.#view.total);
    this.dispatchEvent(new CustomEvent('seek', {detail: {time: clamped, play}}));
  }

  #takeMap(event) {
    this.#view.set(this.#timeAt(event, this.map) - this.#view.span / 2, this.#view.span);
  }

  #takeDown(event) {
    this.#pointers.set(event.pointerId, event.clientX);
    this.stage.setPointerCapture(event.pointerId);
    this.#drag = {x: event.clientX, start: this.#view.start, moved: false};
  }

  #takeMove(event) {
    if (this.#pointers.size === 2 && this.#pointers.has(event.pointerId)) {
      this.#pinch(event);
    } else if (this.#drag && event.buttons) {
      const dx = event.clientX - this.#drag.x;
      this.#drag.moved ||= Math.abs(dx) > 4;
      if (this.#drag.moved)
        this.#view.set(this.#drag.start - dx / this.stage.clientWidth * this.#view.span,
                       this.#view.span);
    }
    this.#hover(event);
  }

  #pinch(event) {
    const [other] = [...this.#pointers].filter(([id]) => id !== event.pointerId).map(([, x]) => x);
    const before = Math.abs(this.#pointers.get(event.pointerId) - other);
    const after = Math.abs(event.clientX - other);
    this.#pointers.set(event.pointerId, event.clientX);
    this.#drag.moved = true;
    if (before > 8 && after > 8)
      this.#view.zoom(after / before, this.#timeAt({clientX: (event.clientX + other) / 2}));
  }

  #takeUp(event) {
    const moved = this.#drag?.moved;
    this.#forgetPointer(event);
    if (!moved)
      this.#seek(this.#timeAt(event), true);
  }

  #forgetPointer(event) {
    this.#pointers.delete(event.pointerId);
    if (this.#pointers.size === 0)
      this.#drag = null;
  }

  #takeWheel(event) {
    const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      this.#view.zoom(Math.exp(-event.deltaY / 240), this.#timeAt(event));
    } else if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
      event.preventDefault();
      this.#view.pan(sideways / this.stage.clientWidth * this.#view.span);
    }
  }

  #takeKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey)
      return;
    const now = this.#playhead, step = event.shiftKey ? BIG_STEP : STEP;
    const actions = {
      ArrowLeft: () => this.#seek(now - step), ArrowRight: () => this.#seek(now + step),
      ArrowDown: () => this.#seek(now - step), ArrowUp: () => this.#seek(now + step),
      PageDown: () => this.#seek(now - this.#view.span / 2),
      PageUp: () => this.#seek(now + this.#view.span / 2),
      Home: () => this.#seek(0), End: () => this.#seek(this.#view.total),
      '+': () => this.#view.zoom(2, now), '=': () => this.#view.zoom(2, now),
      '-': () => this.#view.zoom(0.5, now), '0': () => this.#view.showAll(),
      ' ': () => this.dispatchEvent(new Event('toggle')),
      Enter: () => this.#seek(now, true),
    };
    if (!actions[event.key])
      return;
    event.preventDefault();
    actions[event.key]();
  }

  /** Numbers at the pointer; null: none. */
  #hover(event) {
    const time = event && this.#timeAt(event);
    const window = event && this.#track && windowAt(this.#track.windows, time);
    this.tip.hidden = this.mark.hidden = !window;
    if (!window)
      return;
    const width = this.stage.clientWidth, x = event.clientX - this.stage.getBoundingClientRect().left;
    const top = Object.entries(window.scores ?? {}).sort((a, b) => b[1] - a[1]).slice(0, 3);
    this.mark.style.transform = `translateX(${x}px)`;
    this.tip.replaceChildren(h('strong', {}, this.#describe(time)), ...top.map(([label, score]) => h('span', {},
        `${emotionName(label, '', this.#track.labelText(label))} ${percent(score)}`)));
    const left = Math.min(Math.max(x - this.tip.offsetWidth / 2, 0), width - this.tip.offsetWidth);
    this.tip.style.transform = `translateX(${left}px)`;
  }
}

customElements.define('emotion-timeline', EmotionTimeline);
