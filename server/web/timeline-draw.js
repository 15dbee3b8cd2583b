// SPDX-License-Identifier: LGPL-2.1-or-later
// The layers of a timeline. Each draws a part of the time (from, to) into a box {y, height, width}.

import {getFill} from './emotions.js';
import {coverStart, endOf, findEnd} from './segments.js';
import {emotionName, time as formatTime} from './text.js';

const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];
const QUIET = 16; // of 255: the peak from which on the outline fills its height
const TICK = 90; // px at least between two ticks

function scale(scene) {
  return (time) => (time - scene.from) / (scene.to - scene.from) * scene.width;
}

/** The first segment that ends after a time. */
function findSegment(segments, time) {
  let low = 0, high = segments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (segments[middle].end <= time)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

export function drawWave(context, scene, box) {
  const {peaks} = scene.track, middle = box.y + box.height / 2;
  const per_pixel = (scene.to - scene.from) / scene.width;
  const end = peaks.length * peaks.interval;
  const loudest = Math.max(end > 0 ? peaks.max(0, end) : 0, QUIET);
  context.fillStyle = scene.colours.line;
  context.fillRect(0, middle - 0.5, scene.width, 1);
  context.fillStyle = scene.colours.wave;
  context.beginPath();
  for (let x = 0; x < scene.width; x++) {
    const time = scene.from + x * per_pixel;
    if (time >= end)
      break;
    const half = peaks.max(time, time + per_pixel) / loudest * (box.height / 2 - 2);
    if (half > 0.5)
      context.rect(x, middle - half, 1, 2 * half);
  }
  context.fill();
}

function drawName(context, scene, segment, look, x, width, box) {
  const shown = Math.min(x + width, scene.width) - Math.max(x, 0);
  const name = emotionName(segment.emotion, segment.reason, scene.track.labelText(segment.emotion));
  context.font = `${box.height < 20 ? 11 : 12.5}px ${scene.font}`;
  const text = shown > context.measureText(name).width + 12 ? name : look.letter;
  const text_width = context.measureText(text).width;
  if (shown < text_width + 4)
    return;
  const left = Math.max(x, 0) + Math.min(6, (shown - text_width) / 2);
  if (segment.emotion !== 'none' || text !== look.letter) {
    context.fillStyle = segment.emotion === 'none' ? scene.colours.background : look.colour;
    context.fillRect(left - 2, box.y + 4, text_width + 4, box.height - 8);
  }
  context.fillStyle = look.ink;
  context.fillText(text, left, box.y + box.height / 2 + 0.5);
}

export function drawBands(context, scene, box, with_names = true) {
  const at = scale(scene), {segments} = scene.track;
  context.textBaseline = 'middle';
  for (let i = findSegment(segments, scene.from); i < segments.length; i++) {
    const segment = segments[i];
    if (segment.start >= scene.to)
      break;
    const look = scene.looks.get(segment.emotion) ?? scene.looks.get('none');
    const x = at(segment.start), width = Math.max(at(segment.end) - x, 1);
    context.fillStyle = width < 4 ? (look.colour === 'transparent' ? look.edge : look.colour)
                                  : getFill(context, look);
    context.fillRect(x, box.y, width, box.height);
    if (width >= 4) {
      context.strokeStyle = look.edge;
      context.strokeRect(x + 0.5, box.y + 0.5, width - 1, box.height - 1);
    }
    if (with_names && width > 12)
      drawName(context, scene, segment, look, x, width, box);
  }
}

/** Mean scores of the windows in a few pixels: x of the middle, and the upper edge of each area. */
function sumScores(scene, first, last) {
  const {windows, labels} = scene.track, at = scale(scene), columns = [];
  const per_column = Math.max(1, Math.floor((last - first) / (scene.width / 2)));
  for (let i = first; i < last; i += per_column) {
    const end = Math.min(i + per_column, last), edges = new Float32Array(labels.length);
    for (let w = i; w < end; w++)
      labels.forEach((label, n) => { edges[n] += (windows[w].scores?.[label] ?? 0) / (end - i); });
    for (let n = 1; n < edges.length; n++)
      edges[n] += edges[n - 1];
    columns.push({from: at(coverStart(windows, i)), to: at(endOf(windows[end - 1])), edges});
  }
  return columns;
}

function traceArea(context, columns, n, box) {
  const bottom = box.y + box.height;
  const y = (column, k) => bottom - (k < 0 ? 0 : column.edges[k]) * box.height;
  context.beginPath();
  for (const column of columns) {
    context.lineTo(column.from, y(column, n));
    context.lineTo(column.to, y(column, n));
  }
  for (const column of columns.toReversed()) {
    context.lineTo(column.to, y(column, n - 1));
    context.lineTo(column.from, y(column, n - 1));
  }
  context.fill();
}

export function drawAreas(context, scene, box) {
  const {windows, segments, labels} = scene.track, at = scale(scene);
  const first = findEnd(windows, scene.from);
  const last = Math.min(findEnd(windows, scene.to) + 1, windows.length);
  const columns = sumScores(scene, first, last);
  labels.forEach((label, n) => {
    context.fillStyle = getFill(context, scene.looks.get(label));
    traceArea(context, columns, n, box);
  });
  /* No answer: dimmed. A gap without windows: nothing. */
  context.fillStyle = scene.colours.dim;
  for (let i = findSegment(segments, scene.from); i < segments.length; i++) {
    const segment = segments[i];
    if (segment.start >= scene.to)
      break;
    const x = at(segment.start);
    if (segment.emotion === 'none')
      context.fillRect(x, box.y, at(segment.end) - x, box.height);
    if (i > 0 && segment.start - segments[i - 1].end > 0.02)
      context.clearRect(at(segments[i - 1].end), box.y, x - at(segments[i - 1].end), box.height);
  }
}

export function drawSpectrogram(context, scene, box) {
  const {image, duration} = scene.spectrogram;
  const per_second = image.width / duration;
  const from = Math.max(scene.from, 0), to = Math.min(scene.to, duration), at = scale(scene);
  if (to <= from)
    return;
  context.drawImage(image, from * per_second, 0, (to - from) * per_second, image.height,
                    at(from), box.y, at(to) - at(from), box.height);
}

/** The pixels of a spectrogram in one hue: quiet is the background. */
export function paintSpectrogram({bands, columns, data, interval}, dark) {
  const image = new OffscreenCanvas(Math.max(columns, 1), bands);
  const context = image.getContext('2d');
  const pixels = context.createImageData(image.width, bands);
  const levels = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
  const low = dark ? [20, 23, 26] : [255, 255, 255], high = dark ? [214, 220, 255] : [29, 27, 84];
  for (let x = 0; x < columns; x++)
    for (let band = 0; band < bands; band++) {
      const fraction = (levels[x * bands + band] / 255) ** 1.3;
      const i = ((bands - 1 - band) * image.width + x) * 4;
      for (let c = 0; c < 3; c++)
        pixels.data[i + c] = low[c] + (high[c] - low[c]) * fraction;
      pixels.data[i + 3] = 255;
    }
  context.putImageData(pixels, 0, 0);
  return {image, duration: columns * interval};
}

/** Times on a line; in live mode seconds before now. */
export function drawAxis(context, scene, box) {
  const span = scene.to - scene.from, at = scale(scene);
  const step = STEPS.find((s) => s / span * scene.width >= TICK) ?? 7200;
  context.font = `12px ${scene.font}`;
  context.textBaseline = 'middle';
  const origin = scene.live ? scene.to : 0;
  const first = Math.ceil((scene.from - origin) / step - 1e-9);
  for (let n = first; origin + n * step <= scene.to + 1e-9; n++) {
    const time = origin + n * step, x = at(time);
    const text = scene.live ? (n === 0 ? scene.now : `−${Math.round(-n * step)} s`)
                            : formatTime(time, step < 1 ? 1 : 0);
    const width = context.measureText(text).width;
    context.fillStyle = scene.colours.line;
    context.fillRect(Math.min(Math.round(x), scene.width - 1), box.y, 1, 5);
    context.fillStyle = scene.colours.muted;
    context.fillText(text, Math.min(Math.max(x - width / 2, 4), scene.width - width), box.y + 14);
  }
}
