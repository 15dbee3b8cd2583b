/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files that a test creates, in its own folder. */
#pragma once

#include <glib.h>

/* Creates a folder; scratch_remove() frees the path and deletes the folder with all
 * of its content. */
char *scratch_new (void);
void scratch_remove (char *folder);

/* Writes a file and returns its path, to be freed. */
char *scratch_write (const char *folder, const char *name, const void *content, gsize size);
char *scratch_write_wav (const char *folder, const char *name, guint rate, guint channels,
                         const gint16 *samples, gsize n_frames);

/* Writes the WAV file of a voice-like sound: pulses at `f0` Hz through a
 * resonance, in syllables. */
char *scratch_write_speech (const char *folder, const char *name, guint rate, double f0,
                            double seconds);

/* Runs a pipeline in gst-launch syntax to its end; FALSE if an element is not available. */
gboolean scratch_run_pipeline (const char *description);
