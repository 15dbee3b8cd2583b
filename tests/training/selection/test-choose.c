/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Selection and evaluation hold speakers out. If nothing can be learnt about held-out speakers, the
 * figures must be at chance, whatever is known about the other speakers. */
#include "training/selection/choose.h"

#include <cblas.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "tests/training/synthetic-dataset.h"
#include "training/base/error.h"
#include "training/selection/protocol.h"

#define N_FOLDS 4
#define SEED 42

typedef struct {
  TrainingDataset *data;
  TrainingSplit *split;
  TrainingPlan plan;
} Setting;

/* Takes `data`. `names`: the candidates, in their first settings. */
static Setting
setting_new (TrainingDataset *data, const char *names)
{
  GError *error = NULL;
  Setting s = {
      data, synthetic_split_new (data, SEED), {.n_folds = N_FOLDS, .seed = SEED, .max_fused = 1}};
  s.plan.candidates = training_candidates_list (names, 0, SEED, &error);
  g_assert_no_error (error);
  return s;
}

static void
setting_clear (Setting *s)
{
  g_array_unref ((GArray *)s->plan.candidates);
  training_split_free (s->split);
  training_dataset_free (s->data);
}

static TrainingEvaluation *
evaluate (const Setting *s)
{
  TrainingGroups folds[TRAINING_MAX_GROUPS];
  GError *error = NULL;
  guint n = training_split_deal (s->split, s->split->all, N_FOLDS, SEED, folds);
  TrainingEvaluation *evaluation =
      training_evaluate (s->split, folds, n, &s->plan, -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (evaluation->chosen->len, ==, n);
  return evaluation;
}

/* Figures of the clips of a dataset, which is freed. */
static TrainingFigures
measure (TrainingDataset *data, const char *names)
{
  TrainingFigures figures;
  Setting s = setting_new (data, names);
  TrainingEvaluation *evaluation = evaluate (&s);
  guint answered = 0;
  for (guint c = 0; c < data->n_clips; c++)
    answered += data->clips[c].duplicate_of < 0;
  g_assert_cmpuint (evaluation->strict.n_clips, ==, answered);
  training_figures_compute (evaluation->strict.clips, evaluation->strict.n_clips, data->n_labels,
                            data->n_speakers, 0, 0, &figures);
  g_test_message ("%s: UAR %.3f, mean probability of the prediction %.3f, ECE %.3f", names,
                  figures.uar, figures.mean_max_probability, figures.ece);
  training_evaluation_free (evaluation);
  setting_clear (&s);
  return figures;
}

/* Each speaker has a different pattern for each label, the same in all of their clips. */
static void
fill_signature (guint speaker, guint label, GRand *random, float *row)
{
  GRand *own = g_rand_new_with_seed (1000 * speaker + label);
  for (guint i = 0; i < SYNTHETIC_FEATURES; i++)
    row[i] = (float)(10 * synthetic_normal (own) + 0.1 * synthetic_normal (random));
  g_rand_free (own);
}

static void
fill_separable (guint speaker, guint label, GRand *random, float *row)
{
  (void)speaker;
  (void)random;
  row[label] += 12;
}

/* Label 0 is easy, the others are noise, and the speaker is obvious. */
static void
fill_hard (guint speaker, guint label, GRand *random, float *row)
{
  (void)random;
  row[0] += label == 0 ? 8 : 0;
  row[1 + speaker % 10] += 20;
}

/* Noise gives chance UAR, 0.25 with a standard error of 0.01 over all, and a matching probability;
 * 4 standard errors are allowed. */
static void
test_noise (void)
{
  static const char *const names[] = {"lda", "svc", "kernel", "lda,svc"};
  const SyntheticShape shape = {.n_speakers = 24, .n_labels = 4, .n_clips = 4, .n_rows = 2};
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    double sum = 0;
    for (guint32 seed = 1; seed <= 5; seed++) {
      TrainingFigures figures = measure (synthetic_dataset_new (&shape, NULL, seed), names[i]);
      sum += figures.uar / 5;
      g_assert_cmpfloat (figures.mean_max_probability, <, 0.25 + 0.1);
    }
    g_test_message ("%s: mean UAR %.3f", names[i], sum);
    g_assert_cmpfloat_with_epsilon (sum, 0.25, 4 * sqrt (0.25 * 0.75 / (5 * 384)));
  }
}

