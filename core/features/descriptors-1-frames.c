/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "descriptors-1-frames.h"

#include <math.h>
#include <string.h>

#include "core/dsp/hpss.h"
#include "core/dsp/savitzky-golay.h"
#include "core/dsp/spectral-shape.h"

#define CROSSING_FLOOR 1e-10f /* values closer to 0 count as positive */
#define PITCH_THRESHOLD 0.1f  /* of the clip's highest peak */
#define RATIO_FLOOR 1e-6      /* added to both sums of the ratio of energies */

Descriptors1Frames *
emotion_descriptors_1_frames_new (gsize max_samples)
{
  Descriptors1Frames *self = g_new0 (Descriptors1Frames, 1);
  /* A multiple of four frames, because four are processed at once. */
  guint n = (emotion_stft_n_frames (max_samples) + EMOTION_SIMD_WIDTH - 1) / EMOTION_SIMD_WIDTH *
            EMOTION_SIMD_WIDTH;
  self->max_samples = max_samples;
  self->max_frames = n;
  float **series[] = {&self->rms,     &self->zero_crossing_rate, &self->centroid, &self->bandwidth,
                      &self->rolloff, &self->flatness,           &self->onsets};
  for (guint i = 0; i < G_N_ELEMENTS (series); i++)
    *series[i] = g_new (float, n);
  for (guint b = 0; b < EMOTION_CONTRAST_BANDS; b++) /* room for peaks, then valleys */
    self->contrast[b] = b ? self->contrast[b - 1] + 2 * (gsize)n
                          : g_new (float, 2 * (gsize)n * EMOTION_CONTRAST_BANDS);
  self->levels = g_new (float, (gsize)n *EMOTION_SLANEY_BANDS);
  float **cepstra[] = {&self->cepstra, &self->delta, &self->delta2};
  for (guint i = 0; i < G_N_ELEMENTS (cepstra); i++)
    *cepstra[i] = g_new (float, (gsize)n *DESCRIPTORS_1_CEPSTRA);
  float **chroma[] = {&self->chroma_stft, &self->chroma_cqt, &self->chroma_cens,
                      &self->chroma_harmonic, &self->quantised};
  for (guint i = 0; i < G_N_ELEMENTS (chroma); i++)
    *chroma[i] = g_new (float, (gsize)n *EMOTION_CHROMA);
  self->tonnetz = g_new (float, (gsize)n *EMOTION_TONNETZ);
  self->constant_q_magnitude = g_new (float, (gsize)n *EMOTION_CONSTANT_Q_BINS);
  self->stft = emotion_stft_new ();
  self->mel = emotion_slaney_mel_new (DESCRIPTORS_1_CEPSTRA);
  self->peaks = emotion_peaks_new (n);
  self->pitches = g_new (float, emotion_peaks_capacity (n));
  self->chroma_bank = emotion_chroma_bank_new ();
  self->constant_q = emotion_constant_q_new (max_samples);
  self->tempo_state = emotion_tempo_new (n);
  self->spectra = fftwf_malloc (sizeof (fftwf_complex) * EMOTION_STFT_COMPLEX_STRIDE * n);
  self->magnitude = fftwf_malloc (sizeof (float) * EMOTION_STFT_STRIDE * n);
  self->percussive = fftwf_malloc (sizeof (float) * EMOTION_STFT_STRIDE * n);
  self->harmonic = fftwf_malloc (sizeof (float) * max_samples);
  self->lanes = fftwf_malloc (sizeof (EmotionSimd) * EMOTION_STFT_STRIDE);
  self->result = fftwf_malloc (sizeof (EmotionSimd) * EMOTION_STFT_STRIDE);
  self->strip = fftwf_malloc (sizeof (EmotionSimd) * n);
  return self;
}

void
emotion_descriptors_1_frames_free (Descriptors1Frames *self)
{
  if (!self)
    return;
  emotion_stft_free (self->stft);
  emotion_slaney_mel_free (self->mel);
  emotion_peaks_free (self->peaks);
  emotion_chroma_bank_free (self->chroma_bank);
  emotion_constant_q_free (self->constant_q);
  emotion_tempo_free (self->tempo_state);
  gpointer from_fftw[] = {self->spectra, self->magnitude, self->percussive, self->harmonic,
                          self->lanes,   self->result,    self->strip};
  for (guint i = 0; i < G_N_ELEMENTS (from_fftw); i++)
    fftwf_free (from_fftw[i]);
  gpointer from_glib[] = {self->rms,
                          self->zero_crossing_rate,
                          self->centroid,
                          self->bandwidth,
                          self->rolloff,
                          self->flatness,
                          self->onsets,
                          self->levels,
                          self->cepstra,
                          self->delta,
                          self->delta2,
                          self->chroma_stft,
                          self->chroma_cqt,
                          self->chroma_cens,
                          self->tonnetz,
                          self->chroma_harmonic,
                          self->quantised,
                          self->constant_q_magnitude,
                          self->pitches,
                          self->contrast[0],
                          self};
  for (guint i = 0; i < G_N_ELEMENTS (from_glib); i++)
    g_free (from_glib[i]);
}

