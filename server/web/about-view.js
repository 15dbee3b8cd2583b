// SPDX-License-Identifier: LGPL-2.1-or-later

import {h} from './dom.js';
import {t} from './text.js';

const parts = ['is', 'not', 'law', 'privacy', 'program'];

/** What it is and is not, the law, privacy, the version. */
export function makeAboutView(app) {
  const values = {n: Math.round(app.info.limits.keep / 60), version: app.info.version};
  app.setTitle(t('about.title'));
  app.setState('done');
  return {element: h('div', {class: 'prose'}, h('h1', {tabindex: -1}, t('about.title')),
      ...parts.flatMap((part) => [h('h2', {id: part}, t(`about.${part}.title`)),
                                  ...t(`about.${part}`, values).split('\n').map((text) => h('p', {}, text))]),
      h('ul', {}, h('li', {}, h('a', {href: '#/models'}, t('about.models'))),
        h('li', {}, h('a', {href: '/openapi.json'}, t('about.api')))))};
}
