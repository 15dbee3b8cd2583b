/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GstEmotionPriors: how probable some labels are before anything is analysed, by name, as the property
 * "priors" gives it. Plain data: copied by assignment. */
#pragma once

#include "core/stream/decision.h"

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct {
  gboolean given; /* else the model's own priors apply */
  guint n;        /* labels that are named */
  GQuark labels[EMOTION_MAX_LABELS];
  double shares[EMOTION_MAX_LABELS]; /* 0..1, of sum 0..1 */
} GstEmotionPriors;

/* Reads a structure with a number a label; one without any stands for equal priors, NULL for the
 * model's own. FALSE with
 * GST_LIBRARY_ERROR_SETTINGS, leaving `self` as it was. */
gboolean gst_emotion_priors_parse (GstEmotionPriors *self, const GstStructure *structure,
                                   GError **error);

/* The structure, owned by the caller, or NULL when none was given. */
GstStructure *gst_emotion_priors_to_structure (const GstEmotionPriors *self);

/* Puts the priors of the model's labels into `config`, if any were given: labels that are not named share what the
 * named ones leave. Labels that the model does not have are passed over; with no others, nothing is put. */
void gst_emotion_priors_apply (const GstEmotionPriors *self, const EmotionModel *model,
                               EmotionDecisionConfig *config);

/* The first label that the model does not have, or NULL. */
const char *gst_emotion_priors_find_unknown (const GstEmotionPriors *self,
                                             const EmotionModel *model);

G_END_DECLS
