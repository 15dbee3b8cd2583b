/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* EmotionDetector: extractor, model and decision of one stream: samples in, emotions out. The one
 * object that the element, the programs and the tests drive.
 *
 *   while (n > 0) {
 *     gsize taken = emotion_detector_push (detector, frames, n);
 *     frames += taken * channels, n -= taken;
 *     while (emotion_detector_pull (detector, &result))
 *       use (&result);
 *   }
 *   emotion_detector_finish (detector);       at the end of the stream,
 *   while (emotion_detector_pull (...)) ...   the last window,
 *   emotion_detector_summarize (...)          and the decision over the whole.
 *
 * One thread at a time. Only new and free allocate; nothing here locks or prints. */
#pragma once

#include "decision.h"

G_BEGIN_DECLS

typedef struct {
  guint rate; /* Hz */
  guint channels;
  guint64 positions;   /* of the channels, as for emotion_mix_init(); 0: none */
  guint64 window;      /* ns; 0: the model's */
  guint64 interval;    /* ns; 0: the model's. A longer one than the window is cut to it. */
  guint64 min_window;  /* ns; 0: the model's. As long as the window or more: no early windows. */
  gboolean adaptation; /* to the stream, if the model can */
  EmotionDecisionConfig decision;
} EmotionDetectorConfig;

/* 16 kHz mono, no positions, the model's windows, adaptation, default decision. */
void emotion_detector_config_init (EmotionDetectorConfig *config);

typedef struct {
  guint64 start;  /* first frame of the window, at the input's rate, from the stream's first */
  guint64 length; /* frames of the input */
  guint64 fresh;  /* of these, the frames at the end that no result before has covered */
  gboolean partial;
  gint label;           /* the answer: index, or -1 for none */
  double confidence;    /* 0..1, of the answer */
  EmotionReason reason; /* why none */
  double speech_ratio;  /* 0..1, share of frames with speech */
  double level;         /* dBFS */
  double intensity;     /* 0..1, of the emotion, whichever it is; NAN: not known, or no speech */
  /* -1..1, expected by the scores; NAN where not all labels have them (core/model/affect.h), or no speech */
  double valence, arousal;
  const double
      *scores; /* calibrated posteriors of this window alone, n_labels, until the next call */
  const float *features; /* the vector before scaling, until the next call; NULL in a summary */
  guint64 n_windows;     /* 1, or in a summary the windows that counted */
} EmotionResult;

typedef struct _EmotionDetector EmotionDetector;

/* A new detector that refers to `model`, or NULL with EMOTION_ERROR_INVALID. */
EmotionDetector *emotion_detector_new (EmotionModel *model, const EmotionDetectorConfig *config,
                                       GError **error);
void emotion_detector_free (EmotionDetector *self); /* NULL is fine */

EmotionModel *emotion_detector_get_model (EmotionDetector *self); /* not a new reference */

/* As emotion_extractor_push(): returns how many frames it took, fewer when a result got ready. */
gsize emotion_detector_push (EmotionDetector *self, const float *frames, gsize n_frames);
gboolean emotion_detector_pull (EmotionDetector *self, EmotionResult *result);
void emotion_detector_finish (EmotionDetector *self);

/* As emotion_decision_configure(): from the next result on. */
void emotion_detector_configure (EmotionDetector *self, const EmotionDecisionConfig *config);

/* The clip decision (core/stream/clip.h) over all windows so far, by the priors; FALSE when there was none. `label`
 * is -1 only where no window had any speech; no other gate applies. */
gboolean emotion_detector_summarize (EmotionDetector *self, EmotionResult *result);

/* The next frame pushed does not follow the last: forgets samples and answers, and counts frames from
 * 0 again. The clip decision takes in what was left, as at the end of a stream, and goes on. */
void emotion_detector_restart (EmotionDetector *self);

/* Makes a new detector go on with the clip decision and the adaptation of `before`, which is restarted;
 * FALSE without effect if it has another model. */
gboolean emotion_detector_inherit (EmotionDetector *self, EmotionDetector *before);

/* Another piece of the same stream starts, a file of the same speaker say: forgets samples, windows,
 * answers and the clip decision, but not what the adaptation has learnt. */
void emotion_detector_begin_clip (EmotionDetector *self);

/* Forgets what the adaptation has learnt, and nothing else. */
void emotion_detector_reset_adaptation (EmotionDetector *self);

/* Switches the adaptation off or on from the next result on; what it has learnt is kept, and off it
 * learns nothing. */
void emotion_detector_set_adaptation (EmotionDetector *self, gboolean adaptation);

/* A new stream starts: forgets everything. */
void emotion_detector_reset (EmotionDetector *self);

guint64 emotion_detector_get_position (const EmotionDetector *self);
guint64 emotion_detector_get_bad_samples (const EmotionDetector *self);

G_END_DECLS
