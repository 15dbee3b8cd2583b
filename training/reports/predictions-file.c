/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "predictions-file.h"

#include "core/features/feature-csv.h"
#include "training/base/output.h"

static void
put_header (GString *text, const TrainingDataset *data)
{
  g_string_append (text, "protocol,clip,speaker,fold,truth,prediction");
  for (guint k = 0; k < data->n_labels; k++) {
    char *name = g_strconcat ("score_", data->labels[k], NULL);
    g_string_append_c (text, ',');
    emotion_feature_csv_put_text (text, name);
    g_free (name);
  }
  g_string_append_c (text, '\n');
}

static void
put_field (GString *text, const char *field)
{
  g_string_append_c (text, ',');
  emotion_feature_csv_put_text (text, field);
}

static void
put_row (GString *text, const TrainingDataset *data, const char *protocol,
         const TrainingPredictions *predictions, guint at)
{
  const TrainingOutcome *outcome = &predictions->clips[at];
  const guint clip = predictions->clip_indices[at];
  const char *speaker = training_dataset_get_speaker (data, clip);
  g_string_append (text, protocol);
  put_field (text, data->clips[clip].path);
  put_field (text, speaker ? speaker : "");
  g_string_append_printf (text, ",%u", predictions->clip_folds[at] + 1);
  put_field (text, data->labels[outcome->label]);
  put_field (text, data->labels[training_outcome_predict (outcome, data->n_labels)]);
  for (guint k = 0; k < data->n_labels; k++) {
    char number[G_ASCII_DTOSTR_BUF_SIZE]; /* exact, so that every figure can be recomputed */
    put_field (text, g_ascii_dtostr (number, sizeof number, outcome->posteriors[k]));
  }
  g_string_append_c (text, '\n');
}

/* Sorts the predictions, which are fold by fold, into the order of the data. */
static void
put_predictions (GString *text, const TrainingDataset *data, const char *protocol,
                 const TrainingPredictions *predictions)
{
  guint *at = g_new (guint, data->n_source_clips);
  for (guint c = 0; c < data->n_source_clips; c++)
    at[c] = G_MAXUINT;
  for (guint i = 0; i < predictions->n_clips; i++)
    at[predictions->clip_indices[i]] = i;
  for (guint c = 0; c < data->n_source_clips; c++)
    if (at[c] != G_MAXUINT)
      put_row (text, data, protocol, predictions, at[c]);
  g_free (at);
}

gboolean
training_predictions_write (const TrainingResults *results, const char *path, GError **error)
{
  const TrainingDataset *data = results->split->data;
  GString *text = g_string_new (NULL);
  put_header (text, data);
  put_predictions (text, data, results->shares_speakers ? "random" : "strict",
                   &results->pooled->strict);
  put_predictions (text, data, "adaptive", &results->pooled->adapted);
  const gboolean ok = training_output_save (path, text->str, text->len, error);
  g_string_free (text, TRUE);
  return ok;
}
