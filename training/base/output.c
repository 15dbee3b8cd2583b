/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "error.h"

struct _TrainingOutput {
  FILE *stream;
  char *name;      /* as given; NULL: the standard output */
  char *path;      /* the final path of the file; NULL: written in place */
  char *temporary; /* the path until the output is closed */
  int problem;     /* errno of the first write that failed */
};

/* Temporary files, which must not remain after a signal. */
#define MAX_UNFINISHED 8
static char *volatile unfinished[MAX_UNFINISHED];

static void
remove_unfinished (int number)
{
  for (guint i = 0; i < MAX_UNFINISHED; i++)
    if (unfinished[i])
      unlink (unfinished[i]);
  raise (number); /* its default action is restored */
}

static void
catch_signals (void)
{
  static const int numbers[] = {SIGHUP, SIGINT, SIGPIPE, SIGTERM};
  struct sigaction action = {.sa_handler = remove_unfinished, .sa_flags = SA_RESETHAND}, before;
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (sigaction (numbers[i], NULL, &before) == 0 && before.sa_handler == SIG_DFL)
      sigaction (numbers[i], &action, NULL);
}

/* Replaces a name, or an empty slot (NULL), by another. */
static void
change_unfinished (char *from, char *to)
{
  guint i = 0;
  while (i < MAX_UNFINISHED && unfinished[i] != from)
    i++;
  if (i < MAX_UNFINISHED)
    unfinished[i] = to;
}

static gboolean
fail (const char *name, int problem, GError **error)
{
  if (name)
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_OUTPUT, "cannot write %s: %s", name,
                 g_strerror (problem));
  else
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_OUTPUT, "cannot write the output: %s",
                 g_strerror (problem));
  return FALSE;
}

/* A file that may not grow (RLIMIT_FSIZE) is a write that fails, as on a full disk, and no reason to end at once. */
static void
ignore_limit (void)
{
  struct sigaction before;
  if (sigaction (SIGXFSZ, NULL, &before) == 0 && before.sa_handler == SIG_DFL)
    signal (SIGXFSZ, SIG_IGN);
}

/* Opens a new file beside the one that is to be. */
static FILE *
open_temporary (TrainingOutput *self)
{
  char *resolved = realpath (self->name, NULL); /* symbolic links resolved; NULL for a new file */
  self->path = g_strdup (resolved ? resolved : self->name);
  free (resolved);
  self->temporary = g_strconcat (self->path, ".XXXXXX", NULL);
  catch_signals ();
  const int fd = g_mkstemp_full (self->temporary, O_RDWR | O_CLOEXEC, 0666);
  if (fd < 0) {
    g_clear_pointer (&self->temporary, g_free);
    return NULL;
  }
  change_unfinished (NULL, self->temporary);
  return fdopen (fd, "w");
}

TrainingOutput *
training_output_new (const char *path, GError **error)
{
  TrainingOutput *self = g_new0 (TrainingOutput, 1);
  GStatBuf status;
  ignore_limit ();
  if (!path || strcmp (path, "-") == 0) {
    self->stream = stdout;
    return self;
  }
  self->name = g_strdup (path);
  if (*path == '\0')
    errno = ENOENT;
  else if (g_stat (path, &status) != 0 || S_ISREG (status.st_mode))
    self->stream = open_temporary (self);
  else
    self->stream = g_fopen (path, "we");
  if (self->stream)
    return self;
  fail (path, errno, error);
  training_output_discard (self);
  return NULL;
}

static void
check (TrainingOutput *self, gboolean ok)
{
  if (!ok && self->problem == 0)
    self->problem = errno ? errno : EIO;
}

void
training_output_write (TrainingOutput *self, const void *data, gsize size)
{
  errno = 0;
  check (self, self->problem == 0 && fwrite (data, 1, size, self->stream) == size);
}

void
training_output_put (TrainingOutput *self, const char *text)
{
  training_output_write (self, text, strlen (text));
}

void
training_output_flush (TrainingOutput *self)
{
  errno = 0;
  check (self, fflush (self->stream) == 0);
}

void
training_output_rewrite (TrainingOutput *self, const void *data, gsize size)
{
  errno = 0;
  check (self, fseek (self->stream, 0, SEEK_SET) == 0);
  training_output_write (self, data, size);
}

gboolean
training_output_has_failed (const TrainingOutput *self)
{
  return self->problem != 0;
}

static gboolean
report (const TrainingOutput *self, GError **error)
{
  return self->problem == 0 || fail (self->name, self->problem, error);
}

/* Writes out what is left, to the disk: after a power failure a file must not have its name without its content. */
static gboolean
complete (TrainingOutput *self, GError **error)
{
  training_output_flush (self);
  errno = 0;
  if (self->temporary)
    check (self, fsync (fileno (self->stream)) == 0);
  if (self->stream != stdout)
    check (self, fclose (g_steal_pointer (&self->stream)) == 0);
  return report (self, error);
}

/* Whether the file can have its name. */
static gboolean
check_place (TrainingOutput *self, GError **error)
{
  if (self->temporary && g_file_test (self->path, G_FILE_TEST_IS_DIR))
    self->problem = EISDIR;
  return report (self, error);
}

