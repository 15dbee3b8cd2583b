// SPDX-License-Identifier: LGPL-2.1-or-later

const SVG = 'http://www.w3.org/2000/svg';

/* Paths on a field of 24 by 24; those in `filled` have no line. */
const paths = {
  file: 'M12 15V4m0 0L8 8m4-4 4 4M4 15v4a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1v-4',
  play: 'M7 4.5v15l12-7.5z',
  pause: 'M7 5h3.5v14H7zM13.5 5H17v14h-3.5z',
  stop: 'M6 6h12v12H6z',
  record: 'M12 5a7 7 0 1 0 0 14 7 7 0 0 0 0-14z',
  microphone: 'M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5V21',
  live: 'M12 10a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM7.5 7.5a6.4 6.4 0 0 0 0 9m9-9a6.4 6.4 0 0 1 0 9M4.5 4.5a10.6 10.6 0 0 0 0 15m15-15a10.6 10.6 0 0 1 0 15',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  whole: 'M3 12h18M3 12l4-4m-4 4 4 4m14-4-4-4m4 4-4 4',
  link: 'M10 14a4 4 0 0 0 6 0l3-3a4.2 4.2 0 0 0-6-6l-1 1m2 4a4 4 0 0 0-6 0l-3 3a4.2 4.2 0 0 0 6 6l1-1',
  download: 'M12 4v11m0 0-4-4m4 4 4-4M4 19h16',
  next: 'm9 5 7 7-7 7',
  spectrogram: 'M5 19v-5m4.7 5V8m4.6 11V5M19 19v-8',
  remove: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13',
  print: 'M7 9V4h10v5M7 18H4v-8h16v8h-3M7 14h10v6H7z',
};
const filled = ['play', 'pause', 'stop', 'record'];

/** A drawing beside a word, or in a button that has a label. */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg'), path = document.createElementNS(SVG, 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', filled.includes(name) ? 'icon filled' : 'icon');
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', paths[name]);
  svg.append(path);
  return svg;
}
