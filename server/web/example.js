// SPDX-License-Identifier: LGPL-2.1-or-later
// What a result looks like, made up, for somebody who has none yet.

import {h} from './dom.js';
import {Track} from './result-data.js';
import {summarise} from './summary.js';
import {t} from './text.js';
import {TimeView} from './time-view.js';

const LABELS = ['angry', 'disgust', 'fearful', 'happy', 'neutral', 'sad', 'surprised'];
const STRETCHES = [[3, 'none', 'silence'], [19, 'neutral'], [9, 'angry'], [4, 'none', 'low-confidence'],
                   [16, 'neutral'], [7, 'happy'], [12, 'neutral']]; // s

function makeScores(emotion, i) {
  const scores = Object.fromEntries(LABELS.map((label, n) => [label, 1 + Math.sin(i * 0.7 + n * 2.3) ** 2]));
  scores[emotion === 'none' ? 'neutral' : emotion] += emotion === 'none' ? 2 : 9 + 3 * Math.sin(i * 0.9);
  const sum = Object.values(scores).reduce((a, b) => a + b);
  return Object.fromEntries(LABELS.map((label) => [label, scores[label] / sum]));
}

function makeTrack() {
  const track = new Track();
  Object.assign(track, {labels: LABELS, label_texts: LABELS});
  let start = 0;
  for (const [seconds, emotion, reason] of STRETCHES)
    for (let i = 0; i < seconds; i++, start++) {
      const scores = makeScores(emotion, start);
      track.add({start, duration: 1, emotion, reason, scores, confidence: scores[emotion] ?? 0.4});
    }
  const loud = (i) => emotionAt(track, i * 0.1) === 'silence' ? 2
      : 40 + 70 * Math.abs(Math.sin(i * 0.37) * Math.sin(i * 0.061 + 1)) + 30 * Math.abs(Math.sin(i * 1.7));
  track.peaks.add(0, 0.1, Array.from({length: start * 10}, (_, i) => loud(i)));
  return track;
}

function emotionAt(track, time) {
  const {reason, emotion} = track.windows[Math.floor(time)];
  return reason ?? emotion;
}

export function makeExample() {
  const track = makeTrack(), view = new TimeView();
  view.setTotal(track.duration);
  const timeline = h('emotion-timeline', {label: t('example.title')});
  Object.assign(timeline, {view, track});
  timeline.addEventListener('seek', ({detail}) => { timeline.playhead = detail.time; });
  return h('section', {class: 'example', 'aria-labelledby': 'example-title'},
      h('h2', {id: 'example-title'}, t('example.title')), h('p', {class: 'hint'}, t('example.lead')),
      h('p', {}, summarise({duration: track.duration}, track)), timeline);
}
