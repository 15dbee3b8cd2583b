/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The decoder of one file: uridecodebin, started and stopped in a thread of its own. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _MediaDecoder MediaDecoder;

/* Adds a decoder of `uri` to the pipeline and links its first audio stream to `entry`. `isolated`:
 * formats that lead to other addresses are not decoded. An application message tells that it cannot
 * start. Pipeline and entry must live until media_decoder_stop(). NULL if GStreamer's base plugins
 * are incomplete. */
MediaDecoder *media_decoder_new (GstElement *pipeline, GstElement *entry, const char *uri,
                                 gboolean isolated);
void media_decoder_unref (MediaDecoder *self);

void media_decoder_start (MediaDecoder *self);

/* Removes the decoder from the pipeline and stops it, or abandons it in its thread if it does not
 * stop; the process continues. */
void media_decoder_stop (MediaDecoder *self);

/* Whether the pad "sink" of the element is linked. */
gboolean media_is_linked (GstElement *element);

G_END_DECLS
