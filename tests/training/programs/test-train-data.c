/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs emotion-train as a user does; its path is the argument. The training data: several corpora,
 * mapped labels, augmented clips, a sample of the clips, features cached by an interrupted run. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/training/scratch.h"
#include "tests/training/synthetic-speakers.h"
#include "tests/training/trainer.h"

/* Rows [from, to) of the synthetic metadata, in the test's folder. */
static char *
write_part (const Trainer *trainer, const char *name, guint from, guint to)
{
  GString *text = synthetic_speakers_metadata (SYNTHETIC_SPEAKERS);
  char **lines = g_strsplit (text->str, "\n", -1);
  g_string_assign (text, lines[0]);
  for (guint i = from; i < to; i++)
    g_string_append_printf (text, "\n%s", lines[i + 1]);
  char *path = scratch_write (trainer->folder, name, text->str, text->len);
  g_strfreev (lines);
  g_string_free (text, TRUE);
  return path;
}

/* Two corpora; the second contains, renamed, a speaker and clips of the first. Its speakers stay
 * separate, and the clips are found to be duplicates. */
static void
test_pool (Trainer *trainer, gconstpointer data)
{
  const guint of_speaker = SYNTHETIC_LABELS * SYNTHETIC_CLIPS;
  (void)data;
  char *first = write_part (trainer, "first.csv", 0, 3 * of_speaker);
  char *second = write_part (trainer, "second.csv", 2 * of_speaker, SYNTHETIC_ALL);
  char *map = scratch_write (trainer->folder, "labels.map", "b/calm=calm\nb/happy=happy\n", 26);
  Run run = RUN ("--metadata", first, "--audio-root", trainer_corpus, "--corpus", "a", "--metadata",
                 second, "--audio-root", trainer_corpus, "--corpus", "b", "--label-map", map, "-v",
                 "--output-dir", trainer->folder, QUICKEST);
  g_assert_cmpint (run.status, ==, 0);
  assert_has (run.err, "a: 27 clips: angry 9, calm 9, happy 9");
  assert_has (run.err, "6 speakers, 0 augmented clips");
  assert_has (run.err, "b/s2-angry-0.wav has the same samples as a/s2-angry-0.wav");
  JsonObject *metrics = load_metrics (trainer->folder);
  g_assert_cmpint (json_object_get_int_member (metrics, "n_samples"), ==, SYNTHETIC_ALL);
  g_assert_cmpint (json_object_get_int_member (metrics, "n_speakers"), ==, SYNTHETIC_SPEAKERS);
  g_assert_cmpuint (length_of (metrics, "duplicates"), ==, of_speaker);
  JsonObject *speakers =
      object_at (object_at (metrics, "protocols", "strict"), "per_speaker", NULL);
  g_assert_true (json_object_has_member (speakers, "a/s2"));
  g_assert_true (json_object_has_member (speakers, "b/s3"));
  g_assert_false (json_object_has_member (speakers, "b/s2")); /* no clips of its own */
  json_object_unref (metrics);
  run_clear (&run);
  g_free (first);
  g_free (second);
  g_free (map);
}

/* Rows of a dropped label are reported in one line. */
static void
test_label_map (Trainer *trainer, gconstpointer data)
{
  (void)data;
  char *map = scratch_write (trainer->folder, "labels.map", "calm=\n", 6);
  Run run = RUN ("--metadata", trainer->metadata, "--label-map", map, "--output-dir",
                 trainer->folder, QUICKEST);
  g_assert_cmpint (run.status, ==, 0);
  assert_has (run.err, "labels.map drops 15 of 45 rows\n");
  assert_lacks (run.err, "left out");
  JsonObject *metrics = load_metrics (trainer->folder);
  g_assert_cmpint (json_object_get_int_member (metrics, "n_samples"), ==, 30);
  g_assert_cmpuint (json_object_get_size (object_at (metrics, "label_mapping", NULL)), ==, 2);
  json_object_unref (metrics);
  run_clear (&run);
  char *typing = scratch_write (trainer->folder, "typing.map", "clam=\n", 6);
  assert_failed (RUN ("--metadata", trainer->metadata, "--label-map", typing, "--output-dir",
                      trainer->folder, QUICKEST),
                 1, "available: angry, calm, happy");
  g_free (typing);
  g_free (map);
}

/* Augmented clips are training data, in the fold of their source clip; they are never counted or
 * predicted. */
