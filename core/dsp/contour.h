/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Intonation of a window: F0 in semitones over its voiced runs, as in studies of prosody (Cowie et
 * al. 2001; Mary & Yegnanarayana 2008). Only runs of 50 ms or more count.
 *   slope            mean slope of the runs, weighted by length, semitones per second
 *   abs_slope        mean absolute slope, weighted likewise
 *   last_slope, last_mean     rise over half of the last run; its mean minus the mean of the window
 *   first_slope, first_mean   the same of the first run
 *   bow              mean over runs of the second-order term of F0 over time -1..1
 *   range, max_range mean and maximum of the range within a run
 *   slope_sd         standard deviation of the slopes
 *   runs             runs per second
 * Without runs all are 0. Pure functions; they do not allocate. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define EMOTION_CONTOURS 11

/* Writes EMOTION_CONTOURS numbers to `out`. `octaves`: log2 of F0 in Hz per frame of 10 ms, 0 where
 * unvoiced; `column`: scratch memory for n floats. */
void emotion_contour (const float *octaves, guint n, float *column, float *out);

/* Name of value `index`; sets `unit`. Both are constants. */
const char *emotion_contour_describe (guint index, const char **unit);

G_END_DECLS
