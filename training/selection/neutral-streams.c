/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "neutral-streams.h"

#include "training/base/shuffle.h"

/* The clips of a speaker by label. */
typedef struct {
  guint n_labels;
  GArray *of_label[EMOTION_MAX_LABELS]; /* guint */
} Shelf;

static void
shelf_fill (Shelf *self, const TrainingSplit *split, TrainingGroups groups, guint speaker)
{
  const TrainingDataset *data = split->data;
  self->n_labels = data->n_labels;
  for (guint k = 0; k < data->n_labels; k++)
    self->of_label[k] = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint c = 0; c < data->n_source_clips; c++)
    if (data->clips[c].speaker == speaker && training_split_has_clip (split, c, groups))
      g_array_append_val (self->of_label[data->clips[c].label], c);
}

static void
shelf_clear (Shelf *self)
{
  for (guint k = 0; k < self->n_labels; k++)
    g_array_unref (self->of_label[k]);
}

static guint
draw (const GArray *clips, GRand *random)
{
  return g_array_index (clips, guint, g_rand_int_range (random, 0, (gint32)clips->len));
}

/* Fills `stream`; FALSE when the speaker has no neutral clip, or only neutral clips. */
static gboolean
draw_stream (const Shelf *shelf, guint neutral, GRand *random, guint *stream)
{
  guint others[EMOTION_MAX_LABELS], n_others = 0;
  const guint n_neutral = (guint)(TRAINING_NEUTRAL_FRACTION * TRAINING_NEUTRAL_CLIPS + 0.5);
  for (guint k = 0; k < shelf->n_labels; k++)
    if (k != neutral && shelf->of_label[k]->len > 0)
      others[n_others++] = k;
  if (n_others == 0 || shelf->of_label[neutral]->len == 0)
    return FALSE;
  for (guint i = 0; i < TRAINING_NEUTRAL_CLIPS; i++) {
    const guint label = i < n_neutral ? neutral : others[(i - n_neutral) % n_others];
    stream[i] = draw (shelf->of_label[label], random);
  }
  training_shuffle (stream, TRAINING_NEUTRAL_CLIPS, sizeof *stream, random);
  return TRUE;
}

static guint
argmax (const double *x, guint n)
{
  guint best = 0;
  for (guint k = 1; k < n; k++)
    if (x[k] > x[best])
      best = k;
  return best;
}

void
training_neutral_streams_evaluate (const TrainingSplit *split, TrainingGroups groups,
                                   EmotionModel *model, gboolean adapted, guint32 seed,
                                   guint *confusion)
{
  const TrainingDataset *data = split->data;
  const gint neutral = training_find_neutral ((const char *const *)data->labels);
  TrainingScores scores = training_scores_new (data);
  double mean[EMOTION_MAX_LABELS];
  EmotionScorer *scorer = emotion_scorer_new (model);
  emotion_scorer_set_adaptation (scorer, adapted);
  for (guint speaker = 0; neutral >= 0 && speaker < data->n_speakers; speaker++) {
    GRand *random = g_rand_new_with_seed (seed ^ g_str_hash (data->speakers[speaker]));
    guint stream[TRAINING_NEUTRAL_CLIPS];
    Shelf shelf;
    shelf_fill (&shelf, split, groups, speaker);
    const gboolean is_drawn = draw_stream (&shelf, (guint)neutral, random, stream);
    emotion_scorer_forget (scorer);
    for (guint i = 0; is_drawn && i < TRAINING_NEUTRAL_CLIPS; i++) {
      training_scores_add_clip (&scores, data, stream[i], scorer);
      training_scores_decide (&scores, data, stream[i], mean);
      confusion[data->clips[stream[i]].label * data->n_labels + argmax (mean, data->n_labels)]++;
    }
    shelf_clear (&shelf);
    g_rand_free (random);
  }
  emotion_scorer_free (scorer);
  training_scores_clear (&scores);
}

