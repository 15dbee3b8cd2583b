/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Undamaged model files: loading returns what was saved. Damaged ones are in
 * test-model-file-damage.c. */
#include "core/model/model.h"

#include <float.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/emotion.h"
#include "tests/common/test-model.h"
#include "tests/core/models.h"
#include "tests/core/signals.h"

#define N_FEATURES 1474

/* A temporary folder for this test. */
typedef struct {
  char *folder, *path;
} Files;

static void
set_up (Files *self, gconstpointer data G_GNUC_UNUSED)
{
  self->folder = g_dir_make_tmp ("test-model-XXXXXX", NULL);
  g_assert_nonnull (self->folder);
  self->path = g_build_filename (self->folder, "a.emotion", NULL);
}

static void
tear_down (Files *self, gconstpointer data G_GNUC_UNUSED)
{
  g_remove (self->path);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0); /* nothing else was left in it */
  g_free (self->folder);
  g_free (self->path);
}

static void
save (const EmotionModel *model, const char *path)
{
  GError *error = NULL;
  emotion_model_save (model, path, &error);
  g_assert_no_error (error);
}

static EmotionModel *
load (const char *path)
{
  GError *error = NULL;
  EmotionModel *model = emotion_model_load (path, &error);
  g_assert_no_error (error);
  g_assert_nonnull (model);
  return model;
}

static void
assert_load_says (const char *path, EmotionError code, const char *what)
{
  GError *error = NULL;
  g_assert_null (emotion_model_load (path, &error));
  g_assert_error (error, EMOTION_ERROR, (gint)code);
  if (!strstr (error->message, path) || !strstr (error->message, what))
    g_error ("'%s' does not name %s and '%s'", error->message, path, what);
  g_clear_error (&error);
}

static void
assert_load_fails (const char *path, EmotionError code)
{
  assert_load_says (path, code, "");
}

static void
assert_same_scores (const EmotionModel *a, const EmotionModel *b)
{
  gsize n = emotion_model_get_n_labels (a) * sizeof (double);
  double *scratch = g_new (double, emotion_model_get_scratch (a));
  double of_a[EMOTION_MAX_LABELS], of_b[EMOTION_MAX_LABELS];
  g_assert_cmpuint (emotion_model_get_scratch (a), ==, emotion_model_get_scratch (b));
  for (guint32 seed = 0; seed < 10; seed++) {
    float *vector = test_noise (N_FEATURES, 3, seed);
    emotion_model_score (a, vector, scratch, of_a);
    emotion_model_score (b, vector, scratch, of_b);
    g_assert_cmpint (memcmp (of_a, of_b, n), ==, 0);
    emotion_model_calibrate (a, EMOTION_CALIBRATE_CLIP, of_a, of_a);
    emotion_model_calibrate (b, EMOTION_CALIBRATE_CLIP, of_b, of_b);
    g_assert_cmpint (memcmp (of_a, of_b, n), ==, 0);
    g_free (vector);
  }
  g_free (scratch);
}

/* save -> load -> save; takes the reference to `model`. */
static void
assert_round_trip (EmotionModel *model, const char *path)
{
  char *first, *second;
  gsize n_first, n_second;
  save (model, path);
  g_assert_true (g_file_get_contents (path, &first, &n_first, NULL));
  EmotionModel *loaded = load (path);
  g_assert_true (loaded != model); /* read from the file, not from the cache of living models */
  g_assert_cmpstr (emotion_model_get_hash (model), ==, emotion_model_get_hash (loaded));
  assert_same_scores (model, loaded);
  save (loaded, path);
  g_assert_true (g_file_get_contents (path, &second, &n_second, NULL));
  g_assert_cmpuint (n_first, ==, n_second);
  g_assert_cmpint (memcmp (first, second, n_first), ==, 0);
  g_free (first);
  g_free (second);
  emotion_model_unref (model);
  emotion_model_unref (loaded);
}

static EmotionModel *
model_of (EmotionClassifierKind kind, guint n_labels)
{
  EmotionModelParts *parts = test_small_parts_new (kind, n_labels);
  EmotionModel *model = emotion_model_new (parts, NULL);
  g_assert_nonnull (model);
  test_small_parts_free (parts);
  return model;
}

