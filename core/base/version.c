/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/emotion.h"

void
emotion_get_version (guint *major, guint *minor, guint *micro)
{
  if (major)
    *major = EMOTION_VERSION_MAJOR;
  if (minor)
    *minor = EMOTION_VERSION_MINOR;
  if (micro)
    *micro = EMOTION_VERSION_MICRO;
}
