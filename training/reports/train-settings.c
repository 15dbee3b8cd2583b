/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train-settings.h"

#include <string.h>

#include "training/selection/candidate.h"

/* Adds a comma-separated list as an array; null for none. */
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

/* Adds the names of corpora as an array. */
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

/* Null if it is "none". */
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
  set_corpora (object, "background", o->auxiliary);
  set_corpora (object, "ordinary", o->ordinary);
  json_object_set_double_member (object, "false_windows", o->false_windows);
  return object;
}

typedef enum {
  VALUE,    /* unchanged */
  NAME,     /* a path, reduced to its last name */
  METADATA, /* the same with the folder that names the corpus */
  LEFT_OUT, /* omitted with its value */
  FLAG,     /* omitted, without a value */
} Kind;

/* The treatment of an option and its value; others are values or flags that stay. */
static Kind
kind_of (const char *option, gsize length)
{
  static const struct {
    const char *option;
    Kind kind;
  } kinds[] = {
      {"--metadata", METADATA},
      {"--background", METADATA},
      {"--ordinary", METADATA},
      {"--audio-root", NAME},
      {"--label-map", NAME},
      {"--output-dir", NAME},
      {"--feature-cache", LEFT_OUT},
      {"--predictions", LEFT_OUT},
      {"--trials", LEFT_OUT},
      {"--card", LEFT_OUT},
      {"--plots", LEFT_OUT},
      {"--n-jobs", LEFT_OUT},
      {"--feature-jobs", LEFT_OUT},
      {"--verbose", FLAG},
      {"--quiet", FLAG},
      {"-v", FLAG},
      {"-q", FLAG},
      {"-qv", FLAG},
      {"-vq", FLAG},
  };
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strlen (kinds[i].option) == length && strncmp (kinds[i].option, option, length) == 0)
      return kinds[i].kind;
  return VALUE;
}

/* A word of the command line in UTF-8, in quotes where the shell wants them; takes `word`. */
static void
put_word (GString *command, char *word)
{
  char *valid = g_utf8_make_valid (word, -1), *quoted = g_shell_quote (valid);
  const gboolean plain =
      *word && word[strspn (word, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_-+=,.:/@%")] == '\0';
  g_string_append_printf (command, " %s", plain ? word : quoted);
  g_free (quoted);
  g_free (valid);
  g_free (word);
}

static char *
shorten (const char *path, Kind kind)
{
  if (kind == VALUE)
    return g_strdup (path);
  char *name = g_path_get_basename (path);
  if (kind == METADATA) {
    char *corpus = training_corpus_name_of (path), *file = name;
    name = g_build_filename (corpus, file, NULL);
    g_free (corpus);
    g_free (file);
  }
  return name;
}

char *
training_settings_to_command (const TrainingOptions *o)
{
  GString *command = g_string_new ("emotion-train");
  for (guint i = 1; o->command[i]; i++) {
    const char *word = o->command[i], *equals = strchr (word, '=');
    const gsize length = equals ? (gsize)(equals - word) : strlen (word);
    const Kind kind = kind_of (word, length);
    const gboolean has_next = kind < FLAG && kind != VALUE && !equals && o->command[i + 1];
    const char *value = equals ? equals + 1 : has_next ? o->command[i + 1] : NULL;
    i += has_next;
    if (kind >= LEFT_OUT)
      continue;
    if (kind == VALUE || !value) {
      put_word (command, g_strdup (word));
    } else {
      put_word (command, g_strndup (word, length));
      put_word (command, shorten (value, kind));
    }
  }
  return g_string_free (command, FALSE);
}