/* A speaker's other clips would reveal everything and must be of no use. */
static void
test_signature (void)
{
  static const char *const names[] = {"lda", "svc", "kernel"};
  const SyntheticShape shape = {.n_speakers = 20, .n_labels = 4, .n_clips = 5, .n_rows = 1};
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    TrainingFigures figures = measure (synthetic_dataset_new (&shape, fill_signature, 1), names[i]);
    /* 80 patterns, each right or wrong as a whole */
    g_assert_cmpfloat_with_epsilon (figures.uar, 0.25, 4 * sqrt (0.25 * 0.75 / 80));
  }
}

/* Among the training speakers, the speaker's identity mostly reveals the label; for a new speaker
 * it reveals nothing. */
static void
test_speaker_feature (void)
{
  const SyntheticShape shape = {.n_speakers = 20, .n_labels = 2, .n_clips = 10, .n_rows = 1};
  TrainingDataset *data = synthetic_dataset_new (&shape, NULL, 3);
  for (guint c = 0; c < data->n_clips; c++) {
    TrainingDatasetClip *clip = &data->clips[c];
    clip->label = c % 5 == 0 ? !(clip->speaker % 2) : clip->speaker % 2;
    data->matrix[(gsize)c * SYNTHETIC_FEATURES + clip->speaker % SYNTHETIC_FEATURES] += 50;
  }
  TrainingFigures figures = measure (data, "lda");
  g_assert_cmpfloat (figures.uar, <, 0.6);
}

static void
test_separable (void)
{
  static const char *const names[] = {"lda", "svc", "kernel"};
  const SyntheticShape shape = {.n_speakers = 8, .n_labels = 4, .n_clips = 4, .n_rows = 3};
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    TrainingFigures figures = measure (synthetic_dataset_new (&shape, fill_separable, 1), names[i]);
    g_assert_cmpfloat (figures.uar, >, 0.98);
    g_assert_cmpfloat (figures.mean_max_probability, >, 0.9);
  }
}

/* A duplicate in a held-out fold would be recognised. */
static void
test_duplicates (void)
{
  const SyntheticShape shape = {.n_speakers = 12, .n_labels = 4, .n_clips = 4, .n_rows = 1};
  const guint half = shape.n_speakers * shape.n_labels * shape.n_clips / 2;
  TrainingDataset *data = synthetic_dataset_new (&shape, fill_signature, 5);
  memcpy (data->matrix + (gsize)half * SYNTHETIC_FEATURES, data->matrix,
          (gsize)half * SYNTHETIC_FEATURES * sizeof (float));
  for (guint c = 0; c < half; c++)
    synthetic_dataset_set_duplicate (data, half + c, c);
  TrainingFigures figures = measure (data, "lda");
  g_assert_cmpfloat_with_epsilon (figures.uar, 0.25, 4 * sqrt (0.25 * 0.75 / 24));
}

static TrainingChoice
choose (const Setting *s, TrainingGroups groups)
{
  static const char *const provenance[] = {NULL};
  TrainingChoice choice;
  GError *error = NULL;
  gboolean ok = training_choose (s->split, groups, &s->plan, provenance, &choice, &error);
  g_assert_no_error (error);
  g_assert_true (ok);
  return choice;
}