static void
test_augment (Trainer *trainer, gconstpointer data)
{
  static const char *const jobs[] = {"1", "3"};
  gsize size[2];
  char *models[2];
  (void)data;
  for (guint i = 0; i < 2; i++) {
    Run run =
        RUN ("--metadata", trainer->metadata, "--augment", "speed=0.9,noise=10", "--feature-jobs",
             jobs[i], "--n-jobs", jobs[i], "-v", "--output-dir", trainer->folder, QUICKEST);
    g_assert_cmpint (run.status, ==, 0);
    assert_has (run.err, "90 augmented clips");
    run_clear (&run);
    models[i] = read_file (trainer->folder, "model.emotion", &size[i]);
  }
  g_assert_cmpuint (size[0], ==, size[1]);
  g_assert_cmpint (memcmp (models[0], models[1], size[0]), ==, 0);
  JsonObject *metrics = load_metrics (trainer->folder);
  g_assert_cmpint (json_object_get_int_member (metrics, "n_samples"), ==, SYNTHETIC_ALL);
  g_assert_cmpint (json_object_get_int_member (object_at (metrics, "protocols", "strict"), "n"), ==,
                   SYNTHETIC_ALL);
  char *copies = list_at (object_at (metrics, "settings", NULL), "augment");
  g_assert_cmpstr (copies, ==, "speed=0.9,noise=10");
  g_free (copies);
  json_object_unref (metrics);

  assert_ran (RUN ("--metadata", trainer->metadata, "--output-dir", trainer->folder, QUICKEST));
  gsize plain_size;
  char *plain = read_file (trainer->folder, "model.emotion", &plain_size);
  g_assert_false (plain_size == size[0] && memcmp (plain, models[0], plain_size) == 0);
  g_free (plain);
  g_free (models[0]);
  g_free (models[1]);
}

/* A search uses the standard augmentations, a quick run uses none, unless an option
 * overrides that. */
static void
test_standard_augmentations (Trainer *trainer, gconstpointer data)
{
  static const struct {
    const char *options[4], *augment, *counted;
  } cases[] = {
      {{"--search-iters", "1"}, "standard", "180 augmented clips"},
      {{"--skip-search"}, "none", " 0 augmented clips"},
      {{"--skip-search", "--augment", "standard"}, "standard", "180 augmented clips"},
      {{"--search-iters", "1", "--augment", "none"}, "none", " 0 augmented clips"},
  };
  (void)data;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const char *const *o = cases[i].options;
    Run run = RUN ("--metadata", trainer->metadata, "--output-dir", trainer->folder, "-q", "-v",
                   "--candidates", "lda", "--cv-folds", "2", "--no-adaptation", "--no-random", o[0],
                   o[1], o[2], o[3]);
    g_assert_cmpint (run.status, ==, 0);
    assert_has (run.err, cases[i].counted);
    JsonObject *metrics = load_metrics (trainer->folder);
    char *copies = list_at (object_at (metrics, "settings", NULL), "augment");
    g_assert_cmpstr (copies, ==, cases[i].augment);
    g_free (copies);
    json_object_unref (metrics);
    run_clear (&run);
  }
}

static void
test_sample_limit (Trainer *trainer, gconstpointer data)
{
  (void)data;
  Run run = RUN ("--metadata", trainer->metadata, "--sample-limit", "30", "-v", "--output-dir",
                 trainer->folder, QUICKEST);
  g_assert_cmpint (run.status, ==, 0);
  assert_has (run.err, "30 clips: angry 10, calm 10, happy 10");
  run_clear (&run);
}

/* The names in a folder with that suffix, and their number. */
static guint
count_files (const char *folder, const char *end)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  guint n = 0;
  g_assert_nonnull (dir);
  for (const char *name; (name = g_dir_read_name (dir));)
    n += g_str_has_suffix (name, end);
  g_dir_close (dir);
  return n;
}

/* Starts a training with the cache and ends it by the signal at its 30th clip. That clip is a pipe:
 * opening it blocks until the trainer opens it too. */
static void
interrupt_at (const char *pipe, const char *metadata, const char *cache, const char *output,
              int number)
{
  const char *arguments[] = {trainer_program, "--metadata",     metadata,
                             "--audio-root",  trainer_corpus,   "--feature-cache",
                             cache,           "--feature-jobs", "1",
                             "--augment",     "speed=0.9",      "--output-dir",
                             output,          QUICKEST,         NULL};
  GError *error = NULL;
  GPid child;
  int status;
  g_spawn_async (NULL, (char **)arguments, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &child,
                 &error);
  g_assert_no_error (error);
  const int end = g_open (pipe, O_WRONLY, 0);
  g_assert_cmpint (end, >=, 0);
  g_assert_cmpint (kill (child, number), ==, 0);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == number);
  close (end);
}

/* A training that a signal ended leaves complete files only. The next one continues from there and
 * gives the results of an uninterrupted run. */
