/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "log-mel.h"

#include <fftw3.h>
#include <string.h>

#include "core/dsp/mix.h"
#include "core/dsp/resampler.h"
#include "core/dsp/stft.h"
#include "core/features/extractor.h"

#define RANGE 80.0f    /* dB, range of levels */
#define SILENCE -99.9f /* dB re 1 of a band's power: levels have their floor at -100 */
#define BLOCK 4096     /* frames mixed at once */
#define HALF (EMOTION_STFT_SIZE / 2)
/* Frames before the next one whose samples are still needed. */
#define LEAD (HALF / EMOTION_STFT_HOP)

struct _TrainingLogMel {
  EmotionMix mix;
  EmotionResampler *resampler;
  EmotionStft *stft;
  EmotionSlaneyMel *mel;
  float *samples; /* resampled, from frame `first` on */
  gsize room, n;
  guint64 first, next; /* frames: the first one in `samples`; the next one to analyse */
  fftwf_complex *spectrum;
  float *magnitude; /* EMOTION_SIMD_WIDTH frames x EMOTION_STFT_STRIDE */
  EmotionSimd *lanes;
  guint width, n_waiting; /* frames in `magnitude` */
  guint64 n_done;         /* frames with levels */
  float *levels;          /* of the first `width` frames, each TRAINING_LOG_MEL_BANDS */
  float max;
};

TrainingLogMel *
training_log_mel_new (const TrainingAudio *format, guint width, GError **error)
{
  if (!emotion_extractor_check (format->rate, format->channels, error))
    return NULL;
  TrainingLogMel *self = g_new0 (TrainingLogMel, 1);
  emotion_mix_init (&self->mix, format->channels, format->positions);
  self->resampler = emotion_resampler_new (format->rate);
  self->stft = emotion_stft_new ();
  self->mel = emotion_slaney_mel_new (1);
  self->room = EMOTION_STFT_SIZE + EMOTION_STFT_HOP * (LEAD + 1) +
               MAX (emotion_resampler_get_max_output (self->resampler, BLOCK),
                    emotion_resampler_get_max_output (self->resampler, 0));
  self->samples = g_new (float, self->room);
  self->spectrum = fftwf_malloc (sizeof (fftwf_complex) * EMOTION_STFT_COMPLEX_STRIDE);
  self->magnitude = fftwf_malloc (sizeof (float) * EMOTION_STFT_STRIDE * EMOTION_SIMD_WIDTH);
  self->lanes = fftwf_malloc (sizeof (EmotionSimd) * EMOTION_STFT_STRIDE);
  self->width = width;
  self->levels = g_new (float, (gsize)width *TRAINING_LOG_MEL_BANDS);
  self->max = -G_MAXFLOAT;
  return self;
}

void
training_log_mel_free (TrainingLogMel *self)
{
  if (!self)
    return;
  emotion_resampler_free (self->resampler);
  emotion_stft_free (self->stft);
  emotion_slaney_mel_free (self->mel);
  g_free (self->samples);
  fftwf_free (self->spectrum);
  fftwf_free (self->magnitude);
  fftwf_free (self->lanes);
  g_free (self->levels);
  g_free (self);
}

/* Computes the levels of the waiting frames, four at once as in descriptors-1, padded with
 * zeros. */
static void
take_levels (TrainingLogMel *self)
{
  EmotionSimd levels[TRAINING_LOG_MEL_BANDS];
  float of_frames[EMOTION_SIMD_WIDTH][TRAINING_LOG_MEL_BANDS];
  const gsize stride = EMOTION_STFT_STRIDE;
  memset (self->magnitude + self->n_waiting * stride, 0,
          (EMOTION_SIMD_WIDTH - self->n_waiting) * stride * sizeof (float));
  for (guint bin = 0; bin < EMOTION_STFT_BINS; bin += EMOTION_SIMD_WIDTH) {
    for (guint l = 0; l < EMOTION_SIMD_WIDTH; l++)
      self->lanes[bin + l] = emotion_simd_load (self->magnitude + l * stride + bin);
    emotion_simd_transpose (self->lanes + bin);
  }
  emotion_slaney_mel_levels (self->mel, self->lanes, levels);
  for (guint b = 0; b < TRAINING_LOG_MEL_BANDS; b += EMOTION_SIMD_WIDTH) {
    emotion_simd_transpose (levels + b);
    for (guint l = 0; l < EMOTION_SIMD_WIDTH; l++)
      emotion_simd_store (of_frames[l] + b, levels[b + l]);
  }
  for (guint l = 0; l < self->n_waiting; l++, self->n_done++) {
    for (guint b = 0; b < TRAINING_LOG_MEL_BANDS; b++)
      self->max = MAX (self->max, of_frames[l][b]);
    if (self->n_done < self->width)
      memcpy (self->levels + self->n_done * TRAINING_LOG_MEL_BANDS, of_frames[l],
              sizeof of_frames[l]);
  }
  self->n_waiting = 0;
}

/* Analyses the frames whose samples are complete, or all at the end of the file. Keeps the samples
 * of later frames. */
static void
take_frames (TrainingLogMel *self, gboolean ended)
{
  for (;;) {
    const guint at = (guint)(self->next - self->first); /* among the samples */
    const gsize centre = (gsize)at * EMOTION_STFT_HOP;
    if (ended ? at >= emotion_stft_n_frames (self->n) : centre + HALF > self->n)
      break;
    emotion_stft_forward (self->stft, self->samples, self->n, at, self->spectrum);
    emotion_stft_magnitude (self->spectrum,
                            self->magnitude + (gsize)self->n_waiting * EMOTION_STFT_STRIDE);
    self->next++;
    if (++self->n_waiting == EMOTION_SIMD_WIDTH)
      take_levels (self);
  }
  if (self->next <= self->first + LEAD)
    return;
  const gsize unneeded = (gsize)(self->next - LEAD - self->first) * EMOTION_STFT_HOP;
  memmove (self->samples, self->samples + unneeded, (self->n - unneeded) * sizeof (float));
  self->n -= unneeded;
  self->first = self->next - LEAD;
}

void
training_log_mel_add (TrainingLogMel *self, const TrainingAudio *block)
{
  float mono[BLOCK];
  for (gsize done = 0; done < block->n_frames;) {
    const gsize n = MIN (block->n_frames - done, BLOCK);
    emotion_mix_apply (&self->mix, block->samples + done * block->channels, n, mono);
    self->n += emotion_resampler_process (self->resampler, mono, n, self->samples + self->n);
    done += n;
    take_frames (self, FALSE);
  }
}

void
training_log_mel_finish (TrainingLogMel *self, float *array)
{
  self->n += emotion_resampler_drain (self->resampler, self->samples + self->n);
  take_frames (self, FALSE);
  take_frames (self, TRUE);
  if (self->n_waiting > 0)
    take_levels (self);
  const float floor = self->max - RANGE;
  for (guint r = 0; r < TRAINING_LOG_MEL_BANDS; r++)
    for (guint c = 0; c < self->width; c++) {
      float fraction = 0;
      if (c < self->n_done && self->max > SILENCE) {
        const float level = self->levels[(gsize)c * TRAINING_LOG_MEL_BANDS + r];
        fraction = 1 + (MAX (level, floor) - self->max) / RANGE;
      }
      array[(gsize)r * self->width + c] = CLAMP (fraction, 0, 1);
    }
}
