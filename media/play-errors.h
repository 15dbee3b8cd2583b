/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Converts GStreamer messages to texts that say what to do. */
#pragma once

#include <gst/gst.h>

#include "error.h"

G_BEGIN_DECLS

/* The text of an error message, and its kind. `caps` are those of the decoded audio, or NULL before
 * there are any. To be freed. */
char *media_describe_error (GstMessage *message, const GstCaps *caps, MediaError *code);

/* The text of a missing-plugin message: its description and the Debian package that contains it, or
 * that no package does. To be freed. */
char *media_describe_missing (GstMessage *message);

/* Whether a missing-plugin message is of a playlist, a manifest or another list of sources. */
gboolean media_is_list (GstMessage *message);

/* The text for audio caps that are not supported. To be freed. */
char *media_describe_refused (const GstCaps *caps);

G_END_DECLS
