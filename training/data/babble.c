/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "babble.h"

#include <math.h>
#include <string.h>

#include "training/audio/augmentation.h"
#include "training/base/error.h"
#include "training/base/shuffle.h"

#define RATE 16000  /* Hz */
#define MAX_POOL 64 /* clips: some minutes of speech */
#define N_VOICES 6  /* at once, where there are as many speakers */
#define MIN_SPEAKERS 3

typedef struct {
  const TrainingClip *clip;
  TrainingAudio audio; /* mono, RATE, power 1 */
} Voice;

struct _TrainingBabble {
  GArray *voices; /* Voice */
};

static const char *
speaker_of (const TrainingClip *clip)
{
  return clip->speaker ? clip->speaker : clip->id;
}

static void
clear_voice (gpointer data)
{
  training_audio_clear (&((Voice *)data)->audio);
}

/* FALSE for a clip that is silent or cannot be decoded, which is told of where it is evaluated. */
static gboolean
add_voice (TrainingBabble *self, const TrainingCorpus *corpus, const TrainingClip *clip)
{
  Voice voice = {.clip = clip};
  char *path = training_corpus_resolve (corpus, clip);
  double energy = 0;
  if (training_decode (path, &voice.audio, NULL)) {
    training_audio_make_mono (&voice.audio, RATE);
    for (gsize i = 0; i < voice.audio.n_frames; i++)
      energy += (double)voice.audio.samples[i] * voice.audio.samples[i];
    const float scale = energy > 0 ? (float)sqrt ((double)voice.audio.n_frames / energy) : 0;
    for (gsize i = 0; i < voice.audio.n_frames; i++)
      voice.audio.samples[i] *= scale;
    if (energy > 0)
      g_array_append_val (self->voices, voice);
    else
      training_audio_clear (&voice.audio);
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
  self->voices = g_array_new (FALSE, FALSE, sizeof (Voice));
  g_array_set_clear_func (self->voices, clear_voice);
  for (guint i = 0; i < corpus->clips->len; i++)
    g_ptr_array_add (clips, corpus->clips->pdata[i]);
  training_shuffle (clips->pdata, clips->len, sizeof (gpointer), random);
  /* A clip of each speaker, then a second of each... */
  for (guint round = 0, before = G_MAXUINT; self->voices->len < MAX_POOL && before != 0; round++) {
    before = 0;
    for (guint i = 0; i < clips->len && self->voices->len < MAX_POOL; i++) {
      const char *speaker = clips->pdata[i] ? speaker_of (clips->pdata[i]) : NULL;
      if (!speaker || GPOINTER_TO_UINT (g_hash_table_lookup (of_speaker, speaker)) > round)
        continue;
      if (add_voice (self, corpus, clips->pdata[i]))
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
  g_array_unref (self->voices);
  g_free (self);
}

/* Adds a voice over and over, from a place of chance. */
static void
add_looped (const Voice *voice, TrainingAudio *noise, GRand *random)
{
  const gsize n = voice->audio.n_frames;
  gsize at = (gsize)(g_rand_double (random) * (double)n);
  for (gsize i = 0; i < noise->n_frames; i++, at++)
    noise->samples[i] += voice->audio.samples[at % n];
}

void
training_babble_add (const TrainingBabble *self, const TrainingClip *clip, TrainingAudio *audio,
                     double snr, guint32 seed)
{
  GRand *random = g_rand_new_with_seed (seed);
  GPtrArray *others = g_ptr_array_new ();
  for (guint i = 0; i < self->voices->len; i++) {
    Voice *voice = &g_array_index (self->voices, Voice, i);
    if (strcmp (speaker_of (voice->clip), speaker_of (clip)) != 0)
      g_ptr_array_add (others, voice);
  }
  training_shuffle (others->pdata, others->len, sizeof (gpointer), random);
  TrainingAudio noise = {.rate = RATE, .channels = 1};
  noise.n_frames = (gsize)((double)audio->n_frames * RATE / audio->rate) + 2;
  noise.samples = g_new0 (float, noise.n_frames);
  for (guint i = 0; i < MIN (others->len, N_VOICES); i++)
    add_looped (others->pdata[i], &noise, random);
  training_audio_add_mono (audio, &noise, snr);
  training_audio_clear (&noise);
  g_ptr_array_unref (others);
  g_rand_free (random);
}