static float *
magnitude_row (const Descriptors1Frames *self, guint t)
{
  return self->magnitude + (gsize)t * EMOTION_STFT_STRIDE;
}

/* Copies the magnitudes of frames t .. t + 3 to self->lanes, one frame per lane. */
static void
gather_lanes (Descriptors1Frames *self, guint t)
{
  const float *rows = magnitude_row (self, t);
  EmotionSimd *lanes = self->lanes;
  for (guint bin = 0; bin < EMOTION_STFT_BINS; bin += EMOTION_SIMD_WIDTH) {
    for (guint l = 0; l < EMOTION_SIMD_WIDTH; l++)
      lanes[bin + l] = emotion_simd_load (rows + (gsize)l * EMOTION_STFT_STRIDE + bin);
    emotion_simd_transpose (lanes + bin);
  }
}

/* The reverse: copies self->result to `rows`. */
static void
scatter_lanes (Descriptors1Frames *self, float *rows)
{
  EmotionSimd *lanes = self->result;
  for (guint bin = 0; bin < EMOTION_STFT_BINS; bin += EMOTION_SIMD_WIDTH) {
    emotion_simd_transpose (lanes + bin);
    for (guint l = 0; l < EMOTION_SIMD_WIDTH; l++)
      emotion_simd_store (rows + (gsize)l * EMOTION_STFT_STRIDE + bin, lanes[bin + l]);
  }
}

static void
compute_spectra (Descriptors1Frames *self)
{
  guint t = 0;
  for (; t < self->n_frames; t++) {
    fftwf_complex *spectrum = self->spectra + (gsize)t * EMOTION_STFT_COMPLEX_STRIDE;
    emotion_stft_forward (self->stft, self->samples, self->n_samples, t, spectrum);
    emotion_stft_magnitude (spectrum, magnitude_row (self, t));
  }
  for (; t % EMOTION_SIMD_WIDTH; t++)
    memset (magnitude_row (self, t), 0, sizeof (float) * EMOTION_STFT_STRIDE);
}

static gboolean
is_negative (float x)
{
  return x < -CROSSING_FLOOR;
}

/* A sign change belongs to frame t if it is between two neighbouring samples of the frame. */
static void
compute_zero_crossings (Descriptors1Frames *self)
{
  const float *x = self->samples;
  const gint64 half = EMOTION_STFT_SIZE / 2, last = (gint64)self->n_samples - 1;
  gint64 from = 0, end = 0; /* count: sign changes in from .. end */
  gint64 count = 0;
  for (guint t = 0; t < self->n_frames; t++) {
    gint64 first = MAX ((gint64)t * EMOTION_STFT_HOP - half, 0);
    gint64 final = MIN ((gint64)t * EMOTION_STFT_HOP + half - 1, last);
    for (; end < final; end++)
      count += is_negative (x[end]) != is_negative (x[end + 1]);
    for (; from < first; from++)
      count -= is_negative (x[from]) != is_negative (x[from + 1]);
    self->zero_crossing_rate[t] = (float)((double)count / EMOTION_STFT_SIZE);
  }
}

static void
compute_shape (Descriptors1Frames *self)
{
  for (guint t = 0; t < self->n_frames; t += EMOTION_SIMD_WIDTH) {
    EmotionSpectralShape shape;
    gather_lanes (self, t);
    emotion_spectral_shape (self->lanes, &shape);
    emotion_simd_store (self->rms + t, shape.rms);
    emotion_simd_store (self->centroid + t, shape.centroid);
    emotion_simd_store (self->bandwidth + t, shape.bandwidth);
    emotion_simd_store (self->rolloff + t, shape.rolloff);
    emotion_simd_store (self->flatness + t, shape.flatness);
  }
  compute_zero_crossings (self);
}

