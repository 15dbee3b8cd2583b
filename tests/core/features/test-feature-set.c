/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/emotion.h"
#include "core/features/feature-set.h"

#include <string.h>

static const EmotionFeatureSet *
speech_1 (void)
{
  const EmotionFeatureSet *set = emotion_feature_set_find ("speech-1");
  g_assert_nonnull (set);
  return set;
}

static void
test_find (void)
{
  g_assert_cmpstr (speech_1 ()->name, ==, "speech-1");
  g_assert_true (speech_1 () == speech_1 ());
  g_assert_null (emotion_feature_set_find ("speech-0"));
  g_assert_null (emotion_feature_set_find ("speech-1 "));
  g_assert_null (emotion_feature_set_find (""));
}

static void
test_names (void)
{
  char **names = emotion_feature_set_names (speech_1 ());
  GHashTable *seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_assert_cmpuint (speech_1 ()->n_features, ==, 1474);
  g_assert_cmpuint (g_strv_length (names), ==, 1474);
  for (guint i = 0; names[i]; i++) {
    if (!g_regex_match_simple ("^[a-z][a-z0-9]*(_[a-z0-9]+)+$", names[i], 0, 0))
      g_error ("feature %u is called '%s'", i, names[i]);
    if (!g_hash_table_add (seen, names[i]))
      g_error ("feature '%s' is there twice", names[i]);
  }
  static const char *const some[] = {"log_energy_mean", "centroid_delta_sd", "mfcc19_voiced_iqr",
                                     "f0_mean",         "f0_step_p95",       "f0_max",
                                     "active_frames"};
  for (guint i = 0; i < G_N_ELEMENTS (some); i++)
    g_assert_true (g_hash_table_contains (seen, some[i]));
  g_hash_table_unref (seen);
  g_strfreev (names);
}

static const char *
unit_of (const char *wanted)
{
  const EmotionFeatureSet *set = speech_1 ();
  const char *found = NULL;
  for (guint i = 0; !found && i < set->n_features; i++) {
    GString *name = g_string_new (NULL);
    const char *unit = NULL;
    set->describe (i, name, &unit);
    if (strcmp (name->str, wanted) == 0)
      found = unit;
    g_string_free (name, TRUE);
  }
  return found;
}

static void
test_units (void)
{
  const EmotionFeatureSet *set = speech_1 ();
  GString *name = g_string_new (NULL);
  for (guint i = 0; i < set->n_features; i++) {
    const char *unit = NULL;
    set->describe (i, name, &unit);
    g_assert_nonnull (unit);
    g_assert_cmpuint (strlen (unit), >, 0);
  }
  g_string_free (name, TRUE);
  g_assert_cmpstr (unit_of ("centroid_mean"), ==, "Hz");
  g_assert_cmpstr (unit_of ("centroid_skewness"), ==, "1");
  g_assert_cmpstr (unit_of ("log_energy_p05"), ==, "ln");
  g_assert_cmpstr (unit_of ("f0_mean"), ==, "semitone");
  g_assert_cmpstr (unit_of ("f0_kurtosis"), ==, "1");
  g_assert_cmpstr (unit_of ("voiced_run_max"), ==, "frame");
}

static void
describe_other (guint index, GString *name, const char **unit)
{
  speech_1 ()->describe (index, name, unit);
  if (index == 700)
    *unit = "other";
}

/* The hash covers the set's name and revision, every name and every unit. */
static void
test_hash (void)
{
  EmotionFeatureSet renamed = *speech_1 (), shorter = *speech_1 (), other = *speech_1 (),
                    revised = *speech_1 ();
  renamed.name = "speech-2";
  shorter.n_features--;
  other.describe = describe_other;
  revised.revision++;
  char *hashes[] = {emotion_feature_set_hash (speech_1 ()), emotion_feature_set_hash (speech_1 ()),
                    emotion_feature_set_hash (&renamed),    emotion_feature_set_hash (&shorter),
                    emotion_feature_set_hash (&other),      emotion_feature_set_hash (&revised)};
  g_assert_cmpstr (hashes[0], ==, hashes[1]);
  for (guint i = 0; i < G_N_ELEMENTS (hashes); i++) {
    g_assert_true (g_regex_match_simple ("^[0-9a-f]{64}$", hashes[i], 0, 0));
    for (guint j = MAX (i + 1, 2); j < G_N_ELEMENTS (hashes); j++)
      g_assert_cmpstr (hashes[i], !=, hashes[j]);
  }
  for (guint i = 0; i < G_N_ELEMENTS (hashes); i++)
    g_free (hashes[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/feature-set/find", test_find);
  g_test_add_func ("/feature-set/names", test_names);
  g_test_add_func ("/feature-set/units", test_units);
  g_test_add_func ("/feature-set/hash", test_hash);
  return g_test_run ();
}
