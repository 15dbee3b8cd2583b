/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* emotion-train as a user runs it; its path is the argument. What it learns from: several corpora,
 * mapped labels, altered copies, a part of the clips. */
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <string.h>

#include "scratch.h"
#include "trainer.h"
#include "voices.h"

/* Rows [from, to) of the voices' metadata, in the test's folder. */
static char *
write_part (const Trainer *trainer, const char *name, guint from, guint to)
{
  GString *text = voices_metadata (VOICES_SPEAKERS);
  char **lines = g_strsplit (text->str, "\n", -1);
  g_string_assign (text, lines[0]);
  for (guint i = from; i < to; i++)
    g_string_append_printf (text, "\n%s", lines[i + 1]);
  char *path = scratch_write (trainer->folder, name, text->str, text->len);
  g_strfreev (lines);
  g_string_free (text, TRUE);
  return path;
}

/* Two corpora of which the second has, renamed, a speaker and clips of the first: its speakers are
 * others, the clips are found to be duplicates. */
static void
test_pool (Trainer *trainer, gconstpointer data)
{
  const guint of_speaker = VOICES_LABELS * VOICES_CLIPS;
  (void)data;
  char *first = write_part (trainer, "first.csv", 0, 3 * of_speaker);
  char *second = write_part (trainer, "second.csv", 2 * of_speaker, VOICES_ALL);
  char *map = scratch_write (trainer->folder, "labels.map", "b/calm=calm\nb/happy=happy\n", 26);
  Run run = RUN ("--metadata", first, "--audio-root", trainer_voices, "--corpus", "a", "--metadata",
                 second, "--audio-root", trainer_voices, "--corpus", "b", "--label-map", map, "-v",
                 "--output-dir", trainer->folder, QUICK);
  g_assert_cmpint (run.status, ==, 0);
  assert_has (run.err, "a: 27 clips: angry 9, calm 9, happy 9");
  assert_has (run.err, "6 speakers, 0 altered copies");
  assert_has (run.err, "b/s2-angry-0.wav has the samples of a/s2-angry-0.wav");
  JsonObject *metrics = load_metrics (trainer->folder);
  g_assert_cmpint (json_object_get_int_member (metrics, "n_samples"), ==, VOICES_ALL);
  g_assert_cmpint (json_object_get_int_member (metrics, "n_speakers"), ==, VOICES_SPEAKERS);
  g_assert_cmpuint (length_of (metrics, "duplicates"), ==, of_speaker);
  JsonObject *speakers =
      object_at (object_at (metrics, "protocols", "strict"), "per_speaker", NULL);
  g_assert_true (json_object_has_member (speakers, "a/s2"));
  g_assert_true (json_object_has_member (speakers, "b/s3"));
  g_assert_false (json_object_has_member (speakers, "b/s2")); /* none of its own */
  json_object_unref (metrics);
  run_clear (&run);
  g_free (first);
  g_free (second);
  g_free (map);
}

/* Rows of a dropped label are told of in one line. */
static void
test_label_map (Trainer *trainer, gconstpointer data)
{
  (void)data;
  char *map = scratch_write (trainer->folder, "labels.map", "calm=\n", 6);
  Run run = RUN ("--metadata", trainer->metadata, "--label-map", map, "--output-dir",
                 trainer->folder, QUICK);
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
                      trainer->folder, QUICK),
                 1, "there are: angry, calm, happy");
  g_free (typing);
  g_free (map);
}

/* Copies are learnt from, on their clip's side, and never counted or answered. */
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
             jobs[i], "--n-jobs", jobs[i], "-v", "--output-dir", trainer->folder, QUICK);
    g_assert_cmpint (run.status, ==, 0);
    assert_has (run.err, "90 altered copies");
    run_clear (&run);
    models[i] = read_file (trainer->folder, "model.emotion", &size[i]);
  }
  g_assert_cmpuint (size[0], ==, size[1]);
  g_assert_cmpint (memcmp (models[0], models[1], size[0]), ==, 0);
  JsonObject *metrics = load_metrics (trainer->folder);
  g_assert_cmpint (json_object_get_int_member (metrics, "n_samples"), ==, VOICES_ALL);
  g_assert_cmpint (json_object_get_int_member (object_at (metrics, "protocols", "strict"), "n"), ==,
                   VOICES_ALL);
  g_assert_cmpstr (json_object_get_string_member (object_at (metrics, "settings", NULL), "augment"),
                   ==, "speed=0.9,noise=10");
  json_object_unref (metrics);

  assert_ran (RUN ("--metadata", trainer->metadata, "--output-dir", trainer->folder, QUICK));
  gsize plain_size;
  char *plain = read_file (trainer->folder, "model.emotion", &plain_size);
  g_assert_false (plain_size == size[0] && memcmp (plain, models[0], plain_size) == 0);
  g_free (plain);
  g_free (models[0]);
  g_free (models[1]);
}

static void
test_sample_limit (Trainer *trainer, gconstpointer data)
{
  (void)data;
  Run run = RUN ("--metadata", trainer->metadata, "--sample-limit", "30", "-v", "--output-dir",
                 trainer->folder, QUICK);
  g_assert_cmpint (run.status, ==, 0);
  assert_has (run.err, "30 clips: angry 10, calm 10, happy 10");
  run_clear (&run);
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
      {"--augment", "echo=1", "'echo=1' is no effect", 2},
      {"--augment", "speed=9", "from 0.5 to 2", 2},
      {"--label-map", "/nowhere/x.map", "/nowhere/x.map", 1},
  };
  (void)data;
  char *output = g_build_filename (trainer->folder, "new", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_failed (RUN ("--metadata", trainer->metadata, "--audio-root", trainer_voices, "--corpus",
                        "a", "--output-dir", output, bad[i].option, bad[i].value),
                   bad[i].status, bad[i].words);
  assert_failed (RUN ("--metadata", trainer->metadata, "--metadata", trainer->metadata,
                      "--output-dir", output),
                 1, "two corpora are called");
  assert_failed (RUN ("--metadata", trainer->metadata, "--metadata", trainer->metadata, "--corpus",
                      "a", "--corpus", "b/c", "--output-dir", output),
                 2, "leave the '/' out");
  g_assert_false (g_file_test (output, G_FILE_TEST_EXISTS));
  g_free (output);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  TRAINER_TEST ("pool", test_pool);
  TRAINER_TEST ("label-map", test_label_map);
  TRAINER_TEST ("augment", test_augment);
  TRAINER_TEST ("sample-limit", test_sample_limit);
  TRAINER_TEST ("data-refused", test_refused);
  return trainer_run_tests (argc, argv);
}
