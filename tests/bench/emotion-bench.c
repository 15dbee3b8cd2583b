/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* emotion-bench: every figure of docs/performance.md, with median and spread. Times are CPU times,
 * except in live streams. It asserts nothing. */
#include <gst/gst.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/audio.h"
#include "rows.h"

typedef struct {
  int rounds, streams;
  gboolean quick, train;
  char *only, *json, *model, *corpora, *tools, *count, *save_16k, *save_48k;
  double seconds;
} Options;

typedef struct {
  const char *name;
  void (*run) (Bench *bench);
  int max_rounds; /* for the ones that take long; 0: as many as asked for */
} Group;

static const Group groups[] = {
    {"memory", bench_memory, 0},
    {"starts", bench_starts, 0},
    {"streams", bench_streams, 0},
    {"latency", bench_latency, 5},
    {"descriptors", bench_descriptors, 0},
    {"live-sets", bench_live_sets, 3},
    {"features", bench_features_program, 3},
    {"predict", bench_predict_program, 3},
};

static gboolean
wanted (const Options *options, const char *name)
{
  if (options->only == NULL)
    return TRUE;
  char **names = g_strsplit (options->only, ",", -1);
  gboolean found = g_strv_contains ((const char *const *)names, name);
  g_strfreev (names);
  return found;
}

/* Whether each name of the list is a group's. */
static gboolean
is_groups (const char *only)
{
  char **names = g_strsplit (only != NULL ? only : "live", ",", -1);
  gboolean known = TRUE;
  for (guint i = 0; names[i] != NULL && known; i++) {
    known = g_str_equal (names[i], "live");
    for (guint k = 0; k < G_N_ELEMENTS (groups); k++)
      known = known || g_str_equal (names[i], groups[k].name);
  }
  g_strfreev (names);
  return known;
}

/* NULL, or what is wrong with the options. */
static const char *
find_fault (const Options *options)
{
  if (options->rounds < 1)
    return "--rounds must be at least 1";
  if (options->streams < 64)
    return "--streams must be at least 64";
  if (!(options->seconds >= 5))
    return "--seconds must be at least 5";
  if (!is_groups (options->only))
    return "--only has a name that is no group";
  return NULL;
}

static void
note_machine (BenchReport *report)
{
  char *text = NULL, *name = NULL;
  if (g_file_get_contents ("/proc/cpuinfo", &text, NULL, NULL)) {
    const char *line = strstr (text, "model name");
    const char *colon = line != NULL ? strchr (line, ':') : NULL;
    if (colon != NULL)
      name = g_strstrip (g_strndup (colon + 1, strcspn (colon + 1, "\n")));
  }
  char *machine = g_strdup_printf ("%s, %u processors", name != NULL ? name : "unknown processor",
                                   g_get_num_processors ());
  bench_report_note (report, "machine", machine);
  g_free (machine);
  g_free (name);
  g_free (text);
}

static void
open_bench (Bench *bench, const Options *options)
{
  GError *error = NULL;
  double seconds = options->quick ? 8 : 60;
  *bench = (Bench){.model_path = options->model,
                   .corpora = options->corpora,
                   .tools = options->tools,
                   .quick = options->quick,
                   .report = bench_report_new ()};
  bench->model = emotion_model_load (options->model, &error);
  if (bench->model == NULL) {
    fprintf (stderr, "emotion-bench: %s\n", error->message);
    exit (EXIT_FAILURE);
  }
  bench->speech = bench_audio_speech (options->corpora, EMOTION_SAMPLE_RATE, 1, seconds);
  bench->stereo = bench_audio_speech (options->corpora, 48000, 2, seconds);
  bench->noise = bench_audio_noise (options->corpora, EMOTION_SAMPLE_RATE, seconds);
  bench->silence = bench_audio_silence (EMOTION_SAMPLE_RATE, seconds);
  bench->voice = bench_audio_voice (EMOTION_SAMPLE_RATE, 3.7);
  note_machine (bench->report);
  bench_report_note (bench->report, "model", options->model);
  bench_report_note (bench->report, "speech", bench->speech.source);
  bench_report_note (bench->report, "noise", bench->noise.source);
}

static void
close_bench (Bench *bench)
{
  bench_audio_clear (&bench->speech);
  bench_audio_clear (&bench->stereo);
  bench_audio_clear (&bench->noise);
  bench_audio_clear (&bench->silence);
  bench_audio_clear (&bench->voice);
  emotion_model_unref (bench->model);
  bench_report_free (bench->report);
}

/* Each round measures all groups, so that a slow minute of the machine is spread over the rows.
 * Groups that measure memory are the first, before others have freed memory. */
static void
run_groups (Bench *bench, const Options *options)
{
  for (int round = 0; round < options->rounds; round++) {
    for (guint i = 0; i < G_N_ELEMENTS (groups); i++) {
      const Group *group = &groups[i];
      if (!wanted (options, group->name) || (group->max_rounds > 0 && round >= group->max_rounds))
        continue;
      fprintf (stderr, "# round %d of %d: %s\n", round + 1, options->rounds, group->name);
      group->run (bench);
    }
  }
  if (options->train)
    bench_train_program (bench);
  if (wanted (options, "live") && options->quick)
    bench_live (bench, 2, 2, 3);
  else if (wanted (options, "live"))
    bench_live (bench, 64, (guint)options->streams, options->seconds);
}

