/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The part of EmotionModel (core/emotion.h) for the library and its trainer only: parts, file,
 * scores. A model file is one text, described in docs/model-format.md. */
#pragma once

#include "affect.h"
#include "classifier.h"
#include "core/features/extractor.h"

G_BEGIN_DECLS

#define EMOTION_MAX_CLASSIFIERS 16
#define EMOTION_MODEL_SUFFIX ".emotion"

/* How a model subtracts a stream's speaker mean (core/stream/adaptation.h). Without adaptation
 * every classifier is raw. */
typedef struct {
  gboolean running;     /* FALSE: no adaptation, and the other members are not set */
  double prior;         /* s of speech, >= 0: weight of `centre` */
  double memory;        /* s of speech, > 0: time constant of forgetting */
  double blend;         /* s of speech, >= 0, at which raw and centred classifiers weigh the same */
  const float *centre;  /* n_features: mean over the training speakers */
  double debias_weight; /* 0..1: weight of the labels' offsets when they are subtracted */
  const float *expected;   /* n_labels, > 0: relative expected frequency of each label */
  const float *offsets;    /* n_labels x n_features: mean centred vector of each label */
  const gboolean *centred; /* n_classifiers: its input is the vector minus the speaker mean */
  double window_temperature, clip_temperature; /* > 0, of adapted scores */
} EmotionAdaptationParts;

/* The parts of a model, as the trainer assembles them. */
typedef struct {
  const EmotionFeatureSet *features;
  EmotionWindowing windowing;
  const char *const *labels; /* NULL-terminated; each [a-z][a-z0-9_-]*, all different */
  /* NULL, or the names that people use: n_labels, each one line of UTF-8. */
  const char *const *label_texts;
  EmotionClassifier **classifiers; /* n_classifiers; the model takes a reference to each */
  /* n_classifiers weights, >= 0. Those of the raw classifiers sum to 1, and so do those of the
   * centred ones. There may be classifiers of one kind only. */
  const double *fusion;
  guint n_classifiers;
  double window_temperature; /* > 0, divides the log-posteriors of a window */
  double clip_temperature;   /* > 0, divides the log-posteriors of a clip */
  EmotionAdaptationParts adaptation;
  /* NULL, or a classifier of two labels: like the training data, and other sounds (music, noise,
   * tones). If the second is more probable, the window is out of distribution. */
  EmotionClassifier *outlier;
  /* NULL, or a classifier of two labels, weak and strong: the intensity of any emotion. */
  EmotionClassifier *intensity;
  EmotionThresholds thresholds;
  /* NULL: the built-in defaults, see emotion_model_get_decision(). */
  const EmotionDecisionDefaults *decision;
  const char *const *provenance; /* NULL-terminated key, value, key, value...; keys like labels */
} EmotionModelParts;

/* A new model, or NULL with EMOTION_ERROR_INVALID, whose message names the invalid part. */
EmotionModel *emotion_model_new (const EmotionModelParts *parts, GError **error);

/* The bytes of the model file; free with g_bytes_unref(). The same model always gives the same
 * bytes. */
GBytes *emotion_model_serialize (const EmotionModel *self);

/* Writes `path` through a temporary file and a rename. FALSE with EMOTION_ERROR_IO on failure. */
gboolean emotion_model_save (const EmotionModel *self, const char *path, GError **error);

/* The parts, which the model owns. */
const EmotionModelParts *emotion_model_get_parts (const EmotionModel *self);

/* Size of the scratch memory of the functions below, in doubles. */
gsize emotion_model_get_scratch (const EmotionModel *self);

/* Log-posteriors (n_labels, natural log, normalised, finite) of one vector: the fusion of the
 * classifiers, before calibration, without adaptation. Uses the raw classifiers; a model without
 * raw ones uses the centred ones with the training mean. Does not allocate. */
void emotion_model_score (const EmotionModel *self, const float *vector, double *scratch,
                          double *log_posteriors);

/* The same with adaptation. `centred` is the vector minus the speaker mean; `weight` (0..1) is the
 * weight of the centred classifiers. Both come from emotion_adaptation_update(). */
void emotion_model_score_adapted (const EmotionModel *self, const float *vector,
                                  const float *centred, double weight, double *scratch,
                                  double *log_posteriors);

/* Whether a vector is unlike the speech that the model was trained on; FALSE for a model without an
 * outlier classifier. Does not allocate. */
gboolean emotion_model_is_outlier (const EmotionModel *self, const float *vector, double *scratch);

/* Intensity of the emotion: 0 (as in a normal tone) .. 1 (strong); NAN for a model without an
 * intensity classifier. Does not allocate. */
double emotion_model_rate_intensity (const EmotionModel *self, const float *vector,
                                     double *scratch);

/* Expected valence and arousal: the labels' values (core/model/affect.h), weighted by the
 * calibrated posteriors. FALSE if a label has no values. */
gboolean emotion_model_rate_affect (const EmotionModel *self, const double *posteriors,
                                    EmotionAffect *affect);

/* Selects a calibration; flags. */
typedef enum {
  EMOTION_CALIBRATE_WINDOW = 0,
  EMOTION_CALIBRATE_CLIP = 1 << 0,    /* of a clip's mean log-posteriors; without it, of a window */
  EMOTION_CALIBRATE_ADAPTED = 1 << 1, /* of log-posteriors from emotion_model_score_adapted() */
} EmotionCalibrate;

/* Calibrated posteriors (n_labels, sum 1). */
void emotion_model_calibrate (const EmotionModel *self, EmotionCalibrate which,
                              const double *log_posteriors, double *posteriors);

/* For the reader and the writer of the file. */

/* The hash, or NULL if it has not been computed. Any thread. */
const char *emotion_model_peek_hash (const EmotionModel *self);
/* Stores the hash if the model has none yet; takes ownership of `hash`. Returns the stored hash.
 * Any thread. */
const char *emotion_model_keep_hash (const EmotionModel *self, char *hash);
/* Puts `self`, a model with a hash and one reference, into the cache of living models. Takes the
 * reference. Returns a reference to the living model with the same hash if there is one, else
 * `self`. */
EmotionModel *emotion_model_intern (EmotionModel *self);

G_END_DECLS
