// SPDX-License-Identifier: LGPL-2.1-or-later
// The user's language: texts, numbers, times.

let texts = {};
let language = 'en';
let formats = {};

export const languages = ['en', 'fr'];

export async function loadText(name) {
  const answer = await fetch(`/web/text/${name}.json`);
  if (!answer.ok)
    throw new Error(`text/${name}.json: ${answer.status}`);
  texts = await answer.json();
  language = name;
  const locale = navigator.languages.find((wanted) => wanted.split('-')[0] === name) ?? name;
  formats = {
    percent: new Intl.NumberFormat(locale, {style: 'percent', maximumFractionDigits: 0}),
    list: new Intl.ListFormat(locale, {type: 'conjunction'}),
    ago: new Intl.RelativeTimeFormat(locale, {numeric: 'auto'}),
    clock: new Intl.DateTimeFormat(locale, {timeStyle: 'short'}),
    plural: new Intl.PluralRules(name),
    numbers: [0, 1, 2, 3].map((digits) => new Intl.NumberFormat(
        locale, {minimumFractionDigits: digits, maximumFractionDigits: digits})),
  };
  document.documentElement.lang = name;
}

export function getLanguage() {
  return language;
}

export function hasText(key) {
  return key in texts;
}

/** The text of a key, with {name} replaced. A value n chooses the plural: key.one, key.other. */
export function t(key, values = {}) {
  const plural = 'n' in values ? `${key}.${formats.plural.select(values.n)}` : key;
  const text = texts[plural] ?? texts[`${key}.other`] ?? texts[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}

export function capital(text) {
  return text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
}

export function percent(fraction) {
  return formats.percent.format(fraction);
}

export function number(value, digits = 0) {
  return formats.numbers[digits].format(value);
}

export function list(items) {
  return formats.list.format(items);
}

/** 0:43, 12:04, 2:03:10; with digits 0:43.2 or 0:43,2 */
export function time(seconds, digits = 0) {
  const unit = 10 ** digits;
  const whole = Math.floor(Math.max(seconds, 0) * unit + 1e-6) / unit;
  const hours = Math.floor(whole / 3600), minutes = Math.floor(whole / 60) % 60;
  const rest = number(Math.floor((whole % 60) * unit + 1e-6) / unit, digits);
  const padded = whole % 60 < 10 ? `0${rest}` : rest;
  return hours ? `${hours}:${String(minutes).padStart(2, '0')}:${padded}` : `${minutes}:${padded}`;
}

export function clock(date) {
  return formats.clock.format(date);
}

export function ago(date) {
  const minutes = Math.round((date - Date.now()) / 60000);
  return minutes > -60 ? formats.ago.format(minutes, 'minute')
                       : formats.ago.format(Math.round(minutes / 60), 'hour');
}

export function bytes(size) {
  const unit = size < 2 ** 20 ? ['kilobyte', 2 ** 10] : size < 2 ** 30 ? ['megabyte', 2 ** 20] : ['gigabyte', 2 ** 30];
  return new Intl.NumberFormat(language, {style: 'unit', unit: unit[0], maximumFractionDigits: 1})
      .format(size / unit[1]);
}

/** How sure an answer is, in words. */
export function sureness(confidence) {
  return t(confidence < 0.4 ? 'sure.not' : confidence < 0.7 ? 'sure.fairly' : 'sure.yes');
}

/** The name of an emotion; of 'none' with its reason. */
export function emotionName(label, reason, label_text) {
  if (label === 'none')
    return hasText(`none.${reason}`) ? t(`none.${reason}`) : t('none');
  return hasText(`emotion.${label}`) ? t(`emotion.${label}`) : label_text || label;
}
