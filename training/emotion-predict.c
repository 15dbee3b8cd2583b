/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* emotion-predict: the emotion of audio files, by the element emotiondetect. */
#include <errno.h>
#include <gst/gst.h>
#include <json-glib/json-glib.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include "decode.h"
#include "play.h"

typedef struct {
  char *model;
  gint topk;
  gboolean as_json, version;
  char **files;
} Options;

typedef struct {
  const char *label;
  double probability;
} Score;

static gboolean
check_options (const Options *options, GError **error)
{
  if (options->topk < 1)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--topk %d: give a number from 1",
                 options->topk);
  else if (!options->files)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "no FILE given; see emotion-predict --help");
  else
    return TRUE;
  return FALSE;
}

static gboolean
parse_options (int *argc, char ***argv, Options *options, GError **error)
{
  const GOptionEntry entries[] = {
      {"model", 'm', 0, G_OPTION_ARG_FILENAME, &options->model,
       "Model file (default: the one that emotiondetect finds)", "FILE"},
      {"topk", 'k', 0, G_OPTION_ARG_INT, &options->topk,
       "How many of the most probable emotions to print (default: 3)", "N"},
      {"as-json", 0, 0, G_OPTION_ARG_NONE, &options->as_json, "Print one JSON array", NULL},
      {"version", 0, 0, G_OPTION_ARG_NONE, &options->version, "Print the version, and exit", NULL},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->files, NULL, "FILE..."},
      G_OPTION_ENTRY_NULL};
  GOptionContext *context = g_option_context_new (NULL);
  g_option_context_set_summary (
      context, "Tells the emotion of the speech in each audio FILE (or URI) that GStreamer can\n"
               "decode, and how probable it is. The exit status is not 0 when a file failed.");
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_group (context, gst_init_get_option_group ());
  gboolean parsed = g_option_context_parse (context, argc, argv, error);
  g_option_context_free (context);
  return parsed && (options->version || check_options (options, error));
}

/* The element with its model loaded, as a check before the first file; it also keeps the model in
 * memory from file to file. */
static GstElement *
start_detector (const char *model, GError **error)
{
  GstElement *detector = gst_element_factory_make ("emotiondetect", NULL);
  if (!detector) {
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DECODE,
                 "GStreamer has no element emotiondetect: install it (meson install), or run in "
                 "meson devenv, or set GST_PLUGIN_PATH to the folder of libgstemotiondetect.so");
    return NULL;
  }
  GstBus *bus = gst_bus_new ();
  gst_object_ref_sink (detector);
  gst_element_set_bus (detector, bus);
  g_object_set (detector, "model", model, NULL);
  if (gst_element_set_state (detector, GST_STATE_PAUSED) == GST_STATE_CHANGE_FAILURE) {
    GstMessage *message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
    gst_message_parse_error (message, error, NULL);
    gst_message_unref (message);
    gst_element_set_state (detector, GST_STATE_NULL);
    gst_element_set_bus (detector, NULL);
    g_clear_object (&detector);
  } else {
    gst_element_set_bus (detector, NULL);
  }
  gst_object_unref (bus);
  return detector;
}

static GstElement *
make_sink (const char *model)
{
  GstElement *bin = gst_bin_new (NULL);
  GstElement *detector = gst_element_factory_make ("emotiondetect", NULL);
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);
  g_object_set (detector, "model", model, "post-tags", FALSE, NULL);
  g_object_set (sink, "sync", FALSE, NULL);
  gst_bin_add_many (GST_BIN (bin), detector, sink, NULL);
  gst_element_link (detector, sink);
  GstPad *pad = gst_element_get_static_pad (detector, "sink");
  gst_element_add_pad (bin, gst_ghost_pad_new ("sink", pad));
  gst_object_unref (pad);
  return bin;
}

/* Keeps the summary, which comes last. */
static void
take_message (GstMessage *message, gpointer data)
{
  GstStructure **summary = data;
  const GstStructure *structure = gst_message_get_structure (message);
  if (!gst_structure_has_name (structure, "emotiondetect") ||
      g_strcmp0 (gst_structure_get_string (structure, "type"), "summary") != 0)
    return;
  g_clear_pointer (summary, gst_structure_free);
  *summary = gst_structure_copy (structure);
}

/* The summary of one file, or NULL. */
static GstStructure *
hear (const char *file, const char *model, GError **error)
{
  GstStructure *summary = NULL;
  if (!training_play (file, make_sink (model), take_message, &summary, error)) {
    g_clear_pointer (&summary, gst_structure_free);
  } else if (!summary) {
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DECODE,
                 "%s: has no audio, or less than one frame of the analysis (25 ms)", file);
  }
  return summary;
}

