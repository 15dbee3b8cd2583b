// SPDX-License-Identifier: LGPL-2.1-or-later
// What this browser remembers, and what this tab holds in memory.

const defaults = {
  theme: 'system', language: '', model: '', device: '', spectrogram: true, results: [],
  length: '5', priors_file: 'model', priors_record: 'equal', priors_live: 'model',
};
const MAX_RESULTS = 50;

export function getSetting(name) {
  try {
    const text = localStorage.getItem(name);
    if (text === null)
      return defaults[name];
    return typeof defaults[name] === 'string' ? text : JSON.parse(text);
  } catch {
    return defaults[name];
  }
}

export function setSetting(name, value) {
  try {
    localStorage.setItem(name, typeof value === 'string' ? value : JSON.stringify(value));
  } catch {
    // Storage is forbidden or full: the setting lasts as long as the page.
  }
}

/** Results of this browser only: the server lists those of others, too. */
export function rememberResult(id) {
  const others = getSetting('results').filter((other) => other !== id);
  setSetting('results', [id, ...others].slice(0, MAX_RESULTS));
}

export function forgetResults(ids) {
  setSetting('results', getSetting('results').filter((id) => !ids.includes(id)));
}

/** The user's own sounds by the id of the result; they never come back from the server. */
const sounds = new Map();
const MAX_SOUNDS = 20;

export function keepSound(id, blob) {
  sounds.set(id, blob);
  if (sounds.size > MAX_SOUNDS)
    sounds.delete(sounds.keys().next().value);
}

export function getSound(id) {
  return sounds.get(id);
}
