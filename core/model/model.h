/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What of EmotionModel (core/emotion.h) is for the library and its trainer only: parts, file, scores. A model's
 * file is one piece of text, described in docs/model-format.md. */
#pragma once

#include "affect.h"
#include "classifier.h"
#include "core/features/extractor.h"

G_BEGIN_DECLS

#define EMOTION_MAX_CLASSIFIERS 16
#define EMOTION_MODEL_SUFFIX ".emotion"

/* How a stream's own mean is taken off (core/stream/adaptation.h). Without it every classifier is raw. */
typedef struct {
  gboolean running;     /* else there is none, and the rest is not set */
  double prior;         /* s of speech, >= 0, that `centre` counts for */
  double memory;        /* s of speech, > 0, after which what was heard counts for 1 / e */
  double blend;         /* s of speech, >= 0, at which raw and centred classifiers count alike */
  const float *centre;  /* n_features: mean over the training's speakers */
  double debias_weight; /* 0..1: of the labels' offsets that is taken off a stream's vectors */
  const float
      *expected; /* n_labels, > 0: how often each is expected there, relative to the others */
  const float *offsets;    /* n_labels x n_features: mean of each label's centred vectors */
  const gboolean *centred; /* n_classifiers: the classifier sees vectors less the stream's centre */
  double window_temperature, clip_temperature; /* > 0, of adapted predictions */
} EmotionAdaptationParts;

/* The parts of a model, as the trainer puts them together. */
typedef struct {
  const EmotionFeatureSet *features;
  EmotionWindowing windowing;
  const char *const *labels; /* NULL-terminated; each [a-z][a-z0-9_-]*, no two the same */
  /* NULL, or what people call each label: as many, one line of UTF-8 each. */
  const char *const *label_texts;
  EmotionClassifier **classifiers; /* n_classifiers; the model takes a reference to each */
  const double
      *fusion; /* n_classifiers weights >= 0; those of the raw classifiers sum to 1, and so do those
                              * of the centred ones; there may be only one sort */
  guint n_classifiers;
  double window_temperature; /* > 0, divides the log-posteriors of a window */
  double clip_temperature;   /* > 0, the same for a clip */
  EmotionAdaptationParts adaptation;
  /* NULL, or a classifier of two labels: vectors like the training's, and others (music, noise, tones).
   * Where the second is the more probable, a window is out of distribution. */
  EmotionClassifier *outlier;
  /* NULL, or a classifier of two labels, weak and strong: how intense the emotion is, whichever it is. */
  EmotionClassifier *intensity;
  EmotionThresholds thresholds;
  /* NULL: the built-in ones, as emotion_model_get_decision() gives them. */
  const EmotionDecisionDefaults *decision;
  const char *const *provenance; /* NULL-terminated key, value, key, value...; keys like labels */
} EmotionModelParts;

/* A new model, or NULL with EMOTION_ERROR_INVALID naming the part that does not fit. */
EmotionModel *emotion_model_new (const EmotionModelParts *parts, GError **error);

/* The file's bytes; free with g_bytes_unref(). The same model always gives the same bytes. */
GBytes *emotion_model_serialize (const EmotionModel *self);

/* Writes `path` through a temporary file and a rename. EMOTION_ERROR_IO. */
gboolean emotion_model_save (const EmotionModel *self, const char *path, GError **error);

/* The parts, owned by the model. */
const EmotionModelParts *emotion_model_get_parts (const EmotionModel *self);

/* Doubles that the calls below need as scratch. */
gsize emotion_model_get_scratch (const EmotionModel *self);

/* Log-posteriors (n_labels, natural log, normalised, every one finite) of one vector: the fusion of
 * the classifiers, before the model's calibration. Unadapted, by the raw classifiers, or when there are none by the
 * centred ones with the training's centre. Does not allocate. */
void emotion_model_score (const EmotionModel *self, const float *vector, double *scratch,
                          double *log_posteriors);

/* The same adapted to a stream: `centred` is the vector less the stream's centre, `share` (0..1) the
 * part that the centred classifiers have, both from emotion_adaptation_update(). */
void emotion_model_score_adapted (const EmotionModel *self, const float *vector,
                                  const float *centred, double weight, double *scratch,
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
