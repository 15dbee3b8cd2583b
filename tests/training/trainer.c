/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "trainer.h"

#include <gst/gst.h>
#include <string.h>

#include "scratch.h"
#include "synthetic-speakers.h"

char *trainer_program, *trainer_corpus;

void
trainer_begin (const char *program)
{
  trainer_program = g_canonicalize_filename (program, NULL);
  trainer_corpus = scratch_new ();
  synthetic_speakers_write (trainer_corpus);
  GString *text = synthetic_speakers_metadata (SYNTHETIC_SPEAKERS);
  g_free (scratch_write (trainer_corpus, "metadata.csv", text->str, text->len));
  g_string_free (text, TRUE);
}

void
trainer_end (void)
{
  scratch_remove (trainer_corpus);
  g_free (trainer_program);
}

int
trainer_run_tests (int argc, char **argv)
{
  g_assert_cmpint (argc, ==, 2);
  trainer_begin (argv[1]);
  const int status = g_test_run ();
  trainer_end ();
  return status;
}

void
trainer_set_up (Trainer *self, gconstpointer data)
{
  (void)data;
  self->folder = scratch_new ();
  self->metadata = g_build_filename (trainer_corpus, "metadata.csv", NULL);
}

void
trainer_tear_down (Trainer *self, gconstpointer data)
{
  (void)data;
  g_free (self->metadata);
  scratch_remove (self->folder);
}

Run
trainer_run_text (const Trainer *self, const char *metadata)
{
  char *path = scratch_write (self->folder, "test.csv", metadata, strlen (metadata));
  Run run = RUN ("--metadata", path, "--audio-root", trainer_corpus, "--output-dir", self->folder,
                 QUICKEST);
  g_free (path);
  return run;
}

void
assert_ran (Run run)
{
  g_assert_cmpint (run.status, ==, 0);
  run_clear (&run);
}

void
assert_failed (Run run, int status, const char *words)
{
  g_assert_cmpint (run.status, ==, status);
  g_assert_cmpstr (run.out, ==, "");
  assert_has (run.err, "emotion-train: ");
  assert_has (run.err, words);
  run_clear (&run);
}

char *
read_file (const char *folder, const char *name, gsize *size)
{
  GError *error = NULL;
  char *path = g_build_filename (folder, name, NULL), *content;
  g_file_get_contents (path, &content, size, &error);
  g_assert_no_error (error);
  g_free (path);
  return content;
}

JsonObject *
load_metrics (const char *folder)
{
  GError *error = NULL;
  char *path = g_build_filename (folder, "training_metrics.json", NULL);
  JsonParser *parser = json_parser_new ();
  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  JsonObject *root = json_object_ref (json_node_get_object (json_parser_get_root (parser)));
  g_object_unref (parser);
  g_free (path);
  return root;
}

JsonObject *
object_at (JsonObject *root, const char *a, const char *b)
{
  g_assert_true (json_object_has_member (root, a));
  JsonObject *object = json_object_get_object_member (root, a);
  return b ? object_at (object, b, NULL) : object;
}

guint
length_of (JsonObject *root, const char *array)
{
  g_assert_true (json_object_has_member (root, array));
  return json_array_get_length (json_object_get_array_member (root, array));
}

double
number_at (JsonObject *root, const char *name)
{
  g_assert_true (json_object_has_member (root, name));
  return json_object_get_double_member (root, name);
}

char *
list_at (JsonObject *root, const char *name)
{
  g_assert_true (json_object_has_member (root, name));
  if (json_object_get_null_member (root, name))
    return g_strdup ("none");
  JsonArray *array = json_object_get_array_member (root, name);
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < json_array_get_length (array); i++)
    g_string_append_printf (text, "%s%s", i ? "," : "", json_array_get_string_element (array, i));
  return g_string_free (text, FALSE);
}
