/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* emotion-train as a user runs it; its path is the argument. Results that cannot be written: every file is as it was
 * before or complete, nothing else is left, and the program says why. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/training/scratch.h"
#include "tests/training/trainer.h"

/* All results of a training, relative to the test's folder. */
static const char *const names[] = {"out/model.emotion",
                                    "out/training_metrics.json",
                                    "out/training_timing.json",
                                    "plots/confusion-strict.png",
                                    "plots/reliability-strict.png",
                                    "plots/speakers-strict.png",
                                    "tables/predictions.csv",
                                    "cards/card.md"};
enum { MODEL, METRICS, TIMING, CONFUSION, RELIABILITY, SPEAKERS, PREDICTIONS, CARD, N_FILES };

static const char *const folders[] = {"out", "plots", "tables", "cards"};

#define OLD "old"
#define PAGE 4096

typedef struct {
  Trainer trainer;
  char *paths[N_FILES];
  char *expected[N_FILES]; /* what a training writes; that of TIMING differs each time */
  gsize sizes[N_FILES];
  char *trials, *cache, *folders[G_N_ELEMENTS (folders)];
  char *notes; /* what a training that succeeds says on stderr */
} Fixture;

static char *
path_in (const Fixture *fixture, const char *name)
{
  return g_build_filename (fixture->trainer.folder, name, NULL);
}

static void
write_old (const Fixture *fixture)
{
  for (guint i = 0; i < N_FILES; i++)
    g_free (scratch_write (fixture->trainer.folder, names[i], OLD, strlen (OLD)));
}

/* More candidates than one, so that a pipe of a page does not hold their log; free with g_strfreev(). */
static char **
list_arguments (const Fixture *fixture, gboolean with_trials)
{
  const char *const arguments[] = {trainer_program,
                                   "-q",
                                   "--metadata",
                                   fixture->trainer.metadata,
                                   "--features",
                                   "descriptors-1",
                                   "--candidates",
                                   "lda",
                                   "--search-iters",
                                   "8",
                                   "--cv-folds",
                                   "2",
                                   "--augment",
                                   "none",
                                   "--no-adaptation",
                                   "--no-random",
                                   "--feature-cache",
                                   fixture->cache,
                                   "--output-dir",
                                   fixture->folders[0],
                                   "--plots",
                                   fixture->folders[1],
                                   "--predictions",
                                   fixture->paths[PREDICTIONS],
                                   "--card",
                                   fixture->paths[CARD],
                                   with_trials ? "--trials" : NULL,
                                   fixture->trials,
                                   NULL};
  return g_strdupv ((char **)arguments);
}

/* Trains, after `prepare` was called in the process of the program. */
static Run
run_prepared (const Fixture *fixture, gboolean with_trials, GSpawnChildSetupFunc prepare,
              gpointer data)
{
  char **arguments = list_arguments (fixture, with_trials);
  Run run;
  GError *error = NULL;
  g_spawn_sync (NULL, arguments, NULL, G_SPAWN_DEFAULT, prepare, data, &run.out, &run.err,
                &run.status, &error);
  g_assert_no_error (error);
  g_test_message ("%s", run.err);
  g_assert_true (WIFEXITED (run.status));
  run.status = WEXITSTATUS (run.status);
  g_strfreev (arguments);
  return run;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  GError *error = NULL;
  trainer_set_up (&fixture->trainer, data);
  fixture->trials = path_in (fixture, "trials");
  fixture->cache = path_in (fixture, "cache");
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++) {
    fixture->folders[i] = path_in (fixture, folders[i]);
    g_assert_cmpint (g_mkdir (fixture->folders[i], 0777), ==, 0);
  }
  for (guint i = 0; i < N_FILES; i++)
    fixture->paths[i] = path_in (fixture, names[i]);
  Run run = run_prepared (fixture, FALSE, NULL, NULL);
  g_assert_cmpint (run.status, ==, 0);
  fixture->notes = g_strdup (run.err);
  run_clear (&run);
  for (guint i = 0; i < N_FILES; i++) {
    g_file_get_contents (fixture->paths[i], &fixture->expected[i], &fixture->sizes[i], &error);
    g_assert_no_error (error);
  }
  write_old (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < N_FILES; i++) {
    g_free (fixture->paths[i]);
    g_free (fixture->expected[i]);
  }
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    g_free (fixture->folders[i]);
  g_free (fixture->trials);
  g_free (fixture->cache);
  g_free (fixture->notes);
  trainer_tear_down (&fixture->trainer, data);
}

