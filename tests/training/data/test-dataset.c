/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "training/data/dataset.h"

#include <math.h>
#include <string.h>

#include "core/base/audio.h"
#include "core/emotion.h"
#include "tests/training/scratch.h"
#include "training/audio/decode.h"
#include "training/audio/extract.h"
#include "training/base/error.h"
#include "training/data/rejects.h"

static const EmotionWindowing windowing = {3 * G_GUINT64_CONSTANT (1000000000),
                                           1 * G_GUINT64_CONSTANT (1000000000),
                                           1 * G_GUINT64_CONSTANT (1000000000)};

typedef struct {
  char *folder;
  TrainingCorpus *corpus;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  static const char metadata[] = "path,label,speaker\n"
                                 "low.wav,sad,b\n"
                                 "garbage.wav,angry,c\n"
                                 "high.wav,happy,a\n"
                                 "same.wav,sad,a\n"
                                 "short.wav,calm,b\n"
                                 "missing.wav,sad,b\n"
                                 "silent.wav,calm,a\n";
  static const gint16 silence[5 * 8000] = {0};
  (void)data;
  fixture->folder = scratch_new ();
  g_free (scratch_write_speech (fixture->folder, "low.wav", 16000, 110, 5.3));
  g_free (scratch_write_speech (fixture->folder, "high.wav", 44100, 220, 4));
  g_free (scratch_write_speech (fixture->folder, "same.wav", 16000, 110, 5.3));
  g_free (scratch_write_speech (fixture->folder, "short.wav", 16000, 150, 0.7));
  g_free (scratch_write_wav (fixture->folder, "silent.wav", 8000, 1, silence, 5 * 8000));
  g_free (scratch_write (fixture->folder, "garbage.wav", "garbage", 7));
  char *path = scratch_write (fixture->folder, "metadata.csv", metadata, sizeof metadata - 1);
  GError *error = NULL;
  fixture->corpus = training_corpus_read (path, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_free (path);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  (void)data;
  training_corpus_free (fixture->corpus);
  scratch_remove (fixture->folder);
}

static TrainingDataset *
extract (const Fixture *fixture, guint n_jobs)
{
  GError *error = NULL;
  TrainingDataset *dataset = training_dataset_extract (
      fixture->corpus,
      &(TrainingExtraction){emotion_feature_set_find ("speech-1"), windowing, .n_jobs = n_jobs},
      &error);
  g_assert_no_error (error);
  return dataset;
}

static void
test_contents (Fixture *fixture, gconstpointer data)
{
  (void)data;
  TrainingDataset *dataset = extract (fixture, 0);
  const char *const labels[] = {"calm", "happy", "sad", NULL};
  const char *const speakers[] = {"a", "b", NULL};
  g_assert_true (g_strv_equal ((const char *const *)dataset->labels, labels));
  g_assert_true (g_strv_equal ((const char *const *)dataset->speakers, speakers));
  g_assert_cmpuint (dataset->n_labels, ==, 3);
  g_assert_cmpuint (dataset->n_speakers, ==, 2);
  g_assert_cmpuint (dataset->n_clips, ==, 5);

  static const struct {
    const char *path;
    guint label, speaker, rate;
    double seconds;
    gint duplicate_of;
  } expected[] = {{"low.wav", 2, 1, 16000, 5.3, -1},
                  {"high.wav", 1, 0, 44100, 4, -1},
                  {"same.wav", 2, 0, 16000, 5.3, 0},
                  {"short.wav", 0, 1, 16000, 0.7, -1},
                  {"silent.wav", 0, 0, 8000, 5, -1}};
  guint n_rows = 0;
  for (guint i = 0; i < dataset->n_clips; i++) {
    const TrainingDatasetClip *clip = &dataset->clips[i];
    g_assert_cmpstr (clip->path, ==, expected[i].path);
    g_assert_cmpuint (clip->label, ==, expected[i].label);
    g_assert_cmpuint (clip->speaker, ==, expected[i].speaker);
    g_assert_cmpint (clip->duplicate_of, ==, expected[i].duplicate_of);
    g_assert_cmpuint (strlen (clip->hash), ==, 64);
    g_assert_cmpuint (clip->first_row, ==, n_rows);
    n_rows += clip->n_rows;
    /* The last row extends to the clip's end. */
    const EmotionWindow *last = &dataset->rows[n_rows - 1].window;
    g_assert_cmpuint (last->start + last->length, ==,
                      lrint (expected[i].seconds * expected[i].rate));
  }
  g_assert_cmpuint (n_rows, ==, dataset->n_rows);
  training_dataset_free (dataset);
}

/* Early rows of 1 s and 2 s, full ones of 3 s every second, and one anchored to the end. */
static void
test_windows (Fixture *fixture, gconstpointer data)
{
  (void)data;
  TrainingDataset *dataset = extract (fixture, 1);
  static const struct {
    guint start, length;
    gboolean early, partial;
  } expected[] = {{0, 16000, TRUE, TRUE},       {0, 32000, TRUE, TRUE},
                  {0, 48000, FALSE, FALSE},     {16000, 48000, FALSE, FALSE},
                  {32000, 48000, FALSE, FALSE}, {36800, 48000, FALSE, FALSE}};
  g_assert_cmpuint (dataset->clips[0].n_rows, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
    const EmotionWindow *window = &dataset->rows[i].window;
    g_assert_cmpuint (window->start, ==, expected[i].start);
    g_assert_cmpuint (window->length, ==, expected[i].length);
    g_assert_cmpint (window->early, ==, expected[i].early);
    g_assert_cmpint (window->partial, ==, expected[i].partial);
  }
  /* A clip shorter than a window is one row. */
  g_assert_cmpuint (dataset->clips[3].n_rows, ==, 1);
  g_assert_true (dataset->rows[dataset->clips[3].first_row].window.partial);
  training_dataset_free (dataset);
}

/* Each clip has a total weight of 1: divided by speech, or equally without any speech. */
static void
test_weights (Fixture *fixture, gconstpointer data)
{
  (void)data;
  TrainingDataset *dataset = extract (fixture, 2);
  for (guint i = 0; i < dataset->n_clips; i++) {
    const TrainingDatasetClip *clip = &dataset->clips[i];
    const TrainingRow *rows = dataset->rows + clip->first_row;
    guint speech = 0;
    double sum = 0;
    for (guint j = 0; j < clip->n_rows; j++)
      speech += rows[j].window.activity.n_speech;
    for (guint j = 0; j < clip->n_rows; j++) {
      g_assert_cmpuint (rows[j].clip, ==, i);
      const double fraction =
          speech ? (double)rows[j].window.activity.n_speech / speech : 1.0 / clip->n_rows;
      g_assert_cmpfloat_with_epsilon (rows[j].weight, fraction, 1e-12);
      sum += rows[j].weight;
    }
    g_assert_cmpfloat_with_epsilon (sum, 1, 1e-12);
    const gboolean silent = strcmp (clip->path, "silent.wav") == 0;
    g_assert_true (silent ? speech == 0 : speech > 0);
  }
  training_dataset_free (dataset);
}

static const char *
problem_of (const TrainingDataset *dataset, guint index)
{
  return ((TrainingReject *)dataset->rejects->pdata[index])->text;
}

/* Failed clips are reported with line and file. */
static void
test_rejects (Fixture *fixture, gconstpointer data)
{
  (void)data;
  TrainingDataset *dataset = extract (fixture, 4);
  static const char *const expected[][2] = {{"metadata.csv:3: ", "garbage.wav"},
                                            {"metadata.csv:7: ", "missing.wav"}};
  g_assert_cmpuint (dataset->rejects->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    for (guint j = 0; j < 2; j++)
      g_assert_nonnull (strstr (problem_of (dataset, i), expected[i][j]));
  training_dataset_free (dataset);
}

static void
assert_same (const TrainingDataset *a, const TrainingDataset *b)
{
  g_assert_cmpstr (a->hash, ==, b->hash);
  g_assert_cmpuint (a->n_rows, ==, b->n_rows);
  g_assert_true (memcmp (a->matrix, b->matrix,
                         (gsize)a->n_rows * a->features->n_features * sizeof (float)) == 0);
  for (guint i = 0; i < a->n_rows; i++) {
    const TrainingRow *x = &a->rows[i], *y = &b->rows[i];
    g_assert_cmpuint (x->clip, ==, y->clip);
    g_assert_cmpuint (x->window.start, ==, y->window.start);
    g_assert_cmpuint (x->window.length, ==, y->window.length);
    g_assert_cmpuint (x->window.activity.n_speech, ==, y->window.activity.n_speech);
    g_assert_true (x->weight == y->weight && x->window.activity.level == y->window.activity.level);
    g_assert_cmpint (x->window.vector - a->matrix, ==, y->window.vector - b->matrix);
    g_assert_cmpint (x->window.vector - a->matrix, ==, i * a->features->n_features);
  }
  for (guint i = 0; i < a->rejects->len; i++)
    g_assert_cmpstr (problem_of (a, i), ==, problem_of (b, i));
}

static void
test_jobs (Fixture *fixture, gconstpointer data)
{
  (void)data;
  TrainingDataset *alone = extract (fixture, 1);
  TrainingDataset *four = extract (fixture, 4);
  TrainingDataset *many = extract (fixture, 1000);
  assert_same (alone, four);
  assert_same (alone, many);
  training_dataset_free (alone);
  training_dataset_free (four);
  training_dataset_free (many);
}

/* The rows of a file are those of a stream of small buffers of it, bit for bit. */
static void
test_as_stream (Fixture *fixture, gconstpointer data)
{
  (void)data;
  TrainingDataset *dataset = extract (fixture, 1);
  const TrainingDatasetClip *clip = &dataset->clips[1];
  char *path = g_build_filename (fixture->folder, clip->path, NULL);
  TrainingAudio audio;
  g_assert_true (training_decode (path, &audio, NULL));
  EmotionExtractor *extractor =
      emotion_extractor_new (dataset->features, audio.rate, audio.channels, &windowing, NULL);
  guint row = clip->first_row;
  gboolean finished = FALSE;
  for (gsize done = 0; !finished;) {
    const gsize left = audio.n_frames - done;
    if (left > 0)
      done += emotion_extractor_push (extractor, audio.samples + done, MIN (left, 441));
    else
      emotion_extractor_finish (extractor);
    finished = left == 0;
    for (EmotionWindow window; emotion_extractor_pull (extractor, &window); row++) {
      g_assert_cmpuint (window.start, ==, dataset->rows[row].window.start);
      g_assert_true (memcmp (window.vector, dataset->rows[row].window.vector,
                             dataset->features->n_features * sizeof (float)) == 0);
    }
  }
  g_assert_cmpuint (row, ==, clip->first_row + clip->n_rows);
  emotion_extractor_free (extractor);
  training_audio_clear (&audio);
  g_free (path);
  training_dataset_free (dataset);
}

/* The hash differs for corpora that differ in sound or labels. */
static void
test_hash (Fixture *fixture, gconstpointer data)
{
  (void)data;
  TrainingDataset *before = extract (fixture, 1);
  TrainingClip *clip = fixture->corpus->clips->pdata[0];
  g_free (clip->label);
  clip->label = g_strdup ("happy");
  TrainingDataset *relabelled = extract (fixture, 1);
  g_assert_cmpstr (before->hash, !=, relabelled->hash);
  g_free (scratch_write_speech (fixture->folder, "low.wav", 16000, 111, 5.3));
  TrainingDataset *revoiced = extract (fixture, 1);
  g_assert_cmpstr (relabelled->hash, !=, revoiced->hash);
  g_assert_cmpint (revoiced->clips[2].duplicate_of, ==, -1);
  training_dataset_free (before);
  training_dataset_free (relabelled);
  training_dataset_free (revoiced);
}

static void
test_no_speakers (Fixture *fixture, gconstpointer data)
{
  (void)data;
  for (guint i = 0; i < fixture->corpus->clips->len; i++)
    g_clear_pointer (&((TrainingClip *)fixture->corpus->clips->pdata[i])->speaker, g_free);
  TrainingDataset *dataset = extract (fixture, 2);
  g_assert_cmpuint (dataset->n_speakers, ==, dataset->n_clips);
  for (guint i = 0; i < dataset->n_clips; i++)
    g_assert_cmpstr (dataset->speakers[dataset->clips[i].speaker], ==, dataset->clips[i].path);
  training_dataset_free (dataset);
}

static void
assert_refused (const TrainingCorpus *corpus, const EmotionWindowing *windows, GQuark domain,
                int code, const char *words)
{
  GError *error = NULL;
  g_assert_null (training_dataset_extract (
      corpus, &(TrainingExtraction){emotion_feature_set_find ("speech-1"), *windows, .n_jobs = 1},
      &error));
  g_assert_error (error, domain, code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, words));
  g_error_free (error);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  (void)data;
  EmotionWindowing backwards = windowing;
  backwards.interval = backwards.window + 1;
  assert_refused (fixture->corpus, &backwards, EMOTION_ERROR, EMOTION_ERROR_INVALID, "interval");

  g_free (fixture->corpus->audio_roots[0]);
  fixture->corpus->audio_roots[0] = g_strdup ("/nowhere");
  assert_refused (fixture->corpus, &windowing, TRAINING_ERROR, TRAINING_ERROR_DATA,
                  "none of its 7 clips");
}

static TrainingDataset *
extract_altered (const Fixture *fixture, const GArray *augmentations, guint n_jobs, guint32 seed)
{
  GError *error = NULL;
  TrainingDataset *dataset = training_dataset_extract (
      fixture->corpus,
      &(TrainingExtraction){.features = emotion_feature_set_find ("speech-1"),
                            .windowing = windowing,
                            .augmentations = augmentations,
                            .n_jobs = n_jobs,
                            .seed = seed},
      &error);
  g_assert_no_error (error);
  return dataset;
}

static gboolean
same_rows (const TrainingDataset *data, guint a, guint b)
{
  const TrainingDatasetClip *x = &data->clips[a], *y = &data->clips[b];
  const gsize width = data->features->n_features;
  return x->n_rows == y->n_rows &&
         memcmp (data->matrix + x->first_row * width, data->matrix + y->first_row * width,
                 x->n_rows * width * sizeof (float)) == 0;
}

/* Each source clip has one augmented clip per augmentation, with the same data except the sound.
 * Augmented clips of duplicates are duplicates, made with the same settings. They do not depend on
 * threads or on the other augmentations, but on the seed. */
static void
test_augmented_clips (Fixture *fixture, gconstpointer data)
{
  (void)data;
  GArray *augmentations = training_augmentations_parse ("speed=0.9:1.25,noise=10@0.5", NULL);
  TrainingDataset *plain = extract (fixture, 1);
  TrainingDataset *first = extract_altered (fixture, augmentations, 1, 7);
  TrainingDataset *second = extract_altered (fixture, augmentations, 4, 7);
  assert_same (first, second);
  g_assert_cmpstr (first->hash, !=, plain->hash);
  g_assert_cmpuint (plain->n_source_clips, ==, plain->n_clips);
  g_assert_cmpuint (first->n_augmentations, ==, 3);
  g_assert_cmpuint (first->n_source_clips, ==, plain->n_clips);
  g_assert_cmpuint (first->n_clips, ==, 4 * plain->n_clips);
  for (guint i = 0; i < first->n_clips; i++) {
    const TrainingDatasetClip *clip = &first->clips[i];
    g_assert_true ((clip->source_clip < 0) == (i < first->n_source_clips));
    g_assert_true ((clip->augmentation == 0) == (clip->source_clip < 0));
    g_assert_cmpfloat (clip->weight, ==, clip->augmentation == 3 ? 0.5 : 1);
    if (clip->source_clip < 0)
      continue;
    const TrainingDatasetClip *source = &first->clips[clip->source_clip];
    g_assert_cmpint (source->source_clip, ==, -1);
    g_assert_cmpstr (clip->path, ==, source->path);
    g_assert_cmpuint (clip->speaker, ==, source->speaker);
    g_assert_cmpuint (clip->label, ==, source->label);
    g_assert_true ((clip->duplicate_of < 0) == (source->duplicate_of < 0));
    if (strcmp (clip->path, "silent.wav") != 0)
      g_assert_false (same_rows (first, i, (guint)clip->source_clip));
    if (clip->duplicate_of >= 0)
      g_assert_true (same_rows (first, i, (guint)clip->duplicate_of));
  }
  GArray *noise = training_augmentations_parse ("noise=10", NULL);
  TrainingDataset *alone = extract_altered (fixture, noise, 1, 7);
  TrainingDataset *other = extract_altered (fixture, noise, 1, 8);
  const gsize size = alone->features->n_features * sizeof (float);
  const guint noisy = alone->clips[alone->n_source_clips].first_row;
  const guint among = first->clips[first->n_clips - alone->n_source_clips].first_row;
  g_assert_cmpint (
      memcmp (alone->rows[noisy].window.vector, first->rows[among].window.vector, size), ==, 0);
  g_assert_cmpint (
      memcmp (alone->rows[noisy].window.vector, other->rows[noisy].window.vector, size), !=, 0);
  TrainingDataset *const all[] = {plain, first, second, alone, other};
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    training_dataset_free (all[i]);
  g_array_unref (augmentations);
  g_array_unref (noise);
}

/* A sample rate below the minimum is a reject of that clip, by name. */
static void
test_bad_rate (Fixture *fixture, gconstpointer data)
{
  (void)data;
  g_free (scratch_write_speech (fixture->folder, "low.wav", EMOTION_MIN_RATE - 1, 110, 2));
  TrainingDataset *dataset = extract (fixture, 1);
  g_assert_cmpuint (dataset->rejects->len, ==, 3);
  g_assert_nonnull (strstr (problem_of (dataset, 0), "low.wav"));
  g_test_message ("%s", problem_of (dataset, 0));
  training_dataset_free (dataset);
}

static void
keep_vector (const EmotionWindow *window, gpointer vectors)
{
  g_array_append_vals (vectors, window->vector, emotion_feature_set_find ("speech-1")->n_features);
}

static void
spoil_window (gpointer state, const EmotionSegment *segment, float *vector,
              EmotionActivity *activity)
{
  emotion_feature_set_find ("speech-1")->analyse_window (state, segment, vector, activity);
  vector[7] = segment->n_samples % 2 ? NAN : INFINITY;
}

/* No NaN or infinite number reaches a classifier: neither from a feature set that breaks its
 * promise nor from bad samples. */
static void
test_finite (Fixture *fixture, gconstpointer data)
{
  EmotionFeatureSet spoilt = *emotion_feature_set_find ("speech-1");
  GError *error = NULL;
  (void)data;
  spoilt.analyse_window = spoil_window;
  TrainingDataset *dataset = training_dataset_extract (
      fixture->corpus, &(TrainingExtraction){.features = &spoilt, .windowing = windowing}, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < (gsize)dataset->n_rows * spoilt.n_features; i++)
    g_assert_true (isfinite (dataset->matrix[i]));
  training_dataset_free (dataset);

  float samples[2 * 16000] = {NAN, INFINITY, -INFINITY, 3e38f, -3e38f, 1e-40f};
  TrainingAudio audio = {
      .samples = samples, .n_frames = G_N_ELEMENTS (samples), .rate = 16000, .channels = 1};
  for (guint i = 6; i < G_N_ELEMENTS (samples); i++)
    samples[i] = samples[i % 6] * (float)(i % 7);
  GArray *vectors = g_array_new (FALSE, FALSE, sizeof (float));
  g_assert_true (training_extract (&audio, emotion_feature_set_find ("speech-1"), &windowing,
                                   keep_vector, vectors, NULL));
  g_assert_cmpuint (vectors->len, >, 0);
  for (guint i = 0; i < vectors->len; i++)
    g_assert_true (isfinite (g_array_index (vectors, float, i)));
  g_array_unref (vectors);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/training/dataset/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("contents", test_contents);
  ADD ("windows", test_windows);
  ADD ("weights", test_weights);
  ADD ("problems", test_rejects);
  ADD ("jobs", test_jobs);
  ADD ("as-stream", test_as_stream);
  ADD ("hash", test_hash);
  ADD ("no-speakers", test_no_speakers);
  ADD ("refused", test_refused);
  ADD ("augmented-clips", test_augmented_clips);
  ADD ("finite", test_finite);
  ADD ("bad-rate", test_bad_rate);
  return g_test_run ();
}
