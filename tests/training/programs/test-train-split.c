/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests emotion-train --protocol split: the test part of a corpus is not training data. */
#include <gst/gst.h>
#include <string.h>

#include "core/model/model.h"
#include "tests/training/synthetic-speakers.h"
#include "tests/training/trainer.h"

/* The word for a row's clip; NULL omits the row. */
typedef const char *(*SplitFunc) (guint speaker, guint clip);

/* The synthetic metadata with a column "Partition"; `turned` shifts the labels of test clips. */
static char *
metadata_of (SplitFunc split_of, gboolean turned)
{
  GString *text = g_string_new ("file_path,emotion,speaker,Partition\n");
  for (guint speaker = 0; speaker < SYNTHETIC_SPEAKERS; speaker++)
    for (guint label = 0; label < SYNTHETIC_LABELS; label++)
      for (guint clip = 0; clip < SYNTHETIC_CLIPS; clip++) {
        const char *split = split_of (speaker, clip);
        char *name = synthetic_clip_name (speaker, label, clip);
        const guint turn = turned && split && g_ascii_strncasecmp (split, "test", 4) == 0;
        if (split)
          g_string_append_printf (text, "%s,%s,s%u,%s\n", name,
                                  synthetic_labels[(label + turn) % SYNTHETIC_LABELS], speaker,
                                  split);
        g_free (name);
      }
  return g_string_free (text, FALSE);
}

/* The last speaker is the test part. */
static const char *
split_apart (guint speaker, guint clip)
{
  (void)clip;
  return speaker == SYNTHETIC_SPEAKERS - 1 ? "Test" : speaker == 0 ? "validation" : "train";
}

/* The same with other test clips. */
static const char *
split_fewer (guint speaker, guint clip)
{
  return speaker == SYNTHETIC_SPEAKERS - 1 && clip == 0 ? NULL : split_apart (speaker, clip);
}

static const char *
split_shared (guint speaker, guint clip)
{
  (void)speaker;
  return clip == 0 ? "test" : "train";
}

static const char *
split_odd (guint speaker, guint clip)
{
  (void)clip;
  return speaker == 0 ? "fold7" : "train";
}

static const char *
split_none (guint speaker, guint clip)
{
  (void)speaker;
  (void)clip;
  return "train";
}

static Run
train (const Trainer *trainer, const char *metadata, const char *output, const char *protocol)
{
  char *path = g_build_filename (trainer->folder, "test.csv", NULL);
  g_assert_true (g_file_set_contents (path, metadata, -1, NULL));
  Run run = RUN ("--metadata", path, "--audio-root", trainer_corpus, "--output-dir", output,
                 "--corpus", "voices", "--protocol", protocol, "--no-random", QUICK);
  g_free (path);
  return run;
}

/* The content of the model, without its provenance and checksum. */
static char *
load_parts (const char *folder)
{
  gsize size;
  char *model = read_file (folder, "model.emotion", &size);
  char **lines = g_strsplit (model, "\n", -1);
  GString *parts = g_string_new (NULL);
  static const char *const changing[] = {"data-hash ", "uar", "accuracy ", "clips ", "sha256 "};
  for (char **line = lines; *line; line++) {
    gboolean left_out = FALSE;
    for (guint i = 0; i < G_N_ELEMENTS (changing); i++)
      left_out |= g_str_has_prefix (*line, changing[i]);
    if (!left_out)
      g_string_append_printf (parts, "%s\n", *line);
  }
  g_strfreev (lines);
  g_free (model);
  return g_string_free (parts, FALSE);
}

/* The figures are those of the test clips, which leave no trace in the model. */
static void
test_apart (Trainer *trainer, gconstpointer data)
{
  (void)data;
  char *other = g_build_filename (trainer->folder, "other", NULL);
  char *whole = metadata_of (split_apart, FALSE), *changed = metadata_of (split_fewer, TRUE);
  Run run = train (trainer, whole, trainer->folder, "split");
  g_assert_cmpint (run.status, ==, 0);
  assert_has (run.out, "Test clips of the column split. Speakers held out");
  run_clear (&run);
  JsonObject *metrics = load_metrics (trainer->folder);
  JsonObject *strict = object_at (metrics, "protocols", "strict");
  g_assert_cmpint (json_object_get_int_member (strict, "n"), ==,
                   SYNTHETIC_LABELS * SYNTHETIC_CLIPS);
  g_assert_cmpint (json_object_get_int_member (strict, "folds"), ==, 1);
  g_assert_cmpfloat (number_at (strict, "balanced_accuracy"), ==, 1);
  g_assert_nonnull (object_at (metrics, "protocols", "adaptive"));
  g_assert_cmpfloat (number_at (object_at (metrics, "test_metrics", NULL), "balanced_accuracy"), ==,
                     1);
  g_assert_cmpstr (json_object_get_string_member (metrics, "protocol"), ==, "split");
  json_object_unref (metrics);

  assert_ran (train (trainer, changed, other, "split"));
  metrics = load_metrics (other);
  g_assert_cmpfloat (number_at (object_at (metrics, "test_metrics", NULL), "balanced_accuracy"), ==,
                     0);
  json_object_unref (metrics);
  char *parts = load_parts (trainer->folder), *of_other = load_parts (other);
  g_assert_cmpstr (parts, ==, of_other);
  g_free (parts);
  g_free (of_other);

  /* The other clips do affect it. */
  run = train (trainer, whole, other, "speaker");
  g_assert_cmpint (run.status, ==, 0);
  run_clear (&run);
  metrics = load_metrics (other);
  g_assert_cmpint (json_object_get_int_member (object_at (metrics, "protocols", "strict"), "n"), ==,
                   SYNTHETIC_ALL);
  json_object_unref (metrics);
  g_free (whole);
  g_free (changed);
  g_free (other);
}

