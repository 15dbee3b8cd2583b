/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Valence (unpleasant to pleasant) and arousal (calm to excited) of emotions, -1 to 1. These are
 * the mean ratings of the words by people, from Russell & Mehrabian (1977), "Evidence for a
 * three-factor theory of emotions", Journal of Research in Personality 11. Neutral is the origin;
 * calm is their word "relaxed".
 *
 * | emotion | valence | arousal |
 * |---|---|---|
 * | angry | -0.51 | 0.59 |
 * | boredom | -0.65 | -0.62 |
 * | calm | 0.68 | -0.46 |
 * | disgust | -0.60 | 0.35 |
 * | excited | 0.62 | 0.75 |
 * | fearful | -0.64 | 0.60 |
 * | frustrated | -0.64 | 0.52 |
 * | happy | 0.81 | 0.51 |
 * | neutral | 0 | 0 |
 * | sad | -0.63 | -0.27 |
 * | surprised | 0.40 | 0.67 | */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  double valence, arousal; /* -1..1 */
} EmotionAffect;

/* Sets `affect` to the values of a label, which may be any of the usual words (anger, angry; fear,
 * fearful; ...). FALSE for any other label. Any thread. */
gboolean emotion_affect_find (const char *label, EmotionAffect *affect);

G_END_DECLS
