/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "training/base/output.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/training/scratch.h"
#include "training/base/error.h"

typedef struct {
  char *folder, *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  (void)data;
  fixture->folder = scratch_new ();
  fixture->path = scratch_write (fixture->folder, "result", "old", 3);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  (void)data;
  g_free (fixture->path);
  scratch_remove (fixture->folder);
}

static void
assert_content (const char *path, const char *expected)
{
  char *content;
  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, expected);
  g_free (content);
}

static guint
count_files (const char *folder)
{
  guint n = 0;
  GDir *dir = g_dir_open (folder, 0, NULL);
  while (g_dir_read_name (dir))
    n++;
  g_dir_close (dir);
  return n;
}

/* The old file stays until the new one is complete. */
static void
test_whole (Fixture *fixture, gconstpointer data)
{
  (void)data;
  GError *error = NULL;
  TrainingOutput *output = training_output_new (fixture->path, &error);
  g_assert_no_error (error);
  training_output_put (output, "???? and more");
  training_output_flush (output);
  assert_content (fixture->path, "old");
  training_output_rewrite (output, "new", 3);
  g_assert_false (training_output_has_failed (output));
  g_assert_true (training_output_close (output, &error));
  assert_content (fixture->path, "new? and more");
  g_assert_cmpuint (count_files (fixture->folder), ==, 1);

  output = training_output_new (fixture->path, &error);
  training_output_put (output, "half");
  training_output_discard (output);
  assert_content (fixture->path, "new? and more");
  g_assert_cmpuint (count_files (fixture->folder), ==, 1);
}

/* A signal that ends the program leaves nothing behind, also with several files open, after others
 * are done. */
static void
test_signal (Fixture *fixture, gconstpointer data)
{
  static const int numbers[] = {SIGINT, SIGTERM};
  char *other = g_build_filename (fixture->folder, "other", NULL);
  (void)data;
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    const pid_t child = fork ();
    int status;
    if (child == 0) {
      signal (numbers[i], SIG_DFL); /* the parent process may ignore it */
      for (guint k = 0; k < 20; k++)
        training_output_save (fixture->path, "old", 3, NULL);
      training_output_put (training_output_new (fixture->path, NULL), "new");
      training_output_flush (training_output_new (other, NULL));
      if (count_files (fixture->folder) == 3)
        raise (numbers[i]);
      _exit (1);
    }
    g_assert_cmpint (waitpid (child, &status, 0), ==, child);
    g_assert_true (WIFSIGNALED (status));
    g_assert_cmpint (WTERMSIG (status), ==, numbers[i]);
    assert_content (fixture->path, "old");
    g_assert_cmpuint (count_files (fixture->folder), ==, 1);
  }
  g_free (other);
}

/* A symbolic link stays a link. */
static void
test_link (Fixture *fixture, gconstpointer data)
{
  (void)data;
  char *link = g_build_filename (fixture->folder, "link", NULL);
  g_assert_cmpint (symlink ("result", link), ==, 0);
  g_assert_true (training_output_save (link, "new", 3, NULL));
  g_assert_true (g_file_test (link, G_FILE_TEST_IS_SYMLINK));
  assert_content (fixture->path, "new");
  g_free (link);
}

/* A device stays a device, and a full disk is reported once, however late. */
static void
test_device (Fixture *fixture, gconstpointer data)
{
  (void)fixture;
  (void)data;
  GError *error = NULL;
  g_assert_true (training_output_save ("/dev/null", "new", 3, &error));
  g_assert_false (g_file_test ("/dev/null", G_FILE_TEST_IS_REGULAR));
  if (!g_file_test ("/dev/full", G_FILE_TEST_EXISTS)) {
    g_test_skip ("no /dev/full");
    return;
  }
  TrainingOutput *output = training_output_new ("/dev/full", &error);
  training_output_put (output, "new");
  training_output_flush (output);
  g_assert_true (training_output_has_failed (output));
  training_output_put (output, "more");
  g_assert_false (training_output_close (output, &error));
  g_assert_error (error, TRAINING_ERROR, TRAINING_ERROR_OUTPUT);
  g_assert_nonnull (strstr (error->message, "/dev/full: No space left"));
  g_assert_false (g_file_test ("/dev/full", G_FILE_TEST_IS_REGULAR));
  g_error_free (error);
}

static void
test_nowhere (Fixture *fixture, gconstpointer data)
{
  (void)data;
  char *below = g_build_filename (fixture->path, "below", NULL);
  const char *bad[] = {fixture->folder, below, ""};
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    GError *error = NULL;
    g_assert_null (training_output_new (bad[i], &error));
    g_assert_error (error, TRAINING_ERROR, TRAINING_ERROR_OUTPUT);
    g_assert_nonnull (strstr (error->message, bad[i]));
    g_error_free (error);
  }
  g_assert_cmpuint (count_files (fixture->folder), ==, 1);
  g_free (below);
}

/* Of several files one whose place is taken, or whose folder is missing, keeps all from being there. */
static void
test_all (Fixture *fixture, gconstpointer data)
{
  (void)data;
  GError *error = NULL;
  char *second = g_build_filename (fixture->folder, "second", NULL);
  char *below = g_build_filename (fixture->folder, "no", "folder", NULL);
  const char *const bad[] = {second, below};
  g_assert_cmpint (g_mkdir (second, 0777), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    for (guint place = 0; place < 2; place++) {
      TrainingOutputFile files[2] = {{fixture->path, "new", 3}, {fixture->path, "new", 3}};
      files[place].path = bad[i];
      g_assert_false (training_output_save_all (files, 2, &error));
      g_assert_error (error, TRAINING_ERROR, TRAINING_ERROR_OUTPUT);
      g_assert_nonnull (strstr (error->message, bad[i]));
      g_clear_error (&error);
      assert_content (fixture->path, "old");
      g_assert_cmpuint (count_files (fixture->folder), ==, 2);
    }
  g_assert_cmpint (g_rmdir (second), ==, 0);
  const TrainingOutputFile files[] = {{fixture->path, "new", 3}, {second, "other", 5}};
  g_assert_true (training_output_save_all (files, 2, &error));
  g_assert_no_error (error);
  assert_content (fixture->path, "new");
  assert_content (second, "other");
  g_assert_cmpuint (count_files (fixture->folder), ==, 2);
  g_free (second);
  g_free (below);
}

/* Where no file may be that long, the write fails; the signal of that does not end the program. */
static void
test_limit (Fixture *fixture, gconstpointer data)
{
  (void)data;
  const pid_t child = fork ();
  int status;
  if (child == 0) {
    const struct rlimit limit = {2, 2};
    GError *error = NULL;
    signal (SIGXFSZ, SIG_DFL);
    setrlimit (RLIMIT_FSIZE, &limit);
    _exit (!training_output_save (fixture->path, "new", 3, &error) &&
                   strstr (error->message, "File too large")
               ? 0
               : 1);
  }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  assert_content (fixture->path, "old");
  g_assert_cmpuint (count_files (fixture->folder), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/training/output/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("whole", test_whole);
  ADD ("signal", test_signal);
  ADD ("link", test_link);
  ADD ("device", test_device);
  ADD ("nowhere", test_nowhere);
  ADD ("all", test_all);
  ADD ("limit", test_limit);
  return g_test_run ();
}