static void
compute_contrast (Descriptors1Frames *self)
{
  for (guint t = 0; t < self->n_frames; t += EMOTION_SIMD_WIDTH) {
    EmotionSimd peaks[EMOTION_CONTRAST_BANDS], valleys[EMOTION_CONTRAST_BANDS];
    gather_lanes (self, t);
    emotion_contrast_extremes (self->lanes, peaks, valleys);
    for (guint b = 0; b < EMOTION_CONTRAST_BANDS; b++) {
      emotion_simd_store (self->contrast[b] + t, peaks[b]);
      emotion_simd_store (self->contrast[b] + self->max_frames + t, valleys[b]);
    }
  }
  emotion_contrast_levels (self->contrast, self->max_frames, self->n_frames);
}

static void
compute_cepstra (Descriptors1Frames *self)
{
  EmotionSimd levels[EMOTION_SLANEY_BANDS];
  for (guint t = 0; t < self->n_frames; t += EMOTION_SIMD_WIDTH) {
    gather_lanes (self, t);
    emotion_slaney_mel_levels (self->mel, self->lanes, levels);
    for (guint b = 0; b < EMOTION_SLANEY_BANDS; b += EMOTION_SIMD_WIDTH) {
      emotion_simd_transpose (levels + b);
      for (guint l = 0; l < EMOTION_SIMD_WIDTH; l++)
        emotion_simd_store (self->levels + (gsize)(t + l) * EMOTION_SLANEY_BANDS + b,
                            levels[b + l]);
    }
  }
  emotion_slaney_mel_limit (self->levels, (gsize)self->n_frames * EMOTION_SLANEY_BANDS);
  for (guint t = 0; t < self->n_frames; t++)
    emotion_slaney_mel_cepstra (self->mel, self->levels + (gsize)t * EMOTION_SLANEY_BANDS,
                                self->cepstra + (gsize)t * DESCRIPTORS_1_CEPSTRA);
  emotion_savitzky_golay (self->cepstra, self->n_frames, DESCRIPTORS_1_CEPSTRA, 1, self->delta);
  emotion_savitzky_golay (self->cepstra, self->n_frames, DESCRIPTORS_1_CEPSTRA, 2, self->delta2);
}

static void
compute_tempo (Descriptors1Frames *self)
{
  emotion_tempo_onsets (self->levels, self->n_frames, self->onsets);
  self->tempo = (float)emotion_tempo_estimate (self->tempo_state, self->onsets, self->n_frames);
}

static void
compute_peaks (Descriptors1Frames *self)
{
  const EmotionPeaks *peaks = self->peaks;
  float highest = 0;
  emotion_peaks_clear (self->peaks);
  for (guint t = 0; t < self->n_frames; t++)
    emotion_peaks_add (self->peaks, magnitude_row (self, t));
  for (guint i = 0; i < peaks->n; i++)
    highest = MAX (highest, peaks->height[i]);
  self->n_pitches = 0;
  for (guint i = 0; i < peaks->n; i++)
    if (peaks->height[i] > PITCH_THRESHOLD * highest)
      self->pitches[self->n_pitches++] = peaks->hz[i];
  self->stft_tuning = (float)emotion_peaks_tuning (self->peaks, EMOTION_CHROMA) / 100;
  self->cqt_tuning = (float)emotion_peaks_tuning (self->peaks, EMOTION_CONSTANT_Q_PER_OCTAVE) / 100;
}

static gint
hundredths (float tuning)
{
  return (gint)lroundf (100 * tuning);
}

static void
compute_chroma_stft (Descriptors1Frames *self)
{
  emotion_chroma_bank_tune (self->chroma_bank, hundredths (self->stft_tuning));
  emotion_chroma_bank_apply (self->chroma_bank, self->magnitude, self->n_frames, self->chroma_stft);
  emotion_chroma_normalize (self->chroma_stft, self->n_frames);
}

static void
separate (Descriptors1Frames *self)
{
  for (guint t = 0; t < self->n_frames; t += EMOTION_SIMD_WIDTH) {
    gather_lanes (self, t);
    emotion_hpss_percussive (self->lanes, self->result);
    scatter_lanes (self, self->percussive + (gsize)t * EMOTION_STFT_STRIDE);
  }
  emotion_hpss_harmonic (self->magnitude, self->percussive, self->n_frames, self->strip,
                         self->spectra);
}