static void
assert_same_floats (const float *a, const float *b, gsize n)
{
  for (gsize i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon (a[i], b[i], 1e-4 * (1 + fabs (a[i])));
}

/* Nothing of a held-out speaker (sound, label or duplicate) changes the fit on the others, except
 * for rounding: candidate, scaler, weights, temperatures. */
static void
test_independence (void)
{
  const SyntheticShape shape = {.n_speakers = 9, .n_labels = 3, .n_clips = 6, .n_rows = 2};
  Setting before = setting_new (synthetic_dataset_new (&shape, fill_hard, 7), "lda,svc");
  const TrainingGroups held = 0x51, rest = before.split->all & ~held;
  TrainingChoice a = choose (&before, rest);

  TrainingDataset *changed = synthetic_dataset_new (&shape, fill_hard, 7);
  for (guint r = 0; r < changed->n_rows; r++) {
    TrainingDatasetClip *clip = &changed->clips[changed->rows[r].clip];
    if (!training_split_has_clip (before.split, changed->rows[r].clip, held))
      continue;
    clip->label = (clip->label + r % 2) % 3;
    for (guint i = 0; i < SYNTHETIC_FEATURES; i++)
      changed->matrix[(gsize)r * SYNTHETIC_FEATURES + i] *= (float)i;
  }
  Setting after = setting_new (changed, "lda,svc");
  TrainingChoice b = choose (&after, rest);

  g_assert_cmpmem (&a.candidates[0], sizeof a.candidates[0], &b.candidates[0],
                   sizeof b.candidates[0]);
  g_assert_cmpfloat_with_epsilon (a.uar, b.uar, 1e-9);
  g_assert_cmpfloat_with_epsilon (a.f1_mean, b.f1_mean, 1e-9);
  const EmotionModelParts *x = emotion_model_get_parts (a.model);
  const EmotionModelParts *y = emotion_model_get_parts (b.model);
  const EmotionClassifierParts *v = emotion_classifier_get_parts (x->classifiers[0]);
  const EmotionClassifierParts *w = emotion_classifier_get_parts (y->classifiers[0]);
  g_assert_cmpfloat_with_epsilon (x->clip_temperature / y->clip_temperature, 1, 1e-4);
  g_assert_cmpfloat_with_epsilon (v->temperature / w->temperature, 1, 1e-4);
  assert_same_floats (v->mean, w->mean, SYNTHETIC_FEATURES);
  assert_same_floats (v->scale, w->scale, SYNTHETIC_FEATURES);
  g_assert_cmpint (v->kind, ==, EMOTION_CLASSIFIER_LINEAR);
  assert_same_floats (v->weights, w->weights, 3 * SYNTHETIC_FEATURES);
  assert_same_floats (v->bias, w->bias, 3);
  training_choice_clear (&a);
  training_choice_clear (&b);
  setting_clear (&before);
  setting_clear (&after);
}

/* The candidate with the best UAR of the inner folds is selected and reported. */
static void
test_best (void)
{
  const SyntheticShape shape = {.n_speakers = 9, .n_labels = 3, .n_clips = 6, .n_rows = 2};
  Setting s = setting_new (synthetic_dataset_new (&shape, fill_hard, 9), "lda,svc");
  TrainingChoice choice = choose (&s, s.split->all);
  double max = 0;
  g_assert_cmpuint (s.plan.candidates->len, ==, 2);
  for (guint i = 0; i < 2; i++) {
    const TrainingCandidate *candidate = &g_array_index (s.plan.candidates, TrainingCandidate, i);
    if (candidate->kind == choice.candidates[0].kind)
      g_assert_cmpfloat (choice.candidate_scores[i], ==, choice.uar);
    max = MAX (max, choice.candidate_scores[i]);
  }
  g_assert_cmpfloat (choice.uar, ==, max);
  g_assert_cmpfloat (choice.f1_mean, >, 0);
  g_assert_cmpfloat (choice.f1_mean, <=, 1);
  g_assert_cmpfloat (choice.f1_sd, <, 0.5);
  training_choice_clear (&choice);
  training_choice_clear (&choice);
  setting_clear (&s);
}

/* A candidate that cannot be fitted is in the log with the reason, and the other is selected. */
static void
test_failed (void)
{
  const SyntheticShape shape = {.n_speakers = 9, .n_labels = 3, .n_clips = 6, .n_rows = 2};
  Setting s = setting_new (synthetic_dataset_new (&shape, fill_hard, 9), "kernel,lda");
  GError *error = NULL;
  char *path = NULL, *text;
  g_array_index ((GArray *)s.plan.candidates, TrainingCandidate, 0).ridge = -1000;
  g_close (g_file_open_tmp ("emotion-trials-XXXXXX", &path, NULL), NULL);
  s.plan.trials = training_trials_open (path, &error);
  g_assert_no_error (error);
  s.plan.run = (TrainingRun){"final", 0};
  TrainingChoice choice = choose (&s, s.split->all);
  g_assert_true (training_trials_close (s.plan.trials, &error));
  g_assert_true (isnan (choice.candidate_scores[0]));
  g_assert_cmpint (choice.candidates[0].kind, ==, TRAINING_CANDIDATE_LDA);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  char **lines = g_strsplit (text, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 4);
  g_assert_nonnull (
      strstr (lines[0], "\"classifier\":\"kernel\",\"settings\":{\"components\":128,"));
  g_assert_nonnull (strstr (
      lines[0], "\"score\":null,\"fold_scores\":[],\"best_so_far\":false,"
                "\"error\":\"the equations of the kernel ridge regression have no solution"));
  g_assert_nonnull (strstr (lines[1], "\"best_so_far\":true,\"error\":null}"));
  g_assert_nonnull (strstr (lines[2], "{\"event\":\"choice\",\"run\":\"final\",\"fold\":null,"
                                      "\"chosen\":[2],"));
  g_assert_cmpint (g_remove (path), ==, 0);
  g_strfreev (lines);
  g_free (text);
  g_free (path);
  training_choice_clear (&choice);
  setting_clear (&s);
}

typedef struct {
  double window, clip; /* the divisor of all log-posteriors */
} Temperatures;

static Temperatures
fit_temperatures (TrainingDataset *data)
{
  Setting s = setting_new (data, "lda");
  TrainingChoice choice = choose (&s, s.split->all);
  const EmotionModelParts *parts = emotion_model_get_parts (choice.model);
  double of_classifier = emotion_classifier_get_parts (parts->classifiers[0])->temperature;
  Temperatures t = {of_classifier * parts->window_temperature,
                    of_classifier * parts->clip_temperature};
  g_test_message ("temperatures %g of windows, %g of clips", t.window, t.clip);
  training_choice_clear (&choice);
  setting_clear (&s);
  return t;
}

/* The speakers with one of the labels all fall into one inner fold, so that fold's model cannot
 * know the label. This must not affect the calibration of the final model, which does know it. */
static void
test_rare_label (void)
{
  const SyntheticShape shape = {.n_speakers = 12, .n_labels = 3, .n_clips = 6, .n_rows = 1};
  TrainingGroups folds[TRAINING_MAX_GROUPS];
  TrainingDataset *data = synthetic_dataset_new (&shape, fill_separable, 11);
  TrainingSplit *split = synthetic_split_new (data, SEED);
  training_split_deal (split, split->all, N_FOLDS, SEED, folds);
  for (guint c = 0; c < data->n_clips; c++)
    if (data->clips[c].label == 2 && !training_split_has_clip (split, c, folds[1])) {
      data->clips[c].label = 1;
      for (guint i = 0; i < SYNTHETIC_FEATURES; i++)
        data->matrix[(gsize)c * SYNTHETIC_FEATURES + i] = (float)(i == 1 ? 12 : 0);
    }
  training_split_free (split);
  Temperatures rare = fit_temperatures (data);
  Temperatures common = fit_temperatures (synthetic_dataset_new (&shape, fill_separable, 11));
  g_assert_cmpfloat (rare.window, <, 2 * common.window);
  g_assert_cmpfloat (rare.clip, <, 2 * common.clip);
}

/* A label with a weak effect. */
static void
fill_weak (guint speaker, guint label, GRand *random, float *row)
{
  (void)speaker;
  (void)random;
  row[label] += 1;
}

/* Windows and clips are calibrated. A clip's four windows are drawn independently, so a clip has
 * more information than a window, and its temperature is lower. */
static void
test_calibrated (void)
{
  const SyntheticShape shape = {.n_speakers = 16, .n_labels = 4, .n_clips = 16, .n_rows = 4};
  Temperatures t = fit_temperatures (synthetic_dataset_new (&shape, fill_weak, 19));
  g_assert_cmpfloat (t.clip, <, 0.5 * t.window);

  Setting s = setting_new (synthetic_dataset_new (&shape, fill_weak, 19), "lda");
  TrainingEvaluation *evaluation = evaluate (&s);
  TrainingFigures clips, windows;
  training_figures_compute (evaluation->strict.clips, evaluation->strict.n_clips, 4,
                            shape.n_speakers, 0, 0, &clips);
  training_figures_compute (evaluation->strict.windows, evaluation->strict.n_windows, 4,
                            shape.n_speakers, 0, 0, &windows);
  g_test_message ("clips: accuracy %.3f, ECE %.3f; windows: %.3f, %.3f", clips.accuracy, clips.ece,
                  windows.accuracy, windows.ece);
  g_assert_cmpfloat (clips.accuracy, >, windows.accuracy + 0.1);
  g_assert_cmpfloat (clips.ece, <, 0.06);
  g_assert_cmpfloat (windows.ece, <, 0.06);
  training_evaluation_free (evaluation);
  setting_clear (&s);
}

/* Rows with tiny weights hardly count, in the calibration too, however wrong they are. */
static void
test_row_weights (void)
{
  const SyntheticShape shape = {.n_speakers = 8, .n_labels = 3, .n_clips = 8, .n_rows = 2};
  TrainingDataset *data = synthetic_dataset_new (&shape, fill_weak, 21);
  TrainingDataset *same = synthetic_dataset_new (&shape, fill_weak, 21);
  for (guint r = 0; r < data->n_rows; r += 2) {
    const gsize size = SYNTHETIC_FEATURES * sizeof (float);
    float *first = data->matrix + (gsize)r * SYNTHETIC_FEATURES,
          *second = first + SYNTHETIC_FEATURES;
    memcpy (same->matrix + (gsize)(r + 1) * SYNTHETIC_FEATURES, first, size);
    for (guint i = 0; i < SYNTHETIC_FEATURES; i++)
      second[i] = -20 * first[i];
    data->rows[r].weight = 1 - 1e-9;
    data->rows[r + 1].weight = 1e-9;
    data->rows[r + 1].window.early = TRUE; /* not part of the utterance-level decision */
  }
  Temperatures light = fit_temperatures (data), none = fit_temperatures (same);
  g_assert_cmpfloat_with_epsilon (light.window / none.window, 1, 1e-3);
  g_assert_cmpfloat_with_epsilon (light.clip / none.clip, 1, 1e-3);
}

/* Any number of threads gives the same bits. */
static void
test_jobs (void)
{
  static const guint jobs[] = {1, 2, 7};
  const SyntheticShape shape = {.n_speakers = 9, .n_labels = 3, .n_clips = 4, .n_rows = 2};
  char *hash = NULL;
  double *posteriors = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++) {
    Setting s = setting_new (synthetic_dataset_new (&shape, fill_hard, 13), "lda,svc");
    s.plan.n_jobs = jobs[i];
    TrainingChoice choice = choose (&s, s.split->all);
    TrainingEvaluation *evaluation = evaluate (&s);
    const gsize size = (gsize)evaluation->strict.n_clips * s.data->n_labels * sizeof *posteriors;
    if (i == 0) {
      hash = g_strdup (emotion_model_get_hash (choice.model));
      posteriors = g_memdup2 (evaluation->strict.clip_posteriors, size);
    }
    g_assert_cmpstr (emotion_model_get_hash (choice.model), ==, hash);
    g_assert_true (memcmp (evaluation->strict.clip_posteriors, posteriors, size) == 0);
    training_evaluation_free (evaluation);
    training_choice_clear (&choice);
    setting_clear (&s);
  }
  g_free (hash);
  g_free (posteriors);
}

