// SPDX-License-Identifier: LGPL-2.1-or-later
// The server's HTTP interface.

/** A problem as the server tells it (RFC 9457), or one of the page itself. */
export class Problem extends Error {
  constructor(object) {
    super(object.detail || object.code);
    Object.assign(this, object);
  }
}

/** No answer came: this machine is offline, or the server is gone. */
export function noAnswer() {
  return new Problem({code: navigator.onLine ? 'no-answer' : 'offline'});
}

function parseProblem(status, text) {
  try {
    const object = JSON.parse(text);
    if (object.code)
      return new Problem(object);
  } catch {
    // Not from the server itself, but from a proxy before it.
  }
  return new Problem({code: status === 413 ? 'too-large' : 'proxy', status, detail: String(status)});
}

async function request(path, options = {}) {
  let answer;
  try {
    answer = await fetch(path, {cache: 'no-cache', ...options});
  } catch (error) {
    throw error.name === 'AbortError' ? error : noAnswer();
  }
  if (!answer.ok)
    throw parseProblem(answer.status, await answer.text());
  return answer;
}

export async function getJson(path, options) {
  return (await request(path, {headers: {Accept: 'application/json'}, ...options})).json();
}

export async function getText(path) {
  return (await request(path)).text();
}

export function forget(id) {
  return request(`/api/results/${encodeURIComponent(id)}`, {method: 'DELETE'});
}

export function login(token) {
  return request('/api/login', {
    method: 'POST',
    headers: {'Content-Type': 'application/json'},
    body: JSON.stringify({token}),
  });
}

let models;

/** The list of models, asked for once. */
export function getModels() {
  models ??= getJson('/api/models').then((answer) => answer.models, (problem) => {
    models = undefined;
    throw problem;
  });
  return models;
}

/** Sends a file to be analysed. The promise gives the result's first state; abort() gives up. */
export function upload(blob, options, progress) {
  const xhr = new XMLHttpRequest();
  const query = new URLSearchParams({keep: 1, peaks: 1, spectrogram: 1, ...options});
  const promise = new Promise((resolve, reject) => {
    xhr.open('POST', `/api/analyze?${query}`);
    xhr.setRequestHeader('Content-Type', 'application/octet-stream');
    xhr.upload.addEventListener('progress', (event) => progress(event.loaded / (event.total || 1)));
    xhr.addEventListener('load', () => {
      if (xhr.status === 202) {
        resolve(JSON.parse(xhr.responseText));
        return;
      }
      const problem = parseProblem(xhr.status, xhr.responseText);
      problem.retry_after = Number(xhr.getResponseHeader('Retry-After')) || 5;
      reject(problem);
    });
    xhr.addEventListener('error', () => reject(noAnswer()));
    xhr.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
    xhr.send(blob);
  });
  return {promise, abort: () => xhr.abort()};
}

/** Calls take() with each object of a stream of JSON lines, until its end. */
export async function readLines(path, take, signal) {
  const answer = await request(path, {signal});
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    let chunk;
    try {
      chunk = await reader.read();
    } catch (error) {
      throw signal.aborted ? error : noAnswer();
    }
    if (chunk.done)
      return;
    const lines = (rest + chunk.value).split('\n');
    rest = lines.pop();
    for (const line of lines)
      if (line)
        take(JSON.parse(line));
  }
}

/** A WebSocket's address on this server. */
export function socketAddress(path) {
  const address = new URL(path, location.href);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  address.hash = '';
  return address.href;
}
