/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Signals with known properties. Every function returns `n` new mono samples, to be freed with
 * g_free(); `amplitude` is the peak, 1 being full scale. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

float *test_silence (gsize n);
/* amplitude * sin (2 pi hz t + phase) */
float *test_tone (guint rate, gsize n, double hz, double amplitude, double phase);
/* A tone whose frequency changes linearly from `from` to `to` Hz. */
float *test_chirp (guint rate, gsize n, double from, double to, double amplitude);
/* The same with a linear change of the logarithm of the frequency. */
float *test_glide (guint rate, gsize n, double from, double to, double amplitude);
/* A falling saw-tooth of all harmonics below both 7 kHz and the Nyquist frequency. */
float *test_saw (guint rate, gsize n, double hz, double amplitude);
/* White, uniform in -amplitude .. amplitude. */
float *test_noise (gsize n, double amplitude, guint32 seed);
/* An /a/ with a gliding F0, in syllables of 0.3 s with pauses of 0.1 s; the harmonics end below 3.5
 * kHz, so it is the same signal at any rate from 8 kHz. */
float *test_vowel (guint rate, gsize n);
double test_vowel_f0 (double t); /* Hz at t seconds */

/* Pulses 0.1 ms wide (one sigma of a Gaussian), `hz` of them per second. Neighbouring periods
 * differ at random by a fraction of `jitter` on average, the ln of neighbouring heights by
 * `shimmer`. */
float *test_pulses (guint rate, gsize n, double hz, double jitter, double shimmer);
/* Pulses through resonances at `centres` with `widths`, in Hz: a vowel of known formants. */
float *test_resonances (guint rate, gsize n, double hz, const double *centres, const double *widths,
                        guint n_resonances);

/* Samples of signals/NAME.wav in $EMOTION_REFERENCE, or NULL if it is not there. */
float *test_reference (const char *name, guint *rate, gsize *n);

/* The ratio of `signal` to the difference between `signal` and `actual`, in dB, over n samples. */
double test_snr (const float *signal, const float *actual, gsize n);

/* Fails unless both have the same number of samples with the same bits. */
void test_assert_same_bits (const float *a, gsize n_a, const float *b, gsize n_b);

G_END_DECLS