/* Only windows with speech that are not early are evaluated, and clips by these windows, whatever
 * the others contain. */
static void
test_windows (void)
{
  const SyntheticShape shape = {.n_speakers = 6, .n_labels = 3, .n_clips = 2, .n_rows = 4};
  Setting s = setting_new (synthetic_dataset_new (&shape, fill_separable, 15), "lda");
  TrainingDataset *data = s.data;
  const TrainingGroups fold = 1;
  for (guint r = 0; r < data->n_rows; r++) {
    TrainingRow *row = &data->rows[r];
    row->window.early = row->window.partial = r % 4 == 0;
    row->window.activity.n_speech = r % 4 == 1 ? 0 : 100;
    for (guint i = 0; r % 4 < 2 && training_split_has_clip (s.split, row->clip, fold) && i < 3; i++)
      data->matrix[(gsize)r * SYNTHETIC_FEATURES + i] =
          i == data->clips[row->clip].label ? -1000 : 1000;
  }
  TrainingEvaluation *evaluation = training_evaluate (s.split, &fold, 1, &s.plan, -1, NULL, NULL);
  g_assert_nonnull (evaluation);
  g_assert_cmpuint (evaluation->strict.n_clips, ==, 6);
  g_assert_cmpuint (evaluation->strict.n_windows, ==, 12);
  for (guint i = 0; i < evaluation->strict.n_windows; i++) {
    const TrainingOutcome *clip = &evaluation->strict.clips[i / 2],
                          *window = &evaluation->strict.windows[i];
    g_assert_cmpuint (window->label, ==, clip->label);
    g_assert_cmpuint (window->group, ==, clip->group);
    g_assert_cmpuint (training_outcome_predict (window, 3), ==, window->label);
    g_assert_cmpuint (training_outcome_predict (clip, 3), ==, clip->label);
  }
  training_evaluation_free (evaluation);
  training_evaluation_free (NULL);
  setting_clear (&s);
}

