/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files under a folder. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Gets a regular file: its path relative to the folder and its size in bytes; or with `problem`
 * something that cannot be looked at, such as a link to nowhere. */
typedef void (*TrainingWalkFunc) (const char *path, goffset size, const char *problem,
                                  gpointer data);

/* Calls `func` for each file under `folder`, of each folder in the order of its names. Links are
 * followed, and no folder is walked twice, however many lead there; what is hidden is left alone.
 * FALSE with TRAINING_ERROR_METADATA that names the first folder that cannot be read, when the
 * others have been walked. */
gboolean training_walk (const char *folder, TrainingWalkFunc func, gpointer data, GError **error);

/* Whether the name ends like those of sound files, or of films. */
gboolean training_walk_is_audio (const char *path);
gboolean training_walk_is_video (const char *path);

/* The path for a message or a table: in UTF-8, on one line; free with g_free(). */
char *training_walk_display (const char *path);

G_END_DECLS