/* Speakers in both parts: reported, and no figure is called strict. */
static void
test_shared (Trainer *trainer, gconstpointer data)
{
  (void)data;
  char *metadata = metadata_of (split_shared, FALSE);
  Run run = train (trainer, metadata, trainer->folder, "split");
  g_assert_cmpint (run.status, ==, 0);
  assert_has (run.err, "5 speaker(s) have both test clips and other clips");
  assert_has (run.out, "SPEAKERS NOT HELD OUT");
  run_clear (&run);
  JsonObject *metrics = load_metrics (trainer->folder);
  JsonObject *protocols = object_at (metrics, "protocols", NULL);
  g_assert_false (json_object_has_member (protocols, "strict"));
  g_assert_false (json_object_has_member (protocols, "adaptive"));
  g_assert_cmpint (json_object_get_int_member (object_at (protocols, "random", NULL), "n"), ==,
                   SYNTHETIC_SPEAKERS * SYNTHETIC_LABELS);
  json_object_unref (metrics);
  g_free (metadata);
}

/* If no test clip is usable, that is an error, and nothing is written. */
static void
test_lost (Trainer *trainer, gconstpointer data)
{
  (void)data;
  char *output = g_build_filename (trainer->folder, "none", NULL);
  GString *text = g_string_new ("file_path,emotion,speaker,split\n");
  for (guint speaker = 0; speaker < SYNTHETIC_SPEAKERS; speaker++)
    for (guint label = 0; label < SYNTHETIC_LABELS; label++)
      for (guint clip = 0; clip < SYNTHETIC_CLIPS; clip++) {
        char *name = synthetic_clip_name (speaker, label, clip);
        g_string_append_printf (text, "%s,%s,s%u,train\n", name, synthetic_labels[label], speaker);
        if (speaker == 0 && clip == 0) /* a duplicate, under another path */
          g_string_append_printf (text, "./%s,%s,other,test\n", name, synthetic_labels[label]);
        g_free (name);
      }
  Run run = train (trainer, text->str, output, "split");
  g_assert_cmpint (run.status, ==, 1);
  assert_has (run.err, "no test clip remains");
  g_assert_cmpstr (run.out, ==, "");
  run_clear (&run);
  char *model = g_build_filename (output, "model.emotion", NULL);
  g_assert_false (g_file_test (model, G_FILE_TEST_EXISTS));
  g_free (model);
  g_free (output);
  g_string_free (text, TRUE);
}

/* Wrong splits are errors before the work; an unused column gives a hint. */
static void
test_wrong (Trainer *trainer, gconstpointer data)
{
  (void)data;
  char *odd = metadata_of (split_odd, FALSE), *none = metadata_of (split_none, FALSE);
  GString *without = synthetic_speakers_metadata (SYNTHETIC_SPEAKERS);
  char *output = g_build_filename (trainer->folder, "none", NULL);
  assert_failed (train (trainer, odd, output, "split"), 1, "unknown split 'fold7'");
  assert_failed (train (trainer, none, output, "split"), 1, "must have both test clips");
  assert_failed (train (trainer, without->str, output, "split"), 1, "needs a column split");
  static const char *const idle[][2] = {
      {"--test-size", "0.3"}, {"--ordinary", "x.csv"}, {"--repeat-statement", "-q"}};
  for (guint i = 0; i < G_N_ELEMENTS (idle); i++)
    assert_failed (RUN ("--metadata", trainer->metadata, "--output-dir", output, "--protocol",
                        "split", idle[i][0], idle[i][1]),
                   2, idle[i][0]);
  char *apart = metadata_of (split_apart, FALSE);
  char *path = g_build_filename (trainer->folder, "test.csv", NULL);
  g_assert_true (g_file_set_contents (path, apart, -1, NULL));
  Run run = RUN ("--metadata", path, "--audio-root", trainer_corpus, "--output-dir",
                 trainer->folder, QUICKEST);
  g_assert_cmpint (run.status, ==, 0);
  assert_has (run.err, "the column split is not used");
  run_clear (&run);
  g_free (path);
  g_free (apart);
  g_free (odd);
  g_free (none);
  g_free (output);
  g_string_free (without, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  TRAINER_TEST ("split-apart", test_apart);
  TRAINER_TEST ("split-shared", test_shared);
  TRAINER_TEST ("split-lost", test_lost);
  TRAINER_TEST ("split-wrong", test_wrong);
  return trainer_run_tests (argc, argv);
}
