/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The audio that the library takes, and the rate at which it analyses it. */
#pragma once

#define EMOTION_SAMPLE_RATE 16000 /* Hz, of all analysis */

/* Limits of streams. */
#define EMOTION_MIN_RATE 8000   /* Hz */
#define EMOTION_MAX_RATE 192000 /* Hz */
#define EMOTION_MAX_CHANNELS 64
