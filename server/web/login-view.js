// SPDX-License-Identifier: LGPL-2.1-or-later

import {login} from './api.js';
import {h} from './dom.js';
import {problemNotice} from './problem.js';
import {t} from './text.js';

/** Asks for the token of the server. */
export function makeLoginView(app) {
  const input = h('input', {type: 'password', id: 'token', autocomplete: 'current-password',
                            required: true});
  const note = h('div', {class: 'status'});

  async function submit(event) {
    event.preventDefault();
    try {
      await login(input.value);
      await app.login();
    } catch (problem) {
      const code = problem.code === 'unauthorized' ? 'wrong-token' : problem.code;
      note.replaceChildren(problemNotice({...problem, code}, app.info));
      input.select();
    }
  }
  app.setTitle(t('login.title'));
  app.setState('empty');
  return {element: h('form', {class: 'login', id: 'login', onsubmit: submit},
      h('h1', {tabindex: -1}, t('login.title')), h('p', {class: 'lead'}, t('login.lead')),
      h('div', {class: 'field'}, h('label', {for: 'token'}, t('login.token')), input),
      h('p', {}, h('button', {class: 'primary', id: 'login-button'}, t('login.button'))), note)};
}
