// SPDX-License-Identifier: LGPL-2.1-or-later

import {Problem, getJson, noAnswer, socketAddress} from './api.js';
import {Microphone} from './microphone.js';
import {Track} from './result-data.js';
import {keepSound, rememberResult} from './settings.js';
import {makeWav} from './wav.js';

const BLOCK = 0.1;         // s
const LEAD = 0.02;         // s of the first block that is sent: the others then end just after windows,
                           // which need some ms of sound behind them
const PEAKS = 5;           // of a block
const MAX_WAIT = 30;       // s between attempts
const PING = 5;            // s between pings
const PATIENCE = 5;        // s for the summary after stop
const MAX_SOUND = 600;     // s of sound that are kept for playing
const MAX_BUFFERED = 2;    // s of sound on their way, then the connection counts as lost
const FINAL = ['bad-option', 'unknown-model', 'forbidden-origin', 'forbidden-host', 'bad-request',
               'unauthorized'];

/**
 * Sound from the microphone to the server and answers back, until stop(). Reconnects by itself.
 * Tells 'change' of its state and answers, and 'block' each 100 ms.
 */
export class LiveSession extends EventTarget {
  state = 'connecting'; // live, lost, ended, failed
  track = new Track();
  now = 0;              // s of sound since the start
  level = undefined;    // dBFS
  behind = undefined;   // s
  wait = 0;             // s to the next attempt
  problem = null;
  summary = null;
  results = [];         // ids of what was kept; more than one after a lost connection
  #round_trip = 0;
  #tries = 0;
  #blocks = [];

  constructor(options) {
    super();
    this.options = options;
  }

  get window() {
    return this.track.windows.at(-1);
  }

  get running() {
    return this.state === 'connecting' || this.state === 'live' || this.state === 'lost';
  }

  async start() {
    try {
      this.microphone = await Microphone.open();
    } catch (problem) {
      this.#fail(problem);
      return;
    }
    if (!this.running) {
      this.microphone.close();
      return;
    }
    this.microphone.addEventListener('block', ({detail}) => this.#takeBlock(detail));
    this.microphone.addEventListener('ended', () => this.stop(new Problem({code: 'unplugged'})));
    this.#connect();
  }

  /** Ends the session; the server answers with the summary. */
  stop(problem = null) {
    this.problem = problem;
    this.microphone?.close();
    clearTimeout(this.timer);
    this.stopping = true;
    if (this.state === 'live') {
      this.#send({type: 'stop'});
      this.timer = setTimeout(() => this.#end(), PATIENCE * 1000);
    } else if (this.running) {
      this.#end();
    }
  }

  #connect() {
    this.offset = undefined;
    this.#blocks = [];
    const socket = new WebSocket(socketAddress('/api/live'));
    this.socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => this.#send({type: 'start', rate: this.microphone.rate, peaks: true,
                                      spectrogram: true, ...this.options});
    socket.onmessage = ({data}) => this.#take(JSON.parse(data));
    socket.onclose = () => socket === this.socket && this.#takeClose();
  }

  #send(message) {
    if (this.socket?.readyState === WebSocket.OPEN)
      this.socket.send(JSON.stringify(message));
  }

  #takeBlock({block, level}) {
    const values = Array.from({length: PEAKS}, (_, i) => {
      const part = block.subarray(i * block.length / PEAKS, (i + 1) * block.length / PEAKS);
      return Math.min(255, Math.round(part.reduce((max, v) => Math.max(max, Math.abs(v)), 0) / 128));
    });
    this.track.peaks.add(this.now, BLOCK / PEAKS, values);
    this.level = level;
    if (this.state === 'live' && this.socket.readyState === WebSocket.OPEN)
      this.#sendBlock(block);
    this.now += BLOCK;
    this.dispatchEvent(new Event('block'));
  }

  #sendBlock(block) {
    if (this.socket.bufferedAmount > MAX_BUFFERED * 2 * this.microphone.rate) {
      this.#lose(new Problem({code: 'too-slow'}));
      return;
    }
    if (this.offset === undefined) {
      this.offset = this.now + BLOCK - LEAD;
      block = block.slice(-Math.round(LEAD * this.microphone.rate));
    }
    this.socket.send(block);
    if (this.#blocks.length * BLOCK < MAX_SOUND)
      this.#blocks.push(block);
    const now = performance.now();
    if (now - (this.pinged ?? 0) > PING * 1000) {
      this.pinged = now;
      this.#send({type: 'ping', t: now});
    }
  }

  #take(message) {
    switch (message.type) {
    case 'started':
      this.#begin(message);
      break;
    case 'window':
      this.#takeWindow(message);
      break;
    case 'pong':
      this.#round_trip = (performance.now() - message.t) / 1000;
      break;
    case 'summary':
      this.summary = message;
      break;
    case 'kept':
      this.#takeKept(message.id);
      break;
    case 'error':
      this.problem = new Problem(message);
    }
    this.#tell();
  }

  #begin({labels, label_texts}) {
    this.state = 'live';
    this.problem = null;
    this.#tries = 0;
    if (this.track.labels.join() !== labels.join())
      Object.assign(this.track, {labels, label_texts});
  }

  #takeWindow(window) {
    this.track.add({...window, start: window.start + (this.offset ?? 0)});
    if (window.behind !== undefined)
      this.behind = LEAD + window.behind + this.#round_trip;
  }

  #takeKept(id) {
    this.results.push(id);
    rememberResult(id);
    if (this.#blocks.length * BLOCK < MAX_SOUND)
      keepSound(id, makeWav(this.#blocks, this.microphone.rate));
  }

  #takeClose() {
    if (this.stopping)
      this.#end();
    else if (FINAL.includes(this.problem?.code))
      this.#fail(this.problem);
    else
      this.#lose(this.problem ?? noAnswer());
  }

  /** The connection is lost: tries again after 1, 2, 4 ... 30 s. */
  async #lose(problem) {
    const wait = Math.min(2 ** this.#tries++, MAX_WAIT);
    const {socket} = this;
    this.socket = null;
    socket?.close();
    this.problem = problem;
    this.state = 'lost';
    this.behind = undefined;
    await this.#checkLogin();
    this.#countDown(wait);
  }

  /** A socket does not tell why it was refused. */
  async #checkLogin() {
    try {
      const info = await getJson('/api/info');
      if (info.token_required && !info.authorized)
        this.#fail(new Problem({code: 'unauthorized'}));
    } catch {
      // The server is away: that is what the next attempts are for.
    }
  }

  #countDown(left) {
    if (this.state !== 'lost')
      return;
    this.wait = left;
    this.#tell();
    this.timer = setTimeout(() => left > 1 ? this.#countDown(left - 1) : this.#connect(), 1000);
  }

  #fail(problem) {
    this.microphone?.close();
    clearTimeout(this.timer);
    this.problem = problem;
    this.state = 'failed';
    this.#tell();
  }

  #end() {
    clearTimeout(this.timer);
    const {socket} = this;
    this.socket = null;
    socket?.close();
    this.state = 'ended';
    this.#tell();
  }

  #tell() {
    this.dispatchEvent(new Event('change'));
  }
}
