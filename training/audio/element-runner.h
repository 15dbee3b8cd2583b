/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs files through the element emotiondetect and returns its predictions. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* The prediction for a window or for a whole file. */
typedef struct {
  gboolean whole;
  double start, duration; /* s, from the file's start */
  const char *emotion;    /* a label, or for a window "none"; interned */
  double confidence;      /* 0..1 */
  /* Reason for none: silence, no-speech, out-of-distribution or low-confidence; otherwise "";
   * interned. */
  const char *reason;
  double speech_ratio;     /* 0..1 */
  double level;            /* dBFS */
  double intensity;        /* 0..1; NAN if unknown, as the next two */
  double valence, arousal; /* -1..1 */
  /* n_labels, of this window or file only; valid until the function returns. */
  const double *scores;
} TrainingElementResult;

/* Receives the prediction of each window in order, then that of the whole file. */
typedef void (*TrainingElementResultFunc) (const TrainingElementResult *prediction, gpointer data);

typedef struct _TrainingElementRunner TrainingElementRunner;

/* Loads the model at that path (NULL: the element's default) and keeps it. Each file is processed
 * by a new element. With `stream`, one element processes all files as one stream, and with
 * `adaptation` it stays adapted from file to file. NULL with MEDIA_ERROR_DECODE without the
 * element, or with the element's error. gst_init() first; one thread at a time. */
TrainingElementRunner *training_element_runner_new (const char *model, gboolean stream,
                                                    gboolean adaptation, GError **error);
void training_element_runner_free (TrainingElementRunner *self); /* NULL is fine */

/* Replaces the model's prior probabilities of labels. `text` is "neutral=0.7,sad=0.1", with the
 * remaining probability split among the other labels, or "equal". FALSE with TRAINING_ERROR_DATA
 * describing the error. */
gboolean training_element_runner_set_priors (TrainingElementRunner *self, const char *text,
                                             GError **error);

/* The model's labels, interned, in the order of the scores: n_labels, then NULL. */
const char *const *training_element_runner_get_labels (const TrainingElementRunner *self,
                                                       guint *n_labels);

/* The display texts of the labels, interned. */
const char *const *training_element_runner_get_label_texts (const TrainingElementRunner *self);
/* The model's file name without the folder. */
const char *training_element_runner_get_model (const TrainingElementRunner *self);

/* Plays `file` as media_player_play() does. FALSE with a MEDIA_ERROR, possibly after some
 * windows. */
gboolean training_element_runner_run (TrainingElementRunner *self, const char *file,
                                      TrainingElementResultFunc func, gpointer data,
                                      GError **error);

G_END_DECLS
