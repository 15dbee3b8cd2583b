/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The caps of the element: all raw audio that GStreamer knows. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* The caps of both pads; owned by the caller. */
GstCaps *gst_emotion_caps_new (void);

/* FALSE with GST_STREAM_ERROR_FORMAT, which names the remedy, if `caps` fit those of the pads but
 * GstAudioInfo refuses them. */
gboolean gst_emotion_caps_check (const GstCaps *caps, GError **error);

G_END_DECLS
