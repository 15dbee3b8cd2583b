// SPDX-License-Identifier: LGPL-2.1-or-later
// Windows overlap; the answer of a window holds from the end of the one before to its own end.

const GAP = 0.01; // s

export function endOf(window) {
  return window.start + window.duration;
}

/** The time from which the answer of windows[i] holds. */
export function coverStart(windows, i) {
  return i > 0 ? Math.max(endOf(windows[i - 1]), windows[i].start) : windows[i].start;
}

/** The index of the first window that ends at or after a time. */
export function findEnd(windows, time) {
  let low = 0, high = windows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (endOf(windows[middle]) < time)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/** The window whose answer holds from a time on, or undefined; at the very end that of the last one. */
export function windowAt(windows, time) {
  const last = windows.length - 1;
  const i = last >= 0 && time >= endOf(windows[last]) - GAP ? last : findEnd(windows, time + GAP);
  return i <= last && i >= 0 && coverStart(windows, i) <= time + GAP && time <= endOf(windows[i]) + GAP
      ? windows[i] : undefined;
}

/** Adds a window to segments of equal answers; those of none are equal if their reasons are. */
export function addToSegments(segments, windows, i) {
  const window = windows[i], start = coverStart(windows, i), last = segments.at(-1);
  if (last && last.emotion === window.emotion && last.reason === window.reason &&
      start - last.end < GAP) {
    last.n++;
    last.confidence += (window.confidence - last.confidence) / last.n;
    last.end = endOf(window);
    return last;
  }
  const segment = {start, end: endOf(window), emotion: window.emotion, reason: window.reason,
                   confidence: window.confidence, n: 1};
  segments.push(segment);
  return segment;
}

/** Seconds of each emotion, and of each reason of none. */
export function sumSegments(segments) {
  const emotions = new Map(), reasons = new Map();
  for (const {start, end, emotion, reason} of segments) {
    emotions.set(emotion, (emotions.get(emotion) ?? 0) + end - start);
    if (emotion === 'none')
      reasons.set(reason, (reasons.get(reason) ?? 0) + end - start);
  }
  return {emotions, reasons};
}

/** The part of the time in which two results give the same answer, 0 to 1; undefined: no time. */
export function agreement(first, second) {
  let i = 0, j = 0, same = 0, all = 0;
  while (i < first.length && j < second.length) {
    const a = first[i], b = second[j];
    const overlap = Math.min(a.end, b.end) - Math.max(a.start, b.start);
    if (overlap > 0) {
      all += overlap;
      same += a.emotion === b.emotion ? overlap : 0;
    }
    if (a.end < b.end)
      i++;
    else
      j++;
  }
  return all > 0 ? same / all : undefined;
}
