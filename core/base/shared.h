/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The only process-wide state of the core: a cache of FFT plans by size and one of living models by
 * content hash. Both are weak: what nobody uses any more is freed. Locked at set-up only; executing
 * a plan and using a model take no lock. Any thread. */
#pragma once

#include <fftw3.h>
#include <glib.h>

G_BEGIN_DECLS

/* Plans of a real FFT of one size, forward and back. Estimated plans only, so that the same build
 * gives the same bits in every process. In double precision, so that whoever rounds the result to
 * float gets the same bits on every processor too, whichever instructions FFTW finds there. */
typedef struct {
  guint size;
  fftw_plan forward; /* size numbers -> size / 2 + 1 complex */
  fftw_plan inverse; /* the other way, unscaled; destroys its input */
} EmotionFft;

/* The plans for `size` (even, > 0); give back with emotion_fft_release(). */
const EmotionFft *emotion_fft_acquire (guint size);
void emotion_fft_release (const EmotionFft *fft);

/* Executes a plan; both arrays come from fftw_malloc(). */
void emotion_fft_forward (const EmotionFft *fft, double *in, fftw_complex *out);
void emotion_fft_inverse (const EmotionFft *fft, fftw_complex *in, double *out);

/* Of complex numbers in single precision, `size` each way. */
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
