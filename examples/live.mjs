#!/usr/bin/env node
// SPDX-License-Identifier: LGPL-2.1-or-later
// Sends live sound to emotion-server and prints the emotion of each window as it comes.
//   gst-launch-1.0 -q filesrc location=FILE ! decodebin ! audioconvert ! audioresample \
//     ! audio/x-raw,format=S16LE,rate=16000,channels=1 ! identity sync=true ! fdsink | node live.mjs [URL]
// Raw 16-bit samples (16 kHz, mono) on the standard input. Needs node 22 or later, or the package ws
// (npm install ws). A token ($EMOTION_TOKEN) needs ws: a global WebSocket cannot send headers.
const RATE = 16000;
const FRAME = 2 * RATE / 10;  // bytes of 100 ms
const FIRST = 2 * RATE / 50;  // bytes of 20 ms: the other frames then end just after the windows
const url = new URL('/api/live', process.argv[2] ?? 'http://127.0.0.1:8765');
url.protocol = url.protocol.replace('http', 'ws');
const token = process.env.EMOTION_TOKEN;

const fail = (text) => {
  console.error(`live.mjs: ${text}`);
  process.exit(1);
};
const percent = (part) => `${Math.round(100 * part)} %`;

const connect = async () => {
  const ws = await import('ws').catch(() => null);
  if (ws)
    return new ws.WebSocket(url, { headers: token ? { Authorization: `Bearer ${token}` } : {} });
  if (token || !globalThis.WebSocket)
    fail(`this is node ${process.versions.node}: ` +
         `${token ? 'with a token' : 'before node 22'} it needs the package ws (npm install ws)`);
  return new WebSocket(url);
};

const show = {
  window: (m) => console.log(`${(m.start + m.duration).toFixed(1)} s: ${m.emotion} ${percent(m.confidence)}` +
                             ('behind' in m ? `, ${Math.round(1000 * m.behind)} ms behind` : '')),
  change: (m) => console.log(`    ${m.previous} -> ${m.emotion}`),
  summary: (m) => console.log(`whole, ${m.duration.toFixed(1)} s: ${m.emotion} ${percent(m.confidence)}`),
  error: (m) => console.error(`live.mjs: ${m.detail}. ${m.fix}`),
};

const sendSound = async (socket) => {
  socket.send(JSON.stringify({ type: 'start', rate: RATE }));
  let rest = Buffer.alloc(0), size = FIRST;
  for await (const data of process.stdin) {
    rest = Buffer.concat([rest, data]);
    while (rest.length >= size && socket.readyState === 1) {
      socket.send(rest.subarray(0, size));
      rest = rest.subarray(size);
      size = FRAME;
    }
  }
  if (rest.length >= 2)
    socket.send(rest.subarray(0, rest.length & ~1));
  socket.send(JSON.stringify({ type: 'stop' }));
};

const socket = await connect();
socket.onopen = () => sendSound(socket);
socket.onmessage = ({ data }) => {
  const message = JSON.parse(data);
  show[message.type]?.(message);
};
socket.onerror = (event) => fail(event.message || `no connection to ${url}`);
socket.onclose = ({ code, reason }) => {
  if (code !== 1000)
    fail(`the server has closed the connection (${code} ${reason})`);
  process.exit(0);
};
