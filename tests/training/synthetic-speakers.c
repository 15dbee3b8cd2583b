/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "synthetic-speakers.h"

#include <math.h>

#include "scratch.h"

#define RATE 16000
#define SEED 2024

const char *const synthetic_labels[] = {"angry", "calm", "happy", NULL};

/* How a label changes a voice. */
static const struct {
  double pitch;      /* factor on the speaker's pitch */
  double sweep;      /* relative change of pitch in each syllable */
  double level;      /* dB */
  double brightness; /* weight of the sample-to-sample difference in the sound */
  double syllables;  /* per second */
} presets[SYNTHETIC_LABELS] = {
    {1.5, 0.05, 0, 0.9, 5},
    {0.9, 0.02, -18, 0.1, 2.5},
    {1.8, 0.35, -6, 0.5, 4},
};

char *
synthetic_speaker_name (guint speaker)
{
  return g_strdup_printf ("s%u", speaker);
}

char *
synthetic_clip_name (guint speaker, guint label, guint clip)
{
  return g_strdup_printf ("s%u-%s-%u.wav", speaker, synthetic_labels[label], clip);
}

static double
vary (GRand *random, double value, double fraction)
{
  return value * g_rand_double_range (random, 1 - fraction, 1 + fraction);
}

static void
write_clip (const char *folder, guint speaker, guint label, guint clip)
{
  GRand *random =
      g_rand_new_with_seed (SEED + (speaker * SYNTHETIC_LABELS + label) * SYNTHETIC_CLIPS + clip);
  const double pitch = vary (random, (100 + 25 * speaker) * presets[label].pitch, 0.05);
  const double rate = vary (random, presets[label].syllables, 0.1);
  const double gain = vary (random, 5000 * pow (10, presets[label].level / 20), 0.2);
  const double bright = vary (random, presets[label].brightness, 0.1);
  const double angle = 2 * G_PI * vary (random, 600 + 60 * speaker, 0.05) / RATE;
  const double radius = exp (-G_PI * 100 / RATE);
  const gsize n = (gsize)(RATE * g_rand_double_range (random, 1.5, 4));
  gint16 *samples = g_new (gint16, n);
  double phase = 0, last = 0, before = 0;
  for (gsize i = 0; i < n; i++) {
    const double beat = sin (2 * G_PI * rate * (double)i / RATE);
    phase += pitch * (1 + presets[label].sweep * beat) / RATE;
    const double pulse = phase >= 1 ? vary (random, 1, 0.1) : 0;
    phase -= floor (phase);
    const double noise = g_rand_double_range (random, -0.001, 0.001);
    const double out = pulse + noise + 2 * radius * cos (angle) * last - radius * radius * before;
    const double sound = (1 - bright) * out + bright * (out - last);
    before = last;
    last = out;
    const double loud = beat > -0.5 ? 1 : 0.003;
    samples[i] = (gint16)CLAMP (gain * loud * sound, -32768, 32767);
  }
  char *name = synthetic_clip_name (speaker, label, clip);
  g_free (scratch_write_wav (folder, name, RATE, 1, samples, n));
  g_free (name);
  g_free (samples);
  g_rand_free (random);
}

void
synthetic_speakers_write (const char *folder)
{
  for (guint speaker = 0; speaker < SYNTHETIC_SPEAKERS; speaker++)
    for (guint label = 0; label < SYNTHETIC_LABELS; label++)
      for (guint clip = 0; clip < SYNTHETIC_CLIPS; clip++)
        write_clip (folder, speaker, label, clip);
}

GString *
synthetic_speakers_metadata (guint n_speakers)
{
  GString *text = g_string_new ("file_path,emotion,speaker\n");
  for (guint speaker = 0; speaker < n_speakers; speaker++)
    for (guint label = 0; label < SYNTHETIC_LABELS; label++)
      for (guint clip = 0; clip < SYNTHETIC_CLIPS; clip++) {
        char *name = synthetic_clip_name (speaker, label, clip),
             *who = synthetic_speaker_name (speaker);
        g_string_append_printf (text, "%s,%s,%s\n", name, synthetic_labels[label], who);
        g_free (name);
        g_free (who);
      }
  return text;
}
