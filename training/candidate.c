/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "candidate.h"

#include <string.h>

#include "decode.h"
#include "discriminant.h"
#include "svc.h"

static const char *const kinds[] = {"lda", "svc"};

/* The first of a kind is its best guess before any search. */
static const TrainingCandidate settings[] = {
    {TRAINING_CANDIDATE_LDA, 0.3, 0, 0},     {TRAINING_CANDIDATE_LDA, 0.2, 0, 0},
    {TRAINING_CANDIDATE_LDA, 0.4, 0, 0},     {TRAINING_CANDIDATE_LDA, 0.6, 0, 0},
    {TRAINING_CANDIDATE_SVC, 0.4, 0.3, 0.3}, {TRAINING_CANDIDATE_SVC, 0.3, 0.1, 0.3},
};

const char *
training_kind_to_string (TrainingKind kind)
{
  return kinds[kind];
}

GArray *
training_candidates_list (const char *names, gboolean first_only, GError **error)
{
  gboolean wanted[G_N_ELEMENTS (kinds)] = {0};
  char **words = g_strsplit (names ? names : "lda,svc", ",", -1);
  const char *word = "";
  gboolean ok = words[0] != NULL;
  for (guint w = 0; ok && words[w]; w++) {
    word = g_strstrip (words[w]);
    ok = FALSE;
    for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
      if (strcmp (word, kinds[k]) == 0)
        ok = wanted[k] = TRUE;
  }
  if (!ok)
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                 "there is no candidate '%s': choose of lda, svc", word);
  g_strfreev (words);
  if (!ok)
    return NULL;
  GArray *list = g_array_new (FALSE, FALSE, sizeof (TrainingCandidate));
  for (guint i = 0; i < G_N_ELEMENTS (settings); i++) {
    gboolean first = i == 0 || settings[i].kind != settings[i - 1].kind;
    if (wanted[settings[i].kind] && (first || !first_only))
      g_array_append_val (list, settings[i]);
  }
  return list;
}

char *
training_candidate_describe (const TrainingCandidate *c)
{
  if (c->kind == TRAINING_CANDIDATE_LDA)
    return g_strdup_printf ("lda shrinkage=%g", c->shrinkage);
  return g_strdup_printf ("svc shrinkage=%g cost=%g gamma=%g", c->shrinkage, c->cost, c->gamma);
}

static EmotionView *
fit_svc (const TrainingCandidate *candidate, const TrainingDiscriminant *discriminant,
         const TrainingProblem *problem, TrainingUnits units, GError **error)
{
  const TrainingDataset *data = problem->data;
  guint *rows = g_new (guint, data->n_rows), *labels = g_new (guint, data->n_rows), n = 0;
  for (guint u = 0; u < problem->n_units; u++)
    for (guint i = 0; (units >> u & 1) && i < problem->n_rows_of_unit[u]; i++) {
      rows[n] = problem->rows_of_unit[u][i];
      labels[n] = data->clips[data->rows[rows[n]].clip].label;
      n++;
    }
  EmotionView *view = training_svc_fit (discriminant, data->matrix, rows, labels, n,
                                        candidate->cost, candidate->gamma, error);
  g_free (rows);
  g_free (labels);
  return view;
}

EmotionView *
training_candidate_fit (const TrainingCandidate *candidate, const TrainingProblem *problem,
                        TrainingUnits units, GError **error)
{
  EmotionView *view = NULL;
  TrainingMoments *moments = training_moments_new (problem->data->features->n_features,
                                                   problem->data->n_labels, problem->offset);
  for (guint u = 0; u < problem->n_units; u++)
    if (units >> u & 1)
      training_moments_add (moments, problem->moments[u]);
  TrainingDiscriminant *discriminant =
      training_discriminant_fit (moments, candidate->shrinkage, error);
  training_moments_free (moments);
  if (discriminant && candidate->kind == TRAINING_CANDIDATE_LDA)
    view = training_discriminant_to_view (discriminant);
  else if (discriminant)
    view = fit_svc (candidate, discriminant, problem, units, error);
  training_discriminant_free (discriminant);
  return view;
}
