/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages of GStreamer in words that say what to do. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Of an error message. `caps` are those of the decoded audio, or NULL before there are any. To be
 * freed. */
char *media_describe_error (GstMessage *message, const GstCaps *caps);

/* Of a missing-plugin message: its description and the Debian package that has it, or that no
 * package has it. To be freed. */
char *media_describe_missing (GstMessage *message);

/* Says that audio of these caps cannot be used. To be freed. */
char *media_describe_refused (const GstCaps *caps);

G_END_DECLS
