// SPDX-License-Identifier: LGPL-2.1-or-later
// Problems in the user's words: what, why, what to do.

import {bytes, hasText, number, t, time} from './text.js';
import {h} from './dom.js';

/** The words of a problem: its own by its code, else those of the server, which are English. */
export function describeProblem(problem, info) {
  const code = problem.code || 'unexpected';
  const values = {
    detail: problem.detail ?? problem.message ?? '',
    address: location.origin,
    local: `http://localhost${location.port ? `:${location.port}` : ''}`,
    size: info ? bytes(info.limits.upload_bytes) : '',
    duration: info ? time(info.limits.duration) : '',
    minutes: info ? number(info.limits.keep / 60) : '',
  };
  if (hasText(`problem.${code}`))
    return {what: t(`problem.${code}`, values), fix: t(`problem.${code}.fix`, values)};
  return {what: values.detail || t('problem.unexpected'), fix: problem.fix || ''};
}

/** A problem as part of a view, with buttons for what the user can do now. */
export function problemNotice(problem, info, ...actions) {
  const {what, fix} = describeProblem(problem, info);
  return h('div', {class: 'notice', role: 'alert', 'data-code': problem.code || 'unexpected'},
           h('p', {class: 'what'}, what), fix && h('p', {class: 'fix'}, fix),
           actions.length > 0 && h('p', {class: 'actions'}, ...actions));
}