/* The file is whole, of this training. */
static void
assert_complete (const Fixture *fixture, guint file)
{
  GError *error = NULL;
  char *content;
  gsize size;
  g_file_get_contents (fixture->paths[file], &content, &size, &error);
  g_assert_no_error (error);
  if (file == TIMING) {
    assert_has (content, "\"total\"");
    g_assert_true (g_str_has_suffix (content, "}\n"));
  } else {
    g_assert_cmpuint (size, ==, fixture->sizes[file]);
    g_assert_cmpint (memcmp (content, fixture->expected[file], size), ==, 0);
  }
  g_free (content);
}

static void
assert_old (const Fixture *fixture, guint file)
{
  char *content = read_file (fixture->trainer.folder, names[file], NULL);
  g_assert_cmpstr (content, ==, OLD);
  g_free (content);
}

/* No part of a file, and no temporary one. */
static void
assert_nothing_else (const Fixture *fixture)
{
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++) {
    GDir *dir = g_dir_open (fixture->folders[i], 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name (dir));) {
      char *path = g_build_filename (folders[i], name, NULL);
      guint at = 0;
      while (at < N_FILES && strcmp (names[at], path) != 0)
        at++;
      if (at == N_FILES)
        g_error ("%s was left", path);
      g_free (path);
    }
    if (dir)
      g_dir_close (dir);
  }
}

/* One message, which names the file and the reason. */
static void
assert_told (const Fixture *fixture, const Run *run, const char *path, const char *reason)
{
  char *expected =
      g_strdup_printf ("%semotion-train: cannot write %s: %s\n", fixture->notes, path, reason);
  g_assert_cmpint (run->status, ==, 1);
  g_assert_cmpstr (run->err, ==, expected);
  g_free (expected);
}

/* Those of `complete`, as bits, are complete; others are old, but `lost`, which cannot be written. */
static void
assert_files (const Fixture *fixture, guint complete, guint lost)
{
  for (guint i = 0; i < N_FILES; i++)
    if (complete >> i & 1)
      assert_complete (fixture, i);
    else if (!(lost >> i & 1))
      assert_old (fixture, i);
  assert_nothing_else (fixture);
}

static char *
read_all (int fd)
{
  GString *text = g_string_new (NULL);
  char block[PAGE];
  for (gssize n; (n = read (fd, block, sizeof block)) != 0;)
    if (n > 0)
      g_string_append_len (text, block, n);
    else
      g_assert_cmpint (errno, ==, EINTR);
  close (fd);
  return g_string_free (text, FALSE);
}

/* Trains, and calls `change` in the midst of it. The log of the trials is a pipe that holds a page of it, so that the
 * training waits until somebody reads on. */
static Run
run_changed (const Fixture *fixture, void (*change) (const Fixture *, guint), guint file)
{
  char **arguments = list_arguments (fixture, TRUE);
  Run run;
  GError *error = NULL;
  GPid child;
  int out, err;
  g_assert_cmpint (mkfifo (fixture->trials, 0600), ==, 0);
  const int end = open (fixture->trials, O_RDWR | O_CLOEXEC);
  g_assert_cmpint (fcntl (end, F_SETPIPE_SZ, PAGE), ==, PAGE);
  g_spawn_async_with_pipes (NULL, arguments, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &child,
                            NULL, &out, &err, &error);
  g_assert_no_error (error);
  struct pollfd events[] = {{end, POLLIN, 0}, {err, 0, 0}}; /* of the latter its end */
  g_assert_cmpint (poll (events, 2, -1), >, 0);
  g_assert_true (events[0].revents & POLLIN);
  change (fixture, file);
  const int trials = open (fixture->trials, O_RDONLY | O_CLOEXEC);
  close (end);
  char *log = read_all (trials);
  g_assert_cmpuint (strlen (log), >, PAGE);
  g_assert_true (g_str_has_suffix (log, "}\n"));
  run.out = read_all (out);
  run.err = read_all (err);
  g_assert_cmpint (waitpid (child, &run.status, 0), ==, child);
  g_assert_true (WIFEXITED (run.status));
  run.status = WEXITSTATUS (run.status);
  g_test_message ("%s", run.err);
  g_assert_cmpint (g_remove (fixture->trials), ==, 0);
  g_strfreev (arguments);
  g_free (log);
  return run;
}