static void
test_round_trip (Files *files, gconstpointer data G_GNUC_UNUSED)
{
  assert_round_trip (model_of (EMOTION_CLASSIFIER_LINEAR, 2), files->path);
  assert_round_trip (model_of (EMOTION_CLASSIFIER_LINEAR, EMOTION_MAX_LABELS), files->path);
  assert_round_trip (model_of (EMOTION_CLASSIFIER_SVM, 2), files->path);
  assert_round_trip (model_of (EMOTION_CLASSIFIER_SVM, 5), files->path);
  assert_round_trip (model_of (EMOTION_CLASSIFIER_KERNEL, 2), files->path);
  assert_round_trip (model_of (EMOTION_CLASSIFIER_KERNEL, 5), files->path);
  assert_round_trip (model_of (EMOTION_CLASSIFIER_TREES, 2), files->path);
  assert_round_trip (model_of (EMOTION_CLASSIFIER_TREES, 5), files->path);
  float *centre = test_noise (N_FEATURES, 3, 7);
  assert_round_trip (test_adaptive_model_new (4, centre, 0.3), files->path);
  g_free (centre);
  /* Without a projection; all numbers are different. */
  assert_round_trip (test_model_new ((const char *const[]){"a", "b", "c", NULL}, 1), files->path);
}

/* Every part has a value that is not its default, and numbers without a finite
 * decimal expansion. */
static void
test_all_parts (Files *files, gconstpointer data G_GNUC_UNUSED)
{
  static const double fusion[] = {1 / 3., 2 / 3.};
  static const char *const provenance[] = {"made-by", "somebody else", "empty",
                                           "",        "accent",        "\xc3\xa9 = 0,5",
                                           "made-by", "again",         NULL};
  EmotionModelParts *parts = test_small_parts_new (EMOTION_CLASSIFIER_LINEAR, 3);
  EmotionClassifier *classifiers[] = {parts->classifiers[0],
                                      test_small_classifier_new (EMOTION_CLASSIFIER_SVM, 3)};
  EmotionModelParts all = *parts;
  all.windowing = (EmotionWindowing){2718281828, 314159265, 141421356};
  all.labels = (const char *const[]){"z", "a_1", "m-2", NULL};
  all.label_texts = (const char *const[]){"z", "\xc3\xa0 1", "\xe6\x80\x92, very", NULL};
  all.classifiers = classifiers;
  all.fusion = fusion;
  all.n_classifiers = 2;
  all.window_temperature = 1.1;
  all.clip_temperature = 0.7;
  all.thresholds = (EmotionThresholds){1 / 7., 1 / 9., -100 / 3.};
  const float priors[] = {0.5f, 0.25f, 1 / 3.f};
  const EmotionDecisionDefaults decision = {1 / 3., 1 / 11., 2.5, priors};
  all.decision = &decision;
  all.provenance = provenance;
  EmotionModel *model = emotion_model_new (&all, NULL);
  g_assert_nonnull (model);
  save (model, files->path);
  EmotionModel *loaded = load (files->path);
  const EmotionModelParts *back = emotion_model_get_parts (loaded);
  g_assert_cmpmem (&back->windowing, sizeof all.windowing, &all.windowing, sizeof all.windowing);
  g_assert_cmpmem (&back->thresholds, sizeof all.thresholds, &all.thresholds,
                   sizeof all.thresholds);
  g_assert_cmpfloat (back->decision->smoothing, ==, decision.smoothing);
  g_assert_cmpfloat (back->decision->hysteresis, ==, decision.hysteresis);
  g_assert_cmpfloat (back->decision->hold_time, ==, decision.hold_time);
  g_assert_cmpmem (back->decision->priors, sizeof priors, priors, sizeof priors);
  g_assert_true (emotion_model_get_decision (loaded) == back->decision);
  g_assert_cmpfloat (back->window_temperature, ==, all.window_temperature);
  g_assert_cmpfloat (back->clip_temperature, ==, all.clip_temperature);
  g_assert_cmpuint (back->n_classifiers, ==, 2);
  g_assert_cmpmem (back->fusion, sizeof fusion, fusion, sizeof fusion);
  g_assert_cmpint (emotion_classifier_get_parts (back->classifiers[0])->kind, ==,
                   EMOTION_CLASSIFIER_LINEAR);
  g_assert_cmpint (emotion_classifier_get_parts (back->classifiers[1])->kind, ==,
                   EMOTION_CLASSIFIER_SVM);
  g_assert_cmpstrv ((gpointer)back->labels, (gpointer)all.labels);
  g_assert_cmpstrv ((gpointer)back->label_texts, (gpointer)all.label_texts);
  g_assert_cmpstr (emotion_model_get_label_text (loaded, 1), ==, "\xc3\xa0 1");
  g_assert_cmpstrv ((gpointer)back->provenance, (gpointer)all.provenance);
  emotion_model_unref (loaded);
  assert_round_trip (model, files->path);
  emotion_classifier_unref (classifiers[1]);
  test_small_parts_free (parts);
}

