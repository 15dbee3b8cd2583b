/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* EmotionModel: everything that turns feature vectors into log-posteriors, with its provenance.
 *
 * Immutable and reference-counted; any number of streams and threads may share one. Its file is one
 * piece of text, described in docs/model-format.md. */
#pragma once

#include "affect.h"
#include "core/features/extractor.h"
#include "view.h"

G_BEGIN_DECLS

#define EMOTION_MAX_LABELS 64
#define EMOTION_MAX_VIEWS 16
#define EMOTION_MODEL_SUFFIX ".emotion"

/* Gates of the decision, chosen when the model is trained. */
typedef struct {
  double confidence;       /* 0..1; below it the answer is none */
  double min_speech_ratio; /* 0..1; windows with a smaller share of speech frames: none */
  double silence;          /* dBFS; windows below it: none */
} EmotionThresholds;

#define EMOTION_MAX_HOLD 3600.0 /* s, of smoothing and hold time */

/* How the scores of a stream's windows become answers where nobody says otherwise: chosen in training for a
 * small rate of emotions on ordinary, mostly neutral speech. See EmotionDecisionConfig. */
typedef struct {
  double smoothing;    /* s, 0 .. EMOTION_MAX_HOLD */
  double hysteresis;   /* 0..1 */
  double hold_time;    /* s, 0 .. EMOTION_MAX_HOLD */
  const float *priors; /* n_labels, > 0; NULL: all labels are equally probable */
} EmotionDecisionDefaults;

/* How a stream's own mean is taken off (core/stream/adaptation.h). Without it every view is raw. */
typedef struct {
  gboolean running;    /* else there is none, and the rest is not set */
  double prior;        /* s of speech, >= 0, that `centre` counts for */
  double memory;       /* s of speech, > 0, after which what was heard counts for 1 / e */
  double blend;        /* s of speech, >= 0, at which raw and centred views count alike */
  const float *centre; /* n_features: mean over the training's speakers */
  double offset_share; /* 0..1: of the labels' offsets that is taken off a stream's vectors */
  const float
      *expected; /* n_labels, > 0: how often each is expected there, relative to the others */
  const float *offsets;    /* n_labels x n_features: mean of each label's centred vectors */
  const gboolean *centred; /* n_views: the view sees vectors less the stream's centre */
  double window_temperature, clip_temperature; /* > 0, of adapted answers */
} EmotionAdaptationParts;

typedef struct _EmotionModel EmotionModel;

/* The parts of a model, as the trainer puts them together. */
typedef struct {
  const EmotionFeatureSet *features;
  EmotionWindowing windowing;
  const char *const *labels; /* NULL-terminated; each [a-z][a-z0-9_-]*, no two the same */
  /* NULL, or what people call each label: as many, one line of UTF-8 each. */
  const char *const *label_texts;
  EmotionView **views;  /* n_views; the model takes a reference to each */
  const double *fusion; /* n_views weights >= 0; those of the raw views sum to 1, and so do those
                              * of the centred ones; there may be only one sort */
  guint n_views;
  double window_temperature; /* > 0, divides the log-posteriors of a window */
  double clip_temperature;   /* > 0, the same for a clip */
  EmotionAdaptationParts adaptation;
  /* NULL, or a view of two labels: vectors like the training's, and others (music, noise, tones).
   * Where the second is the more probable, a window is out of distribution. */
  EmotionView *outlier;
  /* NULL, or a view of two labels, weak and strong: how intense the emotion is, whichever it is. */
  EmotionView *intensity;
  EmotionThresholds thresholds;
  /* NULL: the built-in ones, as emotion_model_get_decision() gives them. */
  const EmotionDecisionDefaults *decision;
  const char *const *provenance; /* NULL-terminated key, value, key, value...; keys like labels */
} EmotionModelParts;

/* A new model, or NULL with EMOTION_ERROR_INVALID naming the part that does not fit. */
EmotionModel *emotion_model_new (const EmotionModelParts *parts, GError **error);

/* Reads `path`. Two loads of the same bytes give the same object while one of them lives.
 * NOT_FOUND, IO, CORRUPT (with the place) or UNSUPPORTED. At most 64 MiB are read. */
EmotionModel *emotion_model_load (const char *path, GError **error);

/* Reads a model from memory; `origin` names it in messages. */
EmotionModel *emotion_model_parse (const char *data, gsize size, const char *origin,
                                   GError **error);

