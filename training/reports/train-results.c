/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train-results.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "mistakes.h"
#include "plot-figures.h"
#include "train-files.h"
#include "training/base/interrupt.h"
#include "training/base/options.h"
#include "training/base/output.h"

char **
training_results_provenance (const TrainingOptions *o, const TrainingProblem *problem,
                             const TrainingEvaluation *pooled, const char *protocol)
{
  const TrainingDataset *data = problem->data;
  TrainingFigures f;
  training_figures_compute (pooled->strict.clips, pooled->strict.n_clips, data->n_labels,
                            data->n_groups, 0, 0, &f);
  GPtrArray *pairs = g_ptr_array_new ();
  char *corpora = o->sources.names ? g_strjoinv ("+", o->sources.names)
                                   : training_options_name_corpora (o->sources.metadata);
  const char *plain[] = {"trained-by", "gst-emotiondetect " EMOTION_VERSION,
                         "corpus",     corpora,
                         "licence",    o->licence ? o->licence : "unstated",
                         "data-hash",  data->hash,
                         "protocol",   protocol};
  for (guint i = 0; i < G_N_ELEMENTS (plain); i++)
    g_ptr_array_add (pairs, g_strdup (plain[i]));
  if (o->background) {
    g_ptr_array_add (pairs, g_strdup ("background"));
    g_ptr_array_add (pairs, training_options_name_corpora (o->background));
  }
  g_free (corpora);
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_ptr_array_add (pairs, g_strdup ("uar"));
  g_ptr_array_add (pairs, g_strdup (g_ascii_formatd (number, sizeof number, "%.4f", f.uar)));
  if (pooled->adapted.n_clips > 0) {
    TrainingFigures adapted;
    training_figures_compute (pooled->adapted.clips, pooled->adapted.n_clips, data->n_labels,
                              data->n_groups, 0, 0, &adapted);
    g_ptr_array_add (pairs, g_strdup ("uar-adaptive"));
    g_ptr_array_add (pairs,
                     g_strdup (g_ascii_formatd (number, sizeof number, "%.4f", adapted.uar)));
  }
  g_ptr_array_add (pairs, g_strdup ("accuracy"));
  g_ptr_array_add (pairs, g_strdup (g_ascii_formatd (number, sizeof number, "%.4f", f.accuracy)));
  g_ptr_array_add (pairs, g_strdup ("clips"));
  g_ptr_array_add (pairs, g_strdup_printf ("%u", pooled->strict.n_clips));
  if (data->speakers_known) {
    g_ptr_array_add (pairs, g_strdup ("speakers"));
    g_ptr_array_add (pairs, g_strdup_printf ("%u", problem->n_speakers));
  }
  g_ptr_array_add (pairs, NULL);
  return (char **)g_ptr_array_free (pairs, FALSE);
}

gboolean
training_results_prepare (const TrainingOptions *o, GError **error)
{
  return training_output_prepare_folder ("--output-dir", o->output_dir, error) &&
         training_files_check (o, error);
}

/* The pictures of the metrics, of each protocol that there is. */
static gboolean
draw_plots (const TrainingOptions *o, const char *metrics_path, GError **error)
{
  static const struct {
    const char *name;
    gboolean (*draw) (const TrainingPlot *, const TrainingFiguresFile *, GError **);
    gboolean of_speakers;
  } kinds[] = {{"confusion", training_plot_confusion, FALSE},
               {"reliability", training_plot_reliability, FALSE},
               {"speakers", training_plot_speakers, TRUE}};
  static const char *const protocols[] = {"strict", "adaptive", "random"};
  gboolean ok = TRUE;
  for (guint p = 0; ok && p < G_N_ELEMENTS (protocols); p++) {
    TrainingFiguresFile *file =
        training_figures_file_open (metrics_path, protocols[p], FALSE, NULL);
    for (guint k = 0; file && ok && k < G_N_ELEMENTS (kinds); k++) {
      if (kinds[k].of_speakers && !training_json_object (file->figures, "per_speaker"))
        continue;
      char *name = g_strdup_printf ("%s-%s.png", kinds[k].name, protocols[p]);
      char *path = g_build_filename (o->plots, name, NULL);
      TrainingPlot plot;
      training_plot_init (&plot, path);
      ok = kinds[k].draw (&plot, file, error);
      g_free (path);
      g_free (name);
    }
    training_figures_file_free (file);
  }
  return ok;
}

/* Both or, where one cannot be written, neither: what there was before stays. */
static gboolean
write_pair (const TrainingReport *report, const char *model_path, const char *metrics_path,
            GError **error)
{
  char *part = g_strconcat (model_path, ".part", NULL);
  gboolean ok = emotion_model_save (report->final->model, part, error) &&
                training_report_write (report, metrics_path, error);
  if (ok && g_rename (part, model_path) != 0)
    ok = training_bad_option (error, "%s: %s", model_path, g_strerror (errno));
  if (!ok)
    g_remove (part);
  g_free (part);
  return ok;
}

gboolean
training_results_write (const TrainingOptions *o, const TrainingReport *report,
                        TrainingTiming *timing, GError **error)
{
  char *model_path = g_build_filename (o->output_dir, o->model_name, NULL);
  char *metrics_path = g_build_filename (o->output_dir, o->metrics_name, NULL);
  char *timing_path = g_build_filename (o->output_dir, TRAINING_TIMING_NAME, NULL);
  training_interrupt_hold ();
  gboolean ok = write_pair (report, model_path, metrics_path, error) &&
                (!o->plots || draw_plots (o, metrics_path, error)) &&
                training_files_write (o, report, metrics_path, error);
  training_timing_mark (timing, "results");
  ok = ok && training_timing_write (timing, (guint)MAX (o->n_jobs, 0),
                                    (guint)MAX (o->feature_jobs, 0), timing_path, error);
  training_interrupt_release ();
  if (ok) {
    char *table = training_report_describe (report);
    char *mistakes =
        o->verbose ? training_mistakes_describe (&report->pooled->strict, report->problem->data)
                   : g_strdup ("");
    char *files = training_files_list (o);
    char *text =
        g_strdup_printf ("%s%s%s\n%s\n%s", table, mistakes, model_path, metrics_path, files);
    ok = training_output_save (NULL, text, strlen (text), error);
    g_free (text);
    g_free (table);
    g_free (mistakes);
    g_free (files);
  }
  g_free (model_path);
  g_free (metrics_path);
  g_free (timing_path);
  return ok;
}