/* A shipped model that is read and written again has the same bytes. */
static void
test_shipped (Files *files G_GNUC_UNUSED, gconstpointer data G_GNUC_UNUSED)
{
  const char *folder = g_getenv ("EMOTION_MODELS"), *name;
  GDir *dir = g_dir_open (folder ? folder : ".", 0, NULL);
  guint n = 0;
  while (dir && (name = g_dir_read_name (dir)) != NULL) {
    if (!g_str_has_suffix (name, EMOTION_MODEL_SUFFIX))
      continue;
    char *path = g_build_filename (folder, name, NULL), *content;
    gsize size;
    g_assert_true (g_file_get_contents (path, &content, &size, NULL));
    EmotionModel *model = load (path);
    GBytes *bytes = emotion_model_serialize (model);
    g_assert_cmpuint (g_bytes_get_size (bytes), ==, size);
    g_assert_cmpint (memcmp (g_bytes_get_data (bytes, NULL), content, size), ==, 0);
    g_bytes_unref (bytes);
    emotion_model_unref (model);
    g_free (content);
    g_free (path);
    n++;
  }
  if (n == 0)
    g_test_skip ("there are no models in the folder that EMOTION_MODELS names");
  if (dir)
    g_dir_close (dir);
}

/* Floats survive with the same bits, also at the ends of their range. */
static void
test_floats (Files *files, gconstpointer data G_GNUC_UNUSED)
{
  const float extremes[] = {
      FLT_MAX,    -FLT_MAX, FLT_MIN, FLT_TRUE_MIN,    -FLT_TRUE_MIN,      1 / 3.f,
      16777215.f, -0.f,     0.1f,    1 + FLT_EPSILON, 1 - FLT_EPSILON / 2};
  EmotionModelParts *parts = test_small_parts_new (EMOTION_CLASSIFIER_LINEAR, 2);
  EmotionClassifierParts classifier_parts = *emotion_classifier_get_parts (parts->classifiers[0]);
  float *projection = test_noise (N_FEATURES, 1, 3);
  memcpy (projection, extremes, sizeof extremes);
  classifier_parts.projection = projection;
  EmotionClassifier *classifier = emotion_classifier_new (&classifier_parts, NULL);
  EmotionModelParts other = *parts;
  other.classifiers = &classifier;
  EmotionModel *model = emotion_model_new (&other, NULL);
  save (model, files->path);
  EmotionModel *loaded = load (files->path);
  test_assert_same_bits (
      emotion_classifier_get_parts (emotion_model_get_parts (loaded)->classifiers[0])->projection,
      N_FEATURES, projection, N_FEATURES);
  emotion_model_unref (model);
  emotion_model_unref (loaded);
  emotion_classifier_unref (classifier);
  g_free (projection);
  test_small_parts_free (parts);
}

/* Equal files share one model while it lives, whatever their paths. */
static void
test_sharing (Files *files, gconstpointer data G_GNUC_UNUSED)
{
  char *other_path = g_build_filename (files->folder, "b.emotion", NULL), *content;
  gsize size;
  EmotionModel *model = test_small_model_new (3, NULL), *other = test_small_model_new (4, NULL);
  save (model, files->path);
  save (model, other_path);
  g_assert_true (g_file_get_contents (files->path, &content, &size, NULL));
  EmotionModel *a = load (files->path), *b = load (files->path), *c = load (other_path);
  EmotionModel *d = emotion_model_parse (content, size, "memory", NULL);
  g_assert_true (a == b && a == c && a == d);
  save (other, other_path);
  EmotionModel *e = load (other_path);
  g_assert_true (e != a);
  emotion_model_unref (a);
  emotion_model_unref (b);
  emotion_model_unref (c);
  assert_same_scores (d, model); /* still there for its last owner */
  emotion_model_unref (d);
  EmotionModel *fresh = load (files->path);
  assert_same_scores (fresh, model);
  emotion_model_unref (fresh);
  emotion_model_unref (e);
  emotion_model_unref (model);
  emotion_model_unref (other);
  g_remove (other_path);
  g_free (other_path);
  g_free (content);
}

/* A model replaces another file atomically. */
static void
test_replace (Files *files, gconstpointer data G_GNUC_UNUSED)
{
  EmotionModel *first = test_small_model_new (5, NULL), *second = test_small_model_new (2, NULL);
  save (first, files->path);
  save (second, files->path);
  EmotionModel *loaded = load (files->path);
  g_assert_cmpstr (emotion_model_get_hash (loaded), ==, emotion_model_get_hash (second));
  emotion_model_unref (first);
  emotion_model_unref (second);
  emotion_model_unref (loaded);
}