/* The file's bytes; free with g_bytes_unref(). The same model always gives the same bytes. */
GBytes *emotion_model_serialize (const EmotionModel *self);

/* Writes `path` through a temporary file and a rename. EMOTION_ERROR_IO. */
gboolean emotion_model_save (const EmotionModel *self, const char *path, GError **error);

/* The parts, owned by the model. */
const EmotionModelParts *emotion_model_get_parts (const EmotionModel *self);

EmotionModel *emotion_model_ref (EmotionModel *self);
void emotion_model_unref (EmotionModel *self); /* NULL is fine */

const EmotionFeatureSet *emotion_model_get_features (const EmotionModel *self);
const EmotionWindowing *emotion_model_get_windowing (const EmotionModel *self);
const EmotionThresholds *emotion_model_get_thresholds (const EmotionModel *self);
/* Never NULL. Of a model without its own: no smoothing, hysteresis 0.1, hold time 1 s, equal priors. */
const EmotionDecisionDefaults *emotion_model_get_decision (const EmotionModel *self);
guint emotion_model_get_n_labels (const EmotionModel *self);
const char *emotion_model_get_label (const EmotionModel *self, guint index);
/* What people call it, in UTF-8, where the data did not use the label itself ("wütend" of wutend); else
 * the label. */
const char *emotion_model_get_label_text (const EmotionModel *self, guint index);
/* Key and value strings, NULL-terminated, owned by the model. */
const char *const *emotion_model_get_provenance (const EmotionModel *self);
/* SHA-256 of the content, 64 hex digits. The first call for a model that was neither read nor written
 * costs as much as writing it. */
const char *emotion_model_get_hash (const EmotionModel *self);

/* Whether a stream's adaptation changes anything. */
gboolean emotion_model_adapts (const EmotionModel *self);

/* Doubles that the calls below need as scratch. */
gsize emotion_model_get_scratch (const EmotionModel *self);

/* Log-posteriors (n_labels, natural log, normalised, every one finite) of one vector: the fusion of
 * the views, before the model's calibration. Unadapted, by the raw views, or when there are none by the
 * centred ones with the training's centre. Does not allocate. */
void emotion_model_score (const EmotionModel *self, const float *vector, double *scratch,
                          double *log_posteriors);

/* The same adapted to a stream: `centred` is the vector less the stream's centre, `share` (0..1) the
 * part that the centred views have, both from emotion_adaptation_update(). */
void emotion_model_score_adapted (const EmotionModel *self, const float *vector,
                                  const float *centred, double share, double *scratch,
                                  double *log_posteriors);

/* Whether a vector is unlike the speech that the model was trained on; FALSE from a model that cannot tell.
 * Does not allocate. */
gboolean emotion_model_is_outlier (const EmotionModel *self, const float *vector, double *scratch);

/* How intense the emotion of a vector is: 0 (as in a normal tone) .. 1 (strong); NAN from a model that cannot
 * tell. Does not allocate. */
double emotion_model_rate_intensity (const EmotionModel *self, const float *vector,
                                     double *scratch);

/* Valence and arousal expected by calibrated posteriors: the mean of the labels' (core/model/affect.h); FALSE when
 * a label has none. */
gboolean emotion_model_rate_affect (const EmotionModel *self, const double *posteriors,
                                    EmotionAffect *affect);

/* Which calibration log-posteriors take. */
typedef enum {
  EMOTION_CALIBRATE_WINDOW = 0,
  EMOTION_CALIBRATE_CLIP = 1 << 0,    /* of a clip's mean, else of a window */
  EMOTION_CALIBRATE_ADAPTED = 1 << 1, /* of emotion_model_score_adapted() */
} EmotionCalibrate;

/* Calibrated posteriors that sum to 1. */
void emotion_model_calibrate (const EmotionModel *self, EmotionCalibrate which,
                              const double *log_posteriors, double *posteriors);

/* For those who read and write the file. */

/* The hash, or NULL when nobody brought it yet. */
const char *emotion_model_peek_hash (const EmotionModel *self);
/* Takes the hash, of which a model keeps the first that it is given, and returns that. */
const char *emotion_model_keep_hash (const EmotionModel *self, char *hash);
/* Takes `self`, a model with a hash that nobody else has yet, and returns a reference to the living model of
 * the same hash, if there is one, or to it. */
EmotionModel *emotion_model_intern (EmotionModel *self);

G_END_DECLS
