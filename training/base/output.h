/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a program's results go: the standard output, or a file that appears whole or not at all.
 * What goes wrong is kept until the end, so that nothing needs a check at each write. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _TrainingOutput TrainingOutput;

/* `path` NULL or "-": the standard output. A file is written under another name beside `path`, which
 * a link may lead to, and removed when a signal ends the program before; what is no regular file,
 * such as a device, is written as it is. NULL with TRAINING_ERROR_OUTPUT. One thread at a time in the
 * process. */
TrainingOutput *training_output_new (const char *path, GError **error);

void training_output_write (TrainingOutput *self, const void *data, gsize size);
void training_output_put (TrainingOutput *self, const char *text);

/* Whoever reads gets what was written so far. */
void training_output_flush (TrainingOutput *self);

/* Writes over what came first, of a file alone. */
void training_output_rewrite (TrainingOutput *self, const void *data, gsize size);

/* Nothing more can be written; there is no use in going on. */
gboolean training_output_has_failed (const TrainingOutput *self);

/* Ends it; a file is there then, and replaces one that was. FALSE with TRAINING_ERROR_OUTPUT when
 * anything went wrong. Frees `self`. */
gboolean training_output_close (TrainingOutput *self, GError **error);

/* Ends it without a file. NULL is fine. */
void training_output_discard (TrainingOutput *self);

/* Whether a file can be written to `path`, before there is anything to write: what is there stays as it is.
 * FALSE with TRAINING_ERROR_OUTPUT. */
gboolean training_output_check (const char *path, GError **error);

/* The same for the result of an option, which may be the standard output (NULL or "-") and no input of
 * the program: that would be replaced. `inputs` are paths, NULL-terminated; NULL: none. */
gboolean training_output_check_option (const char *option, const char *path,
                                       const char *const *inputs, GError **error);

/* Makes the folder of an option's results, and those above it, where they are missing, and checks that
 * files can be made in it. FALSE with TRAINING_ERROR_OUTPUT. */
gboolean training_output_prepare_folder (const char *option, const char *folder, GError **error);

/* Whether two paths lead to the same file, which need not be there. */
gboolean training_output_is_same (const char *a, const char *b);

/* All in one: the text as the whole output. */
gboolean training_output_save (const char *path, const void *data, gsize size, GError **error);

typedef struct {
  const char *path;
  const void *data;
  gsize size;
} TrainingOutputFile;

/* The same for `n` files: all of them or, where one cannot be written, none. */
gboolean training_output_save_all (const TrainingOutputFile *files, guint n, GError **error);

G_END_DECLS
