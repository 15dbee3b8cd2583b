/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/emotion.h"

#include "descriptors-1.h"
#include "speech-1.h"
#include "speech-2.h"

static const EmotionFeatureSet *const all_sets[] = {&emotion_speech_1, &emotion_speech_2,
                                                    &emotion_descriptors_1};

const EmotionFeatureSet *
emotion_feature_set_find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (all_sets); i++)
    if (g_strcmp0 (all_sets[i]->name, name) == 0)
      return all_sets[i];
  return NULL;
}
