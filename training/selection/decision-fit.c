/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decision-fit.h"

#include <math.h>

#include "training/base/error.h"

/* The values tried besides the priors. Longer smoothing hides single emotional sentences. */
static const double smoothings[] = {0, 1, 2, 3};     /* s */
static const double hystereses[] = {0.05, 0.1, 0.2}; /* of probability */
static const double hold_times[] = {1, 2};           /* s */

/* maximum log-odds of neutral's prior against each other label's: a probability of 1 - 1e-7 */
#define MAX_LOG_ODDS 16.0
/* loss of the fraction of right predictions that is accepted for steadier ones */
#define TOLERANCE 0.02
#define STEPS 24  /* of the bisection of these log-odds: to 1e-6 */
#define ROUNDS 30 /* iterations that balance the priors of the other labels */

typedef struct {
  EmotionModel *model;
  guint n_labels, neutral;
  double target;
} Search;

static void
set_priors (const Search *search, double log_odds, EmotionDecisionConfig *config)
{
  double sum = 0;
  config->n_priors = search->n_labels;
  for (guint k = 0; k < search->n_labels; k++)
    sum += config->priors[k] = exp (k == search->neutral ? log_odds / 2 : -log_odds / 2);
  for (guint k = 0; k < search->n_labels; k++)
    config->priors[k] /= sum;
}

/* Sets the priors to the minimum odds of neutral that meet the target on `ordinary`, or to the
 * maximum tried; returns the figures. */
static void
fit_priors (const Search *search, const TrainingStreams *ordinary, EmotionDecisionConfig *config,
            TrainingStreamFigures *figures)
{
  double low = -MAX_LOG_ODDS, high = MAX_LOG_ODDS;
  for (guint step = 0; step < STEPS; step++) {
    const double middle = (low + high) / 2;
    set_priors (search, middle, config);
    training_streams_decide (ordinary, search->model, config, search->neutral, figures);
    if (figures->emotions <= search->target)
      high = middle;
    else
      low = middle;
  }
  set_priors (search, high, config);
  training_streams_decide (ordinary, search->model, config, search->neutral, figures);
}

static EmotionDecisionConfig
config_at (guint index)
{
  EmotionDecisionConfig config;
  emotion_decision_config_init (&config);
  config.smoothing = smoothings[index % G_N_ELEMENTS (smoothings)];
  index /= G_N_ELEMENTS (smoothings);
  config.hysteresis = hystereses[index % G_N_ELEMENTS (hystereses)];
  config.hold_time = hold_times[index / G_N_ELEMENTS (hystereses)];
  return config;
}

/* The steadiest of the best settings that meet the target on `ordinary`; if none do, of the
 * closest ones. */
#define N_CONFIGS                                                                                  \
  (G_N_ELEMENTS (smoothings) * G_N_ELEMENTS (hystereses) * G_N_ELEMENTS (hold_times))
static EmotionDecisionConfig
search_settings (const Search *search, const TrainingStreams *ordinary,
                 const TrainingStreams *emotional)
{
  EmotionDecisionConfig configs[N_CONFIGS];
  double scores[N_CONFIGS], changes[N_CONFIGS], max = -2;
  guint best = 0;
  for (guint i = 0; i < N_CONFIGS; i++) {
    TrainingStreamFigures of_ordinary, of_emotional;
    configs[i] = config_at (i);
    fit_priors (search, ordinary, &configs[i], &of_ordinary);
    training_streams_decide (emotional, search->model, &configs[i], search->neutral, &of_emotional);
    const gboolean keeps = of_ordinary.emotions <= search->target;
    scores[i] = keeps ? of_emotional.right : -of_ordinary.emotions;
    changes[i] = of_ordinary.changes;
    max = MAX (max, scores[i]);
  }
  for (guint i = 0; i < N_CONFIGS; i++)
    if (scores[i] >= max - TOLERANCE &&
        (scores[best] < max - TOLERANCE || changes[i] < changes[best]))
      best = i;
  return configs[best];
}

static TrainingStreamFigures
pool (const TrainingStreamFigures *a, const TrainingStreamFigures *b)
{
  const double n = MAX (a->n + b->n, 1), minutes = MAX (a->minutes + b->minutes, G_MINDOUBLE);
  return (TrainingStreamFigures){
      .n = a->n + b->n,
      .emotions = (a->emotions * a->n + b->emotions * b->n) / n,
      .changes = (a->changes * a->minutes + b->changes * b->minutes) / minutes,
      .minutes = a->minutes + b->minutes,
      .noticed = NAN,
      .right = NAN,
  };
}

gboolean
training_decision_fit (EmotionModel *model, TrainingStreams *const ordinary[2],
                       const TrainingStreams *emotional, double target, TrainingDecisionFit *fit,
                       GError **error)
{
  const gint neutral = training_find_neutral (emotion_model_get_parts (model)->labels);
  if (neutral < 0) {
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                 "--ordinary: the data have no label neutral; rename a label with --label-map");
    return FALSE;
  }
  const Search search = {model, emotion_model_get_n_labels (model), (guint)neutral, target};
  EmotionDecisionConfig plain;
  TrainingStreamFigures halves[2], plain_halves[2];
  emotion_decision_config_init (&plain);
  TrainingStreams *all = training_streams_new (search.n_labels);
  for (guint i = 0; i < 2; i++) {
    const EmotionDecisionConfig of_other = search_settings (&search, ordinary[1 - i], emotional);
    training_streams_append (all, ordinary[i]);
    training_streams_decide (ordinary[i], model, &of_other, search.neutral, &halves[i]);
    training_streams_decide (ordinary[i], model, &plain, search.neutral, &plain_halves[i]);
  }
  const EmotionDecisionConfig best = search_settings (&search, all, emotional);
  training_streams_free (all);
  *fit = (TrainingDecisionFit){
      .target = target,
      .defaults = {best.smoothing, best.hysteresis, best.hold_time, NULL},
      .ordinary = pool (&halves[0], &halves[1]),
      .ordinary_plain = pool (&plain_halves[0], &plain_halves[1]),
  };
  for (guint k = 0; k < search.n_labels; k++)
    fit->priors[k] = (float)best.priors[k];
  training_streams_decide (emotional, model, &best, search.neutral, &fit->emotional);
  training_streams_decide (emotional, model, &plain, search.neutral, &fit->emotional_plain);
  return TRUE;
}

EmotionModel *
training_decision_apply (const TrainingDecisionFit *fit, EmotionModel *model, const char *ordinary,
                         GError **error)
{
  EmotionModelParts parts = *emotion_model_get_parts (model);
  EmotionDecisionDefaults defaults = fit->defaults;
  GPtrArray *provenance = g_ptr_array_new ();
  char fraction[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd (fraction, sizeof fraction, "%.4f", fit->ordinary.emotions);
  for (guint i = 0; parts.provenance[i]; i++)
    g_ptr_array_add (provenance, (gpointer)parts.provenance[i]);
  const char *const more[] = {"ordinary", ordinary, "false-windows", fraction, NULL};
  for (guint i = 0; i < G_N_ELEMENTS (more); i++)
    g_ptr_array_add (provenance, (gpointer)more[i]);
  defaults.priors = fit->priors;
  parts.decision = &defaults;
  parts.provenance = (const char *const *)provenance->pdata;
  EmotionModel *applied = emotion_model_new (&parts, error);
  g_ptr_array_unref (provenance);
  return applied;
}
