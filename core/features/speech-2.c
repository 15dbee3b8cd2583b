/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The frame stage of "speech-2", and the set itself. */
#include "speech-2.h"

typedef struct {
  SpeechFrames frames;
  EmotionFormants *formants;
  EmotionVoiceQuality *voice;
  Speech2Functionals *functionals;
  EmotionSegment segment; /* the window analysed last */
} Speech2;

static gpointer
create (guint max_rows)
{
  Speech2 *self = g_new0 (Speech2, 1);
  emotion_speech_frames_init (&self->frames, TRUE);
  self->formants = emotion_formants_new ();
  self->voice = emotion_voice_quality_new ();
  self->functionals = emotion_speech_2_functionals_new (max_rows);
  return self;
}

static void
destroy (gpointer state)
{
  Speech2 *self = state;
  emotion_speech_frames_clear (&self->frames);
  emotion_formants_free (self->formants);
  emotion_voice_quality_free (self->voice);
  emotion_speech_2_functionals_free (self->functionals);
  g_free (self);
}

static void
reset (gpointer state)
{
  Speech2 *self = state;
  emotion_speech_frames_reset (&self->frames);
}

static void
analyse_frame (gpointer state, const float *context, float *out)
{
  Speech2 *self = state;
  Speech2Row *row = (Speech2Row *)out;
  emotion_speech_frames_analyse (&self->frames, context, &row->activity, &row->spectral);
  emotion_formants_analyse (
      self->formants, emotion_spectral_frame_get_power (self->frames.spectral), &row->formants);
  emotion_voice_quality_analyse (self->voice, context, self->frames.pitch, &row->activity.pitch,
                                 &row->formants, &row->voice);
}

static void
analyse_window (gpointer state, const EmotionSegment *segment, float *vector,
                EmotionActivity *activity)
{
  Speech2 *self = state;
  self->segment = *segment;
  emotion_speech_2_functionals_compute (self->functionals, (const Speech2Row *)segment->rows,
                                        segment->n_rows, vector, activity);
}

static gboolean
get_matrix (gpointer state, guint index, EmotionMatrix *matrix)
{
  Speech2 *self = state;
  return emotion_speech_2_functionals_get_matrix (self->functionals,
                                                  (const Speech2Row *)self->segment.rows,
                                                  self->segment.n_rows, index, matrix);
}

const EmotionFeatureSet emotion_speech_2 = {
    .name = "speech-2",
    .revision = 1, /* core/dsp/activity.h changed: noise is not active */
    .n_features = SPEECH_2_N_FEATURES,
    .row_length = sizeof (Speech2Row) / sizeof (float),
    SPEECH_FRAMES_GRID,
    .describe = emotion_speech_2_functionals_describe,
    .create = create,
    .destroy = destroy,
    .reset = reset,
    .analyse_frame = analyse_frame,
    .analyse_window = analyse_window,
    .get_matrix = get_matrix,
};
