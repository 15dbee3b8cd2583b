/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The audio that the library takes, and the rate at which it analyses it. */
#pragma once

#include "core/emotion.h"

#define EMOTION_SAMPLE_RATE 16000 /* Hz, of all analysis */
