/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Recursive listing of the files in a folder. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Receives a regular file: its path relative to the folder and its size in bytes. `problem` is set
 * instead for an entry that cannot be inspected, such as a dangling link. */
typedef void (*TrainingWalkFunc) (const char *path, goffset size, const char *problem,
                                  gpointer data);

/* Calls `func` for each file under `folder`. Within each folder, entries are in the order of their
 * names. Symbolic links are followed; each folder is walked once, however many links lead to it.
 * Hidden entries are skipped. FALSE with TRAINING_ERROR_METADATA that names the first unreadable
 * folder, after all other folders have been walked. */
gboolean training_walk (const char *folder, TrainingWalkFunc func, gpointer data, GError **error);

/* Whether the file has a suffix of audio files, or of video files. */
gboolean training_walk_is_audio (const char *path);
gboolean training_walk_is_video (const char *path);

/* The path for messages and tables: UTF-8, on one line. Free with g_free(). */
char *training_walk_display (const char *path);

G_END_DECLS