static gboolean
add_score (GQuark label, const GValue *value, gpointer data)
{
  Score score = {g_quark_to_string (label), g_value_get_double (value)};
  g_array_append_val ((GArray *)data, score);
  return TRUE;
}

static gint
compare_scores (gconstpointer a, gconstpointer b)
{
  double x = ((const Score *)a)->probability, y = ((const Score *)b)->probability;
  return (x < y) - (x > y);
}

/* The `topk` most probable emotions, the first of equals first. */
static GArray *
best_scores (const GstStructure *summary, guint topk)
{
  const GValue *scores = gst_structure_get_value (summary, "scores");
  GArray *best = g_array_new (FALSE, FALSE, sizeof (Score));
  gst_structure_foreach (gst_value_get_structure (scores), add_score, best);
  g_array_sort (best, compare_scores);
  g_array_set_size (best, MIN (best->len, topk));
  return best;
}

static void
print_text (const char *file, const GArray *best)
{
  printf ("%s -> %s\n", file, g_array_index (best, Score, 0).label);
  for (guint i = 0; i < best->len; i++) {
    const Score *score = &g_array_index (best, Score, i);
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    printf ("  %s %s\n", score->label,
            g_ascii_formatd (number, sizeof number, "%.2f", score->probability));
  }
}

static void
add_score_members (JsonBuilder *builder, const Score *score)
{
  json_builder_set_member_name (builder, "label");
  json_builder_add_string_value (builder, score->label);
  json_builder_set_member_name (builder, "probability");
  json_builder_add_double_value (builder, score->probability);
}

static void
add_json (JsonBuilder *builder, const char *file, const GArray *best)
{
  char *name = g_filename_display_name (file);
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "file");
  json_builder_add_string_value (builder, name);
  add_score_members (builder, &g_array_index (best, Score, 0));
  json_builder_set_member_name (builder, "topk");
  json_builder_begin_array (builder);
  for (guint i = 0; i < best->len; i++) {
    json_builder_begin_object (builder);
    add_score_members (builder, &g_array_index (best, Score, i));
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  g_free (name);
}

static void
print_json (JsonBuilder *builder)
{
  JsonNode *root = json_builder_get_root (builder);
  char *text = json_to_string (root, TRUE);
  puts (text);
  g_free (text);
  json_node_unref (root);
}

/* The number of files that failed. */
static guint
predict (const Options *options)
{
  JsonBuilder *builder = json_builder_new ();
  guint n_failed = 0;
  json_builder_begin_array (builder);
  for (char **file = options->files; *file; file++) {
    GError *error = NULL;
    GstStructure *summary = hear (*file, options->model, &error);
    if (!summary) {
      g_printerr ("emotion-predict: %s\n", error->message);
      g_error_free (error);
      n_failed++;
      continue;
    }
    GArray *best = best_scores (summary, (guint)options->topk);
    if (options->as_json)
      add_json (builder, *file, best);
    else
      print_text (*file, best);
    g_array_unref (best);
    gst_structure_free (summary);
  }
  json_builder_end_array (builder);
  if (options->as_json)
    print_json (builder);
  g_object_unref (builder);
  return n_failed;
}

static gboolean
run (const Options *options, GError **error)
{
  GstElement *detector = start_detector (options->model, error);
  if (!detector)
    return FALSE;
  guint n_failed = predict (options), n = g_strv_length (options->files);
  gst_element_set_state (detector, GST_STATE_NULL);
  gst_object_unref (detector);
  if (n_failed > 0)
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DECODE, "%u of %u file(s) failed", n_failed,
                 n);
  return n_failed == 0;
}

int
main (int argc, char **argv)
{
  Options options = {.topk = 3};
  GError *error = NULL;
  int status = EXIT_SUCCESS;
  setlocale (LC_CTYPE, ""); /* names in messages */
  if (!parse_options (&argc, &argv, &options, &error) ||
      (!options.version && !run (&options, &error))) {
    g_printerr ("emotion-predict: %s\n", error->message);
    g_error_free (error);
    status = EXIT_FAILURE;
  } else if (options.version) {
    puts ("emotion-predict " EMOTION_VERSION);
  }
  if (fflush (stdout) != 0 || ferror (stdout)) {
    g_printerr ("emotion-predict: cannot write the output: %s\n", g_strerror (errno));
    status = EXIT_FAILURE;
  }
  g_strfreev (options.files);
  g_free (options.model);
  return status;
}
