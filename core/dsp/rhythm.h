/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rhythm of a window; lengths are in frames of 10 ms:
 *   voiced, active           fractions of frames
 *   voiced_runs, voiced_mean, voiced_sd, voiced_max   voiced runs: number per frame; their lengths
 *   frames, active_frames    number of frames, and of active frames
 *   gap_mean, gap_sd         from the end of one voiced run to the next
 *   log_voiced_mean, log_gap_mean, log_frames, log_voiced_max   ln (1 + .) of these
 *   pauses, pause_mean, pause_max, pause_share        inactive runs of 50 ms or more: number,
 *                            lengths, fraction of frames
 *   unvoiced_runs, unvoiced_mean, unvoiced_max        active runs that are not voiced
 *   syllable_rate, syllable_height, syllable_mean, syllable_sd   syllable nuclei, which are voiced
 *                            peaks of the log energy (averaged over 70 ms) at least 0.25 above the
 *                            preceding dip (de Jong & Wempe 2009): number per second, mean height,
 *                            mean and standard deviation of the distances
 * Pure functions; they do not allocate. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define EMOTION_RHYTHMS 25

/* Writes EMOTION_RHYTHMS numbers to `out`. `active`, `voiced`: 0 or 1 per frame; `log_energy`: ln
 * of RMS; n >= 1; `column`: scratch memory for n floats. */
void emotion_rhythm (const guint8 *active, const guint8 *voiced, const float *log_energy, guint n,
                     float *column, float *out);

/* Name of value `index`; sets `unit`. Both are constants. */
const char *emotion_rhythm_describe (guint index, const char **unit);

G_END_DECLS