static void
test_no_file (Files *files, gconstpointer data G_GNUC_UNUSED)
{
  GError *error = NULL;
  EmotionModel *model = test_small_model_new (2, NULL);
  char *below = g_build_filename (files->path, "below-a-file.emotion", NULL);
  char *nowhere = g_build_filename (files->folder, "nowhere", "a.emotion", NULL);
  assert_load_fails (files->path, EMOTION_ERROR_NOT_FOUND);
  assert_load_fails (nowhere, EMOTION_ERROR_NOT_FOUND);
  assert_load_fails (files->folder, EMOTION_ERROR_IO);
  assert_load_fails ("", EMOTION_ERROR_NOT_FOUND);
  /* Special files that could block, or be read without an end, are refused. */
  g_assert_cmpint (mkfifo (files->path, 0600), ==, 0);
  assert_load_fails (files->path, EMOTION_ERROR_IO);
  assert_load_fails ("/dev/zero", EMOTION_ERROR_IO);
  g_assert_cmpint (g_unlink (files->path), ==, 0);
  save (model, files->path);
  assert_load_fails (below, EMOTION_ERROR_NOT_FOUND);
  g_assert_false (emotion_model_save (model, nowhere, &error));
  g_assert_error (error, EMOTION_ERROR, EMOTION_ERROR_IO);
  g_assert_nonnull (strstr (error->message, nowhere));
  g_clear_error (&error);
  emotion_model_unref (model);
  g_free (below);
  g_free (nowhere);
}

static void
test_no_model (Files *files, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const contents[] = {"",
                                         "\n",
                                         "emotion",
                                         "emotion-model",
                                         "svm_type c_svc\nkernel_type rbf\n",
                                         "\177ELF\2",
                                         "<html></html>\n",
                                         "section end 0\n"};
  for (guint i = 0; i < G_N_ELEMENTS (contents); i++) {
    g_assert_true (g_file_set_contents (files->path, contents[i], -1, NULL));
    assert_load_fails (files->path, EMOTION_ERROR_CORRUPT);
  }
  static const char zeros[4096];
  g_assert_true (g_file_set_contents (files->path, zeros, sizeof zeros, NULL));
  assert_load_fails (files->path, EMOTION_ERROR_CORRUPT);
  /* Of another version of the format */
  g_assert_true (g_file_set_contents (files->path, "emotion-model 2\nsection end 0\n", -1, NULL));
  assert_load_fails (files->path, EMOTION_ERROR_UNSUPPORTED);
}

/* A file that is larger than any model is not read to its end. */
static void
test_huge_file (Files *files, gconstpointer data G_GNUC_UNUSED)
{
  g_assert_true (g_file_set_contents (files->path, "emotion-model 1\n", -1, NULL));
  g_assert_cmpint (truncate (files->path, (off_t)10 << 30), ==, 0); /* sparse */
  assert_load_says (files->path, EMOTION_ERROR_CORRUPT, "64 MiB");
}

/* In locales with a decimal comma, files look the same. */
static void
test_locale (Files *files, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const locales[] = {"de_DE.UTF-8", "de_DE.utf8",  "de_DE",     "fr_FR.UTF-8",
                                        "fr_FR.utf8",  "pl_PL.UTF-8", "pl_PL.utf8"};
  const char *found = NULL;
  for (guint i = 0; !found && i < G_N_ELEMENTS (locales); i++)
    found = setlocale (LC_ALL, locales[i]);
  if (!found) {
    g_test_skip ("no locale with a decimal comma is installed (de_DE, fr_FR, pl_PL)");
    return;
  }
  g_test_message ("locale %s", found);
  g_assert_cmpstr (localeconv ()->decimal_point, ==, ",");
  EmotionModel *model = test_small_model_new (3, NULL);
  GBytes *with_comma = emotion_model_serialize (model);
  assert_round_trip (emotion_model_ref (model), files->path);
  setlocale (LC_ALL, "C");
  GBytes *with_point = emotion_model_serialize (model);
  g_assert_true (g_bytes_equal (with_comma, with_point));
  g_bytes_unref (with_comma);
  g_bytes_unref (with_point);
  emotion_model_unref (model);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  static const struct {
    const char *name;
    void (*run) (Files *, gconstpointer);
  } tests[] = {
      {"/model-file/round-trip", test_round_trip}, {"/model-file/all-parts", test_all_parts},
      {"/model-file/shipped", test_shipped},       {"/model-file/floats", test_floats},
      {"/model-file/sharing", test_sharing},       {"/model-file/replace", test_replace},
      {"/model-file/no-file", test_no_file},       {"/model-file/no-model", test_no_model},
      {"/model-file/huge-file", test_huge_file},   {"/model-file/locale", test_locale},
  };
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Files, NULL, set_up, tests[i].run, tear_down);
  return g_test_run ();
}
