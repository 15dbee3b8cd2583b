// SPDX-License-Identifier: LGPL-2.1-or-later
// How an emotion looks: colour (those of emotion-plot), letter, pattern. Never colour alone.

import {emotionName, hasText, t} from './text.js';

const palette = [
  ['angry', '#d55e00', 'diagonal'], ['happy', '#e69f00', 'dots'], ['sad', '#0072b2', 'rows'],
  ['calm', '#56b4e9', 'sparse'], ['neutral', '#999999', 'plain'], ['fearful', '#cc79a7', 'columns'],
  ['disgust', '#009e73', 'grid'], ['surprised', '#f0e442', 'crosses'], ['boredom', '#000000', 'back'],
];

const SIZE = 8; // of a pattern's tile

const patterns = {
  plain() {},
  diagonal: (c) => lines(c, [[-1, 5, 5, -1], [-1, 9, 9, -1], [3, 9, 9, 3]]),
  back: (c) => lines(c, [[-1, -1, 9, 9], [-1, 7, 1, 9], [7, -1, 9, 1]]),
  rows: (c) => lines(c, [[0, 2, 8, 2], [0, 6, 8, 6]]),
  columns: (c) => lines(c, [[2, 0, 2, 8], [6, 0, 6, 8]]),
  grid: (c) => lines(c, [[0, 4, 8, 4], [4, 0, 4, 8]]),
  crosses: (c) => lines(c, [[2, 4, 6, 4], [4, 2, 4, 6]]),
  dots(c) {
    c.fillRect(1, 1, 2, 2);
    c.fillRect(5, 5, 2, 2);
  },
  sparse: (c) => c.fillRect(3, 3, 2, 2),
};

function lines(context, segments) {
  context.beginPath();
  for (const [x1, y1, x2, y2] of segments) {
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
  }
  context.stroke();
}

function parse(colour) {
  return [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
}

function luminance(rgb) {
  const [r, g, b] = rgb.map((c) => {
    const v = c / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a, b) {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/** The colour, moved towards black or white until it stands out from the background by 3:1. */
function makeEdge(rgb, dark) {
  const background = dark ? [20, 23, 26] : [255, 255, 255], target = dark ? 255 : 0;
  for (let step = 0; step <= 20; step++) {
    const mixed = rgb.map((c) => Math.round(c + (target - c) * step / 20));
    if (contrast(mixed, background) >= 3.1)
      return `rgb(${mixed})`;
  }
  return dark ? '#fff' : '#000';
}

export function isDark() {
  const theme = document.documentElement.dataset.theme;
  return theme ? theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

function makeTile(pattern, colour, ink) {
  const tile = document.createElement('canvas');
  tile.width = tile.height = SIZE;
  const context = tile.getContext('2d');
  context.fillStyle = colour;
  context.fillRect(0, 0, SIZE, SIZE);
  context.fillStyle = context.strokeStyle = ink;
  context.globalAlpha = 0.28;
  patterns[pattern](context);
  return tile;
}

function makeNone(dark) {
  const tile = document.createElement('canvas');
  tile.width = tile.height = SIZE;
  const context = tile.getContext('2d');
  context.strokeStyle = dark ? '#6f7780' : '#9aa1a9';
  patterns.diagonal(context);
  return {colour: 'transparent', edge: dark ? '#7d858e' : '#868d95', ink: dark ? '#e8eaed' : '#1b1f24',
          tile, letter: '–'};
}

/** A letter of the name that no other label has. */
function chooseLetter(label, taken) {
  if (hasText(`letter.${label}`))
    return t(`letter.${label}`);
  const name = emotionName(label).toLocaleUpperCase();
  return [...name, ...'123456789'].find((letter) => /\S/.test(letter) && !taken.has(letter)) ?? '?';
}

/** Colours of labels that the palette does not know are those that are left, as in emotion-plot. */
function chooseColours(labels) {
  const free = palette.filter(([name]) => !labels.includes(name));
  let n_others = 0;
  return labels.map((label) => {
    const known = palette.find(([name]) => name === label);
    if (known)
      return known;
    const n = n_others++;
    return n < free.length ? free[n] : palette[(n - free.length) % palette.length];
  });
}

const cache = new Map();

/** Looks of a model's labels and of none: Map of label to {colour, edge, ink, tile, letter}. */
export function getLooks(labels) {
  const dark = isDark(), key = `${dark} ${document.documentElement.lang} ${labels}`;
  if (cache.has(key))
    return cache.get(key);
  const looks = new Map(), taken = new Set();
  const colours = chooseColours(labels);
  labels.forEach((label, i) => {
    const [, original, pattern] = colours[i];
    const colour = original === '#000000' && dark ? '#f4f4f4' : original;
    const ink = luminance(parse(colour)) > 0.184 ? '#000000' : '#ffffff';
    const letter = chooseLetter(label, taken);
    taken.add(letter);
    looks.set(label, {colour, ink, letter, edge: makeEdge(parse(colour), dark),
                      tile: makeTile(pattern, colour, ink)});
  });
  looks.set('none', makeNone(dark));
  cache.set(key, looks);
  return looks;
}

/** The fill of a canvas for a look. */
export function getFill(context, look) {
  look.fill ??= context.createPattern(look.tile, 'repeat');
  return look.fill;
}

/** Paints an element of the page with a look. */
export function paint(element, look) {
  look.url ??= look.tile.toDataURL();
  element.style.backgroundImage = `url(${look.url})`;
  element.style.borderColor = look.edge;
  element.style.color = look.ink;
}