/* Writes a sound for the comparison with other programs. */
static int
save_speech (const Options *options, const char *path, guint rate, guint channels)
{
  GError *error = NULL;
  BenchAudio audio = bench_audio_speech (options->corpora, rate, channels, options->seconds);
  gboolean saved = bench_audio_save (&audio, path, &error);
  if (saved)
    printf ("%s\n", audio.source);
  else
    fprintf (stderr, "emotion-bench: %s\n", error->message);
  g_clear_error (&error);
  bench_audio_clear (&audio);
  return saved ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int
run (const Options *options)
{
  if (options->save_16k != NULL)
    return save_speech (options, options->save_16k, EMOTION_SAMPLE_RATE, 1);
  if (options->save_48k != NULL)
    return save_speech (options, options->save_48k, 48000, 1);
  Bench bench;
  GError *error = NULL;
  int status = EXIT_SUCCESS;
  open_bench (&bench, options);
  run_groups (&bench, options);
  bench_report_print (bench.report);
  if (options->json != NULL && !bench_report_save (bench.report, options->json, &error)) {
    fprintf (stderr, "emotion-bench: %s\n", error->message);
    g_error_free (error);
    status = EXIT_FAILURE;
  }
  close_bench (&bench);
  return status;
}

/* The build's own plugin and files, unless the environment or the options name others. */
static void
set_defaults (Options *options)
{
  g_setenv ("GST_PLUGIN_PATH", BENCH_PLUGIN_DIR, FALSE);
  const char *corpora = g_getenv ("EMOTION_CORPORA");
  if (options->model == NULL)
    options->model = g_strdup (BENCH_MODEL);
  if (options->corpora == NULL)
    options->corpora = g_strdup (corpora != NULL ? corpora : BENCH_CORPORA);
  if (options->tools == NULL)
    options->tools = g_strdup (BENCH_TOOLS_DIR);
}

static void
clear_options (Options *options)
{
  char **const texts[] = {&options->only,  &options->json,  &options->model,    &options->corpora,
                          &options->tools, &options->count, &options->save_16k, &options->save_48k};
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (*texts[i]);
}

int
main (int argc, char **argv)
{
  Options options = {.rounds = 7, .streams = 16384, .seconds = 10};
  const GOptionEntry entries[] = {
      {"rounds", 'r', 0, G_OPTION_ARG_INT, &options.rounds, "Values of each row (default: 7)", "N"},
      {"only", 'o', 0, G_OPTION_ARG_STRING, &options.only,
       "Only these groups: memory, starts, streams, latency, descriptors, live-sets, features, "
       "predict, live (default: all)",
       "LIST"},
      {"json", 'j', 0, G_OPTION_ARG_FILENAME, &options.json, "Also write the figures as JSON",
       "FILE"},
      {"train", 0, 0, G_OPTION_ARG_NONE, &options.train, "Also measure a training: minutes", NULL},
      {"quick", 'q', 0, G_OPTION_ARG_NONE, &options.quick,
       "Short sounds and few streams: to try the program, not to measure", NULL},
      {"streams", 's', 0, G_OPTION_ARG_INT, &options.streams,
       "Maximum number of live streams to try (default: 16384)", "N"},
      {"seconds", 0, 0, G_OPTION_ARG_DOUBLE, &options.seconds,
       "Length of a trial with live streams, or of a saved sound (default: 10)", "S"},
      {"model", 'm', 0, G_OPTION_ARG_FILENAME, &options.model, "Model (default: universal)",
       "FILE"},
      {"corpora", 0, 0, G_OPTION_ARG_FILENAME, &options.corpora, "Folder of the corpora", "DIR"},
      {"tools", 0, 0, G_OPTION_ARG_FILENAME, &options.tools, "Folder of emotion-predict", "DIR"},
      {"count", 0, 0, G_OPTION_ARG_STRING, &options.count,
       "Only do this work, for instructions.sh: speech, silence, stereo or descriptors", "WORK"},
      {"save-16k", 0, 0, G_OPTION_ARG_FILENAME, &options.save_16k,
       "Only write the speech as a WAV file, 16 kHz mono", "FILE"},
      {"save-48k", 0, 0, G_OPTION_ARG_FILENAME, &options.save_48k,
       "Only write the speech as a WAV file, 48 kHz mono", "FILE"},
      {0},
  };
  GError *error = NULL;
  GOptionContext *context = g_option_context_new ("- speed, memory and lateness");
  g_option_context_add_main_entries (context, entries, NULL);
  gboolean parsed = g_option_context_parse (context, &argc, &argv, &error);
  g_option_context_free (context);
  const char *fault = !parsed    ? error->message
                      : argc > 1 ? "it takes options only"
                                 : find_fault (&options);
  if (fault != NULL) {
    fprintf (stderr, "emotion-bench: %s; see --help\n", fault);
    g_clear_error (&error);
    return EXIT_FAILURE;
  }
  set_defaults (&options);
  int status;
  if (options.count != NULL) {
    status = bench_count (options.model, options.count) ? EXIT_SUCCESS : EXIT_FAILURE;
  } else {
    gst_init (NULL, NULL);
    status = run (&options);
  }
  clear_options (&options);
  return status;
}
