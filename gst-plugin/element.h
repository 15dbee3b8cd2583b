/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The inside of GstEmotionDetect. gstemotiondetect.c is its streaming thread, control.c what other
 * threads do to it: they only store, or build what the streaming thread then takes over. */
#pragma once

#include "emitter.h"
#include "feature-dump.h"
#include "gstemotiondetect.h"

G_BEGIN_DECLS

GST_DEBUG_CATEGORY_EXTERN (gst_emotion_detect_debug);

struct _GstEmotionDetect {
  GstAudioFilter parent;

  /* Held to start, build an analysis or open a dump, before the object lock and never while posting
   * or while a model is loaded for a setter. */
  GMutex build_lock;
  gboolean started;
  GstEmotionFormat format; /* of the caps; 0 before */

  /* Read under the object lock or build_lock, written under both. */
  GstEmotionConfig config;
  char *dump_path;

  /* Protected by the object lock. */
  GstEmotionSettings requested;  /* what the properties say */
  GstEmotionAnalysis *pending;   /* what a setter built for the streaming thread */
  GHashTable *deferred_warnings; /* property -> GError: what was wrong with it before the start */
  GQuark last_emotion;           /* 0: none */
  double last_confidence;

  gint serial;      /* atomic; counts changes of settings and pending */
  gint wants_reset; /* atomic */

  GMutex dump_lock; /* held while a row is written and while dumps are swapped */
  GstEmotionDump *dump;

  /* Of the streaming thread, and of start() and stop(), when there is none. */
  gint seen_serial;
  gboolean attaching;          /* metas; then buffers do not pass through */
  GstEmotionSettings settings; /* in use: a copy of the requested ones */
  GstEmotionStream stream;
  GstEmotionEmitter emitter;
  GstSegment first_segment; /* the one in which the stream began */
  gboolean warned_of_bad_samples, warned_of_cost, warned_of_layout;
  char *stream_id;
  char *stream_name; /* for the dump; NULL when not asked for yet */
};

/* The property functions. */
void gst_emotion_detect_set_property (GObject *object, guint property, const GValue *value,
                                      GParamSpec *pspec);
void gst_emotion_detect_get_property (GObject *object, guint property, GValue *value,
                                      GParamSpec *pspec);

/* Loads the model and opens the dump; FALSE after posting why not. */
gboolean gst_emotion_detect_load (GstEmotionDetect *self);
/* Undoes it, and forgets the caps. */
void gst_emotion_detect_unload (GstEmotionDetect *self);

/* An analysis for these caps, which become the element's; NULL after posting why not. */
GstEmotionAnalysis *gst_emotion_detect_build (GstEmotionDetect *self,
                                              const GstEmotionFormat *format);

/* Writes the window's features into the dump, if there is one. Of the streaming thread. */
void gst_emotion_detect_dump (GstEmotionDetect *self, const GstEmotionResult *result);

/* Sets the properties last-emotion and last-confidence. */
void gst_emotion_detect_remember (GstEmotionDetect *self, GQuark emotion, double confidence);

/* Posts `error` as an error or a warning of the element; no lock may be held. */
void gst_emotion_detect_post_error (GstEmotionDetect *self, GstMessageType type,
                                    const GError *error);

G_END_DECLS
