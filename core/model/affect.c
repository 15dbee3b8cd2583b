/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "affect.h"

static const struct {
  const char *words[4];
  EmotionAffect affect;
} table[] = {
    {{"angry", "anger"}, {-0.51, 0.59}},
    {{"boredom", "bored"}, {-0.65, -0.62}},
    {{"calm", "relaxed"}, {0.68, -0.46}},
    {{"disgust", "disgusted"}, {-0.60, 0.35}},
    {{"excited", "excitement"}, {0.62, 0.75}},
    {{"fearful", "fear", "anxiety"}, {-0.64, 0.60}},
    {{"frustrated", "frustration"}, {-0.64, 0.52}},
    {{"happy", "happiness", "joy"}, {0.81, 0.51}},
    {{"neutral"}, {0, 0}},
    {{"sad", "sadness"}, {-0.63, -0.27}},
    {{"surprised", "surprise"}, {0.40, 0.67}},
};

gboolean
emotion_affect_find (const char *label, EmotionAffect *affect)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    for (const char *const *word = table[i].words; *word; word++)
      if (g_str_equal (*word, label)) {
        *affect = table[i].affect;
        return TRUE;
      }
  return FALSE;
}