/* Gives the file its name. */
static gboolean
put_in_place (TrainingOutput *self, GError **error)
{
  if (!self->temporary)
    return TRUE;
  errno = 0;
  check (self, g_rename (self->temporary, self->path) == 0);
  if (self->problem == 0) {
    change_unfinished (self->temporary, NULL);
    g_clear_pointer (&self->temporary, g_free);
  }
  return report (self, error);
}

gboolean
training_output_close (TrainingOutput *self, GError **error)
{
  const gboolean ok = complete (self, error) && put_in_place (self, error);
  training_output_discard (self);
  return ok;
}

void
training_output_discard (TrainingOutput *self)
{
  if (!self)
    return;
  if (self->stream && self->stream != stdout)
    fclose (self->stream);
  if (self->temporary) {
    g_remove (self->temporary);
    change_unfinished (self->temporary, NULL);
  }
  g_free (self->temporary);
  g_free (self->path);
  g_free (self->name);
  g_free (self);
}

gboolean
training_output_save (const char *path, const void *data, gsize size, GError **error)
{
  TrainingOutput *output = training_output_new (path, error);
  if (!output)
    return FALSE;
  training_output_write (output, data, size);
  return training_output_close (output, error);
}

gboolean
training_output_save_all (const TrainingOutputFile *files, guint n, GError **error)
{
  TrainingOutput **outputs = g_new0 (TrainingOutput *, n);
  gboolean ok = TRUE;
  for (guint i = 0; i < n && ok; i++) {
    outputs[i] = training_output_new (files[i].path, error);
    ok = outputs[i] != NULL;
    if (ok) {
      training_output_write (outputs[i], files[i].data, files[i].size);
      ok = complete (outputs[i], error);
    }
  }
  for (guint i = 0; i < n && ok; i++)
    ok = check_place (outputs[i], error);
  for (guint i = 0; i < n && ok; i++)
    ok = put_in_place (outputs[i], error);
  for (guint i = 0; i < n; i++)
    training_output_discard (outputs[i]);
  g_free (outputs);
  return ok;
}

gboolean
training_output_check (const char *path, GError **error)
{
  GStatBuf status;
  /* A pipe must not be opened and closed again: its reader would see the end of the data. */
  if (g_stat (path, &status) == 0 && !S_ISREG (status.st_mode) && !S_ISDIR (status.st_mode))
    return g_access (path, W_OK) == 0 || fail (path, errno, error);
  TrainingOutput *output = training_output_new (path, error);
  training_output_discard (output);
  return output != NULL;
}

gboolean
training_output_is_same (const char *a, const char *b)
{
  GStatBuf of_a, of_b;
  if (g_stat (a, &of_a) == 0 && g_stat (b, &of_b) == 0)
    return of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
  char *full_a = g_canonicalize_filename (a, NULL), *full_b = g_canonicalize_filename (b, NULL);
  const gboolean same = strcmp (full_a, full_b) == 0;
  g_free (full_a);
  g_free (full_b);
  return same;
}

static gboolean
refuse (const char *option, const char *path, const char *problem, GError **error)
{
  g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_OUTPUT, "%s %s: %s", option, path, problem);
  return FALSE;
}

/* Devices are written, not replaced. */
static gboolean
replaces (const char *path, const char *input)
{
  return g_file_test (input, G_FILE_TEST_IS_REGULAR) && training_output_is_same (path, input);
}

gboolean
training_output_check_option (const char *option, const char *path, const char *const *inputs,
                              GError **error)
{
  if (!path || strcmp (path, "-") == 0)
    return TRUE;
  if (!*path)
    return refuse (option, "''", "the name is empty: give a file name", error);
  for (guint i = 0; inputs && inputs[i]; i++)
    if (replaces (path, inputs[i]))
      return refuse (option, path, "this would overwrite an input file: choose another name",
                     error);
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return refuse (option, path, "this is a folder: give a file name", error);
  GError *cause = NULL;
  if (training_output_check (path, &cause))
    return TRUE;
  g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_OUTPUT, "%s: %s", option, cause->message);
  g_error_free (cause);
  return FALSE;
}

static gboolean
refuse_folder (const char *option, const char *folder, GError **error)
{
  char *why = g_strdup_printf ("%s; choose another folder", g_strerror (errno));
  refuse (option, folder, why, error);
  g_free (why);
  return FALSE;
}

gboolean
training_output_prepare_folder (const char *option, const char *folder, GError **error)
{
  if (!*folder)
    return refuse (option, "''", "the name is empty: give a folder name", error);
  if (g_mkdir_with_parents (folder, 0777) != 0)
    return refuse_folder (option, folder, error);
  /* Create a probe file. The folder's permission bits do not bind every user and do not show a
   * read-only file system. */
  char *probe = g_build_filename (folder, ".XXXXXX", NULL);
  const int file = g_mkstemp (probe);
  const gboolean ok = file >= 0 || refuse_folder (option, folder, error);
  if (ok) {
    close (file);
    g_remove (probe);
  }
  g_free (probe);
  return ok;
}
