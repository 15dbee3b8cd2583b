/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GstEmotionConfig: the parameters of an analysis. GstEmotionAnalysis: its detectors, one for each
 * channel that is analysed separately. */
#pragma once

#include "core/emotion.h"
#include "core/stream/label-statistics.h"
#include "settings.h"

G_BEGIN_DECLS

typedef struct {
  char *path;                           /* of the model, as the application set it; or NULL */
  guint64 window, interval, min_window; /* ns; 0: the model's own */
  GstEmotionChannelMode channel_mode;
  guint channel;       /* for GST_EMOTION_CHANNELS_SINGLE */
  EmotionModel *model; /* NULL: not loaded */
  char *model_name;    /* the name of its file; NULL: not loaded */
} GstEmotionConfig;

void gst_emotion_config_copy (GstEmotionConfig *to, const GstEmotionConfig *from);
void gst_emotion_config_clear (GstEmotionConfig *self);

/* Loads the model that gst_emotion_model_lookup() finds for `path`. */
gboolean gst_emotion_config_load (GstEmotionConfig *self, GError **error);
void gst_emotion_config_unload (GstEmotionConfig *self);

/* The format of a stream. */
typedef struct {
  guint rate; /* Hz; 0: no caps yet */
  guint channels;
  guint64 positions; /* as for emotion_mix_init() */
} GstEmotionFormat;

typedef struct {
  EmotionDetector *detector;
  gint index;                        /* from 0; -1: the mix of all */
  GQuark last_reported;              /* the predicted label; 0: none */
  GQuark previous;                   /* the label reported before it */
  EmotionLabelStatistics statistics; /* its times are PTS */
} GstEmotionChannel;

typedef struct {
  const EmotionModel *model; /* the detectors' */
  char *model_name;
  guint64 window, interval; /* ns */
  guint n_channels;
  GstEmotionChannel *channels;
} GstEmotionAnalysis;

/* Builds an analysis of streams of `format` with the loaded model of `config`. NULL with
 * EMOTION_ERROR_INVALID, or with GST_STREAM_ERROR_FORMAT if the format lacks the chosen channel. */
GstEmotionAnalysis *gst_emotion_analysis_new (const GstEmotionConfig *config,
                                              const GstEmotionFormat *format, GError **error);
void gst_emotion_analysis_free (GstEmotionAnalysis *self);

/* Applies `settings` from the next result on. */
void gst_emotion_analysis_configure (GstEmotionAnalysis *self, const GstEmotionSettings *settings);

/* Continues where `before` stopped; `before` cannot be used any more. If both have the same
 * channels, the reported labels are kept. If they have the same model too, the decision over the
 * stream, the statistics and the adaptation are also kept, and the result is TRUE. */
gboolean gst_emotion_analysis_inherit (GstEmotionAnalysis *self, GstEmotionAnalysis *before);

/* The next sample does not follow the last one, but belongs to the same stream. */
void gst_emotion_analysis_restart (GstEmotionAnalysis *self);

/* The next sample begins a new decision over a stream and a new statistics. The reported labels and the
 * adaptation are kept. */
void gst_emotion_analysis_reset (GstEmotionAnalysis *self);
void gst_emotion_analysis_forget_adaptation (GstEmotionAnalysis *self);

/* The number of NaN or infinite input samples since the last reset or restart. */
guint64 gst_emotion_analysis_get_bad_samples (const GstEmotionAnalysis *self);

G_END_DECLS
