/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train-settings.h"

#include <string.h>

#include "candidate.h"

/* A list of words with commas between them; null where there are none. */
static void
set_list (JsonObject *object, const char *name, const char *list)
{
  if (!list || strcmp (list, "none") == 0) {
    json_object_set_null_member (object, name);
    return;
  }
  JsonArray *array = json_array_new ();
  char **words = g_strsplit (list, ",", -1);
  for (guint i = 0; words[i]; i++)
    json_array_add_string_element (array, g_strstrip (words[i]));
  g_strfreev (words);
  json_object_set_array_member (object, name, array);
}

/* The names of corpora, one by one. */
static void
set_corpora (JsonObject *object, const char *name, char *const *metadata)
{
  if (!metadata) {
    json_object_set_null_member (object, name);
    return;
  }
  JsonArray *array = json_array_new ();
  for (guint i = 0; metadata[i]; i++) {
    char *corpus = training_corpus_name_of (metadata[i]);
    json_array_add_string_element (array, corpus);
    g_free (corpus);
  }
  json_object_set_array_member (object, name, array);
}

/* Null where it is called none. */
static void
set_name (JsonObject *object, const char *name, const char *value)
{
  json_object_set_string_member (object, name, strcmp (value, "none") == 0 ? NULL : value);
}

JsonObject *
training_settings_to_json (const TrainingOptions *o)
{
  JsonObject *object = json_object_new ();
  json_object_set_string_member (object, "features", o->features_name);
  json_object_set_double_member (object, "window", o->window);
  json_object_set_double_member (object, "interval", o->interval);
  json_object_set_double_member (object, "min_window", o->min_window);
  json_object_set_string_member (object, "protocol", o->protocol);
  json_object_set_double_member (object, "test_size", o->test_size);
  json_object_set_int_member (object, "cv_folds", o->cv_folds);
  json_object_set_int_member (object, "random_state", o->random_state);
  if (o->sample_limit > 0)
    json_object_set_int_member (object, "sample_limit", o->sample_limit);
  else
    json_object_set_null_member (object, "sample_limit");
  set_list (object, "augment", o->augment);
  set_list (object, "candidates", o->candidates ? o->candidates : training_candidates_default ());
  json_object_set_boolean_member (object, "skip_search", o->skip_search);
  json_object_set_int_member (object, "search_iters", o->search_iters);
  json_object_set_boolean_member (object, "allow_duplicates", o->allow_duplicates);
  json_object_set_string_member (object, "scoring", o->scoring_name);
  set_name (object, "class_weights", o->class_weights);
  json_object_set_int_member (object, "max_fused", o->max_fused);
  set_name (object, "adaptation", o->no_adaptation ? "none" : "running");
  json_object_set_double_member (object, "blend", o->blend);
  json_object_set_boolean_member (object, "hold_corpora", o->hold_corpora);
  set_corpora (object, "background", o->background);
  set_corpora (object, "ordinary", o->ordinary);
  json_object_set_double_member (object, "false_windows", o->false_windows);
  return object;
}
