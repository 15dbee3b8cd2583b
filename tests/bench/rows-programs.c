/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The programs as users start them, over the corpora: CPU time and peak memory of the process. */
#include <stdio.h>
#include <string.h>

#include "rows.h"
#include "usage.h"

#define SECTION "programs"
#define PREDICT_CLIPS 1000
#define FEATURE_CLIPS 200

/* The first `n` clips of RAVDESS, as whole paths, behind the `n_fixed` words of a command line;
 * NULL without the corpus. Free with g_ptr_array_unref(). */
static GPtrArray *
make_command (const Bench *bench, const char *program, const char *const *options, guint n)
{
  char *folder = g_build_filename (bench->corpora, "ravdess", NULL);
  char *list = g_build_filename (folder, "metadata.csv", NULL), *text = NULL;
  GPtrArray *command = NULL;
  if (g_file_get_contents (list, &text, NULL, NULL)) {
    command = g_ptr_array_new_with_free_func (g_free);
    g_ptr_array_add (command, g_build_filename (bench->tools, program, NULL));
    for (guint i = 0; options[i] != NULL; i++)
      g_ptr_array_add (command, g_strdup (options[i]));
    char **lines = g_strsplit (text, "\n", -1);
    for (guint i = 1; lines[0] != NULL && lines[i] != NULL && i <= n; i++)
      if (*lines[i] != '\0')
        g_ptr_array_add (
            command, g_strdup_printf ("%s/%.*s", folder, (int)strcspn (lines[i], ","), lines[i]));
    g_ptr_array_add (command, NULL);
    g_strfreev (lines);
    if (!g_file_test (command->pdata[0], G_FILE_TEST_IS_EXECUTABLE))
      g_clear_pointer (&command, g_ptr_array_unref);
  }
  g_free (text);
  g_free (list);
  g_free (folder);
  return command;
}

static gboolean
run (GPtrArray *command, BenchUsage *usage)
{
  return command != NULL && bench_run_program ((const char *const *)command->pdata, usage);
}

/* s of audio in the files of a command behind its first `n_fixed` words: their FLAC headers have
 * the number of samples. */
static double
sum_durations (const GPtrArray *command, guint n_fixed)
{
  double sum = 0;
  for (guint i = n_fixed; i + 1 < command->len; i++) {
    FILE *file = fopen (command->pdata[i], "rb");
    guint8 head[26];
    if (file != NULL && fread (head, 1, sizeof head, file) == sizeof head &&
        memcmp (head, "fLaC", 4) == 0) {
      guint rate = (guint)head[18] << 12 | (guint)head[19] << 4 | head[20] >> 4;
      guint64 n = (guint64)(head[21] & 15) << 32 | (guint64)head[22] << 24 |
                  (guint64)head[23] << 16 | (guint64)head[24] << 8 | head[25];
      sum += rate > 0 ? (double)n / rate : 0;
    }
    if (file != NULL)
      fclose (file);
  }
  return sum;
}

void
bench_features_program (Bench *bench)
{
  const char *const options[] = {"--features", "descriptors-1", "-o", "/dev/null",
                                 "--format",   "csv",           NULL};
  GPtrArray *command =
      make_command (bench, "emotion-features", options, bench->quick ? 2 : FEATURE_CLIPS);
  BenchUsage usage;
  if (run (command, &usage))
    bench_report_add (bench->report, SECTION, "emotion-features",
                      "emotion-features, descriptors-1, with decoding", "x real time",
                      sum_durations (command, G_N_ELEMENTS (options)) / usage.cpu);
  g_clear_pointer (&command, g_ptr_array_unref);
}

void
bench_predict_program (Bench *bench)
{
  const guint n = bench->quick ? 2 : PREDICT_CLIPS;
  const char *const options[] = {"--model", bench->model_path, NULL};
  GPtrArray *command = make_command (bench, "emotion-predict", options, n);
  BenchUsage usage;
  if (run (command, &usage)) {
    bench_report_add (bench->report, SECTION, "emotion-predict",
                      "emotion-predict over 1000 clips, CPU a clip", "ms", 1e3 * usage.cpu / n);
    bench_report_add (bench->report, SECTION, "emotion-predict-cores",
                      "emotion-predict over 1000 clips, cores busy", "cores",
                      usage.cpu / usage.elapsed);
  }
  g_clear_pointer (&command, g_ptr_array_unref);
}

void
bench_train_program (Bench *bench)
{
  char *program = g_build_filename (bench->tools, "emotion-train", NULL);
  char *metadata = g_build_filename (bench->corpora, "ravdess", "metadata.csv", NULL);
  char *output = g_dir_make_tmp ("emotion-bench-XXXXXX", NULL);
  const char *const command[] = {program,        "--quiet", "--metadata",    metadata,
                                 "--candidates", "lda,svc", "--skip-search", "--output-dir",
                                 output,         NULL};
  const char *const clean[] = {"rm", "-rf", output, NULL};
  BenchUsage usage;
  g_unsetenv ("OPENBLAS_CORETYPE"); /* what the program takes by itself */
  if (output != NULL && bench_run_program (command, &usage)) {
    bench_report_add (bench->report, SECTION, "emotion-train",
                      "emotion-train --candidates lda,svc --skip-search, RAVDESS: CPU", "s",
                      usage.cpu);
    bench_report_add (bench->report, SECTION, "emotion-train-memory",
                      "emotion-train --candidates lda,svc --skip-search, RAVDESS: peak", "MiB",
                      (double)usage.resident / (1 << 20));
  }
  if (output != NULL)
    bench_run_program (clean, &usage);
  g_free (output);
  g_free (metadata);
  g_free (program);
}
