// SPDX-License-Identifier: LGPL-2.1-or-later

import {getModels, getText} from './api.js';
import {h} from './dom.js';
import {makeLabel} from './emotion-label.js';
import {renderMarkdown} from './markdown.js';
import {problemNotice} from './problem.js';
import {hasText, number, percent, t} from './text.js';

/** The models with their figures; one of them is in use. */
export function makeModelsView(app, route) {
  const rows = h('div', {class: 'models', role: 'radiogroup', 'aria-label': t('model.choose')});
  const note = h('div', {class: 'status'});
  app.setTitle(t('models.title'));
  app.setState('loading');
  getModels().then((models) => {
    app.setState(models.length ? 'done' : 'empty');
    if (!models.length)
      note.replaceChildren(h('p', {}, t('models.none'), ' ', t('models.none.fix')));
    rows.replaceChildren(...models.map((model) => makeModel(app, model, model.name === route.id)));
  }, (problem) => {
    if (app.askLogin(problem))
      return;
    app.setState('failed');
    note.replaceChildren(problemNotice(problem, app.info));
  });
  const choose = () => {
    for (const input of rows.querySelectorAll('input'))
      input.checked = input.value === app.model;
  };
  document.addEventListener('modelchange', choose);
  return {
    element: h('div', {}, h('h1', {tabindex: -1}, t('models.title')),
               h('p', {class: 'lead'}, t('models.lead')), note, rows),
    leave: () => document.removeEventListener('modelchange', choose),
  };
}

function describeFigure(model) {
  if (!model.uar)
    return t('models.no-figure');
  const key = `models.protocol.${model.protocol}`;
  return t('models.uar', {uar: percent(Number(model.uar)), chance: percent(1 / model.labels.length),
                          protocol: hasText(key) ? t(key) : model.protocol ?? ''});
}

function makeFacts(model) {
  const facts = [
    ['corpus', model.corpus?.replaceAll('+', ', ')],
    ['speakers', model.speakers && t('models.speakers.value', {
      speakers: number(Number(model.speakers)), clips: number(Number(model.clips))})],
    ['licence', model.licence], ['figure', describeFigure(model)],
    ['window', t('models.window.value', {window: number(model.window), interval: number(model.interval)})],
  ];
  return h('dl', {class: 'facts'}, ...facts.filter(([, value]) => value).flatMap(
      ([name, value]) => [h('dt', {}, t(`models.${name}`)), h('dd', {}, value)]));
}

function makeCard(model, open) {
  const body = h('div', {class: 'card', lang: 'en'});
  const details = h('details', {}, h('summary', {}, t('models.card')), body);
  details.addEventListener('toggle', async () => {
    if (!details.open || body.firstChild)
      return;
    try {
      body.replaceChildren(...renderMarkdown(await getText(
          `/api/models/${encodeURIComponent(model.name)}/card`)));
    } catch (problem) {
      body.replaceChildren(problemNotice(problem));
    }
  });
  details.open = open;
  return details;
}

function makeModel(app, model, open) {
  const id = `model-${model.name}`;
  const input = h('input', {type: 'radio', name: 'model', value: model.name, id,
                            checked: model.name === app.model,
                            onchange: () => app.chooseModel(model.name)});
  return h('section', {class: 'model', 'data-model': model.name},
      h('h2', {}, input, h('label', {for: id}, model.name),
        model.default && h('span', {class: 'badge'}, t('models.default'))),
      h('p', {class: 'labels'}, ...model.labels.map((label, i) => makeLabel(label,
          {labels: model.labels, text: model.label_texts[i]}))),
      makeFacts(model), model.card && makeCard(model, open));
}