/* Sum of absolute values of x[0..n) or, if `y` is not NULL, of x - y. */
static float
sum_absolute (const float *x, const float *y, gsize n)
{
  float sums[4 * EMOTION_SIMD_WIDTH] = {0}, sum = 0;
  for (gsize i = 0; i < n; i++)
    sums[i % G_N_ELEMENTS (sums)] += fabsf (y ? x[i] - y[i] : x[i]);
  for (guint s = 0; s < G_N_ELEMENTS (sums); s++)
    sum += sums[s];
  return sum;
}

/* The masks of the two parts add up to 1, and the inverse transform restores the clip. So the
 * percussive part is the clip minus the harmonic part. */
static void
compute_harmonic (Descriptors1Frames *self)
{
  double harmonic = 0, percussive = 0;
  emotion_stft_inverse (self->stft, self->spectra, self->harmonic, self->n_samples);
  for (gsize from = 0; from < self->n_samples; from += EMOTION_STFT_HOP) {
    gsize n = MIN (self->n_samples - from, EMOTION_STFT_HOP);
    harmonic += sum_absolute (self->harmonic + from, NULL, n);
    percussive += sum_absolute (self->samples + from, self->harmonic + from, n);
  }
  self->energies[0] = (float)(harmonic / (double)self->n_samples);
  self->energies[1] = (float)(percussive / (double)self->n_samples);
  self->energies[2] = (float)((harmonic + RATIO_FLOOR) / (percussive + RATIO_FLOOR));
}

static void
compute_harmonic_tuning (Descriptors1Frames *self)
{
  emotion_peaks_clear (self->peaks);
  for (guint t = 0; t < self->n_frames; t++) {
    emotion_stft_forward (self->stft, self->harmonic, self->n_samples, t, self->spectra);
    emotion_stft_magnitude (self->spectra, self->percussive);
    emotion_peaks_add (self->peaks, self->percussive);
  }
  self->harmonic_tuning =
      (float)emotion_peaks_tuning (self->peaks, EMOTION_CONSTANT_Q_PER_OCTAVE) / 100;
}

/* The chromagram of constant-Q spectra, not normalised. */
static void
fold_constant_q (Descriptors1Frames *self, const float *samples, float tuning, float *chroma)
{
  emotion_constant_q_transform (self->constant_q, samples, self->n_samples, hundredths (tuning),
                                self->constant_q_magnitude);
  emotion_chroma_fold (self->constant_q_magnitude, self->n_frames, chroma);
}

static void
compute_chroma_cqt (Descriptors1Frames *self)
{
  fold_constant_q (self, self->samples, self->cqt_tuning, self->chroma_cqt);
  emotion_chroma_cens (self->chroma_cqt, self->n_frames, self->quantised, self->chroma_cens);
  emotion_chroma_normalize (self->chroma_cqt, self->n_frames);
}

static void
compute_tonnetz (Descriptors1Frames *self)
{
  fold_constant_q (self, self->harmonic, self->harmonic_tuning, self->chroma_harmonic);
  emotion_chroma_normalize (self->chroma_harmonic, self->n_frames);
  emotion_chroma_tonnetz (self->chroma_harmonic, self->n_frames, self->tonnetz);
}

const Descriptors1Step emotion_descriptors_1_steps[DESCRIPTORS_1_N_STEPS] = {
    {"spectra", compute_spectra},
    {"shape and zero crossings", compute_shape},
    {"contrast", compute_contrast},
    {"cepstra and deltas", compute_cepstra},
    {"tempo", compute_tempo},
    {"peaks and tuning", compute_peaks},
    {"chroma of the spectra", compute_chroma_stft},
    {"separation", separate},
    {"harmonic part", compute_harmonic},
    {"harmonic tuning", compute_harmonic_tuning},
    {"constant-Q chroma and CENS", compute_chroma_cqt},
    {"tonnetz by constant-Q chroma", compute_tonnetz},
};

void
emotion_descriptors_1_frames_start (Descriptors1Frames *self, const float *samples, gsize n)
{
  g_assert (n >= 1 && n <= self->max_samples);
  self->samples = samples;
  self->n_samples = n;
  self->n_frames = emotion_stft_n_frames (n);
}

void
emotion_descriptors_1_frames_compute (Descriptors1Frames *self, const float *samples, gsize n)
{
  emotion_descriptors_1_frames_start (self, samples, n);
  for (guint i = 0; i < DESCRIPTORS_1_N_STEPS; i++)
    emotion_descriptors_1_steps[i].run (self);
}
