/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "babble.h"

#include <math.h>
#include <string.h>

#include "training/audio/augmentation.h"
#include "training/base/error.h"
#include "training/base/shuffle.h"

#define RATE 16000  /* Hz */
#define MAX_POOL 64 /* clips: a few minutes of speech */
#define N_SOURCES 6 /* at once, if there are as many speakers */
#define MIN_SPEAKERS 3

typedef struct {
  const TrainingClip *clip;
  TrainingAudio audio; /* mono, RATE, power 1 */
} Source;

struct _TrainingBabble {
  GArray *sources; /* Source */
};

static const char *
speaker_of (const TrainingClip *clip)
{
  return clip->speaker ? clip->speaker : clip->id;
}

static void
clear_source (gpointer data)
{
  training_audio_clear (&((Source *)data)->audio);
}

/* FALSE for a clip that is silent or cannot be decoded; the evaluation of the clip reports that. */
static gboolean
add_source (TrainingBabble *self, const TrainingCorpus *corpus, const TrainingClip *clip)
{
  Source source = {.clip = clip};
  char *path = training_corpus_resolve (corpus, clip);
  double energy = 0;
  if (training_decode (path, &source.audio, NULL)) {
    training_audio_make_mono (&source.audio, RATE);
    for (gsize i = 0; i < source.audio.n_frames; i++)
      energy += (double)source.audio.samples[i] * source.audio.samples[i];
    const float scale = energy > 0 ? (float)sqrt ((double)source.audio.n_frames / energy) : 0;
    for (gsize i = 0; i < source.audio.n_frames; i++)
      source.audio.samples[i] *= scale;
    if (energy > 0)
      g_array_append_val (self->sources, source);
    else
      training_audio_clear (&source.audio);
  }
  g_free (path);
  return energy > 0;
}

TrainingBabble *
training_babble_new (const TrainingCorpus *corpus, guint32 seed, GError **error)
{
  TrainingBabble *self = g_new0 (TrainingBabble, 1);
  GHashTable *of_speaker = g_hash_table_new (g_str_hash, g_str_equal); /* its clips in the pool */
  GPtrArray *clips = g_ptr_array_new ();
  GRand *random = g_rand_new_with_seed (seed);
  self->sources = g_array_new (FALSE, FALSE, sizeof (Source));
  g_array_set_clear_func (self->sources, clear_source);
  for (guint i = 0; i < corpus->clips->len; i++)
    g_ptr_array_add (clips, corpus->clips->pdata[i]);
  training_shuffle (clips->pdata, clips->len, sizeof (gpointer), random);
  /* One clip of each speaker, then a second one of each, and so on. */
  for (guint round = 0, before = G_MAXUINT; self->sources->len < MAX_POOL && before != 0; round++) {
    before = 0;
    for (guint i = 0; i < clips->len && self->sources->len < MAX_POOL; i++) {
      const char *speaker = clips->pdata[i] ? speaker_of (clips->pdata[i]) : NULL;
      if (!speaker || GPOINTER_TO_UINT (g_hash_table_lookup (of_speaker, speaker)) > round)
        continue;
      if (add_source (self, corpus, clips->pdata[i]))
        g_hash_table_insert (of_speaker, (gpointer)speaker, GUINT_TO_POINTER (round + 1));
      clips->pdata[i] = NULL;
      before++;
    }
  }
  if (g_hash_table_size (of_speaker) < MIN_SPEAKERS) {
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                 "--noise babble mixes clips of other speakers: %u speaker(s) have usable clips, "
                 "and %d are required; use white or pink noise",
                 g_hash_table_size (of_speaker), MIN_SPEAKERS);
    g_clear_pointer (&self, training_babble_free);
  }
  g_rand_free (random);
  g_ptr_array_unref (clips);
  g_hash_table_unref (of_speaker);
  return self;
}

void
training_babble_free (TrainingBabble *self)
{
  if (!self)
    return;
  g_array_unref (self->sources);
  g_free (self);
}

/* Adds a clip in a loop, from a random position. */
static void
add_looped (const Source *source, TrainingAudio *noise, GRand *random)
{
  const gsize n = source->audio.n_frames;
  gsize at = (gsize)(g_rand_double (random) * (double)n);
  for (gsize i = 0; i < noise->n_frames; i++, at++)
    noise->samples[i] += source->audio.samples[at % n];
}

void
training_babble_add (const TrainingBabble *self, const TrainingClip *clip, TrainingAudio *audio,
                     double snr, guint32 seed)
{
  GRand *random = g_rand_new_with_seed (seed);
  GPtrArray *others = g_ptr_array_new ();
  for (guint i = 0; i < self->sources->len; i++) {
    Source *source = &g_array_index (self->sources, Source, i);
    if (strcmp (speaker_of (source->clip), speaker_of (clip)) != 0)
      g_ptr_array_add (others, source);
  }
  training_shuffle (others->pdata, others->len, sizeof (gpointer), random);
  TrainingAudio noise = {.rate = RATE, .channels = 1};
  noise.n_frames = (gsize)((double)audio->n_frames * RATE / audio->rate) + 2;
  noise.samples = g_new0 (float, noise.n_frames);
  for (guint i = 0; i < MIN (others->len, N_SOURCES); i++)
    add_looped (others->pdata[i], &noise, random);
  training_audio_add_mono (audio, &noise, snr);
  training_audio_clear (&noise);
  g_ptr_array_unref (others);
  g_rand_free (random);
}
