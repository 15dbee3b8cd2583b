// SPDX-License-Identifier: LGPL-2.1-or-later

import {forget, getJson} from './api.js';
import {h} from './dom.js';
import {makeLabel} from './emotion-label.js';
import {makeExample} from './example.js';
import {icon} from './icons.js';
import {findObstacle} from './microphone.js';
import {analysisOptions, makePriorsSelect} from './options.js';
import {problemNotice} from './problem.js';
import {RecordPanel} from './record-panel.js';
import {dropResult} from './result-data.js';
import {sendFile} from './send-file.js';
import {forgetResults, getSetting} from './settings.js';
import {ago, percent, t, time} from './text.js';

/** Three ways in: a file, a recording, live. */
export function makeListenView(app) {
  const status = h('div', {id: 'upload-status', class: 'status'});
  const drop = h('file-drop', {id: 'drop', 'input-id': 'file-input', 'title-text': t('drop.title'),
                               hint: t('drop.hint', {n: Math.round(app.info.limits.duration / 60)})});
  const record = new RecordPanel(app, send);
  const earlier = h('section', {id: 'earlier', hidden: true}), example = makeExample();

  /** Offers a sound to the server, and shows its result. */
  async function send(sound, name, priors) {
    status.give_up?.();
    const result = await sendFile(app, status, sound, analysisOptions(app.model, priors, name));
    if (result)
      location.hash = `#/r/${result.id}`;
    else if (status.isConnected)
      app.setState('empty');
  }

  drop.addEventListener('file', ({detail: {file}}) => send(file, file.name, getSetting('priors_file')));
  app.setTitle('');
  app.setState('empty');
  listEarlier(app, earlier, example);
  const element = h('div', {class: 'listen'},
      h('h1', {tabindex: -1}, t('listen.title')),
      h('p', {class: 'lead'}, t('listen.lead')),
      drop, makePriorsSelect('priors-file', 'priors_file', t('priors.file')), status,
      h('div', {class: 'ways'}, record.element, makeLivePanel()),
      h('p', {class: 'privacy'}, t('listen.privacy', {n: Math.round(app.info.limits.keep / 60)}), ' ',
        h('a', {href: '#/about'}, t('listen.privacy.more'))),
      earlier, example);
  return {element, leave: () => record.close()};
}

function makeLivePanel() {
  const obstacle = findObstacle();
  return h('section', {class: 'way', 'aria-labelledby': 'live-title'},
      h('h2', {id: 'live-title'}, t('live.title')),
      h('p', {}, t('live.lead')),
      obstacle ? h('p', {class: 'hint'}, t('live.obstacle'))
               : h('a', {class: 'button', id: 'live-link', href: '#/live'}, icon('live'), t('live.open')));
}

/** Results of this browser that the server still has. */
async function listEarlier(app, section, example) {
  const mine = getSetting('results');
  if (!mine.length)
    return;
  let results;
  try {
    ({results} = await getJson('/api/results'));
  } catch (problem) {
    if (!app.askLogin(problem)) {
      section.hidden = false;
      section.replaceChildren(problemNotice(problem, app.info));
    }
    return;
  }
  forgetResults(mine.filter((id) => !results.some((result) => result.id === id)));
  const rows = results.filter((result) => mine.includes(result.id));
  section.hidden = rows.length === 0;
  example.hidden = rows.length > 0;
  section.replaceChildren(h('h2', {}, t('earlier.title')),
                          h('ul', {class: 'rows'}, ...rows.map((result) => makeRow(result, section))));
}

function describeState(result) {
  if (result.state === 'failed')
    return h('span', {class: 'muted'}, t('state.failed'));
  if (result.state !== 'done' || !result.emotion)
    return h('span', {class: 'muted'}, t(`state.${result.state}`));
  const label = makeLabel(result.emotion, {reason: result.reason});
  return h('span', {}, label, result.emotion === 'none' ? '' : ` ${percent(result.confidence)}`);
}

function makeRow(result, section) {
  const row = h('li', {'data-id': result.id},
      h('a', {href: `#/r/${result.id}`},
        h('span', {class: 'name'}, result.name || t('unnamed')),
        h('span', {class: 'number'}, time(result.duration)),
        describeState(result),
        h('span', {class: 'muted when'}, ago(new Date(result.created)))),
      h('button', {type: 'button', class: 'quiet forget', onclick: remove, title: t('forget'),
                   'aria-label': t('forget.name', {name: result.name || t('unnamed')})}, icon('remove')));

  async function remove() {
    try {
      await forget(result.id);
    } catch (problem) {
      if (problem.code !== 'gone' && problem.code !== 'not-found')
        return;
    }
    forgetResults([result.id]);
    dropResult(result.id);
    row.remove();
    section.hidden = !section.querySelector('li');
  }
  return row;
}
