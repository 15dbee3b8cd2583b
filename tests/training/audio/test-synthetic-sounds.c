/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "training/audio/synthetic-sounds.h"

#include <math.h>
#include <string.h>

static float
peak_of (const TrainingAudio *audio)
{
  float peak = 0;
  for (gsize i = 0; i < audio->n_frames; i++) {
    g_assert_true (isfinite (audio->samples[i]));
    peak = MAX (peak, fabsf (audio->samples[i]));
  }
  return peak;
}

/* Every sound is audible, within full scale and reproducible; no two are alike. */
static void
test_all (void)
{
  GHashTable *seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint index = 0; index < TRAINING_SOUNDS; index++) {
    TrainingAudio audio;
    training_sound_make (index, &audio);
    g_assert_cmpuint (audio.rate, ==, 16000);
    g_assert_cmpuint (audio.channels, ==, 1);
    g_assert_cmpuint (audio.n_frames, ==, (index < TRAINING_SOUNDS_MUSIC ? 9 : 6) * 16000);
    const float peak = peak_of (&audio);
    g_assert_true (peak >= 0.049f && peak <= 0.51f);
    char *hash = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)audio.samples,
                                              audio.n_frames * sizeof (float));
    g_assert_true (g_hash_table_add (seen, hash));
    training_audio_clear (&audio);
  }
  g_hash_table_unref (seen);
}

static void
test_same (void)
{
  static const guint indices[] = {0, 77, 449, 450, 451, 452, 453, 454, 455};
  for (guint i = 0; i < G_N_ELEMENTS (indices); i++) {
    TrainingAudio a, b;
    training_sound_make (indices[i], &a);
    training_sound_make (indices[i], &b);
    g_assert_cmpuint (a.n_frames, ==, b.n_frames);
    g_assert_cmpint (memcmp (a.samples, b.samples, a.n_frames * sizeof (float)), ==, 0);
    training_audio_clear (&a);
    training_audio_clear (&b);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  g_test_add_func ("/training/sounds/all", test_all);
  g_test_add_func ("/training/sounds/same", test_same);
  return g_test_run ();
}
