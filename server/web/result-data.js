// SPDX-License-Identifier: LGPL-2.1-or-later
// A result while it comes from the server, and afterwards.

import {Problem, getJson, readLines} from './api.js';
import {Peaks} from './peaks.js';
import {addToSegments, endOf} from './segments.js';

const MAX_WAIT = 30; // s between attempts
const FINAL = ['gone', 'not-found', 'unauthorized'];

/** Windows, segments and peaks that grow. The timeline draws it. */
export class Track {
  labels = [];
  label_texts = [];
  windows = [];
  segments = [];
  peaks = new Peaks();

  get duration() {
    return this.windows.length ? endOf(this.windows.at(-1)) : 0;
  }

  add(window) {
    this.windows.push(window);
    return addToSegments(this.segments, this.windows, this.windows.length - 1);
  }

  labelText(label) {
    return this.label_texts[this.labels.indexOf(label)];
  }
}

/** Follows a result and tells its listeners of each 'change'. */
export class ResultData extends EventTarget {
  track = new Track();
  head = null;    // the result without windows
  state = 'loading';
  summary = null;
  problem = null; // of the analysis, or why there is no result
  lost = null;    // {problem, wait}: the connection is lost, next attempt in wait seconds
  #abort = new AbortController();
  #next = null;   // the track that is read, until it has as much as the one that is shown

  constructor(id) {
    super();
    this.id = id;
    this.#follow();
  }

  get duration() {
    return Math.max(this.summary?.duration ?? 0, this.head?.duration ?? 0, this.track.duration);
  }

  /** The length of the time axis: while it is analysed, that of the whole file if known. */
  get total() {
    const over = this.state === 'done' || this.state === 'failed';
    return over ? this.duration : Math.max(this.head?.total ?? 0, this.duration);
  }

  stop() {
    this.#abort.abort();
  }

  async getSpectrogram() {
    this.spectrogram ??= getJson(`/api/results/${encodeURIComponent(this.id)}/spectrogram`);
    return this.spectrogram;
  }

  async #follow() {
    const path = `/api/results/${encodeURIComponent(this.id)}?stream=1`;
    for (let wait = 1; !this.#isOver(); wait = Math.min(2 * wait, MAX_WAIT)) {
      const before = this.head;
      try {
        await readLines(path, (line) => this.#take(line), this.#abort.signal);
        if (!this.#isOver())
          throw new Problem({code: 'no-answer'});
      } catch (problem) {
        if (this.#abort.signal.aborted)
          return;
        if (FINAL.includes(problem.code) || !(problem instanceof Problem)) {
          this.#fail(problem);
          return;
        }
        wait = this.head === before ? wait : 1;
        await this.#countDown(problem, wait);
      }
    }
  }

  #isOver() {
    return this.state === 'done' || this.state === 'failed' || this.#abort.signal.aborted;
  }

  async #countDown(problem, wait) {
    for (let left = wait; left > 0 && !this.#abort.signal.aborted; left--) {
      this.lost = {problem, wait: left};
      this.#tell();
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }

  #fail(problem) {
    this.problem = problem;
    this.state = problem instanceof Problem && FINAL.includes(problem.code) ? 'missing' : 'failed';
    this.#tell();
  }

  #begin(head) {
    this.lost = null;
    this.head = head;
    this.#next = new Track();
    Object.assign(this.#next, {labels: head.labels, label_texts: head.label_texts});
    if (this.track.windows.length === 0)
      this.track = this.#next;
    this.state = head.state === 'queued' ? 'queued' : 'running';
  }

  #take(line) {
    switch (line.type) {
    case 'result':
      this.#begin(line);
      break;
    case 'state':
    case 'progress':
      Object.assign(this.head, line);
      this.state = line.state ?? this.state;
      break;
    case 'peaks':
      this.#next.peaks.add(line.start, line.interval, line.peaks);
      break;
    case 'window':
      this.#next.add(line);
      if (this.#next.windows.length >= this.track.windows.length)
        this.track = this.#next;
      break;
    case 'summary':
      this.summary = line;
      break;
    case 'done':
    case 'error':
      this.track = this.#next;
      this.state = line.type === 'done' ? 'done' : 'failed';
      this.problem = line.type === 'error' ? new Problem(line) : null;
    }
    this.#tell();
  }

  #tell() {
    this.dispatchEvent(new Event('change'));
  }
}

const known = new Map();

/** The data of a result; each is read from the server once, while views come and go. */
export function getResult(id) {
  if (!known.has(id))
    known.set(id, new ResultData(id));
  return known.get(id);
}

/** Drops what is known, so that the next view asks the server. */
export function dropResult(id) {
  known.get(id)?.stop();
  known.delete(id);
}
