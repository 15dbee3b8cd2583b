/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GstEmotionControl: what the application has set, for the streaming thread to take over. A setter
 * stores a value or builds an analysis; the streaming thread takes both before its next buffer or
 * result. */
#pragma once

#include "dumper.h"

G_BEGIN_DECLS

typedef struct {
  GstElement *element; /* posts the messages; the object lock below is its lock */

  /* Held to start, to build an analysis and to open a dump. Taken before the object lock; never
   * held while a message is posted or a setter loads a model. */
  GMutex build_lock;
  gboolean started;
  GstEmotionFormat format; /* of the caps; rate 0 before */

  /* Read under the object lock or build_lock, written under both. */
  GstEmotionConfig config;
  char *dump_path;

  /* Protected by the object lock. */
  GstEmotionSettings settings;
  GstEmotionAnalysis *pending;   /* the streaming thread takes it; or NULL */
  GHashTable *deferred_warnings; /* GParamSpec -> GError: to be posted at the start */
  GQuark last_emotion;           /* 0: none */
  double last_confidence;

  gint serial;      /* atomic: counts the changes of settings and pending */
  gint seen_serial; /* of the streaming thread */

  GstEmotionDumper dumper;
} GstEmotionControl;

/* The element and its pad must outlive the control. */
void gst_emotion_control_init (GstEmotionControl *self, GstElement *element, GstPad *sinkpad);
void gst_emotion_control_clear (GstEmotionControl *self);

/* Loads the model and opens the dump; FALSE after posting the error. */
gboolean gst_emotion_control_start (GstEmotionControl *self);
/* Unloads the model, completes the dump and forgets the caps. */
void gst_emotion_control_stop (GstEmotionControl *self);

/* --- For the setters, in any thread --- */

/* Posts a warning, if `error` is not NULL, and frees it. Call it without a lock. */
void gst_emotion_control_warn (GstEmotionControl *self, GError *error);

/* The same for the value of a property, NULL if the value is right. Before the start the warning is
 * deferred to it, as gst-launch-1.0 sets properties before it reads the bus. */
void gst_emotion_control_warn_of_property (GstEmotionControl *self, GParamSpec *pspec,
                                           GError *error);

/* Takes build_lock and copies the configuration into `config`. */
void gst_emotion_control_begin (GstEmotionControl *self, GstEmotionConfig *config);
/* Makes `config` the configuration, after building an analysis if there are caps, and releases
 * build_lock. Takes ownership of the contents of `config`. FALSE if the analysis cannot be built;
 * the old configuration stays in force then. */
gboolean gst_emotion_control_commit (GstEmotionControl *self, GstEmotionConfig *config,
                                     GError **error);

/* These post a warning if the value cannot be used. */
void gst_emotion_control_set_model (GstEmotionControl *self, const char *path);
void gst_emotion_control_set_dump_path (GstEmotionControl *self, const char *path);
void gst_emotion_control_set_priors (GstEmotionControl *self, const GstEmotionPriors *priors);

/* --- For the streaming thread --- */

/* Builds an analysis for `format`, which becomes the current one; NULL after posting the error. */
GstEmotionAnalysis *gst_emotion_control_build (GstEmotionControl *self,
                                               const GstEmotionFormat *format);

/* If anything has changed since the last call, copies the settings and hands over the analysis that
 * a setter has built, or NULL. Otherwise returns FALSE. */
gboolean gst_emotion_control_take_changes (GstEmotionControl *self, GstEmotionSettings *settings,
                                           GstEmotionAnalysis **analysis);

/* Sets the properties last-emotion and last-confidence. */
void gst_emotion_control_set_last (GstEmotionControl *self, GQuark emotion, double confidence);

/* Adds the features of a window to the dump, if there is one. */
void gst_emotion_control_dump (GstEmotionControl *self, const GstEmotionResult *result,
                               const char *stream_id);

G_END_DECLS
