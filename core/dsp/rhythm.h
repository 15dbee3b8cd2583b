/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The timing of a window, lengths in frames of 10 ms:
 *   voiced, active             shares of frames
 *   voiced_runs, voiced_mean, voiced_sd, voiced_max   runs of voice: per frame, their lengths
 *   frames, active_frames      lengths of the window and of what is active in it
 *   gap_mean, gap_sd           from the end of one voiced run to the next
 *   log_voiced_mean, log_gap_mean, log_frames, log_voiced_max   ln (1 + .) of these
 *   pauses, pause_mean, pause_max, pause_share        inactive runs of 50 ms or more: their number,
 *                              lengths, share of frames
 *   unvoiced_runs, unvoiced_mean, unvoiced_max        runs that are active but not voiced
 *   syllable_rate, syllable_height, syllable_mean, syllable_sd   voiced peaks of the log energy
 *                              (means of 70 ms) 0.25 or more over the dip before, as nuclei of
 *                              syllables (de Jong & Wempe 2009): per second, mean height, mean and
 *                              spread of the distances
 * Pure functions; nothing allocates. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define EMOTION_RHYTHMS 25

/* `active`, `voiced`: per frame 0 or 1; `log_energy`: ln of RMS; n >= 1; `column` has room for n. */
void emotion_rhythm (const guint8 *active, const guint8 *voiced, const float *log_energy, guint n,
                     float *column, float *out);

/* Name and unit of value `index`. */
const char *emotion_rhythm_describe (guint index, const char **unit);

G_END_DECLS
