/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "candidate-settings.h"

#define MAX_SETTINGS 12

typedef struct {
  const char *name;
  double value;
  gboolean whole;
} Setting;

/* The settings of the kind; ends with a NULL name. */
static void
list_settings (const TrainingCandidate *c, Setting settings[])
{
  const gboolean svc = c->kind == TRAINING_CANDIDATE_SVC;
  const gboolean lda_svc = c->kind == TRAINING_CANDIDATE_LDA_SVC;
  const gboolean kernel = c->kind == TRAINING_CANDIDATE_KERNEL;
  const gboolean boost = c->kind == TRAINING_CANDIDATE_BOOST;
  const gboolean trees = boost || c->kind == TRAINING_CANDIDATE_FOREST;
  const struct {
    gboolean present;
    Setting setting;
  } all[] = {
      {svc || kernel, {"components", c->n_components, TRUE}},
      {lda_svc || c->kind == TRAINING_CANDIDATE_LDA, {"shrinkage", c->shrinkage, FALSE}},
      {svc || lda_svc, {"cost", c->cost, FALSE}},
      {svc || lda_svc || kernel, {"gamma", c->gamma, FALSE}},
      {kernel, {"linear", c->linear, FALSE}},
      {kernel, {"ridge", c->ridge, FALSE}},
      {c->kind == TRAINING_CANDIDATE_LOGISTIC, {"penalty", c->penalty, FALSE}},
      {trees, {"trees", c->trees.n_trees, TRUE}},
      {trees, {"depth", c->trees.depth, TRUE}},
      {boost, {"rate", c->trees.rate, FALSE}},
      {c->limit > 0, {"limit", c->limit, FALSE}},
  };
  G_STATIC_ASSERT (G_N_ELEMENTS (all) < MAX_SETTINGS);
  guint n = 0;
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    if (all[i].present)
      settings[n++] = all[i].setting;
  settings[n] = (Setting){NULL, 0, FALSE};
}

char *
training_candidate_describe (const TrainingCandidate *candidate)
{
  GString *text = g_string_new (training_kind_to_string (candidate->kind));
  Setting settings[MAX_SETTINGS];
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  list_settings (candidate, settings);
  for (guint i = 0; settings[i].name; i++)
    g_string_append_printf (text, " %s=%s", settings[i].name,
                            g_ascii_formatd (number, sizeof number, "%g", settings[i].value));
  return g_string_free (text, FALSE);
}

static void
set_settings (JsonObject *object, const TrainingCandidate *candidate)
{
  Setting settings[MAX_SETTINGS];
  list_settings (candidate, settings);
  for (guint i = 0; settings[i].name; i++)
    if (settings[i].whole)
      json_object_set_int_member (object, settings[i].name, (gint64)settings[i].value);
    else
      json_object_set_double_member (object, settings[i].name, settings[i].value);
}

JsonObject *
training_candidate_settings_to_json (const TrainingCandidate *candidate)
{
  JsonObject *object = json_object_new ();
  set_settings (object, candidate);
  return object;
}

JsonObject *
training_candidate_to_json (const TrainingCandidate *candidate)
{
  JsonObject *object = json_object_new ();
  json_object_set_string_member (object, "classifier", training_kind_to_string (candidate->kind));
  set_settings (object, candidate);
  return object;
}