static void
make_folder (const Fixture *fixture, guint file)
{
  g_assert_cmpint (g_remove (fixture->paths[file]), ==, 0);
  g_assert_cmpint (g_mkdir (fixture->paths[file], 0777), ==, 0);
}

/* Files in the order in which they are written; model and metrics appear together. */
#define BIT(file) (1u << (file))
#define PAIR (BIT (MODEL) | BIT (METRICS))
#define PLOTS (BIT (CONFUSION) | BIT (RELIABILITY) | BIT (SPEAKERS))

static const struct {
  guint file, complete;
} order[] = {
    {MODEL, 0},
    {METRICS, 0},
    {CONFUSION, PAIR},
    {SPEAKERS, PAIR | BIT (CONFUSION) | BIT (RELIABILITY)},
    {PREDICTIONS, PAIR | PLOTS},
    {CARD, PAIR | PLOTS | BIT (PREDICTIONS)},
    {TIMING, PAIR | PLOTS | BIT (PREDICTIONS) | BIT (CARD)},
};

/* A folder that came in the place of a result. */
static void
test_folder (Fixture *fixture, gconstpointer data)
{
  (void)data;
  for (guint i = 0; i < G_N_ELEMENTS (order); i++) {
    Run run = run_changed (fixture, make_folder, order[i].file);
    assert_told (fixture, &run, fixture->paths[order[i].file], "Is a directory");
    assert_files (fixture, order[i].complete, BIT (order[i].file));
    g_assert_cmpint (g_rmdir (fixture->paths[order[i].file]), ==, 0);
    write_old (fixture);
    run_clear (&run);
  }
}

/* The first file of each folder, and those before it. */
static const struct {
  guint file, complete;
} firsts[G_N_ELEMENTS (folders)] = {{MODEL, 0},
                                    {CONFUSION, PAIR},
                                    {PREDICTIONS, PAIR | PLOTS},
                                    {CARD, PAIR | PLOTS | BIT (PREDICTIONS)}};

/* Those of the folder that the file is in. */
static guint
files_beside (guint file)
{
  const gsize length = (gsize)(strchr (names[file], '/') - names[file]);
  guint files = 0;
  for (guint i = 0; i < N_FILES; i++)
    if (strncmp (names[i], names[file], length + 1) == 0)
      files |= BIT (i);
  return files;
}

