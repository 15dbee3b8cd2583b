/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "predict.h"

#include <gst/gst.h>

#include "common/test-model.h"
#include "scratch.h"

char *predict_program;

void
predict_set_up (Fixture *fixture, gconstpointer data)
{
  (void)data;
  fixture->folder = scratch_new ();
  fixture->model = g_build_filename (fixture->folder, "test.emotion", NULL);
  test_model_save (fixture->model, 1);
  fixture->low = scratch_write_speech (fixture->folder, "low voice.wav", 22050, 110, 2.3);
  fixture->high = scratch_write_speech (fixture->folder, "high.wav", 16000, 240, 0.7);
}

void
predict_tear_down (Fixture *fixture, gconstpointer data)
{
  (void)data;
  g_free (fixture->model);
  g_free (fixture->low);
  g_free (fixture->high);
  scratch_remove (fixture->folder);
}

int
predict_run_tests (int argc, char **argv)
{
  gst_init (NULL, NULL);
  g_assert_cmpint (argc, ==, 2);
  predict_program = g_canonicalize_filename (argv[1], NULL);
  const int status = g_test_run ();
  g_free (predict_program);
  return status;
}

JsonArray *
predict_parse (const Run *run)
{
  GError *error = NULL;
  JsonNode *root = json_from_string (run->out, &error);
  g_assert_no_error (error);
  g_assert_true (JSON_NODE_HOLDS_ARRAY (root));
  JsonArray *array = json_array_ref (json_node_get_array (root));
  json_node_unref (root);
  return array;
}

double
predict_probability (JsonArray *array, guint index, const char *label)
{
  g_assert_cmpuint (index, <, json_array_get_length (array));
  JsonArray *topk =
      json_object_get_array_member (json_array_get_object_element (array, index), "topk");
  for (guint i = 0; i < json_array_get_length (topk); i++) {
    JsonObject *score = json_array_get_object_element (topk, i);
    if (g_str_equal (json_object_get_string_member (score, "label"), label))
      return json_object_get_double_member (score, "probability");
  }
  g_assert_not_reached ();
}
