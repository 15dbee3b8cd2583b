/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The element's properties, and GstEmotionSettings: the values of those that the streaming thread
 * has only to look at. */
#pragma once

#include "priors.h"

G_BEGIN_DECLS

enum {
  GST_EMOTION_PROP_MODEL = 1,
  GST_EMOTION_PROP_MODEL_INFO,
  GST_EMOTION_PROP_WINDOW,
  GST_EMOTION_PROP_INTERVAL,
  GST_EMOTION_PROP_MIN_WINDOW,
  GST_EMOTION_PROP_CHANNEL_MODE,
  GST_EMOTION_PROP_CHANNEL,
  GST_EMOTION_PROP_ADAPTATION,
  GST_EMOTION_PROP_POST_MESSAGES,
  GST_EMOTION_PROP_MESSAGE_MODE,
  GST_EMOTION_PROP_THRESHOLD,
  GST_EMOTION_PROP_HYSTERESIS,
  GST_EMOTION_PROP_HOLD_TIME,
  GST_EMOTION_PROP_SMOOTHING,
  GST_EMOTION_PROP_PRIORS,
  GST_EMOTION_PROP_SILENCE_THRESHOLD,
  GST_EMOTION_PROP_MIN_SPEECH_RATIO,
  GST_EMOTION_PROP_POST_TAGS,
  GST_EMOTION_PROP_ATTACH_META,
  GST_EMOTION_PROP_SEND_FEATURES,
  GST_EMOTION_PROP_DUMP_FEATURES,
  GST_EMOTION_PROP_LAST_EMOTION,
  GST_EMOTION_PROP_LAST_CONFIDENCE,
};

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

/* The defaults of the properties. */
void gst_emotion_settings_init (GstEmotionSettings *self);

/* Sets or gets one of the properties kept here; FALSE if `property` is another one. Not for
 * setting the priors, whose structure may be refused. */
gboolean gst_emotion_settings_set (GstEmotionSettings *self, guint property, const GValue *value);
gboolean gst_emotion_settings_get (const GstEmotionSettings *self, guint property, GValue *value);

/* How a detector with `model` is to decide. */
void gst_emotion_settings_get_decision (const GstEmotionSettings *self, const EmotionModel *model,
                                        EmotionDecisionConfig *config);

/* Installs all properties; the types of their enumerations are registered by it. */
void gst_emotion_properties_install (GObjectClass *klass);

G_END_DECLS
