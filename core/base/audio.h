/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Properties of the audio that the library analyses. */
#pragma once

#include "core/emotion.h"

#define EMOTION_SAMPLE_RATE 16000 /* Hz; all analysis runs at this rate */