static void
test_interrupted (Trainer *trainer, gconstpointer data)
{
  const int number = GPOINTER_TO_INT (data);
  char *cache = g_build_filename (trainer->folder, "cache", NULL);
  char *output = g_build_filename (trainer->folder, "output", NULL);
  char *pipe = g_build_filename (trainer->folder, "pipe.wav", NULL);
  char *name = synthetic_clip_name (3, 0, 2),
       *voice = g_build_filename (trainer_corpus, name, NULL);
  GString *text = synthetic_speakers_metadata (SYNTHETIC_SPEAKERS);
  g_assert_cmpuint (g_string_replace (text, name, pipe, 1), ==, 1);
  char *metadata = scratch_write (trainer->folder, "test.csv", text->str, text->len);
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  interrupt_at (pipe, metadata, cache, output, number);
  g_assert_cmpuint (count_files (cache, ".rows"), ==, 2 * 29);
  g_assert_cmpuint (count_files (cache, ""), ==, 2 * 29);
  g_assert_cmpuint (count_files (output, ""), ==, 0);

  g_assert_cmpint (g_remove (pipe), ==, 0);
  g_assert_cmpint (symlink (voice, pipe), ==, 0);
  Run run = RUN ("--metadata", metadata, "--audio-root", trainer_corpus, "--feature-cache", cache,
                 "-v", "--augment", "speed=0.9", "--output-dir", output, QUICKEST);
  g_assert_cmpint (run.status, ==, 0);
  assert_has (run.err, ": 58 of 90 clips found, augmented ones included\n");
  run_clear (&run);
  assert_ran (RUN ("--metadata", metadata, "--audio-root", trainer_corpus, "--augment", "speed=0.9",
                   "--output-dir", trainer->folder, QUICKEST));
  static const char *const files[] = {"model.emotion", "training_metrics.json"};
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    gsize size[2];
    char *resumed = read_file (output, files[i], &size[0]);
    char *undisturbed = read_file (trainer->folder, files[i], &size[1]);
    g_assert_cmpuint (size[0], ==, size[1]);
    g_assert_cmpint (memcmp (resumed, undisturbed, size[0]), ==, 0);
    g_free (resumed);
    g_free (undisturbed);
  }
  char *texts[] = {cache, output, pipe, name, voice, metadata};
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  g_string_free (text, TRUE);
}

static void
test_refused (Trainer *trainer, gconstpointer data)
{
  static const struct {
    const char *option, *value, *words;
    int status;
  } bad[] = {
      {"--metadata", "x.csv", "1 --audio-root for 2 --metadata", 2},
      {"--corpus", "b", "2 --corpus for 1 --metadata", 2},
      {"--sample-limit", "-1", "--sample-limit", 2},
      {"--feature-jobs", "0", "--feature-jobs", 2},
      {"--augment", "echo=1", "unknown augmentation 'echo=1'", 2},
      {"--augment", "speed=9", "from 0.5 to 2", 2},
      {"--label-map", "/nowhere/x.map", "/nowhere/x.map", 1},
  };
  (void)data;
  char *output = g_build_filename (trainer->folder, "new", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_failed (RUN ("--metadata", trainer->metadata, "--audio-root", trainer_corpus, "--corpus",
                        "a", "--output-dir", output, bad[i].option, bad[i].value),
                   bad[i].status, bad[i].words);
  assert_failed (RUN ("--metadata", trainer->metadata, "--metadata", trainer->metadata,
                      "--output-dir", output),
                 1, "two corpora are called");
  assert_failed (RUN ("--metadata", trainer->metadata, "--metadata", trainer->metadata, "--corpus",
                      "a", "--corpus", "b/c", "--output-dir", output),
                 2, "must not contain '/'");
  g_assert_false (g_file_test (output, G_FILE_TEST_EXISTS));
  assert_failed (RUN ("--metadata", trainer->metadata, "--feature-cache", "/dev/null/cache",
                      "--output-dir", output),
                 1, "choose another folder");
  g_free (output);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  TRAINER_TEST ("pool", test_pool);
  TRAINER_TEST ("standard-augmentations", test_standard_augmentations);
  TRAINER_TEST ("label-map", test_label_map);
  TRAINER_TEST ("augment", test_augment);
  TRAINER_TEST ("sample-limit", test_sample_limit);
  g_test_add ("/training/train/interrupted", Trainer, GINT_TO_POINTER (SIGINT), trainer_set_up,
              test_interrupted, trainer_tear_down);
  g_test_add ("/training/train/terminated", Trainer, GINT_TO_POINTER (SIGTERM), trainer_set_up,
              test_interrupted, trainer_tear_down);
  TRAINER_TEST ("data-refused", test_refused);
  return trainer_run_tests (argc, argv);
}
