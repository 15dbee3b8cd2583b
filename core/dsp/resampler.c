/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "resampler.h"

#include <speex/speex_resampler.h>
#include <string.h>

#include "core/base/audio.h"

/* speexdsp quality, 0..10. With 6 the pass band ends at 7.5 kHz when resampling to 16 kHz, and
 * aliases are 100 dB down. 8 has 160 taps in place of 96 for 0.2 kHz more; it took a third of the
 * time of a stream at 48 kHz. */
#define QUALITY 6

struct _EmotionResampler {
  SpeexResamplerState *speex; /* NULL: the input has the target rate */
  guint rate;
  guint64 n_in, n_out;
  guint latency; /* look-ahead of the filter in input samples */
};

EmotionResampler *
emotion_resampler_new (guint rate)
{
  EmotionResampler *self = g_new0 (EmotionResampler, 1);
  self->rate = rate;
  if (rate != EMOTION_SAMPLE_RATE) {
    int status;
    self->speex = speex_resampler_init (1, rate, EMOTION_SAMPLE_RATE, QUALITY, &status);
    if (!self->speex)
      g_error ("speexdsp cannot resample from %u Hz: %s", rate, speex_resampler_strerror (status));
    self->latency = (guint)speex_resampler_get_input_latency (self->speex);
  }
  emotion_resampler_reset (self);
  return self;
}

void
emotion_resampler_free (EmotionResampler *self)
{
  if (!self)
    return;
  if (self->speex)
    speex_resampler_destroy (self->speex);
  g_free (self);
}

void
emotion_resampler_reset (EmotionResampler *self)
{
  self->n_in = self->n_out = 0;
  if (!self->speex)
    return;
  speex_resampler_reset_mem (self->speex);
  speex_resampler_skip_zeros (self->speex);
}

guint64
emotion_resampler_scale (guint rate, guint64 n)
{
  /* In two parts, because n * 16000 may overflow. Audio takes years for that, but a test may ask.
   */
  return n / rate * EMOTION_SAMPLE_RATE + (n % rate * EMOTION_SAMPLE_RATE + rate - 1) / rate;
}

gsize
emotion_resampler_get_max_output (const EmotionResampler *self, gsize n_in)
{
  return emotion_resampler_scale (self->rate, n_in + self->latency) + 1;
}

static gsize
run (EmotionResampler *self, const float *in, gsize n_in, float *out, gsize capacity)
{
  gsize written = 0;
  while (n_in > 0 && written < capacity) {
    spx_uint32_t taken = (spx_uint32_t)n_in, made = (spx_uint32_t)(capacity - written);
    speex_resampler_process_float (self->speex, 0, in, &taken, out + written, &made);
    in += taken;
    n_in -= taken;
    written += made;
  }
  return written;
}

gsize
emotion_resampler_process (EmotionResampler *self, const float *in, gsize n_in, float *out)
{
  self->n_in += n_in;
  gsize written = n_in;
  if (self->speex)
    written = run (self, in, n_in, out, emotion_resampler_get_max_output (self, n_in));
  else
    memcpy (out, in, n_in * sizeof *in);
  self->n_out += written;
  return written;
}

gsize
emotion_resampler_drain (EmotionResampler *self, float *out)
{
  static const float zeros[64];
  guint64 owed = emotion_resampler_scale (self->rate, self->n_in) - self->n_out;
  gsize written = 0;
  while (written < owed)
    written += run (self, zeros, G_N_ELEMENTS (zeros), out + written, (gsize)owed - written);
  self->n_out += written;
  return written;
}