/* Fills `labels` with the labels of the shelf other than neutral, in random order. */
static guint
shuffle_emotions (const Shelf *shelf, guint neutral, GRand *random, guint *labels)
{
  guint n = 0;
  for (guint k = 0; k < shelf->n_labels; k++)
    if (k != neutral && shelf->of_label[k]->len > 0)
      labels[n++] = k;
  training_shuffle (labels, n, sizeof *labels, random);
  return n;
}

/* Adds the windows of one clip, which starts at `*time` seconds of its stream. */
static void
add_windows (const TrainingDataset *data, guint index, const EmotionScorer *scorer,
             const TrainingScores *scores, double *time, TrainingStreams *streams)
{
  const TrainingDatasetClip *clip = &data->clips[index];
  for (gsize r = clip->first_row; r < clip->first_row + clip->n_rows; r++) {
    const EmotionWindow *window = &data->rows[r].window;
    double posteriors[EMOTION_MAX_LABELS];
    if (window->early)
      continue;
    TrainingStreamWindow next = {.end = *time + (double)data->windowing.interval / 1e9,
                                 .truth = (gint)clip->label,
                                 .activity = window->activity,
                                 .outlier = scores->outliers[r],
                                 .first = *time <= 0};
    next.activity.n_speech = training_scores_count_speech (scores, data, r);
    emotion_scorer_calibrate (scorer, FALSE, scores->log_posteriors + r * data->n_labels,
                              posteriors);
    training_streams_add (streams, &next, posteriors);
    *time = next.end;
  }
}

void
training_block_streams_score (const TrainingSplit *split, TrainingGroups groups,
                              EmotionModel *model, guint32 seed, TrainingStreams *streams)
{
  const TrainingDataset *data = split->data;
  const gint neutral = training_find_neutral ((const char *const *)data->labels);
  TrainingScores scores = training_scores_new (data);
  EmotionScorer *scorer = emotion_scorer_new (model);
  for (guint speaker = 0; neutral >= 0 && speaker < data->n_speakers; speaker++) {
    GRand *random = g_rand_new_with_seed (seed ^ g_str_hash (data->speakers[speaker]));
    guint labels[EMOTION_MAX_LABELS];
    double time = 0;
    Shelf shelf;
    shelf_fill (&shelf, split, groups, speaker);
    const guint n = shelf.of_label[neutral]->len > 0
                        ? shuffle_emotions (&shelf, (guint)neutral, random, labels)
                        : 0;
    emotion_scorer_forget (scorer);
    for (guint i = 0; i < n * (TRAINING_BLOCK_NEUTRAL + TRAINING_BLOCK_EMOTIONAL); i++) {
      const guint at = i % (TRAINING_BLOCK_NEUTRAL + TRAINING_BLOCK_EMOTIONAL);
      const guint label = at < TRAINING_BLOCK_NEUTRAL
                              ? (guint)neutral
                              : labels[i / (TRAINING_BLOCK_NEUTRAL + TRAINING_BLOCK_EMOTIONAL)];
      const guint clip = draw (shelf.of_label[label], random);
      training_scores_add_clip (&scores, data, clip, scorer);
      add_windows (data, clip, scorer, &scores, &time, streams);
    }
    shelf_clear (&shelf);
    g_rand_free (random);
  }
  emotion_scorer_free (scorer);
  training_scores_clear (&scores);
}

TrainingNeutralFigures
training_neutral_streams_sum_up (const guint *confusion, guint n_labels)
{
  TrainingNeutralFigures figures = {0};
  guint right = 0, n_present = 0;
  for (guint k = 0; k < n_labels; k++) {
    const guint *row = confusion + (gsize)k * n_labels;
    guint n = 0;
    for (guint a = 0; a < n_labels; a++)
      n += row[a];
    if (n == 0)
      continue;
    figures.n += n;
    figures.uar += (double)row[k] / n;
    right += row[k];
    n_present++;
  }
  figures.uar /= MAX (n_present, 1);
  figures.accuracy = (double)right / MAX (figures.n, 1);
  return figures;
}
