/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "models.h"

#include <stdlib.h>
#include <string.h>

#include "media/detector.h"
#include "problem.h"

#define SUFFIX ".emotion"

struct _ServerModels {
  GPtrArray *models; /* of ServerModel, sorted by name */
  const ServerModel *default_model;
};

static void
free_model (gpointer data)
{
  ServerModel *self = data;
  media_detector_free (self->keeper);
  g_clear_pointer (&self->info, gst_structure_free);
  g_free (self->name);
  g_free (self->path);
  g_free (self->labels);
  g_free (self->label_texts);
  g_free (self->card);
  g_free (self);
}

static double
get_seconds (const GstStructure *info, const char *field)
{
  guint64 time = 0;
  gst_structure_get_uint64 (info, field, &time);
  return (double)time / GST_SECOND;
}

static ServerModel *
load_model (const char *path, GError **error)
{
  GstElement *keeper = media_detector_new (path, error);
  if (!keeper)
    return NULL;
  ServerModel *self = g_new0 (ServerModel, 1);
  char *name = g_path_get_basename (path);
  self->keeper = keeper;
  self->path = g_strdup (path);
  self->name = g_str_has_suffix (name, SUFFIX) ? g_strndup (name, strlen (name) - strlen (SUFFIX))
                                               : g_strdup (name);
  g_object_get (keeper, "model-info", &self->info, NULL);
  self->label_texts = media_detector_read_texts (self->info, "label-texts", &self->n_labels);
  self->labels = media_detector_read_texts (self->info, "labels", &self->n_labels);
  self->window = get_seconds (self->info, "window");
  self->interval = get_seconds (self->info, "interval");
  char *folder = g_path_get_dirname (path), *file = g_strconcat (self->name, ".md", NULL);
  char *card = g_build_filename (folder, file, NULL);
  if (g_file_test (card, G_FILE_TEST_IS_REGULAR))
    self->card = g_steal_pointer (&card);
  g_free (card);
  g_free (file);
  g_free (folder);
  g_free (name);
  return self;
}

static const ServerModel *
find_model (const ServerModels *self, const char *name)
{
  for (guint i = 0; i < self->models->len; i++) {
    const ServerModel *model = self->models->pdata[i];
    if (strcmp (model->name, name) == 0)
      return model;
  }
  return NULL;
}

/* Loads the file that a path leads to, unless a model of its name is in the list. */
static const ServerModel *
add_file (ServerModels *self, const char *path, GError **error)
{
  char *real = realpath (path, NULL); /* default.emotion is a link */
  ServerModel *loaded = load_model (real ? real : path, error);
  free (real);
  const ServerModel *other = loaded ? find_model (self, loaded->name) : NULL;
  if (loaded && !other)
    g_ptr_array_add (self->models, loaded);
  else if (loaded)
    free_model (loaded);
  return other ? other : loaded;
}

/* The first folder with a default model determines it. */
static void
add_folder (ServerModels *self, const char *folder)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *file;
  while (dir && (file = g_dir_read_name (dir))) {
    if (!g_str_has_suffix (file, SUFFIX))
      continue;
    char *path = g_build_filename (folder, file, NULL);
    GError *error = NULL;
    const ServerModel *model = add_file (self, path, &error);
    if (model && !self->default_model && strcmp (file, "default" SUFFIX) == 0)
      self->default_model = model;
    if (error)
      g_warning ("%s: not used: %s", path, error->message);
    g_clear_error (&error);
    g_free (path);
  }
  if (dir)
    g_dir_close (dir);
}

static void
add_default_folders (ServerModels *self)
{
  const char *text = g_getenv ("EMOTIONDETECT_MODEL_PATH");
  char **folders = g_strsplit (text ? text : "", G_SEARCHPATH_SEPARATOR_S, -1);
  for (char **folder = folders; *folder; folder++)
    if (**folder)
      add_folder (self, *folder);
  g_strfreev (folders);
  add_folder (self, EMOTION_MODEL_DIR);
}

static gint
by_name (gconstpointer a, gconstpointer b)
{
  const ServerModel *const *x = a, *const *y = b;
  return strcmp ((*x)->name, (*y)->name);
}

ServerModels *
server_models_new (const char *const *folders, GError **error)
{
  ServerModels *self = g_new0 (ServerModels, 1);
  const char *named = g_getenv ("EMOTIONDETECT_MODEL");
  GError *cause = NULL;
  self->models = g_ptr_array_new_with_free_func (free_model);
  if (named && *named)
    self->default_model = add_file (self, named, &cause);
  if (folders)
    for (; *folders; folders++)
      add_folder (self, *folders);
  else
    add_default_folders (self);
  g_ptr_array_sort (self->models, by_name);
  if (!cause && self->models->len == 0)
    g_set_error (&cause, SERVER_PROBLEM, SERVER_PROBLEM_INTERNAL,
                 "no model: set --models or EMOTIONDETECT_MODEL_PATH to a folder with files "
                 "NAME" SUFFIX);
  if (cause) {
    g_propagate_error (error, cause);
    server_models_free (self);
    return NULL;
  }
  if (!self->default_model)
    self->default_model = self->models->pdata[0];
  return self;
}

