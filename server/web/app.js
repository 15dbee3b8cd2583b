// SPDX-License-Identifier: LGPL-2.1-or-later
// The frame: language, theme, model in use, and which view is shown.

import './emotion-timeline.js';
import './emotion-scores.js';
import './affect-plot.js';
import './level-meter.js';
import './file-drop.js';
import {makeAboutView} from './about-view.js';
import {getJson, getModels, noAnswer} from './api.js';
import {h} from './dom.js';
import {makeListenView} from './listen-view.js';
import {makeLiveView} from './live-view.js';
import {makeLoginView} from './login-view.js';
import {makeModelsView} from './models-view.js';
import {describeProblem, problemNotice} from './problem.js';
import {makeResultView} from './result-view.js';
import {getSetting, setSetting} from './settings.js';
import {getLanguage, languages, loadText, t} from './text.js';
import {toast} from './toast-line.js';

const views = {'': makeListenView, r: makeResultView, live: makeLiveView, models: makeModelsView,
               about: makeAboutView};
const themes = ['system', 'light', 'dark'];
const RETRY = 3; // s

const main = document.querySelector('main');
const select = document.querySelector('#model-select');

function parseRoute() {
  const [path, query] = location.hash.replace(/^#\/?/, '').split('?');
  const [name, ...rest] = path.split('/');
  return {name, id: decodeURIComponent(rest.join('/')), query: new URLSearchParams(query)};
}

/** What the views share. */
const app = {
  info: null,
  models: [],
  main,

  /** The model of the address, else the chosen one, else the server's default. */
  get model() {
    const wanted = parseRoute().query.get('model') || getSetting('model');
    const known = this.models.some((model) => model.name === wanted);
    return known || parseRoute().query.get('model') ? wanted : this.info.default_model;
  },

  chooseModel(name) {
    setSetting('model', name);
    const route = parseRoute();
    if (route.name === '' || route.name === 'live')
      this.setQuery({model: name === this.info.default_model ? null : name});
    showModel();
    document.dispatchEvent(new Event('modelchange'));
  },

  lockModel(locked) {
    select.disabled = locked;
  },

  setState(state) {
    main.dataset.state = state;
  },

  setTitle(text) {
    document.title = text ? `${text} · emotion` : 'emotion';
  },

  /** Changes the address without a new step of the history; null removes. */
  setQuery(changes) {
    const {name, id, query} = parseRoute();
    for (const [key, value] of Object.entries(changes))
      value === null ? query.delete(key) : query.set(key, value);
    const text = query.toString();
    const hash = `#/${name}${id && `/${encodeURIComponent(id)}`}${text && `?${text}`}`;
    if (hash !== location.hash)
      history.replaceState(null, '', hash);
  },

  /** Whether a problem was that the token is missing; the form for it is shown then. */
  askLogin(problem) {
    if (problem.code !== 'unauthorized')
      return false;
    this.info.authorized = false;
    mount();
    return true;
  },

  /** The same view from its beginning. */
  restart() {
    mount({focus: true});
  },

  async login() {
    await loadInfo();
    mount();
  },
};

let view = null, shown = null;

function needsLogin(route) {
  return app.info.token_required && !app.info.authorized && route.name !== 'about';
}

/** Makes the view of the address; again: the same view in another language. */
function mount({focus = false, again = false} = {}) {
  const route = parseRoute();
  view?.leave?.(again);
  shown = route;
  const make = needsLogin(route) ? makeLoginView : views[route.name] ?? views[''];
  main.dataset.view = needsLogin(route) ? 'login' : route.name || 'listen';
  view = make(app, route);
  main.replaceChildren(view.element);
  for (const link of document.querySelectorAll('header nav a'))
    link.setAttribute('aria-current', link.hash === `#/${route.name}` ? 'page' : 'false');
  showModel();
  if (focus) {
    window.scrollTo(0, 0);
    main.querySelector('h1')?.focus({preventScroll: true});
  }
}

function takeRoute() {
  const route = parseRoute();
  const same = shown && route.name === shown.name && route.id === shown.id;
  if (!app.info || (same && view?.update?.(route)))
    return;
  mount({focus: true});
}

function showModel() {
  const names = app.models.map((model) => model.name);
  if (select.options.length !== names.length)
    select.replaceChildren(...names.map((name) => h('option', {value: name}, name)));
  select.value = app.model;
  select.closest('label').hidden = names.length === 0;
}

function showFrame() {
  const language = getLanguage(), other = languages.find((name) => name !== language);
  const button = document.querySelector('#language');
  button.textContent = other.toUpperCase();
  button.lang = other;
  button.setAttribute('aria-label', t('language.other'));
  button.title = t('language.other');
  select.setAttribute('aria-label', t('model.choose'));
  select.title = t('model.choose');
  showTheme();
}

async function changeLanguage() {
  const other = languages.find((name) => name !== getLanguage());
  try {
    await loadText(other);
  } catch {
    toast(describeProblem(noAnswer()).what);
    return;
  }
  setSetting('language', other);
  showFrame();
  mount({again: true});
}

function showTheme() {
  const theme = getSetting('theme'), button = document.querySelector('#theme');
  button.dataset.theme = theme;
  button.setAttribute('aria-label', t(`theme.${theme}`));
  button.title = t(`theme.${theme}`);
}

function changeTheme() {
  const theme = themes[(themes.indexOf(getSetting('theme')) + 1) % themes.length];
  setSetting('theme', theme);
  applyTheme(theme);
  showTheme();
}

function applyTheme(theme) {
  if (theme === 'system')
    delete document.documentElement.dataset.theme;
  else
    document.documentElement.dataset.theme = theme;
  document.dispatchEvent(new Event('themechange'));
}

async function loadInfo() {
  app.info = await getJson('/api/info');
  if (!app.info.token_required || app.info.authorized)
    app.models = await getModels();
}

async function start() {
  await loadText(document.documentElement.lang);
  showFrame();
  document.querySelector('#language').addEventListener('click', changeLanguage);
  document.querySelector('#theme').addEventListener('click', changeTheme);
  document.querySelector('.skip').addEventListener('click', (event) => {
    event.preventDefault();
    main.focus();
  });
  select.addEventListener('change', () => app.chooseModel(select.value));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change',
      () => document.dispatchEvent(new Event('themechange')));
  window.addEventListener('hashchange', takeRoute);
  window.addEventListener('beforeprint', () => applyTheme('light'));
  window.addEventListener('afterprint', () => applyTheme(getSetting('theme')));
  await connect();
}

async function connect() {
  try {
    await loadInfo();
  } catch (problem) {
    app.setState('failed');
    main.replaceChildren(h('h1', {}, t('listen.title')), problemNotice(problem, null,
        h('button', {type: 'button', onclick: connect}, t('retry'))));
    setTimeout(() => app.info || connect(), RETRY * 1000);
    return;
  }
  mount();
}

start();