static void
remove_folder (const Fixture *fixture, guint file)
{
  char *folder = g_path_get_dirname (fixture->paths[file]);
  for (guint i = 0; i < N_FILES; i++)
    if (files_beside (file) >> i & 1)
      g_assert_cmpint (g_remove (fixture->paths[i]), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_free (folder);
}

/* A folder that went. */
static void
test_no_folder (Fixture *fixture, gconstpointer data)
{
  (void)data;
  for (guint i = 0; i < G_N_ELEMENTS (firsts); i++) {
    Run run = run_changed (fixture, remove_folder, firsts[i].file);
    assert_told (fixture, &run, fixture->paths[firsts[i].file], "No such file or directory");
    assert_files (fixture, firsts[i].complete, files_beside (firsts[i].file));
    g_assert_cmpint (g_mkdir (fixture->folders[i], 0777), ==, 0);
    write_old (fixture);
    run_clear (&run);
  }
}

static void
lock_folder (const Fixture *fixture, guint file)
{
  char *folder = g_path_get_dirname (fixture->paths[file]);
  g_assert_cmpint (g_chmod (folder, 0555), ==, 0);
  g_free (folder);
}

/* A folder that may no longer be written to. */
static void
test_locked (Fixture *fixture, gconstpointer data)
{
  (void)data;
  if (geteuid () == 0) {
    g_test_skip ("root may write to any folder");
    return;
  }
  for (guint i = 0; i < G_N_ELEMENTS (firsts); i++) {
    Run run = run_changed (fixture, lock_folder, firsts[i].file);
    assert_told (fixture, &run, fixture->paths[firsts[i].file], "Permission denied");
    assert_files (fixture, firsts[i].complete, 0);
    g_assert_cmpint (g_chmod (fixture->folders[i], 0777), ==, 0);
    write_old (fixture);
    run_clear (&run);
  }
}

/* A link to a device that is full stays one, and a link to nowhere does not hinder. */
static void
test_links (Fixture *fixture, gconstpointer data)
{
  (void)data;
  if (!g_file_test ("/dev/full", G_FILE_TEST_EXISTS)) {
    g_test_skip ("no /dev/full");
    return;
  }
  for (guint i = 0; i < G_N_ELEMENTS (order); i++) {
    const char *path = fixture->paths[order[i].file];
    g_assert_cmpint (g_remove (path), ==, 0);
    g_assert_cmpint (symlink ("/dev/full", path), ==, 0);
    Run run = run_prepared (fixture, FALSE, NULL, NULL);
    assert_told (fixture, &run, path, "No space left on device");
    assert_files (fixture, order[i].complete, BIT (order[i].file));
    g_assert_true (g_file_test (path, G_FILE_TEST_IS_SYMLINK));
    g_assert_cmpint (g_remove (path), ==, 0);
    write_old (fixture);
    run_clear (&run);
  }
  for (guint i = 0; i < N_FILES; i++) {
    g_assert_cmpint (g_remove (fixture->paths[i]), ==, 0);
    g_assert_cmpint (symlink ("/nowhere/at/all", fixture->paths[i]), ==, 0);
  }
  assert_ran (run_prepared (fixture, FALSE, NULL, NULL));
  assert_files (fixture, BIT (N_FILES) - 1, 0);
}

/* A disk that is full, as far as a program sees: no file may grow beyond some bytes. The signal of that ends a
 * program that does nothing about it. */
static void
limit_files (gpointer bytes)
{
  const struct rlimit limit = {GPOINTER_TO_SIZE (bytes), GPOINTER_TO_SIZE (bytes)};
  signal (SIGXFSZ, SIG_DFL);
  setrlimit (RLIMIT_FSIZE, &limit);
}

/* Each file that is bigger than all before it. */
static void
test_full_disk (Fixture *fixture, gconstpointer data)
{
  (void)data;
  gsize before = 0;
  for (guint i = 0; i < G_N_ELEMENTS (order); i++) {
    const guint file = order[i].file;
    if (fixture->sizes[file] <= before)
      continue;
    Run run =
        run_prepared (fixture, FALSE, limit_files, GSIZE_TO_POINTER (fixture->sizes[file] - 1));
    assert_told (fixture, &run, fixture->paths[file], "File too large");
    assert_files (fixture, order[i].complete, 0);
    write_old (fixture);
    run_clear (&run);
    before = fixture->sizes[file];
  }
}

/* Of the log of the trials, which is written as they go, whole lines stay. */
static void
test_trials (Fixture *fixture, gconstpointer data)
{
  (void)data;
  gsize size;
  assert_ran (run_prepared (fixture, TRUE, NULL, NULL));
  char *whole = read_file (fixture->trainer.folder, "trials", &size);
  Run run = run_prepared (fixture, TRUE, limit_files, GSIZE_TO_POINTER (1000));
  char *log = read_file (fixture->trainer.folder, "trials", &size);
  g_assert_cmpint (run.status, ==, 1);
  assert_has (run.err, fixture->trials);
  assert_has (run.err, ": File too large; the training continues\n");
  g_assert_cmpuint (size, >, 0);
  g_assert_cmpuint (size, <=, 1000);
  g_assert_true (g_str_has_prefix (whole, log));
  g_assert_cmpint (log[size - 1], ==, '\n');
  assert_nothing_else (fixture);
  run_clear (&run);
  g_free (whole);
  g_free (log);
}

static void
fill_output (gpointer data)
{
  (void)data;
  dup2 (open ("/dev/full", O_WRONLY), STDOUT_FILENO);
}

/* The table has no place to go: the files are there. */
static void
test_no_output (Fixture *fixture, gconstpointer data)
{
  (void)data;
  if (!g_file_test ("/dev/full", G_FILE_TEST_EXISTS)) {
    g_test_skip ("no /dev/full");
    return;
  }
  Run run = run_prepared (fixture, FALSE, fill_output, NULL);
  assert_told (fixture, &run, "the output", "No space left on device");
  assert_files (fixture, BIT (N_FILES) - 1, 0);
  run_clear (&run);
}

#define TEST(name, function)                                                                       \
  g_test_add ("/training/train/failures/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  TEST ("folder", test_folder);
  TEST ("no-folder", test_no_folder);
  TEST ("locked", test_locked);
  TEST ("links", test_links);
  TEST ("full-disk", test_full_disk);
  TEST ("trials", test_trials);
  TEST ("no-output", test_no_output);
  return trainer_run_tests (argc, argv);
}
