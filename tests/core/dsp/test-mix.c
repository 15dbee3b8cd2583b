/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/base/audio.h"
#include "core/dsp/mix.h"

#include <math.h>
#include <string.h>

#define HALF_POWER 0.70710678f
#define N 1000

/* The mix of one frame of `channels` that is 1 in channel `at` and 0 elsewhere. */
static float
gain_of (guint channels, guint64 positions, guint at)
{
  EmotionMix mix;
  float frame[EMOTION_MAX_CHANNELS] = {0}, mono;
  frame[at] = 1;
  emotion_mix_init (&mix, channels, positions);
  g_assert_cmpuint (emotion_mix_apply (&mix, frame, 1, &mono), ==, 0);
  return mono;
}

static float *
noise (gsize n)
{
  GRand *random = g_rand_new_with_seed (1);
  float *out = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    out[i] = (float)g_rand_double_range (random, -1, 1);
  g_rand_free (random);
  return out;
}

/* Mono, stereo and streams without positions, or with another number of them, mix to the mean, bit
 * for bit. */
static void
test_mean (void)
{
  static const struct {
    guint channels;
    guint64 positions;
  } streams[] = {{1, 0},     {1, 0x4}, {1, 0x8}, {2, 0},   {2, 0x3},  {2, 0x30},
                 {2, 0x208}, {3, 0},   {6, 0},   {6, 0x3}, {6, 0x7f}, {64, 0}};
  float *frames = noise (64 * N), mono[N];
  for (guint s = 0; s < G_N_ELEMENTS (streams); s++) {
    const guint channels = streams[s].channels;
    const float scale = 1.f / (float)channels;
    EmotionMix mix;
    emotion_mix_init (&mix, channels, streams[s].positions);
    emotion_mix_apply (&mix, frames, N, mono);
    for (gsize i = 0; i < N; i++) {
      float sum = 0;
      for (guint c = 0; c < channels; c++)
        sum += frames[i * channels + c];
      const float mean = sum * scale;
      g_assert_true (memcmp (&mono[i], &mean, sizeof mean) == 0);
    }
  }
  g_free (frames);
}

/* The usual layouts, channel for channel. */
static void
test_positions (void)
{
  static const float h = HALF_POWER, q = HALF_POWER / 2;
  const struct {
    guint64 positions;
    guint channels;
    float gains[8];
  } layouts[] = {
      {0xb, 3, {.5f, .5f, 0}},                        /* 2.1 */
      {0xc, 2, {1, 0}},                               /* 1.1 */
      {0x7, 3, {.5f, .5f, h}},                        /* 3.0 */
      {0xc03, 4, {.5f, .5f, q, q}},                   /* quadraphonic */
      {0x37, 5, {.5f, .5f, h, q, q}},                 /* 5.0 */
      {0x3f, 6, {.5f, .5f, h, 0, q, q}},              /* 5.1, rear */
      {0xc0f, 6, {.5f, .5f, h, 0, q, q}},             /* 5.1, sides */
      {0x13f, 7, {.5f, .5f, h, 0, q, q, q}},          /* 6.1 */
      {0xc3f, 8, {.5f, .5f, h, 0, q, q, q, q}},       /* 7.1 */
      {0xff, 8, {.5f, .5f, h, 0, q, q, .5f, .5f}},    /* 7.1, wide front */
      {0xc03f & ~0x30ull, 6, {.5f, .5f, h, 0, q, q}}, /* 3.1 and two above */
      {0x20b, 4, {.5f, .5f, 0, 0}},                   /* 2.2 */
  };
  for (guint i = 0; i < G_N_ELEMENTS (layouts); i++)
    for (guint c = 0; c < layouts[i].channels; c++)
      g_assert_cmpfloat_with_epsilon (gain_of (layouts[i].channels, layouts[i].positions, c),
                                      layouts[i].gains[c], 1e-6);
}

/* Bad samples are found also in channels that the mix leaves out; the mix works in place. */
static void
test_bad_samples (void)
{
  float frames[] = {.5f, NAN, .25f, INFINITY, .5f, .5f, 2e6f, 9};
  EmotionMix mix;
  emotion_mix_init (&mix, 4, 0xf);
  g_assert_cmpuint (emotion_mix_apply (&mix, frames, 2, frames), ==, 3);
  g_assert_cmpfloat_with_epsilon (frames[0], .25f + HALF_POWER * .25f, 1e-6);
  g_assert_cmpfloat (frames[1], ==, .5f);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mix/mean", test_mean);
  g_test_add_func ("/mix/positions", test_positions);
  g_test_add_func ("/mix/bad-samples", test_bad_samples);
  return g_test_run ();
}
