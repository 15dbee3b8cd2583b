/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The errors of reading and playing media. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MEDIA_ERROR (media_error_quark ())

typedef enum {
  MEDIA_ERROR_DECODE,   /* a file cannot be read or decoded */
  MEDIA_ERROR_NO_AUDIO, /* a file has no audio stream */
  MEDIA_ERROR_MISSING,  /* GStreamer lacks a decoder or another element */
  MEDIA_ERROR_STOPPED,  /* a signal (see stop.h) or media_player_stop() asked to stop */
} MediaError;

GQuark media_error_quark (void);

G_END_DECLS
