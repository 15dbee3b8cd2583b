// SPDX-License-Identifier: LGPL-2.1-or-later
// What was heard, in a sentence or two.

import {sumSegments} from './segments.js';
import {capital, emotionName, list, number, percent, sureness, t, time} from './text.js';

const SHORT = 12;           // s; a sentence rather than a conversation
const MAX_EMOTIONS = 3;     // told with their times
const MAX_STRETCHES = 2;    // of each
const SMALL = 0.005;        // share that is left out

function sorted(map) {
  return [...map].sort((a, b) => b[1] - a[1]);
}

function nameReasons(reasons) {
  return list(sorted(reasons).map(([reason]) => emotionName('none', reason)));
}

function describeStretches(segments, name) {
  const longest = segments.toSorted((a, b) => b.end - b.start - (a.end - a.start))
      .slice(0, MAX_STRETCHES).sort((a, b) => a.start - b.start);
  const times = longest.map((s) => t('summary.range', {start: time(s.start), end: time(s.end)}));
  const rest = segments.length - longest.length;
  return `${capital(name)} ${list(times)}${rest > 0 ? ` (${t('summary.more', {n: rest})})` : ''}.`;
}

function describeShort(summary, name) {
  const others = (summary.topk ?? []).filter((top) => top.label !== summary.emotion).slice(0, 2)
      .map((top) => `${name(top.label)} ${percent(top.probability)}`);
  return t('summary.short', {
    emotion: name(summary.emotion), share: percent(summary.confidence),
    sureness: sureness(summary.confidence), others: others.join(', '),
  });
}

/** Of a result that is complete. */
export function summarise(summary, track) {
  const name = (label) => emotionName(label, '', track.labelText(label));
  const {emotions, reasons} = sumSegments(track.segments);
  const total = [...emotions.values()].reduce((sum, seconds) => sum + seconds, 0);
  const shares = sorted(emotions).map(([label, seconds]) => [label, seconds / total]);
  if (!total)
    return t('summary.nothing');
  if (shares.length === 1 && shares[0][0] === 'none')
    return t('summary.only-none', {reasons: nameReasons(reasons)});
  if (summary.duration <= SHORT && summary.emotion !== 'none')
    return describeShort(summary, name);
  const [top, share] = shares[0], sentences = [];
  sentences.push(top === 'none' ? t('summary.mostly-none', {share: percent(share), reasons: nameReasons(reasons)})
                                : t('summary.mostly', {emotion: name(top), share: percent(share)}));
  const others = shares.filter(([label]) => label !== top && label !== 'none' && label !== 'neutral');
  if (top === 'none' && emotions.has('neutral'))
    sentences.push(t('summary.also', {emotion: capital(name('neutral')),
                                      share: percent(emotions.get('neutral') / total)}));
  for (const [label] of others.slice(0, MAX_EMOTIONS))
    sentences.push(describeStretches(track.segments.filter((s) => s.emotion === label), name(label)));
  const none = (emotions.get('none') ?? 0) / total;
  if (top !== 'none' && none >= SMALL)
    sentences.push(t('summary.none', {share: percent(none), reasons: nameReasons(reasons)}));
  return sentences.join(' ');
}

/** Figures beside the sentence. */
export function listFacts(summary, track) {
  const longest = summary.longest_stretch, digits = summary.duration <= SHORT ? 1 : 0;
  const facts = [t('summary.changes', {n: summary.transitions ?? 0})];
  if (longest)
    facts.push(t('summary.longest', {
      emotion: emotionName(longest.emotion, '', track.labelText(longest.emotion)),
      duration: time(longest.duration, digits), start: time(longest.start, digits)}));
  if (summary.speech_ratio !== undefined)
    facts.push(t('summary.speech', {share: percent(summary.speech_ratio)}));
  if (summary.level !== undefined)
    facts.push(t('summary.level', {level: number(summary.level).replace('-', '−')}));
  return facts;
}

/** Seconds of each answer as [emotion, seconds], the longest first. */
export function shareOut(track) {
  return sorted(sumSegments(track.segments).emotions);
}
