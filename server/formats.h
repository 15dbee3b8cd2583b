/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The documents of a recording. */
#pragma once

#include "recording.h"

G_BEGIN_DECLS

typedef enum {
  SERVER_FORMAT_JSON,
  SERVER_FORMAT_CSV,       /* a row for each window, as emotion-predict --csv --timeline */
  SERVER_FORMAT_VTT,       /* WebVTT: a cue for each segment */
  SERVER_FORMAT_EMOTIONML, /* EmotionML 1.0: an emotion for each window */
  SERVER_FORMAT_HTML,      /* a page without scripts */
  SERVER_N_FORMATS,
} ServerFormat;

typedef struct {
  const char *name;       /* as in ?format= */
  const char *media_type; /* without parameters */
  const char *content_type, *extension;
} ServerFormatInfo;
extern const ServerFormatInfo server_formats[SERVER_N_FORMATS];

/* Finds a format by ?format= (may be NULL) or else by the header Accept (may be NULL, RFC 9110,
 * with q values and wildcards). FALSE with SERVER_PROBLEM_BAD_OPTION or NOT_ACCEPTABLE. */
gboolean server_format_choose (const char *name, const char *accept, ServerFormat *format,
                               GError **error);

/* The text of a recording, complete (or so far, for JSON). `keep_us` as for
 * server_recording_describe(). Free with g_free(); sets its length. */
char *server_format_write (ServerRecording *recording, ServerFormat format, guint ahead,
                           gint64 keep_us, gsize *length);

G_END_DECLS
