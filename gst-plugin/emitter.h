/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GstEmotionEmitter: sends results out of the element, as messages, tags and metas. Of the
 * streaming thread alone; it holds no lock while posting. */
#pragma once

#include "stream.h"

G_BEGIN_DECLS

typedef struct {
  GstElement *element;
  GstPad *srcpad;
  const GstEmotionSettings *settings;
  GstBuffer *buffer;         /* gets metas; NULL: none */
  GstTagList *upstream_tags; /* the latest of stream scope, or NULL */
  GstTagList *own_tags;      /* of the latest prediction, or NULL */
} GstEmotionEmitter;

/* Registers the tags and the meta; once per process, before the first emitter. */
void gst_emotion_emitter_register (void);

/* The element, the pad and the settings must outlive the emitter. */
void gst_emotion_emitter_init (GstEmotionEmitter *self, GstElement *element, GstPad *srcpad,
                               const GstEmotionSettings *settings);

/* Sends a result that starts in `segment`. */
void gst_emotion_emitter_emit (GstEmotionEmitter *self, const GstEmotionResult *result,
                               const GstSegment *segment);

/* Takes ownership of `event`, a tag event from upstream, and returns the event to send downstream
 * in its place. */
GstEvent *gst_emotion_emitter_take_tags (GstEmotionEmitter *self, GstEvent *event);
void gst_emotion_emitter_forget_tags (GstEmotionEmitter *self);

G_END_DECLS
