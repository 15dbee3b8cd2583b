/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* emotion-train: trains a model on labelled clips and writes the model and its metrics. */
#include <cblas.h>
#include <gst/gst.h>
#include <locale.h>
#include <string.h>

#include "training/base/blas-kernels.h"
#include "training/base/interrupt.h"
#include "training/base/output.h"
#include "training/reports/train-files.h"

#define VERSION "emotion-train " EMOTION_VERSION "\n"

/* Evaluates, fits and writes. */
static gboolean
train (const TrainingOptions *o, const TrainingData *data, TrainingTiming *timing, GError **error)
{
  TrainingTrials *trials = NULL;
  if (o->trials && !(trials = training_trials_open (o->trials, error)))
    return FALSE;
  TrainingResults *results = training_run (o, data, trials, timing, error);
  gboolean ok = results && training_files_write (o, results, timing, error);
  ok = training_trials_close (trials, ok ? error : NULL) && ok;
  training_results_free (results);
  return ok;
}

static void
print_kernels (void)
{
  char *text = training_blas_describe ();
  g_printerr ("emotion-train: %s\n", text);
  g_free (text);
}

static gboolean
run (const TrainingOptions *o, GError **error)
{
  TrainingTiming *timing = training_timing_new ();
  TrainingData data;
  if (o->verbose)
    print_kernels ();
  if (!o->candidates && training_forest_get_missing ())
    g_printerr ("emotion-train: forest and boost are left out: %s\n",
                training_forest_get_missing ());
  gboolean ok = training_data_read (&data, o, error) && training_files_prepare (o, error) &&
                training_data_extract (&data, o, error);
  training_timing_mark (timing, "features");
  ok = ok && train (o, &data, timing, error);
  training_data_clear (&data);
  training_timing_free (timing);
  return ok;
}

int
main (int argc, char **argv)
{
  TrainingOptions options;
  GError *error = NULL;
  int status = 0;
  training_blas_init (argv);
  setlocale (LC_ALL, "");
  setlocale (LC_NUMERIC, "C"); /* byte-identical output in all locales */
  if (!training_options_parse (&argc, &argv, &options, &error)) {
    status = 2;
  } else if (options.version) {
    status = training_output_save (NULL, VERSION, strlen (VERSION), &error) ? 0 : 1;
  } else {
    gst_init (NULL, NULL);
    training_interrupt_init ();
    /* Folds run in parallel; threads inside matrix products would only change rounding. */
    openblas_set_num_threads (1);
    status = run (&options, &error) ? 0 : 1;
  }
  if (error)
    g_printerr ("emotion-train: %s\n", error->message);
  g_clear_error (&error);
  training_options_clear (&options);
  return status;
}
