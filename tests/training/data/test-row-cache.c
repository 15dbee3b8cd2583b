/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/emotion.h"
#include "training/data/row-cache.h"

#include <glib/gstdio.h>
#include <string.h>

#include "tests/training/scratch.h"
#include "training/base/error.h"
#include "training/data/dataset.h"

#define N_CLIPS 4
#define N_FILES (2 * N_CLIPS) /* each with an augmented clip */

typedef struct {
  char *folder, *cache;
  TrainingCorpus *corpus;
  GArray *augmentations;
  TrainingExtraction extraction;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  static const char metadata[] = "path,label,speaker\n"
                                 "0.wav,sad,a\n1.wav,sad,b\n2.wav,calm,a\n3.wav,calm,b\n"
                                 "missing.wav,calm,b\n";
  GError *error = NULL;
  (void)data;
  fixture->folder = scratch_new ();
  fixture->cache = g_build_filename (fixture->folder, "new", "cache", NULL);
  for (guint i = 0; i < N_CLIPS; i++) {
    char *name = g_strdup_printf ("%u.wav", i);
    g_free (scratch_write_speech (fixture->folder, name, 16000, 100 + 20 * i, 2.5 + i));
    g_free (name);
  }
  char *path = scratch_write (fixture->folder, "metadata.csv", metadata, sizeof metadata - 1);
  fixture->corpus = training_corpus_read (path, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  fixture->augmentations = training_augmentations_parse ("noise=10", NULL);
  fixture->extraction = (TrainingExtraction){
      .features = emotion_feature_set_find ("speech-1"),
      .windowing = {3000000000, 1000000000, 1000000000},
      .augmentations = fixture->augmentations,
      .cache = fixture->cache,
  };
  g_free (path);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  (void)data;
  training_corpus_free (fixture->corpus);
  g_array_unref (fixture->augmentations);
  scratch_remove (fixture->folder);
  g_free (fixture->cache);
}

static TrainingDataset *
extract (const Fixture *fixture, guint n_found, guint n_damaged)
{
  GError *error = NULL;
  TrainingDataset *data = training_dataset_extract (fixture->corpus, &fixture->extraction, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (data->n_clips, ==, (fixture->extraction.augmentations ? 2 : 1) * N_CLIPS);
  g_assert_cmpuint (data->rejects->len, ==, 1);
  g_assert_cmpuint (data->cache_use.n_found, ==, n_found);
  g_assert_cmpuint (data->cache_use.n_damaged, ==, n_damaged);
  g_assert_null (data->cache_use.problem);
  return data;
}

/* Frees `b`. */
static void
assert_same (const TrainingDataset *a, TrainingDataset *b)
{
  g_assert_cmpstr (a->hash, ==, b->hash);
  g_assert_cmpuint (a->n_rows, ==, b->n_rows);
  g_assert_true (memcmp (a->matrix, b->matrix,
                         (gsize)a->n_rows * a->features->n_features * sizeof (float)) == 0);
  for (guint i = 0; i < a->n_rows; i++) {
    const EmotionWindow *x = &a->rows[i].window, *y = &b->rows[i].window;
    g_assert_true (x->start == y->start && x->length == y->length && x->early == y->early &&
                   x->partial == y->partial && a->rows[i].weight == b->rows[i].weight &&
                   x->activity.n_frames == y->activity.n_frames &&
                   x->activity.n_speech == y->activity.n_speech &&
                   x->activity.level == y->activity.level);
  }
  training_dataset_free (b);
}

/* Paths of the cache's files, which must all have their final names. */
static GPtrArray *
list_files (const Fixture *fixture)
{
  GPtrArray *files = g_ptr_array_new_with_free_func (g_free);
  GDir *dir = g_dir_open (fixture->cache, 0, NULL);
  for (const char *name; (name = g_dir_read_name (dir));) {
    g_assert_true (g_str_has_suffix (name, ".rows"));
    g_ptr_array_add (files, g_build_filename (fixture->cache, name, NULL));
  }
  g_dir_close (dir);
  return files;
}

/* The cache returns what was stored, bit for bit, with any number of threads. */
static void
test_same (Fixture *fixture, gconstpointer data)
{
  (void)data;
  TrainingDataset *first = extract (fixture, 0, 0);
  fixture->extraction.n_jobs = 1;
  assert_same (first, extract (fixture, N_FILES, 0));
  fixture->extraction.cache = NULL;
  assert_same (first, extract (fixture, 0, 0));
  GPtrArray *files = list_files (fixture);
  g_assert_cmpuint (files->len, ==, N_FILES);
  g_ptr_array_unref (files);
  training_dataset_free (first);
}

/* A truncated, changed or swapped file is computed again and is then complete. */
static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  (void)data;
  TrainingDataset *first = extract (fixture, 0, 0);
  GPtrArray *files = list_files (fixture);
  GRand *random = g_rand_new_with_seed (3);
  char *other;
  gsize other_size;
  g_assert_true (g_file_get_contents (files->pdata[1], &other, &other_size, NULL));
  for (guint i = 0; i < 12; i++) {
    char *content;
    gsize size;
    g_assert_true (g_file_get_contents (files->pdata[0], &content, &size, NULL));
    if (i == 0)
      g_assert_true (g_file_set_contents (files->pdata[0], other, (gssize)other_size, NULL));
    else if (i == 1)
      g_assert_true (g_file_set_contents (files->pdata[0], "", 0, NULL));
    else if (i % 2)
      g_assert_true (g_file_set_contents (files->pdata[0], content,
                                          g_rand_int_range (random, 0, (gint32)size), NULL));
    else {
      content[i == 2 ? 0 : g_rand_int_range (random, 0, (gint32)size)] ^= 0x10;
      g_assert_true (g_file_set_contents (files->pdata[0], content, (gssize)size, NULL));
    }
    g_free (content);
    TrainingDataset *again = training_dataset_extract (fixture->corpus, &fixture->extraction, NULL);
    g_assert_cmpuint (again->cache_use.n_damaged, ==, 1);
    assert_same (first, again);
    assert_same (first, extract (fixture, N_FILES, 0));
  }
  g_free (other);
  g_rand_free (random);
  g_ptr_array_unref (files);
  training_dataset_free (first);
}

/* Rows that were computed with other settings are not used. */
static void
test_keys (Fixture *fixture, gconstpointer data)
{
  (void)data;
  training_dataset_free (extract (fixture, 0, 0));
  TrainingExtraction *e = &fixture->extraction;
  e->windowing.interval /= 2;
  training_dataset_free (extract (fixture, 0, 0));
  e->windowing.interval *= 2;
  e->seed = 1;
  training_dataset_free (extract (fixture, N_CLIPS, 0)); /* source clips ignore the seed */
  e->augmentations = NULL;
  training_dataset_free (extract (fixture, N_CLIPS, 0));
  e->features = emotion_feature_set_find ("descriptors-1");
  training_dataset_free (extract (fixture, 0, 0));
  e->features = emotion_feature_set_find ("speech-1");
  g_free (scratch_write_speech (fixture->folder, "0.wav", 16000, 333, 2.5));
  training_dataset_free (extract (fixture, N_CLIPS - 1, 0));
}

/* A cache that cannot be written is reported and does no harm. */
static void
test_unwritable (Fixture *fixture, gconstpointer data)
{
  GError *error = NULL;
  (void)data;
  char *file = scratch_write (fixture->folder, "file", "x", 1);
  fixture->extraction.cache = file;
  g_assert_null (training_dataset_extract (fixture->corpus, &fixture->extraction, &error));
  g_assert_error (error, TRAINING_ERROR, TRAINING_ERROR_OUTPUT);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, file));
  g_error_free (error);
  g_free (file);

  /* Folders in place of its files. */
  fixture->extraction.cache = fixture->cache;
  TrainingDataset *first = extract (fixture, 0, 0);
  GPtrArray *files = list_files (fixture);
  for (guint i = 0; i < files->len; i++) {
    g_assert_cmpint (g_remove (files->pdata[i]), ==, 0);
    g_assert_cmpint (g_mkdir (files->pdata[i], 0700), ==, 0);
  }
  TrainingDataset *again = training_dataset_extract (fixture->corpus, &fixture->extraction, NULL);
  g_assert_nonnull (again->cache_use.problem);
  g_assert_nonnull (strstr (again->cache_use.problem, fixture->cache));
  assert_same (first, again);
  g_ptr_array_unref (files);
  training_dataset_free (first);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/training/row-cache/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("same", test_same);
  ADD ("damaged", test_damaged);
  ADD ("keys", test_keys);
  ADD ("unwritable", test_unwritable);
  return g_test_run ();
}
