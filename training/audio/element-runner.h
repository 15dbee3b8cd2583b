/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the element emotiondetect predictions for files. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Of a window, or of a whole file. */
typedef struct {
  gboolean whole;
  double start, duration; /* s, from the file's start */
  const char *emotion;    /* a label, or for a window "none"; interned */
  double confidence;      /* 0..1 */
  const char
      *reason; /* why none: silence, no-speech, out-of-distribution or low-confidence; "" otherwise;
                         * interned */
  double speech_ratio;     /* 0..1 */
  double level;            /* dBFS */
  double intensity;        /* 0..1; NAN where it is not known, as the next two */
  double valence, arousal; /* -1..1 */
  const double *scores;    /* n_labels, of this window or file alone; until the function returns */
} TrainingElementResult;

/* Gets the predictions of each window in order, then that of the whole file. */
typedef void (*TrainingElementResultFunc) (const TrainingElementResult *prediction, gpointer data);

typedef struct _TrainingElementRunner TrainingElementRunner;

/* Loads the model of that path (NULL: the element's own choice) and keeps it. Each file is heard by
 * a new element; with `stream` one element hears all as one stream, so that it stays adapted from
 * file to file, if with `adaptation` it adapts at all. NULL with MEDIA_ERROR_DECODE without the element, or the element's error.
 * gst_init() first; one thread at a time. */
TrainingElementRunner *training_element_runner_new (const char *model, gboolean stream,
                                                    gboolean adaptation, GError **error);
void training_element_runner_free (TrainingElementRunner *self); /* NULL is fine */

/* Sets the prior probabilities of labels in place of the model's own: `text` as "neutral=0.7,sad=0.1", where
 * labels not named share the rest, or "equal". FALSE with TRAINING_ERROR_DATA saying what is wrong with it. */
gboolean training_element_runner_set_priors (TrainingElementRunner *self, const char *text,
                                             GError **error);

/* The model's labels, interned, in the order of the scores; n_labels and then NULL. */
const char *const *training_element_runner_get_labels (const TrainingElementRunner *self,
                                                       guint *n_labels);

/* What people call each of them, interned. */
const char *const *training_element_runner_get_label_texts (const TrainingElementRunner *self);
/* The model's file name without folder. */
const char *training_element_runner_get_model (const TrainingElementRunner *self);

/* Plays `file` as media_player_play() does. FALSE with MEDIA_ERROR_DECODE; there may have
 * been windows before. */
gboolean training_element_runner_run (TrainingElementRunner *self, const char *file,
                                      TrainingElementResultFunc func, gpointer data,
                                      GError **error);

G_END_DECLS
