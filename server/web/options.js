// SPDX-License-Identifier: LGPL-2.1-or-later

import {h, newId} from './dom.js';
import {getSetting, setSetting} from './settings.js';
import {t} from './text.js';

/** The switch how to answer; it is remembered under the name of the setting. */
export function makePriorsSelect(id, setting, hint) {
  const hint_id = newId('hint');
  const select = h('select', {id, 'aria-describedby': hint && hint_id,
                              onchange: () => setSetting(setting, select.value)},
                   h('option', {value: 'model'}, t('priors.model')),
                   h('option', {value: 'equal'}, t('priors.equal')));
  select.value = getSetting(setting);
  return h('div', {class: 'field'}, h('label', {for: id}, t('priors.title')), select,
           hint && h('p', {class: 'hint', id: hint_id}, hint));
}

/** The options of an analysis as the server takes them. */
export function analysisOptions(model, priors, name) {
  const options = {name, model};
  if (priors !== 'model')
    options.priors = priors;
  return options;
}
