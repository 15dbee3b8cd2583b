/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/emotion.h"

/* clang-format off */
G_DEFINE_QUARK (emotion-error-quark, emotion_error)
/* clang-format on */
