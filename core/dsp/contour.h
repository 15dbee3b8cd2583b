/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The melody of a window: F0 over its voiced runs, in semitones, as prosody studies describe it
 * (Cowie et al. 2001; Mary & Yegnanarayana 2008). Only runs of 50 ms or more count.
 *   slope            mean slope of the runs, weighted by length, semitones per second
 *   abs_slope        the same of its absolute value
 *   last_slope, last_mean     rise over half of the last run; its mean less that of the window
 *   first_slope, first_mean   the same of the first
 *   bow              mean over runs of the second-order term of F0 on time -1..1
 *   range, max_range mean and greatest range within a run
 *   slope_sd         spread of the slopes
 *   runs             runs per second
 * Without runs all are 0. Pure functions; nothing allocates. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define EMOTION_CONTOURS 11

/* `octaves`: log2 of Hz per frame of 10 ms, 0 where unvoiced; `column` has room for n. */
void emotion_contour (const float *octaves, guint n, float *column, float *out);

/* Name and unit of value `index`. */
const char *emotion_contour_describe (guint index, const char **unit);

G_END_DECLS
