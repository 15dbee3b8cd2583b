/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Error domain of the core library. Every message says what failed, where, and what to do. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define EMOTION_ERROR (emotion_error_quark ())

typedef enum {
  EMOTION_ERROR_NOT_FOUND,   /* a file does not exist */
  EMOTION_ERROR_IO,          /* a file exists and cannot be read or written */
  EMOTION_ERROR_CORRUPT,     /* truncated, damaged or impossible content */
  EMOTION_ERROR_UNSUPPORTED, /* well formed, but made for another version of this software */
  EMOTION_ERROR_INVALID,     /* a value given by the caller is out of its range */
} EmotionError;

GQuark emotion_error_quark (void);

G_END_DECLS
