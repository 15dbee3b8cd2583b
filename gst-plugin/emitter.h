/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GstEmotionEmitter: where results leave the element: messages, tags and metas, as the settings want
 * it. Of the streaming thread alone; no lock is held while posting. */
#pragma once

#include "report.h"

G_BEGIN_DECLS

typedef struct {
  GstElement *element;
  GstPad *srcpad;
  GstEmotionSettings settings;
  GstBuffer *buffer;         /* that may get metas, or NULL */
  GstTagList *upstream_tags; /* of stream scope, the last; or NULL */
  GstTagList *own_tags;      /* of the prediction reported last; or NULL */
} GstEmotionEmitter;

/* Both live longer than the emitter. */
void gst_emotion_emitter_init (GstEmotionEmitter *self, GstElement *element, GstPad *srcpad);

void gst_emotion_emitter_emit (GstEmotionEmitter *self, const GstEmotionResult *result,
                               const GstEmotionTimes *times);

/* Takes `event`, a tag event from upstream, and returns what goes downstream in its place. */
GstEvent *gst_emotion_emitter_take_tags (GstEmotionEmitter *self, GstEvent *event);
void gst_emotion_emitter_forget_tags (GstEmotionEmitter *self);

G_END_DECLS
