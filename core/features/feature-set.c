/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "feature-set.h"

char **
emotion_feature_set_names (const EmotionFeatureSet *set)
{
  char **names = g_new0 (char *, set->n_features + 1);
  for (guint i = 0; i < set->n_features; i++) {
    GString *name = g_string_new (NULL);
    const char *unit;
    set->describe (i, name, &unit);
    names[i] = g_string_free (name, FALSE);
  }
  return names;
}

char *
emotion_feature_set_hash (const EmotionFeatureSet *set)
{
  GString *layout = g_string_new (set->name);
  if (set->revision > 0)
    g_string_append_printf (layout, " %u", set->revision);
  for (guint i = 0; i < set->n_features; i++) {
    const char *unit;
    g_string_append_c (layout, '\n');
    set->describe (i, layout, &unit);
    g_string_append_printf (layout, "\t%s", unit);
  }
  char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, layout->str, (gssize)layout->len);
  g_string_free (layout, TRUE);
  return hash;
}

const char *
emotion_feature_set_get_name (const EmotionFeatureSet *set)
{
  return set->name;
}

guint
emotion_feature_set_get_n_features (const EmotionFeatureSet *set)
{
  return set->n_features;
}