/* Speakers are shifted by much more than the labels differ, as with live microphones. */
static void
fill_offset (guint speaker, guint label, GRand *random, float *row)
{
  (void)random;
  for (guint i = 0; i < 3; i++)
    row[i] += 10 * sinf ((float)(speaker * 3 + i) * 1.7f);
  row[label] += 4;
}

/* The stream's own mean removes the differences between speakers; without it only features without
 * such differences help. */
static void
test_adaptation (void)
{
  const SyntheticShape shape = {.n_speakers = 12, .n_labels = 3, .n_clips = 8, .n_rows = 1};
  Setting s = setting_new (synthetic_dataset_new (&shape, fill_offset, 23), "lda");
  s.plan.adaptation = TRUE;
  TrainingEvaluation *evaluation = evaluate (&s);
  TrainingFigures strict, adapted;
  g_assert_cmpuint (evaluation->adapted.n_clips, ==, evaluation->strict.n_clips);
  training_figures_compute (evaluation->strict.clips, evaluation->strict.n_clips, 3, 12, 0, 0,
                            &strict);
  training_figures_compute (evaluation->adapted.clips, evaluation->adapted.n_clips, 3, 12, 0, 0,
                            &adapted);
  g_test_message ("strict UAR %.3f, adapted %.3f", strict.uar, adapted.uar);
  g_assert_cmpfloat (adapted.uar, >, 0.7);
  g_assert_cmpfloat (adapted.uar, >, strict.uar + 0.2);
  TrainingChoice choice = choose (&s, s.split->all);
  g_assert_true (emotion_model_adapts (choice.model));
  g_assert_cmpfloat_with_epsilon (choice.adapted_uar, adapted.uar, 0.1);
  training_choice_clear (&choice);
  training_evaluation_free (evaluation);
  setting_clear (&s);
}

