/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GstEmotionDumper: the feature dump of a stream, which any thread can exchange for another one. */
#pragma once

#include "feature-dump.h"
#include "stream.h"

G_BEGIN_DECLS

typedef struct {
  GstPad *sinkpad;
  GMutex lock; /* held while a row is written and while dumps are exchanged */
  GstEmotionDump *dump;
  char *stream_name; /* of the streaming thread; NULL before it is needed */
} GstEmotionDumper;

/* The pad must outlive the dumper. */
void gst_emotion_dumper_init (GstEmotionDumper *self, GstPad *sinkpad);
void gst_emotion_dumper_clear (GstEmotionDumper *self);

/* Dumps into `dump` from the next window on; NULL: nowhere. Takes ownership of it and completes the
 * dump before. FALSE with GST_RESOURCE_ERROR_WRITE if that one could not be stored. */
gboolean gst_emotion_dumper_replace (GstEmotionDumper *self, GstEmotionDump *dump, GError **error);

/* Adds the features of a window, if there is a dump. FALSE with GST_RESOURCE_ERROR_WRITE; the dump
 * has ended then. Of the streaming thread. */
gboolean gst_emotion_dumper_write (GstEmotionDumper *self, const GstEmotionResult *result,
                                   const char *stream_id, GError **error);

/* The next window is of another stream. Of the streaming thread. */
void gst_emotion_dumper_forget_stream (GstEmotionDumper *self);

G_END_DECLS
