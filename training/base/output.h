/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The output of a program: the standard output, or a file that appears complete or not at all.
 * Errors are kept until the output is closed, so that no write needs a check. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _TrainingOutput TrainingOutput;

/* `path` NULL or "-": the standard output. A file is first written under a temporary name beside
 * `path`, with symbolic links resolved. The temporary file is removed when a signal ends the
 * program. Anything but a regular file, such as a device, is written in place. NULL with
 * TRAINING_ERROR_OUTPUT. One thread at a time in the process. */
TrainingOutput *training_output_new (const char *path, GError **error);

void training_output_write (TrainingOutput *self, const void *data, gsize size);
void training_output_put (TrainingOutput *self, const char *text);

/* Flushes, so that readers get everything written so far. */
void training_output_flush (TrainingOutput *self);

/* Overwrites the start of a file. For files only. */
void training_output_rewrite (TrainingOutput *self, const void *data, gsize size);

/* A write has failed. Further writes are useless. */
gboolean training_output_has_failed (const TrainingOutput *self);

/* Closes the output. A file then appears at its path and replaces an existing one. FALSE with
 * TRAINING_ERROR_OUTPUT when any write failed. Frees `self`. */
gboolean training_output_close (TrainingOutput *self, GError **error);

/* Closes the output without producing a file. NULL is fine. */
void training_output_discard (TrainingOutput *self);

/* Whether a file can be written to `path`. An existing file stays unchanged. FALSE with
 * TRAINING_ERROR_OUTPUT. */
gboolean training_output_check (const char *path, GError **error);

/* The same for the output file of an option, which may also be the standard output (NULL or "-").
 * It must not be one of the program's inputs, because it would replace that file. `inputs` are
 * paths, NULL-terminated; NULL: none. */
gboolean training_output_check_option (const char *option, const char *path,
                                       const char *const *inputs, GError **error);

/* Creates the output folder of an option, with missing parent folders, and checks that files can be
 * created in it. FALSE with TRAINING_ERROR_OUTPUT. */
gboolean training_output_prepare_folder (const char *option, const char *folder, GError **error);

/* Whether two paths lead to the same file. The file need not exist. */
gboolean training_output_is_same (const char *a, const char *b);

/* Opens, writes and closes in one call: the data become the whole output. */
gboolean training_output_save (const char *path, const void *data, gsize size, GError **error);

typedef struct {
  const char *path;
  const void *data;
  gsize size;
} TrainingOutputFile;

/* The same for `n` files: all of them or, where one cannot be written, none. */
gboolean training_output_save_all (const TrainingOutputFile *files, guint n, GError **error);

G_END_DECLS
