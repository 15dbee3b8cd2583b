/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mono.h"

#include <math.h>
#include <string.h>

#include "core/base/audio.h"
#include "core/dsp/mix.h"
#include "decode.h"
#include "media/error.h"
#include "training/base/error.h"

#define HELD ((gsize)4 << 20) /* samples, 16 MB: more than four minutes at 16 kHz */
#define MAX_HELD (TRAINING_MAX_HELD / sizeof (float)) /* for input that cannot be read twice */
#define BLOCK 4096                                    /* frames mixed at once */

/* Mixing of a file block by block. */
typedef struct {
  EmotionMix mix; /* without channels before the first block */
  TrainingMonoFunc func;
  gpointer data;
} Reading;

static gboolean
take_block (const TrainingAudio *block, gpointer data, GError **error)
{
  Reading *reading = data;
  float mono[BLOCK];
  if (block->channels > EMOTION_MAX_CHANNELS) {
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                 "has %u channels, and at most %d are supported", block->channels,
                 EMOTION_MAX_CHANNELS);
    return FALSE;
  }
  if (reading->mix.channels == 0)
    emotion_mix_init (&reading->mix, block->channels, block->positions);
  for (gsize done = 0; done < block->n_frames;) {
    const gsize n = MIN (block->n_frames - done, BLOCK);
    emotion_mix_apply (&reading->mix, block->samples + done * block->channels, n, mono);
    reading->func (mono, n, reading->data);
    done += n;
  }
  return TRUE;
}

typedef struct {
  Reading reading;
  TrainingMono *mono;
  gsize room; /* of `held` */
  gboolean once;
} Opening;

static void
hold (const float *samples, gsize n, gpointer data)
{
  Opening *opening = data;
  TrainingMono *self = opening->mono;
  for (gsize i = 0; i < n; i++)
    self->peak = MAX (self->peak, fabsf (samples[i]));
  const guint64 end = self->n + n, max = opening->once ? MAX_HELD : HELD;
  if (end > max) {
    g_clear_pointer (&self->held, g_free);
  } else {
    if (end > opening->room) {
      opening->room = (gsize)MIN (MAX (end, 2 * (guint64)opening->room), max);
      self->held = g_renew (float, self->held, opening->room);
    }
    memcpy (self->held + self->n, samples, n * sizeof (float));
  }
  self->n = end;
}

static gboolean
open_block (const TrainingAudio *block, gpointer data, GError **error)
{
  Opening *opening = data;
  opening->mono->rate = block->rate;
  opening->mono->channels = block->channels;
  if (!take_block (block, &opening->reading, error))
    return FALSE;
  if (!opening->once || opening->mono->held)
    return TRUE;
  g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_LENGTH,
               "is longer than %.0f minutes, and a stream cannot be read twice: use a file",
               floor ((double)MAX_HELD / block->rate / 60));
  return FALSE;
}

gboolean
training_mono_is_lasting (const char *file)
{
  return strcmp (file, "-") != 0 && !g_str_has_prefix (file, "fd:") &&
         (!g_file_test (file, G_FILE_TEST_EXISTS) || g_file_test (file, G_FILE_TEST_IS_REGULAR));
}

gboolean
training_mono_open (TrainingMono *self, const char *file, GError **error)
{
  *self = (TrainingMono){.file = g_strdup (file)};
  Opening opening = {.reading = {.func = hold, .data = &opening},
                     .mono = self,
                     .once = !training_mono_is_lasting (file)};
  if (!training_decode_blocks (file, open_block, &opening, error)) {
    training_mono_clear (self);
    return FALSE;
  }
  self->seconds = (double)self->n / self->rate;
  return TRUE;
}

void
training_mono_clear (TrainingMono *self)
{
  g_free (self->held);
  g_free (self->file);
  *self = (TrainingMono){0};
}

typedef struct {
  TrainingMonoFunc func;
  gpointer data;
  guint64 left; /* samples */
  gboolean longer;
} Replay;

static void
replay (const float *samples, gsize n, gpointer data)
{
  Replay *self = data;
  const gsize given = (gsize)MIN (n, self->left);
  self->longer |= given < n;
  self->left -= given;
  if (given > 0)
    self->func (samples, given, self->data);
}

gboolean
training_mono_read (const TrainingMono *self, TrainingMonoFunc func, gpointer data, GError **error)
{
  if (self->held) {
    func (self->held, (gsize)self->n, data);
    return TRUE;
  }
  Replay again = {.func = func, .data = data, .left = self->n};
  Reading reading = {.func = replay, .data = &again};
  if (!training_decode_blocks (self->file, take_block, &reading, error))
    return FALSE;
  if (again.left == 0 && !again.longer)
    return TRUE;
  g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_DECODE, "%s: the file changed while it was read",
               self->file);
  return FALSE;
}
