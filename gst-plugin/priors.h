/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GstEmotionPriors: prior probabilities of labels by name: the value of the property "priors".
 * Plain data, which is copied by assignment. */
#pragma once

#include "core/stream/decision.h"

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct {
  gboolean given; /* FALSE: use the model's own priors */
  guint n;        /* number of named labels */
  GQuark labels[EMOTION_MAX_LABELS];
  double probabilities[EMOTION_MAX_LABELS]; /* 0..1, with a sum of 0..1 */
} GstEmotionPriors;

/* Reads a structure with a number for each label. A structure without fields means equal priors,
 * NULL the model's own. FALSE with GST_LIBRARY_ERROR_SETTINGS; `self` is unchanged then. */
gboolean gst_emotion_priors_parse (GstEmotionPriors *self, const GstStructure *structure,
                                   GError **error);

/* The structure, owned by the caller; NULL if none was given. */
GstStructure *gst_emotion_priors_to_structure (const GstEmotionPriors *self);

/* Sets the priors in `config`, if any were given. The model's labels that are not named share the
 * rest equally. Named labels that the model does not have are ignored; if there are no others,
 * `config` is unchanged. */
void gst_emotion_priors_apply (const GstEmotionPriors *self, const EmotionModel *model,
                               EmotionDecisionConfig *config);

/* The first named label that the model does not have, or NULL. */
const char *gst_emotion_priors_find_unknown (const GstEmotionPriors *self,
                                             const EmotionModel *model);

G_END_DECLS
