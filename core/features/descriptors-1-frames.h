/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The series of one clip for the feature set "descriptors-1" (core/features/descriptors-1.h). One
 * thread at a time; only new and free allocate. */
#pragma once

#include "core/base/audio.h"
#include "core/dsp/activity.h"
#include "core/dsp/chroma.h"
#include "core/dsp/constant-q.h"
#include "core/dsp/slaney-mel.h"
#include "core/dsp/spectral-contrast.h"
#include "core/dsp/spectral-peaks.h"
#include "core/dsp/stft.h"
#include "core/dsp/tempo.h"

G_BEGIN_DECLS

#define DESCRIPTORS_1_CEPSTRA 20

typedef struct {
  gsize max_samples;
  guint max_frames;

  /* The clip: n_samples at EMOTION_SAMPLE_RATE, in n_frames. */
  const float *samples;
  gsize n_samples;
  guint n_frames;

  /* Results: series of n_frames numbers; matrices of n_frames rows, with all bands of a frame in a
   * row; and numbers of the whole clip. */
  float *rms, *zero_crossing_rate, *centroid, *bandwidth, *rolloff, *flatness;
  float *onsets;
  float *contrast[EMOTION_CONTRAST_BANDS];
  float *levels;                   /* dB, mel bands */
  float *cepstra, *delta, *delta2; /* DESCRIPTORS_1_CEPSTRA */
  float *chroma_stft, *chroma_cqt, *chroma_cens, *chroma_harmonic;
  float *tonnetz;
  float energies[3]; /* mean |harmonic|, mean |percussive|, ratio of their sums */
  float *pitches;    /* n_pitches frequencies in Hz, in the order of their frames */
  guint n_pitches;
  float stft_tuning;     /* of a semitone */
  float cqt_tuning;      /* of a third of a semitone */
  float harmonic_tuning; /* likewise, of the harmonic part */
  float tempo;           /* beats per minute */

  /* Intermediate state. */
  EmotionStft *stft;
  EmotionSlaneyMel *mel;
  EmotionPeaks *peaks;
  EmotionChromaBank *chroma_bank;
  EmotionConstantQ *constant_q;
  EmotionTempo *tempo_state;
  fftwf_complex *spectra;      /* rows of EMOTION_STFT_COMPLEX_STRIDE */
  float *magnitude;            /* rows of EMOTION_STFT_STRIDE; their number is a multiple of four */
  float *percussive;           /* the same shape: medians over frequency */
  float *harmonic;             /* n_samples: the harmonic part */
  EmotionSimd *lanes, *result; /* four frames side by side */
  EmotionSimd *strip;
  float *constant_q_magnitude; /* rows of EMOTION_CONSTANT_Q_BINS */
  float *quantised;
} Descriptors1Frames;

/* New state for clips of up to `max_samples` samples. */
Descriptors1Frames *emotion_descriptors_1_frames_new (gsize max_samples);
void emotion_descriptors_1_frames_free (Descriptors1Frames *self); /* NULL is fine */

/* Computes all results for a clip of 1 .. max_samples samples. `samples` must stay valid while the
 * results are read. */
void emotion_descriptors_1_frames_compute (Descriptors1Frames *self, const float *samples, gsize n);

/* The steps of the computation, in order, so that a benchmark can time each. Call start first. */
typedef struct {
  const char *name;
  void (*run) (Descriptors1Frames *self);
} Descriptors1Step;

#define DESCRIPTORS_1_N_STEPS 12
extern const Descriptors1Step emotion_descriptors_1_steps[DESCRIPTORS_1_N_STEPS];

void emotion_descriptors_1_frames_start (Descriptors1Frames *self, const float *samples, gsize n);

G_END_DECLS
