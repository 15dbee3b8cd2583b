/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* dump-features: the content of the file, when it appears, and what happens if it cannot be
 * written. */
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "common/test-model.h"
#include "fixture.h"

#define RATE 16000

static char *
in_folder (const char *name)
{
  return g_build_filename (fixture_folder (), name, NULL);
}

static char **
read_lines (const char *path)
{
  char *text = NULL;
  fail_unless (g_file_get_contents (path, &text, NULL, NULL), "there is no %s", path);
  fail_unless (g_str_has_suffix (text, "\n"));
  text[strlen (text) - 1] = '\0';
  char **lines = g_strsplit (text, "\n", -1);
  g_free (text);
  return lines;
}

/* A dump leaves nothing else in the folder. */
static void
check_folder (guint n_files)
{
  GDir *dir = g_dir_open (fixture_folder (), 0, NULL);
  guint n = 0;
  while (g_dir_read_name (dir) != NULL)
    n++;
  g_dir_close (dir);
  fail_unless_equals_int (n, 2 + n_files); /* the models and ... */
}

/* Fails unless `line` is the row of this window. */
static void
check_row (const char *line, const char *name, const GstStructure *window)
{
  const GValue *features = gst_structure_get_value (window, "features");
  char **fields = g_strsplit (line, ",", -1);
  guint64 start = 0, duration = 0;
  gst_structure_get (window, "timestamp", G_TYPE_UINT64, &start, "duration", G_TYPE_UINT64,
                     &duration, NULL);
  fail_unless_equals_int (g_strv_length (fields), 3 + gst_value_array_get_size (features));
  fail_unless_equals_string (fields[0], name);
  fail_unless_equals_float (g_ascii_strtod (fields[1], NULL), (double)start / GST_SECOND);
  fail_unless_equals_float (g_ascii_strtod (fields[2], NULL), (double)duration / GST_SECOND);
  for (guint i = 3; fields[i] != NULL; i++) {
    double feature = g_value_get_double (gst_value_array_get_value (features, i - 3));
    fail_unless ((float)g_ascii_strtod (fields[i], NULL) == (float)feature);
  }
  g_strfreev (fields);
}

GST_START_TEST (test_dump)
{
  char *path = in_folder ("features.csv");
  char *caps = fixture_caps (GST_AUDIO_NE (F32), "interleaved", RATE, 1);
  Fixture *fixture = fixture_new (NULL, "dump-features", path, "send-features", TRUE, NULL);
  fixture_set_caps (fixture, caps);
  fixture_push (fixture, 2200, 160, 0);
  fixture_push_eos (fixture);
  fail_if (g_file_test (path, G_FILE_TEST_EXISTS)); /* not before it is complete */
  gst_element_set_state (fixture->element, GST_STATE_NULL);

  char **lines = read_lines (path);
  fail_unless_equals_int (g_strv_length (lines), 1 + fixture->windows->len);
  char **names = g_strsplit (lines[0], ",", 4);
  fail_unless_equals_string (names[0], "file");
  fail_unless_equals_string (names[1], "start");
  fail_unless_equals_string (names[2], "duration");
  for (guint i = 0; i < fixture->windows->len; i++) {
    char *name = g_strndup (lines[1 + i], strcspn (lines[1 + i], ","));
    fail_unless (*name != '\0');
    check_row (lines[1 + i], name, g_ptr_array_index (fixture->windows, i));
    g_free (name);
  }
  check_folder (1);
  g_strfreev (names);
  g_strfreev (lines);
  g_remove (path);
  fixture_free (fixture);
  g_free (path);
  g_free (caps);
}
GST_END_TEST

/* A dump can be started, changed and ended while playing; each file is complete at once. */
GST_START_TEST (test_dump_while_playing)
{
  char *one = in_folder ("one.csv"), *two = in_folder ("two.csv");
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  fixture_push (fixture, 700, 160, 0);
  g_object_set (fixture->element, "dump-features", one, NULL);
  fixture_push (fixture, 1000, 160, 700 * GST_MSECOND);
  g_object_set (fixture->element, "dump-features", two, NULL);
  char **lines = read_lines (one);
  fail_unless_equals_int (g_strv_length (lines), 1 + 2);
  g_strfreev (lines);
  fixture_push (fixture, 500, 160, 1700 * GST_MSECOND);
  g_object_set (fixture->element, "dump-features", NULL, NULL);
  lines = read_lines (two);
  fail_unless_equals_int (g_strv_length (lines), 1 + 1);
  g_strfreev (lines);
  check_folder (2);

  /* Without a row there is no file. */
  g_remove (one);
  g_remove (two);
  g_object_set (fixture->element, "dump-features", one, NULL);
  g_object_set (fixture->element, "dump-features", "", NULL);
  check_folder (0);
  fixture_free (fixture);
  g_free (one);
  g_free (two);
}
GST_END_TEST

