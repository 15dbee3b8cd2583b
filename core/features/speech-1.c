/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The frame stage of "speech-1", and the set itself. */
#include "speech-1.h"

typedef struct {
  SpeechFrames frames;
  Speech1Functionals *functionals;
  EmotionSegment segment; /* the window analysed last */
} Speech1;

static gpointer
create (guint max_rows)
{
  Speech1 *self = g_new0 (Speech1, 1);
  emotion_speech_frames_init (&self->frames, FALSE);
  self->functionals = emotion_speech_1_functionals_new (max_rows);
  return self;
}

static void
destroy (gpointer state)
{
  Speech1 *self = state;
  emotion_speech_frames_clear (&self->frames);
  emotion_speech_1_functionals_free (self->functionals);
  g_free (self);
}

static void
reset (gpointer state)
{
  Speech1 *self = state;
  emotion_speech_frames_reset (&self->frames);
}

static void
analyse_frame (gpointer state, const float *context, float *out)
{
  Speech1 *self = state;
  Speech1Row *row = (Speech1Row *)out;
  emotion_speech_frames_analyse (&self->frames, context, &row->activity, &row->spectral);
}

static void
analyse_window (gpointer state, const EmotionSegment *segment, float *vector,
                EmotionActivity *activity)
{
  Speech1 *self = state;
  self->segment = *segment;
  emotion_speech_1_functionals_compute (self->functionals, (const Speech1Row *)segment->rows,
                                        segment->n_rows, vector, activity);
}

static gboolean
get_matrix (gpointer state, guint index, EmotionMatrix *matrix)
{
  Speech1 *self = state;
  return self->segment.rows && /* a window was analysed */
         emotion_speech_1_functionals_get_matrix (self->functionals,
                                                  (const Speech1Row *)self->segment.rows,
                                                  self->segment.n_rows, index, matrix);
}

const EmotionFeatureSet emotion_speech_1 = {
    .name = "speech-1",
    .revision = 1, /* core/dsp/activity.h changed: noise is not active */
    .n_features = SPEECH_1_N_FEATURES,
    .row_length = sizeof (Speech1Row) / sizeof (float),
    SPEECH_FRAMES_GRID,
    .describe = emotion_speech_1_functionals_describe,
    .create = create,
    .destroy = destroy,
    .reset = reset,
    .analyse_frame = analyse_frame,
    .analyse_window = analyse_window,
    .get_matrix = get_matrix,
};