void
server_models_free (ServerModels *self)
{
  if (!self)
    return;
  g_ptr_array_unref (self->models);
  g_free (self);
}

const ServerModel *
server_models_find (const ServerModels *self, const char *name, GError **error)
{
  const ServerModel *model = name && *name ? find_model (self, name) : self->default_model;
  if (!model)
    g_set_error (error, SERVER_PROBLEM, SERVER_PROBLEM_UNKNOWN_MODEL, "there is no model '%s'",
                 name);
  return model;
}

const GPtrArray *
server_models_list (const ServerModels *self)
{
  return self->models;
}

/* Labels with probabilities from 0 to 1, whose sum is at most 1: what the element demands. */
static gboolean
are_priors (const ServerModel *self, const GstStructure *priors)
{
  double sum = 0, prior;
  for (int i = 0; i < gst_structure_n_fields (priors); i++) {
    const char *label = gst_structure_nth_field_name (priors, (guint)i);
    const GValue *value = gst_structure_get_value (priors, label);
    GValue number = G_VALUE_INIT;
    g_value_init (&number, G_TYPE_DOUBLE);
    if (!g_strv_contains (self->labels, label) || G_VALUE_HOLDS_STRING (value) ||
        !g_value_transform (value, &number))
      return FALSE;
    prior = g_value_get_double (&number);
    if (!(prior >= 0 && prior <= 1))
      return FALSE;
    sum += prior;
  }
  return sum <= 1 + 1e-9;
}

GstStructure *
server_model_parse_priors (const ServerModel *self, const char *text, GError **error)
{
  const gboolean plain =
      strspn (text, "abcdefghijklmnopqrstuvwxyz0123456789_-=.,") == strlen (text);
  char *full =
      g_str_equal (text, "equal") ? g_strdup ("priors") : g_strconcat ("priors,", text, NULL);
  GstStructure *priors = *text && plain ? gst_structure_from_string (full, NULL) : NULL;
  g_free (full);
  if (priors && are_priors (self, priors))
    return priors;
  g_clear_pointer (&priors, gst_structure_free);
  char *labels = g_strjoinv (", ", (char **)self->labels);
  g_set_error (error, SERVER_PROBLEM, SERVER_PROBLEM_BAD_OPTION,
               "priors=%s: give labels with probabilities whose sum is at most 1, for example "
               "neutral=0.7,sad=0.1, or equal; the labels of %s are %s",
               text, self->name, labels);
  g_free (labels);
  return NULL;
}

static void
set_texts (JsonObject *object, const char *name, const char *const *texts)
{
  JsonArray *array = json_array_new ();
  for (; *texts; texts++)
    json_array_add_string_element (array, *texts);
  json_object_set_array_member (object, name, array);
}

void
server_model_describe_labels (const ServerModel *self, JsonObject *object)
{
  set_texts (object, "labels", self->labels);
  set_texts (object, "label_texts", self->label_texts);
}

static void
describe_provenance (const ServerModel *self, JsonObject *object)
{
  static const char *const fields[] = {"corpus",   "licence", "speakers", "clips",
                                       "protocol", "uar",     "accuracy"};
  const GValue *value = gst_structure_get_value (self->info, "provenance");
  for (guint i = 0; value && i < G_N_ELEMENTS (fields); i++) {
    const char *text = gst_structure_get_string (gst_value_get_structure (value), fields[i]);
    if (text)
      json_object_set_string_member (object, fields[i], text);
  }
}

void
server_model_describe (const ServerModels *models, const ServerModel *self, JsonObject *object)
{
  static const char *const texts[] = {"adaptation", "features", "sha256"};
  guint n_features = 0;
  gst_structure_get_uint (self->info, "n-features", &n_features);
  json_object_set_string_member (object, "name", self->name);
  json_object_set_boolean_member (object, "default", self == models->default_model);
  server_model_describe_labels (self, object);
  json_object_set_double_member (object, "window", self->window);
  json_object_set_double_member (object, "interval", self->interval);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    json_object_set_string_member (object, texts[i],
                                   gst_structure_get_string (self->info, texts[i]));
  json_object_set_int_member (object, "n_features", n_features);
  describe_provenance (self, object);
  json_object_set_boolean_member (object, "card", self->card != NULL);
}