/* The rows of a stream continue over a jump, and each channel has a name. */
GST_START_TEST (test_dump_names)
{
  char *path = in_folder ("features.csv");
  char *caps = fixture_caps (GST_AUDIO_NE (F32), "interleaved", RATE, 2);
  Fixture *fixture = fixture_new (caps, "dump-features", path, NULL);
  gst_util_set_object_arg (G_OBJECT (fixture->element), "channel-mode", "separate");
  fixture_push (fixture, 1000, 160, 0);
  fixture_push (fixture, 1100, 160, 100 * GST_SECOND);
  gst_element_set_state (fixture->element, GST_STATE_NULL);
  char **lines = read_lines (path);
  fail_unless_equals_int (g_strv_length (lines), 1 + 2 * 4); /* both ended after 0.5 s and 1 s */
  static const double starts[] = {0, 0, 1, 1};
  for (guint i = 0; i < 8; i++) {
    char **fields = g_strsplit (lines[1 + i], ",", 3);
    char *suffix = g_strdup_printf ("#channel=%u", i % 2);
    fail_unless (g_str_has_suffix (fields[0], suffix));
    fail_unless_equals_float (g_ascii_strtod (fields[1], NULL), starts[i / 2]);
    g_free (suffix);
    g_strfreev (fields);
  }
  g_strfreev (lines);
  g_remove (path);
  fixture_free (fixture);
  g_free (path);
  g_free (caps);
}
GST_END_TEST

static GstPadProbeReturn
answer_uri (GstPad *pad, GstPadProbeInfo *info, gpointer element)
{
  (void)pad;
  GstQuery *query = GST_PAD_PROBE_INFO_QUERY (info);
  if (GST_QUERY_TYPE (query) != GST_QUERY_URI)
    return GST_PAD_PROBE_OK;
  char *path = in_folder ("other.csv");
  g_object_set (element, "dump-features", path, NULL); /* no lock is held */
  gst_query_set_uri (query, "file:///somewhere/a%20b.wav");
  g_free (path);
  return GST_PAD_PROBE_HANDLED;
}

/* Rows are named by a query upstream, which may be busy with the element at that moment. */
GST_START_TEST (test_dump_uri)
{
  char *path = in_folder ("features.csv"), *other = in_folder ("other.csv");
  char *caps = fixture_caps (GST_AUDIO_NE (F32), "interleaved", RATE, 1);
  Fixture *fixture = fixture_new (caps, "dump-features", path, NULL);
  gst_pad_add_probe (fixture->harness->srcpad, GST_PAD_PROBE_TYPE_QUERY_UPSTREAM, answer_uri,
                     fixture->element, NULL);
  fixture_push (fixture, 700, 160, 0);
  gst_element_set_state (fixture->element, GST_STATE_NULL);
  char **lines = read_lines (other);
  fail_unless_equals_int (g_strv_length (lines), 2);
  fail_unless (g_str_has_prefix (lines[1], "/somewhere/a b.wav,"));
  check_folder (1);
  g_strfreev (lines);
  g_remove (other);
  fixture_free (fixture);
  g_free (path);
  g_free (other);
  g_free (caps);
}
GST_END_TEST

/* If the file cannot be created: no start, or, while playing, a warning, and the old dump
 * continues. */
GST_START_TEST (test_bad_dump)
{
  char *path = in_folder ("features.csv");
  GstElement *element = gst_element_factory_make ("emotiondetect", NULL);
  GstBus *bus = gst_bus_new ();
  GError *error = NULL;
  g_object_set (element, "model", fixture_model (), "dump-features", "/nowhere/x.csv", NULL);
  gst_element_set_bus (element, bus);
  fail_unless_equals_int (gst_element_set_state (element, GST_STATE_PAUSED),
                          GST_STATE_CHANGE_FAILURE);
  GstMessage *message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  gst_message_parse_error (message, &error, NULL);
  fail_unless (g_error_matches (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_WRITE));
  fail_unless (strstr (error->message, "/nowhere/x.csv") != NULL);
  g_error_free (error);
  gst_message_unref (message);
  gst_element_set_state (element, GST_STATE_NULL);
  gst_element_set_bus (element, NULL);
  gst_object_unref (element);
  gst_object_unref (bus);

  Fixture *fixture = fixture_new_f32 (RATE, 1);
  char *kept;
  g_object_set (fixture->element, "dump-features", path, NULL);
  g_object_set (fixture->element, "dump-features", "/nowhere/x.csv", NULL);
  g_object_get (fixture->element, "dump-features", &kept, NULL);
  fail_unless_equals_string (kept, path);
  fixture_push (fixture, 1200, 160, 0);
  gst_element_set_state (fixture->element, GST_STATE_NULL);
  fixture_collect (fixture);
  fail_unless_equals_int (fixture->warnings->len, 1);
  char **lines = read_lines (path);
  fail_unless_equals_int (g_strv_length (lines), 1 + 2);
  g_strfreev (lines);
  g_free (kept);
  g_remove (path);
  fixture_free (fixture);
  g_free (path);
}
GST_END_TEST

