#!/usr/bin/env node
// SPDX-License-Identifier: LGPL-2.1-or-later
// Sends a WAV file with 16-bit samples to emotion-server, as fast as it plays, and prints the
// results as they come.
//
// live.mjs FILE.wav [URL [TOKEN-FILE]]
// Needs node 22, or an older one with the package ws (npm install ws; Debian: node-ws).
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';

function fail(text) {
  console.error(`live.mjs: ${text}`);
  process.exit(1);
}

function findWebSocket() {
  if (globalThis.WebSocket)
    return globalThis.WebSocket;
  try {
    return createRequire(import.meta.url)('ws'); // unlike import, it finds NODE_PATH and Debian's packages
  } catch {
    return fail(`node ${process.version} has no WebSocket; use node 22 or later, or npm install ws`);
  }
}

function read(path) {
  try {
    return readFileSync(path);
  } catch (error) {
    return fail(error.message);
  }
}

// Rate, channels and samples, or null.
function readWav(data) {
  if (data.length < 12 || data.toString('latin1', 0, 4) !== 'RIFF' || data.toString('latin1', 8, 12) !== 'WAVE')
    return null;
  let format = null;
  for (let at = 12; at + 8 <= data.length;) {
    const id = data.toString('latin1', at, at + 4);
    const size = data.readUInt32LE(at + 4);
    const chunk = data.subarray(at + 8, at + 8 + size);
    if (id === 'fmt ' && chunk.length >= 16)
      format = { channels: chunk.readUInt16LE(2), rate: chunk.readUInt32LE(4), bits: chunk.readUInt16LE(14) };
    else if (id === 'data')
      return format?.bits === 16 && format.channels > 0 ? { ...format, samples: chunk } : null;
    at += 8 + size + size % 2;
  }
  return null;
}

// A WebSocket does not tell why it was refused, but an ordinary request does.
async function checkServer(url, headers) {
  let answer;
  try {
    answer = await fetch(new URL('api/models', url), { headers });
  } catch (error) {
    fail(`${url}: ${error.cause?.message || error.message}; is the server up?`);
  }
  if (answer.ok)
    return;
  if (answer.headers.get('Content-Type') !== 'application/problem+json')
    fail(`${url} answers ${answer.status} ${answer.statusText}; is it emotion-server?`);
  const problem = await answer.json();
  fail(`${problem.detail}. ${problem.fix}`);
}

// 20 ms, then 100 ms at a time, each when a microphone would have it. A window needs some ms of sound
// behind it, so it should not end exactly with a message.
async function sendSound(socket, { rate, channels, samples }) {
  const block = 2 * channels;
  const length = samples.length - samples.length % block;
  const start = performance.now();
  for (let at = 0, end; at < length; at = end) {
    end = Math.min(length, at + Math.floor(rate / (at === 0 ? 50 : 10)) * block);
    await sleep(Math.max(0, start + end / (rate * block) * 1000 - performance.now()));
    if (socket.readyState !== socket.OPEN)
      return;
    socket.send(samples.subarray(at, end));
  }
  socket.send(JSON.stringify({ type: 'stop' }));
}

function describe(result) {
  const reason = result.reason ? ` (${result.reason})` : ''; // for "none"
  return `${result.emotion} ${(100 * result.confidence).toFixed()}%${reason}`;
}

function show(message) {
  if (message.type === 'window') {
    const end = message.start + message.duration;
    const delay = 'behind' in message ? `, ${(1000 * message.behind).toFixed()} ms after its end` : '';
    console.log(`${message.start.toFixed(1).padStart(7)} - ${end.toFixed(1)} s: ${describe(message)}${delay}`);
  } else if (message.type === 'change') {
    console.log(`change: ${message.previous} -> ${message.emotion}`);
  } else if (message.type === 'summary') {
    console.log(`all ${message.duration.toFixed(1)} s: ${describe(message)}`);
  } else if (message.type === 'error') {
    fail(`${message.detail}. ${message.fix}`);
  }
}

const [path, address = 'http://127.0.0.1:8765', tokenFile] = process.argv.slice(2);
if (!path || !/^https?:/.test(address))
  fail('usage: live.mjs FILE.wav [http://HOST:PORT [TOKEN-FILE]]');
const WebSocket = findWebSocket();
const wav = readWav(read(path)) ?? fail(`${path} is not a WAV file with 16-bit samples; convert it`);
const headers = tokenFile ? { Authorization: `Bearer ${read(tokenFile).toString().trim()}` } : {};
const url = new URL(address.replace(/\/*$/, '/'));
await checkServer(url, headers);

const socket = new WebSocket(new URL('api/live', url).href.replace(/^http/, 'ws'), { headers });
let last = '';
socket.onopen = () => {
  socket.send(JSON.stringify({ type: 'start', rate: wav.rate, channels: wav.channels, format: 'S16LE' }));
  sendSound(socket, wav);
};
socket.onmessage = (event) => {
  const message = JSON.parse(event.data);
  show(message);
  last = message.type;
};
socket.onerror = (event) => fail(`${url}: ${event.message || 'the server refused the session'}; try again later`);
socket.onclose = () => last === 'summary' || fail('the server ended the session without a summary; was there sound?');
