/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mistakes.h"

#include <string.h>

typedef struct {
  double probability;
  guint clip; /* index into the dataset */
  guint at;   /* index into the predictions */
} Mistake;

static int
compare_mistakes (gconstpointer a, gconstpointer b)
{
  const Mistake *x = a, *y = b;
  if (x->probability != y->probability)
    return x->probability > y->probability ? -1 : 1;
  return x->clip < y->clip ? -1 : x->clip > y->clip;
}

GArray *
training_mistakes_find (const TrainingPredictions *predictions, guint n_labels, guint max)
{
  GArray *mistakes = g_array_new (FALSE, FALSE, sizeof (Mistake));
  for (guint i = 0; i < predictions->n_clips; i++) {
    const TrainingOutcome *outcome = &predictions->clips[i];
    const guint prediction = training_outcome_predict (outcome, n_labels);
    if (prediction != outcome->label)
      g_array_append_val (
          mistakes, ((Mistake){outcome->posteriors[prediction], predictions->clip_indices[i], i}));
  }
  g_array_sort (mistakes, compare_mistakes);
  GArray *indices = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < MIN (mistakes->len, max); i++)
    g_array_append_val (indices, g_array_index (mistakes, Mistake, i).at);
  g_array_unref (mistakes);
  return indices;
}

JsonArray *
training_mistakes_to_json (const TrainingPredictions *predictions, const TrainingDataset *data)
{
  GArray *indices = training_mistakes_find (predictions, data->n_labels, TRAINING_MISTAKES);
  JsonArray *list = json_array_new ();
  for (guint i = 0; i < indices->len; i++) {
    const guint at = g_array_index (indices, guint, i);
    const TrainingOutcome *outcome = &predictions->clips[at];
    const guint prediction = training_outcome_predict (outcome, data->n_labels);
    const char *speaker = training_dataset_get_speaker (data, predictions->clip_indices[at]);
    JsonObject *mistake = json_object_new ();
    json_object_set_string_member (mistake, "clip",
                                   data->clips[predictions->clip_indices[at]].path);
    json_object_set_string_member (mistake, "speaker", speaker); /* NULL becomes null */
    json_object_set_int_member (mistake, "fold", predictions->clip_folds[at] + 1);
    json_object_set_string_member (mistake, "truth", data->labels[outcome->label]);
    json_object_set_string_member (mistake, "prediction", data->labels[prediction]);
    json_object_set_double_member (mistake, "probability", outcome->posteriors[prediction]);
    json_object_set_double_member (mistake, "truth_probability",
                                   outcome->posteriors[outcome->label]);
    json_array_add_object_element (list, mistake);
  }
  g_array_unref (indices);
  return list;
}

char *
training_mistakes_describe (const TrainingPredictions *predictions, const TrainingDataset *data)
{
  GArray *indices = training_mistakes_find (predictions, data->n_labels, TRAINING_MISTAKES);
  GString *text = g_string_new (NULL);
  gint width = 0;
  for (guint i = 0; i < indices->len; i++) {
    const guint clip = predictions->clip_indices[g_array_index (indices, guint, i)];
    width = MAX (width, (gint)g_utf8_strlen (data->clips[clip].path, -1));
  }
  if (indices->len > 0)
    g_string_append (
        text, "Most confident errors (listen to these clips first: the label may be wrong)\n");
  for (guint i = 0; i < indices->len; i++) {
    const guint at = g_array_index (indices, guint, i);
    const TrainingOutcome *outcome = &predictions->clips[at];
    const guint prediction = training_outcome_predict (outcome, data->n_labels);
    const char *path = data->clips[predictions->clip_indices[at]].path;
    g_string_append_printf (text, "  %s%*s  labelled %s, predicted %s %.3f\n", path,
                            width - (gint)g_utf8_strlen (path, -1), "",
                            data->labels[outcome->label], data->labels[prediction],
                            outcome->posteriors[prediction]);
  }
  g_array_unref (indices);
  return g_string_free (text, FALSE);
}
