/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The loader of model files: the bytes unchanged, and once more with a matching checksum, so that
 * the code behind the checksum is reached too. */
#include <math.h>
#include <string.h>

#include "core/models.h"
#include "fuzz.h"

/* An accepted model can be used, and is written as the bytes that were read. */
static void
use (EmotionModel *model, const char *data, gsize size)
{
  guint n_labels = emotion_model_get_n_labels (model);
  guint n_features = emotion_model_get_features (model)->n_features;
  float *vector = g_new (float, n_features);
  double *scratch = g_new (double, emotion_model_get_scratch (model));
  double log_posteriors[EMOTION_MAX_LABELS], sum = 0;
  for (guint i = 0; i < n_features; i++)
    vector[i] = (float)(i % 17) - 8;
  emotion_model_score (model, vector, scratch, log_posteriors);
  emotion_model_calibrate (model, EMOTION_CALIBRATE_WINDOW, log_posteriors, log_posteriors);
  for (guint i = 0; i < n_labels; i++)
    sum += log_posteriors[i];
  g_assert_true (fabs (sum - 1) < 1e-6);

  GBytes *bytes = emotion_model_serialize (model);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, size);
  g_assert_cmpint (memcmp (g_bytes_get_data (bytes, NULL), data, size), ==, 0);
  EmotionModel *again = emotion_model_parse (data, size, "again", NULL);
  g_assert_true (again == model);
  emotion_model_unref (again);
  g_bytes_unref (bytes);
  g_free (vector);
  g_free (scratch);
}

static void
load (const char *data, gsize size)
{
  GError *error = NULL;
  EmotionModel *model = emotion_model_parse (data, size, "fuzz", &error);
  g_assert_true ((model == NULL) == (error != NULL));
  if (model)
    use (model, data, size);
  emotion_model_unref (model);
  g_clear_error (&error);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const char checksum[] = "section checksum 72\n";
  load ((const char *)data, size);

  GString *sealed = g_string_new_len ((const char *)data, (gssize)size);
  char *old = g_strrstr_len (sealed->str, (gssize)sealed->len, checksum);
  if (old)
    g_string_truncate (sealed, (gsize)(old - sealed->str));
  char *hash =
      g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)sealed->str, sealed->len);
  g_string_append_printf (sealed, "%ssha256 %s\nsection end 0\n", checksum, hash);
  load (sealed->str, sealed->len);
  g_free (hash);
  g_string_free (sealed, TRUE);
  return 0;
}

void
fuzz_add_seeds (GPtrArray *seeds)
{
  static const EmotionClassifierKind classifiers[] = {
      EMOTION_CLASSIFIER_LINEAR, EMOTION_CLASSIFIER_SVM, EMOTION_CLASSIFIER_TREES};
  for (guint i = 0; i < G_N_ELEMENTS (classifiers); i++) {
    EmotionModelParts *parts = test_small_parts_new (classifiers[i], 2 + i);
    EmotionModel *model = emotion_model_new (parts, NULL);
    g_ptr_array_add (seeds, emotion_model_serialize (model));
    emotion_model_unref (model);
    test_small_parts_free (parts);
  }
}
