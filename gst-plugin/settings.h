/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GstEmotionSettings: the values of the properties that take effect with the next result or buffer.
 * The streaming thread only reads them, and nothing has to be rebuilt. */
#pragma once

#include "priors.h"

G_BEGIN_DECLS

#define GST_EMOTION_NONE "none" /* stands for a label where none is predicted */

typedef enum {
  GST_EMOTION_MESSAGES_INTERVAL, /* one for each window */
  GST_EMOTION_MESSAGES_CHANGE,   /* one for each change of the predicted label */
  GST_EMOTION_MESSAGES_BOTH,
} GstEmotionMessageMode;

typedef enum {
  GST_EMOTION_CHANNELS_MIX,      /* one mix of all, as in core/dsp/mix.h */
  GST_EMOTION_CHANNELS_SEPARATE, /* each separately */
  GST_EMOTION_CHANNELS_FIRST,    /* only the first */
  GST_EMOTION_CHANNELS_SINGLE,   /* only the chosen one */
} GstEmotionChannelMode;

typedef enum {
  GST_EMOTION_ADAPTATION_NONE,
  GST_EMOTION_ADAPTATION_RUNNING, /* to the mean of the stream's speech so far, if the model can */
} GstEmotionAdaptation;

/* Plain data, which is copied by assignment. */
typedef struct {
  GstEmotionAdaptation adaptation;
  gboolean post_messages, post_tags, attach_meta, send_features;
  GstEmotionMessageMode message_mode;
  double threshold;         /* below 0: the model's own */
  double hysteresis;        /* below 0: the model's own */
  guint64 hold_time;        /* ns; GST_CLOCK_TIME_NONE: the model's own */
  guint64 smoothing;        /* ns; GST_CLOCK_TIME_NONE: the model's own */
  double silence_threshold; /* dBFS; above 0: the model's own */
  double min_speech_ratio;  /* below 0: the model's own */
  GstEmotionPriors priors;
} GstEmotionSettings;

/* Sets the defaults of the properties. */
void gst_emotion_settings_init (GstEmotionSettings *self);

/* Makes the decision parameters for a detector with `model`. */
void gst_emotion_settings_get_decision (const GstEmotionSettings *self, const EmotionModel *model,
                                        EmotionDecisionConfig *config);

/* The types of the enumerations. */
#define GST_TYPE_EMOTION_MESSAGE_MODE (gst_emotion_message_mode_get_type ())
#define GST_TYPE_EMOTION_CHANNEL_MODE (gst_emotion_channel_mode_get_type ())
#define GST_TYPE_EMOTION_ADAPTATION (gst_emotion_adaptation_get_type ())
GType gst_emotion_message_mode_get_type (void);
GType gst_emotion_channel_mode_get_type (void);
GType gst_emotion_adaptation_get_type (void);

G_END_DECLS