/* A fusion starts from the best candidate, and adds another only if that helps. */
static void
test_fusion (void)
{
  const SyntheticShape shape = {.n_speakers = 9, .n_labels = 3, .n_clips = 6, .n_rows = 2};
  Setting s = setting_new (synthetic_dataset_new (&shape, fill_hard, 9), "lda,svc,logistic");
  TrainingChoice alone = choose (&s, s.split->all);
  s.plan.max_fused = 3;
  TrainingChoice fused = choose (&s, s.split->all);
  const EmotionModelParts *parts = emotion_model_get_parts (fused.model);
  g_assert_cmpuint (alone.n_fused, ==, 1);
  g_assert_cmpuint (parts->n_classifiers, ==, fused.n_fused);
  g_assert_cmpmem (&alone.candidates[0], sizeof alone.candidates[0], &fused.candidates[0],
                   sizeof fused.candidates[0]);
  if (fused.n_fused > 1)
    g_assert_cmpfloat (fused.uar, >, alone.uar);
  else
    g_assert_cmpfloat (fused.uar, ==, alone.uar);
  training_choice_clear (&alone);
  training_choice_clear (&fused);
  setting_clear (&s);
}

/* A single speaker cannot be held out. */
static void
test_refused (void)
{
  const SyntheticShape shape = {.n_speakers = 3, .n_labels = 3, .n_clips = 2, .n_rows = 1};
  Setting s = setting_new (synthetic_dataset_new (&shape, NULL, 17), "lda,svc");
  TrainingGroups fold = 3;
  GError *error = NULL;
  g_assert_null (training_evaluate (s.split, &fold, 1, &s.plan, -1, NULL, &error));
  g_assert_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, "more folds"));
  g_clear_error (&error);
  setting_clear (&s);
}

