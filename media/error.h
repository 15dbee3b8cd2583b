/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The errors of reading and playing media. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MEDIA_ERROR (media_error_quark ())

typedef enum {
  MEDIA_ERROR_DECODE,  /* a file cannot be read or has no audio */
  MEDIA_ERROR_STOPPED, /* a signal asked to stop (see stop.h) */
} MediaError;

GQuark media_error_quark (void);

G_END_DECLS
