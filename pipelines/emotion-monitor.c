/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* emotion-monitor: plays a file or URI through the element and prints one line per window, and a
 * summary. */
#include <errno.h>
#include <gst/gst.h>
#include <langinfo.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "media/error.h"
#include "media/play.h"
#include "media/stop.h"

#define BAR 20 /* width of a full bar in characters */

typedef struct {
  const char *label;
  guint n_windows;
} LabelCount;

typedef struct {
  gboolean utf8;
  GArray *counts; /* LabelCount, in order of appearance; labels are quarks' strings */
  guint n_windows;
  gboolean summarized;
} Monitor;

static int write_error; /* errno of the first failed write to the standard output; 0: none */

/* Print handler for g_print() that keeps the reason of a failure. */
static void
write_text (const char *text)
{
  if ((fputs (text, stdout) == EOF || fflush (stdout) != 0) && write_error == 0)
    write_error = errno;
}

static void
print_bar (const Monitor *monitor, double fraction)
{
  int full = (int)lround (CLAMP (fraction, 0, 1) * BAR);
  for (int i = 0; i < BAR; i++)
    g_print ("%s", i < full ? (monitor->utf8 ? "█" : "#") : (monitor->utf8 ? "░" : "."));
}

/* "1:02.5" */
static void
print_time (GstClockTime time)
{
  guint64 tenths = (time + 50 * GST_MSECOND) / (100 * GST_MSECOND);
  g_print ("%3" G_GUINT64_FORMAT ":%02u.%u", tenths / 600, (guint)(tenths / 10 % 60),
           (guint)(tenths % 10));
}

static void
count (Monitor *monitor, const char *label)
{
  const char *kept = g_intern_string (label);
  monitor->n_windows++;
  for (guint i = 0; i < monitor->counts->len; i++) {
    LabelCount *count = &g_array_index (monitor->counts, LabelCount, i);
    if (count->label == kept) {
      count->n_windows++;
      return;
    }
  }
  g_array_append_val (monitor->counts, ((LabelCount){kept, 1}));
}

/* Returns the time of a message; the stream determines which of its times are set. */
static GstClockTime
get_start (const GstStructure *s)
{
  static const char *const fields[] = {"stream-time", "running-time", "timestamp"};
  guint64 start = 0;
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (gst_structure_get_uint64 (s, fields[i], &start) && start != GST_CLOCK_TIME_NONE)
      return start;
  return 0;
}

static GstClockTime
get_duration (const GstStructure *s)
{
  guint64 duration = 0;
  gst_structure_get_uint64 (s, "duration", &duration);
  return duration;
}

static double
get_number (const GstStructure *s, const char *field)
{
  double number = 0;
  gst_structure_get_double (s, field, &number);
  return number;
}

static const char *
get_emotion (const GstStructure *s)
{
  const char *emotion = gst_structure_get_string (s, "emotion");
  return emotion ? emotion : "none";
}

static void
print_window (Monitor *monitor, const GstStructure *s)
{
  const GstClockTime start = get_start (s);
  const double confidence = get_number (s, "confidence");
  const char *emotion = get_emotion (s), *reason = gst_structure_get_string (s, "reason");
  count (monitor, emotion);
  print_time (start);
  g_print (" -");
  print_time (start + get_duration (s));
  if (reason)
    g_print ("  %-10s       ", emotion);
  else
    g_print ("  %-10s %3.0f %% ", emotion, 100 * confidence);
  print_bar (monitor, reason ? 0 : confidence);
  g_print ("  speech %3.0f %%  %6.1f dBFS", 100 * get_number (s, "speech-ratio"),
           get_number (s, "level"));
  g_print (reason ? "  (%s)\n" : "\n", reason);
}

static gint
by_fraction (gconstpointer a, gconstpointer b)
{
  guint x = ((const LabelCount *)a)->n_windows, y = ((const LabelCount *)b)->n_windows;
  return (x < y) - (x > y);
}

