/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The only process-wide state of the core: a cache of FFT plans by size and one of living models by
 * content hash. Both are weak: what nobody uses any more is freed. Locked at set-up only; executing
 * a plan and using a model take no lock. Any thread. */
#pragma once

#include <fftw3.h>
#include <glib.h>

G_BEGIN_DECLS

/* Plans of a real FFT of one size, forward and back. Estimated plans only, so that the same build
 * gives the same bits in every process. */
typedef struct {
  guint size;
  fftwf_plan forward; /* size floats -> size / 2 + 1 complex */
  fftwf_plan inverse; /* the other way, unscaled; destroys its input */
} EmotionFft;

/* The plans for `size` (even, > 0); give back with emotion_fft_release(). */
const EmotionFft *emotion_fft_acquire (guint size);
void emotion_fft_release (const EmotionFft *fft);

/* Executes a plan; both arrays come from fftwf_malloc(). */
void emotion_fft_forward (const EmotionFft *fft, float *in, fftwf_complex *out);
void emotion_fft_inverse (const EmotionFft *fft, fftwf_complex *in, float *out);

/* The same in double precision, for where the last bits of a float decide something; arrays come
 * from fftw_malloc(). */
typedef struct {
  guint size;
  fftw_plan forward, inverse;
} EmotionFftDouble;

const EmotionFftDouble *emotion_fft_double_acquire (guint size);
void emotion_fft_double_release (const EmotionFftDouble *fft);
void emotion_fft_double_forward (const EmotionFftDouble *fft, double *in, fftw_complex *out);
void emotion_fft_double_inverse (const EmotionFftDouble *fft, fftw_complex *in, double *out);

/* Of complex numbers, `size` each way. */
typedef struct {
  guint size;
  fftwf_plan forward, inverse;
} EmotionFftComplex;

const EmotionFftComplex *emotion_fft_complex_acquire (guint size);
void emotion_fft_complex_release (const EmotionFftComplex *fft);
void emotion_fft_complex_forward (const EmotionFftComplex *fft, fftwf_complex *in,
                                  fftwf_complex *out);
void emotion_fft_complex_inverse (const EmotionFftComplex *fft, fftwf_complex *in,
                                  fftwf_complex *out);

/* The living object interned under `hash` with its count raised, or NULL. */
gpointer emotion_shared_find (const char *hash);

/* Interns `object`, whose count is `*ref_count`, under `hash`, which must live as long as it does.
 * When an equal one lives already, that one is returned with its count raised, else `object`. */
gpointer emotion_shared_intern (const char *hash, gpointer object, gint *ref_count);

/* Lowers `*ref_count`; TRUE when that was the last reference: the object is out of the cache and
 * the caller frees it. */
gboolean emotion_shared_release (const char *hash, gpointer object, gint *ref_count);

G_END_DECLS