static void
test_candidates (void)
{
  static const struct {
    const char *names, *words;
  } bad[] = {{"", "lda, logistic"},
             {",", "lda, logistic"},
             {"lda,", "''"},
             {"tree", "'tree'"},
             {"lda,svc,lda", "'lda'"}};
  GError *error = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_assert_null (training_candidates_list (bad[i].names, 0, SEED, &error));
    g_assert_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA);
    g_assert_nonnull (strstr (error->message, bad[i].words));
    g_clear_error (&error);
  }
  /* The default settings of each kind come first, then others; the order is the same for the same
   * seed. */
  GArray *all = training_candidates_list (NULL, 0, SEED, NULL);
  GArray *more = training_candidates_list (NULL, 20, SEED, NULL);
  GArray *again = training_candidates_list (NULL, 20, SEED, NULL);
  GArray *other = training_candidates_list (NULL, 20, SEED + 1, NULL);
  g_assert_cmpuint (more->len, ==, 20);
  guint n_other = 0;
  for (guint i = 0; i < more->len; i++) {
    const TrainingCandidate *candidate = &g_array_index (more, TrainingCandidate, i);
    char *text = training_candidate_describe (candidate);
    char *same = training_candidate_describe (&g_array_index (again, TrainingCandidate, i));
    char *different = training_candidate_describe (&g_array_index (other, TrainingCandidate, i));
    g_assert_cmpint (candidate->kind, ==,
                     g_array_index (all, TrainingCandidate, i % all->len).kind);
    g_assert_true (g_str_has_prefix (text, training_kind_to_string (candidate->kind)));
    g_assert_cmpstr (text, ==, same);
    n_other += strcmp (text, different) != 0;
    g_free (text);
    g_free (same);
    g_free (different);
  }
  g_assert_cmpuint (n_other, >, 5);
  g_array_unref (all);
  g_array_unref (more);
  g_array_unref (again);
  g_array_unref (other);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  openblas_set_num_threads (1); /* as in emotion-train */
  g_test_add_func ("/training/choose/noise", test_noise);
  g_test_add_func ("/training/choose/signature", test_signature);
  g_test_add_func ("/training/choose/speaker-feature", test_speaker_feature);
  g_test_add_func ("/training/choose/separable", test_separable);
  g_test_add_func ("/training/choose/duplicates", test_duplicates);
  g_test_add_func ("/training/choose/independence", test_independence);
  g_test_add_func ("/training/choose/best", test_best);
  g_test_add_func ("/training/choose/failed", test_failed);
  g_test_add_func ("/training/choose/rare-label", test_rare_label);
  g_test_add_func ("/training/choose/calibrated", test_calibrated);
  g_test_add_func ("/training/choose/row-weights", test_row_weights);
  g_test_add_func ("/training/choose/jobs", test_jobs);
  g_test_add_func ("/training/choose/windows", test_windows);
  g_test_add_func ("/training/choose/adaptation", test_adaptation);
  g_test_add_func ("/training/choose/fusion", test_fusion);
  g_test_add_func ("/training/choose/refused", test_refused);
  g_test_add_func ("/training/choose/candidates", test_candidates);
  return g_test_run ();
}
