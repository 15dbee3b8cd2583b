/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GstEmotionConfig: what an analysis is made from; GstEmotionAnalysis: a detector made from it. */
#pragma once

#include "core/detector.h"

G_BEGIN_DECLS

typedef struct {
  char *path;               /* where the model was asked for, or NULL */
  guint64 window, interval; /* ns; 0: the model's */
  EmotionModel *model;      /* NULL when not loaded */
  char *model_name;         /* to show: the file's name; NULL when not loaded */
} GstEmotionConfig;

void gst_emotion_config_copy (GstEmotionConfig *to, const GstEmotionConfig *from);
void gst_emotion_config_clear (GstEmotionConfig *self);

/* Finds and loads the model of `path` as in model-lookup.h. */
gboolean gst_emotion_config_load (GstEmotionConfig *self, GError **error);
void gst_emotion_config_unload (GstEmotionConfig *self);

typedef struct {
  EmotionDetector *detector;
  char *model_name;
} GstEmotionAnalysis;

/* An analysis of `channels` at `rate` Hz by the loaded model of `config`. */
GstEmotionAnalysis *gst_emotion_analysis_new (const GstEmotionConfig *config, guint rate,
                                              guint channels, GError **error);
void gst_emotion_analysis_free (GstEmotionAnalysis *self);

G_END_DECLS
