/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GstEmotionConfig: what an analysis is made from; GstEmotionAnalysis: the detectors made from it,
 * one for each channel that is analysed by itself. */
#pragma once

#include "core/stream/detector.h"
#include "core/stream/tally.h"
#include "settings.h"

G_BEGIN_DECLS

typedef struct {
  char *path;                           /* where the model was asked for, or NULL */
  guint64 window, interval, min_window; /* ns; 0: the model's */
  GstEmotionChannelMode channel_mode;
  guint channel;       /* with GST_EMOTION_CHANNELS_SINGLE */
  EmotionModel *model; /* NULL when not loaded */
  char *model_name;    /* to show: the file's name; NULL when not loaded */
} GstEmotionConfig;

void gst_emotion_config_copy (GstEmotionConfig *to, const GstEmotionConfig *from);
void gst_emotion_config_clear (GstEmotionConfig *self);

/* Finds and loads the model of `path` as in model-lookup.h. */
gboolean gst_emotion_config_load (GstEmotionConfig *self, GError **error);
void gst_emotion_config_unload (GstEmotionConfig *self);

/* Of a stream. */
typedef struct {
  guint rate; /* Hz; 0 before caps */
  guint channels;
  guint64 positions; /* as for emotion_mix_init() */
} GstEmotionFormat;

typedef struct {
  EmotionDetector *detector;
  gint index;           /* from 0, or -1 for all of them mixed */
  GQuark last_reported; /* the predicted label; 0: none */
  GQuark previous;      /* the one reported before it */
  EmotionTally tally;   /* in PTS */
} GstEmotionChannel;

typedef struct {
  const EmotionModel *model; /* the detectors' */
  char *model_name;
  guint64 window, interval; /* ns */
  guint n_channels;
  GstEmotionChannel *channels;
} GstEmotionAnalysis;

/* An analysis of `format` by the loaded model of `config`, or NULL with EMOTION_ERROR_INVALID or, where
 * the format has no such channel, a GST_STREAM_ERROR. */
GstEmotionAnalysis *gst_emotion_analysis_new (const GstEmotionConfig *config,
                                              const GstEmotionFormat *format, GError **error);
void gst_emotion_analysis_free (GstEmotionAnalysis *self);

/* Decides by `settings` from the next result on. */
void gst_emotion_analysis_configure (GstEmotionAnalysis *self, const GstEmotionSettings *settings);

/* Goes on where `before` is, which is not used any more: with its labels if it has the same
 * channels, and also with its clip decision, tally and adaptation if it has the same model; FALSE if
 * not with these. */
gboolean gst_emotion_analysis_inherit (GstEmotionAnalysis *self, GstEmotionAnalysis *before);

/* The next sample does not follow the last, but is of the same stream. */
void gst_emotion_analysis_restart (GstEmotionAnalysis *self);

/* The next sample begins something new to decide and sum up. The label reported last and what the
 * adaptation has learnt are not forgotten by it. */
void gst_emotion_analysis_reset (GstEmotionAnalysis *self);
void gst_emotion_analysis_forget_adaptation (GstEmotionAnalysis *self);

/* Input samples that were NaN or infinite since the last reset or restart. */
guint64 gst_emotion_analysis_get_bad_samples (const GstEmotionAnalysis *self);

G_END_DECLS