static void
print_summary (Monitor *monitor, const GstStructure *s)
{
  g_print ("\nOverall (");
  print_time (get_duration (s));
  g_print (" ): %s, %.0f %%\n", get_emotion (s), 100 * get_number (s, "confidence"));
  g_array_sort (monitor->counts, by_fraction);
  for (guint i = 0; i < monitor->counts->len; i++) {
    const LabelCount *count = &g_array_index (monitor->counts, LabelCount, i);
    double fraction = (double)count->n_windows / monitor->n_windows;
    g_print ("  %-10s %3.0f %% of windows  ", count->label, 100 * fraction);
    print_bar (monitor, fraction);
    g_print ("\n");
  }
  monitor->summarized = TRUE;
}

static void
take_message (GstMessage *message, gpointer data)
{
  const GstStructure *s = gst_message_get_structure (message);
  if (!gst_structure_has_name (s, "emotiondetect"))
    return;
  if (g_strcmp0 (gst_structure_get_string (s, "type"), "summary") == 0)
    print_summary (data, s);
  else
    print_window (data, s);
}

static GstElement *
make_sink (const char *model, GError **error)
{
  GstElement *bin = gst_parse_bin_from_description (
      "emotiondetect name=detector ! fakesink sync=false", TRUE, error);
  if (bin) {
    GstElement *detector = gst_bin_get_by_name (GST_BIN (bin), "detector");
    g_object_set (detector, "model", model, NULL);
    gst_object_unref (detector);
  }
  return bin;
}

static gboolean
watch (const char *source, const char *model, GError **error)
{
  Monitor monitor = {.utf8 = strcmp (nl_langinfo (CODESET), "UTF-8") == 0,
                     .counts = g_array_new (FALSE, FALSE, sizeof (LabelCount))};
  GstElement *sink = make_sink (model, error);
  GError *cause = NULL;
  gboolean ok = sink && media_play (source, sink, take_message, &monitor, &cause);
  if (monitor.summarized && g_error_matches (cause, MEDIA_ERROR, MEDIA_ERROR_STOPPED)) {
    g_clear_error (&cause); /* a signal stopped it after the summary */
    ok = TRUE;
  }
  if (cause)
    g_propagate_error (error, cause);
  if (ok && !monitor.summarized) {
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED,
                 "%s: no audio, or less than one analysis frame (25 ms)", source);
    ok = FALSE;
  }
  g_array_unref (monitor.counts);
  return ok;
}

int
main (int argc, char **argv)
{
  char *model = NULL, **sources = NULL;
  gboolean version = FALSE;
  const GOptionEntry entries[] = {
      {"model", 'm', 0, G_OPTION_ARG_FILENAME, &model,
       "Model file (default: the default model of emotiondetect)", "FILE"},
      {"version", 0, 0, G_OPTION_ARG_NONE, &version, "Print the version, and exit", NULL},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &sources, NULL, "FILE|URI"},
      G_OPTION_ENTRY_NULL};
  GError *error = NULL;
  setlocale (LC_CTYPE, "");
  g_set_print_handler (write_text);
  media_stop_catch ();
  GOptionContext *context = g_option_context_new (NULL);
  g_option_context_set_summary (
      context, "Prints the emotion of the speech in a file or URI, window by window.");
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_group (context, gst_init_get_option_group ());
  gboolean ok = g_option_context_parse (context, &argc, &argv, &error);
  g_option_context_free (context);
  if (ok && version) {
    g_print ("emotion-monitor %s\n", EMOTION_VERSION);
  } else if (ok && g_strv_length (sources ? sources : (char *[]){NULL}) != 1) {
    g_set_error (&error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "exactly one FILE or URI is required; see emotion-monitor --help");
    ok = FALSE;
  } else if (ok) {
    ok = watch (sources[0], model, &error);
  }
  if (write_error != 0 && !error) {
    g_set_error (&error, G_FILE_ERROR, g_file_error_from_errno (write_error),
                 "cannot write the output: %s", g_strerror (write_error));
    ok = FALSE;
  }
  int status = ok ? EXIT_SUCCESS : EXIT_FAILURE;
  if (error) {
    g_printerr ("emotion-monitor: %s\n", error->message);
    status = error->domain == G_OPTION_ERROR ? 2 : EXIT_FAILURE;
    g_error_free (error);
  }
  g_strfreev (sources);
  g_free (model);
  return status;
}
