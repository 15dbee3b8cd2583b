/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GstEmotionSettings: the values of the properties that take effect with the next result or buffer. The
 * streaming thread only reads them, and nothing has to be rebuilt. */
#pragma once

#include "priors.h"

G_BEGIN_DECLS

#define GST_EMOTION_NONE "none" /* in place of a label, where none is predicted */

typedef enum {
  GST_EMOTION_MESSAGES_INTERVAL, /* one a window */
  GST_EMOTION_MESSAGES_CHANGE,   /* one a change of the prediction */
  GST_EMOTION_MESSAGES_BOTH,
} GstEmotionMessageMode;

typedef enum {
  GST_EMOTION_CHANNELS_MIX,      /* core/dsp/mix.h */
  GST_EMOTION_CHANNELS_SEPARATE, /* each by itself */
  GST_EMOTION_CHANNELS_FIRST,    /* the others do not count */
  GST_EMOTION_CHANNELS_SINGLE,   /* the chosen one; the others do not count */
} GstEmotionChannelMode;

typedef enum {
  GST_EMOTION_ADAPTATION_NONE,
  GST_EMOTION_ADAPTATION_RUNNING, /* to what was analysed so far, if the model can */
} GstEmotionAdaptation;

/* Plain data: copied by assignment. */
typedef struct {
  GstEmotionAdaptation adaptation;
  gboolean post_messages, post_tags, attach_meta, send_features;
  GstEmotionMessageMode message_mode;
  double threshold;         /* below 0: the model's */
  double hysteresis;        /* below 0: the model's */
  guint64 hold_time;        /* ns; GST_CLOCK_TIME_NONE: the model's */
  guint64 smoothing;        /* ns; the same */
  double silence_threshold; /* dBFS; above 0: the model's */
  double min_speech_ratio;  /* below 0: the model's */
  GstEmotionPriors priors;
} GstEmotionSettings;

/* Sets the defaults of the properties. */
void gst_emotion_settings_init (GstEmotionSettings *self);

/* How a detector with `model` is to decide. */
void gst_emotion_settings_get_decision (const GstEmotionSettings *self, const EmotionModel *model,
                                        EmotionDecisionConfig *config);

/* The enumerations as types of properties. */
#define GST_TYPE_EMOTION_MESSAGE_MODE (gst_emotion_message_mode_get_type ())
#define GST_TYPE_EMOTION_CHANNEL_MODE (gst_emotion_channel_mode_get_type ())
#define GST_TYPE_EMOTION_ADAPTATION (gst_emotion_adaptation_get_type ())
GType gst_emotion_message_mode_get_type (void);
GType gst_emotion_channel_mode_get_type (void);
GType gst_emotion_adaptation_get_type (void);

G_END_DECLS
