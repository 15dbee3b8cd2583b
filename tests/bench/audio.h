/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sounds of the benchmarks. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  float *samples; /* n_frames x channels, interleaved, full scale 1 */
  gsize n_frames;
  guint rate; /* Hz */
  guint channels;
  char *source; /* where it is from, for people */
} BenchAudio;

void bench_audio_clear (BenchAudio *self);

/* Each function returns `seconds` of sound of `rate` Hz; a source that is shorter repeats. */

/* Speech: read English of `corpora`/natural/librispeech; else the spoken words of Debian's package
 * alsa-utils; else a synthetic voice. gst_init() first. */
BenchAudio bench_audio_speech (const char *corpora, guint rate, guint channels, double seconds);
/* Rain, sea waves and a helicopter of `corpora`/natural/sounds; else pink noise at -30 dBFS. */
BenchAudio bench_audio_noise (const char *corpora, guint rate, double seconds);
BenchAudio bench_audio_silence (guint rate, double seconds);
/* Syllables of a gliding voice with formants, noise and pauses, quantised to 16 bits: the same in
 * every run. */
BenchAudio bench_audio_voice (guint rate, double seconds);

/* The same as 16-bit integers in the machine's byte order; free with g_free(). */
gint16 *bench_audio_to_s16 (const BenchAudio *self);

/* Writes a WAV file of 16 bits. */
gboolean bench_audio_save (const BenchAudio *self, const char *path, GError **error);

G_END_DECLS
