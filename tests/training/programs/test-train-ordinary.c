/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs emotion-train --ordinary as a user does; its path is the argument. */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "core/model/model.h"
#include "tests/training/scratch.h"
#include "tests/training/synthetic-speakers.h"
#include "tests/training/trainer.h"

/* The metadata of the first four speakers, with calm renamed to neutral. */
static char *
write_metadata (const Trainer *trainer)
{
  GString *text = synthetic_speakers_metadata (4);
  g_string_replace (text, ",calm,", ",neutral,", 0);
  char *path = scratch_write (trainer->folder, "test.csv", text->str, text->len);
  g_string_free (text, TRUE);
  return path;
}

/* Unlabelled speech: clips of one synthetic speaker, declared as several speakers. */
static char *
write_ordinary (const Trainer *trainer, guint speaker, guint n_names)
{
  GString *text = g_string_new ("path,speaker\n");
  for (guint label = 0; label < SYNTHETIC_LABELS; label++)
    for (guint clip = 0; clip < SYNTHETIC_CLIPS; clip++) {
      char *name = synthetic_clip_name (speaker, label, clip);
      g_string_append_printf (text, "%s/%s,voice%u\n", trainer_corpus, name, clip % n_names);
      g_free (name);
    }
  char *path = scratch_write (trainer->folder, "ordinary.csv", text->str, text->len);
  g_string_free (text, TRUE);
  return path;
}

#define TRAIN(metadata, ordinary, ...)                                                             \
  RUN ("--metadata", metadata, "--audio-root", trainer_corpus, "--ordinary", ordinary,             \
       "--output-dir", trainer->folder, QUICKEST, __VA_ARGS__)

static void
test_model (Trainer *trainer, gconstpointer data)
{
  (void)data;
  char *metadata = write_metadata (trainer), *ordinary = write_ordinary (trainer, 4, 3);
  char *path = g_build_filename (trainer->folder, "model.emotion", NULL);
  double last = 1. / SYNTHETIC_LABELS;
  for (guint strict = 0; strict < 2; strict++) {
    Run run = TRAIN (metadata, ordinary, "--false-windows", strict ? "0.01" : "0.5", NULL);
    if (run.status != 0)
      g_error ("%s", run.err);
    assert_has (run.out, "Ordinary speech, speakers held out: ");
    run_clear (&run);
    JsonObject *metrics = load_metrics (trainer->folder);
    JsonObject *decision = object_at (metrics, "decision", NULL);
    const double neutral = number_at (object_at (decision, "priors", NULL), "neutral");
    g_assert_cmpfloat (neutral, >=, last);
    last = neutral;
    g_assert_cmpint (json_object_get_int_member (object_at (decision, "ordinary", NULL), "windows"),
                     >, SYNTHETIC_LABELS * SYNTHETIC_CLIPS);
    json_object_unref (metrics);
    EmotionModel *model = emotion_model_load (path, NULL);
    const EmotionDecisionDefaults *defaults = emotion_model_get_decision (model);
    g_assert_nonnull (defaults->priors);
    g_assert_cmpfloat_with_epsilon (defaults->priors[2], neutral, 1e-6); /* angry, happy, neutral */
    emotion_model_unref (model);
  }
  g_free (path);
  g_free (metadata);
  g_free (ordinary);
}

/* Invalid input is an error that names it, and nothing is written. */
static void
test_refused (Trainer *trainer, gconstpointer data)
{
  (void)data;
  char *metadata = write_metadata (trainer), *model;
  char *ordinary = write_ordinary (trainer, 0, 3); /* training clips */
  assert_failed (TRAIN (metadata, ordinary, NULL), 1, "has the same samples as the training clip");
  g_free (ordinary);
  ordinary = write_ordinary (trainer, 4, 1);
  assert_failed (TRAIN (metadata, ordinary, NULL), 1, "one speaker");
  assert_failed (TRAIN (metadata, "/nowhere.csv", NULL), 1, "/nowhere.csv");
  assert_failed (TRAIN (metadata, ordinary, "--false-windows", "0", NULL), 2, "--false-windows 0");
  g_free (ordinary);
  ordinary = write_ordinary (trainer, 4, 3);
  assert_failed (TRAIN (trainer->metadata, ordinary, NULL), 1, "neutral");
  model = g_build_filename (trainer->folder, "model.emotion", NULL);
  g_assert_false (g_file_test (model, G_FILE_TEST_EXISTS));
  g_free (model);
  g_free (ordinary);
  g_free (metadata);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TRAINER_TEST ("ordinary/model", test_model);
  TRAINER_TEST ("ordinary/refused", test_refused);
  return trainer_run_tests (argc, argv);
}