/* An existing special file, such as a device, is not replaced. */
GST_START_TEST (test_dump_to_device)
{
  char *path = in_folder ("pipe"), *kept;
  fail_unless (mkfifo (path, 0600) == 0);
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  g_object_set (fixture->element, "dump-features", path, NULL);
  g_object_get (fixture->element, "dump-features", &kept, NULL);
  fail_unless (kept == NULL);
  fixture_push (fixture, 1200, 160, 0);
  gst_element_set_state (fixture->element, GST_STATE_NULL);
  fixture_collect (fixture);
  fail_unless_equals_int (fixture->warnings->len, 1);
  fail_if (g_file_test (path, G_FILE_TEST_IS_REGULAR));
  check_folder (1);
  g_remove (path);
  fixture_free (fixture);
  g_free (path);
}
GST_END_TEST

/* A full disk ends the dump with one warning and leaves no partial file; the stream continues. */
GST_START_TEST (test_full_disk)
{
  struct rlimit before, limit;
  char *path = in_folder ("features.csv");
  Fixture *fixture = fixture_new_f32 (RATE, 1), *plain = fixture_new_f32 (RATE, 1);
  fixture_push (plain, 3000, 160, 0);
  fixture_push_eos (plain);
  signal (SIGXFSZ, SIG_IGN);
  getrlimit (RLIMIT_FSIZE, &before);
  limit = before;
  limit.rlim_cur = 60000; /* the header and a few rows */
  setrlimit (RLIMIT_FSIZE, &limit);
  g_object_set (fixture->element, "dump-features", path, NULL);
  fixture_push (fixture, 3000, 160, 0);
  fixture_push_eos (fixture);
  gst_element_set_state (fixture->element, GST_STATE_NULL);
  setrlimit (RLIMIT_FSIZE, &before);
  fixture_collect (fixture);
  fail_unless_equals_int (fixture->warnings->len, 1);
  fail_unless (strstr (g_ptr_array_index (fixture->warnings, 0), path) != NULL);
  fixture_assert_same (fixture, plain);
  check_folder (0);
  fixture_free (fixture);
  fixture_free (plain);
  g_free (path);
}
GST_END_TEST

/* A folder takes the place of the file before the file is complete. */
GST_START_TEST (test_dump_without_place)
{
  char *path = in_folder ("features.csv");
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  g_object_set (fixture->element, "dump-features", path, NULL);
  fixture_push (fixture, 1200, 160, 0);
  fail_unless_equals_int (g_mkdir (path, 0700), 0);
  g_object_set (fixture->element, "dump-features", NULL, NULL);
  fixture_collect (fixture);
  fail_unless_equals_int (fixture->warnings->len, 1);
  check_folder (1);
  g_rmdir (path);
  fixture_free (fixture);
  g_free (path);
}
GST_END_TEST

/* A model with other features ends the dump with a warning; the rows before it are stored. */
GST_START_TEST (test_dump_of_other_features)
{
  static const char *const labels[] = {"low", "high", NULL};
  char *path = in_folder ("features.csv"), *other = in_folder ("other.emotion");
  EmotionModel *model = test_model_make ("descriptors-1", labels, 4, FALSE);
  fail_unless (emotion_model_save (model, other, NULL));
  emotion_model_unref (model);
  Fixture *fixture = fixture_new_f32 (RATE, 1);
  g_object_set (fixture->element, "dump-features", path, NULL);
  fixture_push (fixture, 1200, 160, 0);
  g_object_set (fixture->element, "model", other, NULL);
  fixture_push (fixture, 2000, 160, 1200 * GST_MSECOND);
  fixture_push_eos (fixture);
  fail_unless_equals_int (fixture->warnings->len, 1);
  fail_unless (strstr (g_ptr_array_index (fixture->warnings, 0), "descriptors-1") != NULL);
  char **lines = read_lines (path);
  guint n_rows = g_strv_length (lines) - 1;
  fail_unless (n_rows >= 2 && n_rows < fixture->windows->len);
  fail_unless_equals_string (fixture_string (fixture->windows, n_rows - 1, "model"), "one.emotion");
  fail_unless_equals_string (fixture_string (fixture->windows, n_rows, "model"), "other.emotion");
  g_strfreev (lines);
  g_remove (path);
  g_remove (other);
  check_folder (0);
  fixture_free (fixture);
  g_free (path);
  g_free (other);
}
GST_END_TEST

static Suite *
dump_suite (void)
{
  Suite *suite = suite_create ("dump");
  TCase *tests = tcase_create ("general");
  tcase_add_unchecked_fixture (tests, fixture_setup_models, fixture_remove_models);
  tcase_set_timeout (tests, 300);
  tcase_add_test (tests, test_dump);
  tcase_add_test (tests, test_dump_while_playing);
  tcase_add_test (tests, test_dump_names);
  tcase_add_test (tests, test_dump_uri);
  tcase_add_test (tests, test_bad_dump);
  tcase_add_test (tests, test_dump_to_device);
  tcase_add_test (tests, test_full_disk);
  tcase_add_test (tests, test_dump_without_place);
  tcase_add_test (tests, test_dump_of_other_features);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (dump)
