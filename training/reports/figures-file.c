/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "figures-file.h"

#include <math.h>
#include <string.h>

#include "training/base/error.h"

static JsonNode *
member (JsonObject *object, const char *name, JsonNodeType type)
{
  JsonNode *node = object ? json_object_get_member (object, name) : NULL;
  return node && JSON_NODE_TYPE (node) == type ? node : NULL;
}

static double
number (JsonNode *node)
{
  const GType type = node ? json_node_get_value_type (node) : G_TYPE_INVALID;
  if (!node || JSON_NODE_TYPE (node) != JSON_NODE_VALUE ||
      (type != G_TYPE_INT64 && type != G_TYPE_DOUBLE))
    return NAN;
  return json_node_get_double (node);
}

double
training_json_number (JsonObject *object, const char *name)
{
  return number (member (object, name, JSON_NODE_VALUE));
}

JsonObject *
training_json_object (JsonObject *object, const char *name)
{
  JsonNode *node = member (object, name, JSON_NODE_OBJECT);
  return node ? json_node_get_object (node) : NULL;
}

JsonArray *
training_json_array (JsonObject *object, const char *name)
{
  JsonNode *node = member (object, name, JSON_NODE_ARRAY);
  return node ? json_node_get_array (node) : NULL;
}

static JsonNode *
element (JsonArray *array, guint index, JsonNodeType type)
{
  JsonNode *node =
      array && index < json_array_get_length (array) ? json_array_get_element (array, index) : NULL;
  return node && JSON_NODE_TYPE (node) == type ? node : NULL;
}

JsonArray *
training_json_array_at (JsonArray *array, guint index)
{
  JsonNode *node = element (array, index, JSON_NODE_ARRAY);
  return node ? json_node_get_array (node) : NULL;
}

JsonObject *
training_json_object_at (JsonArray *array, guint index)
{
  JsonNode *node = element (array, index, JSON_NODE_OBJECT);
  return node ? json_node_get_object (node) : NULL;
}

double
training_json_number_at (JsonArray *array, guint index)
{
  return number (element (array, index, JSON_NODE_VALUE));
}

G_GNUC_PRINTF (3, 4)
static gboolean
fail (const char *path, GError **error, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_METADATA, "%s: %s", path, text);
  g_free (text);
  return FALSE;
}

gboolean
training_figures_file_lacks (const TrainingFiguresFile *self, const char *what, GError **error)
{
  return fail (
      self->path, error,
      "the figures (%s) have no %s; create the file again with this version of emotion-train",
      self->description, what);
}

/* The name of a condition in the table of emotion-evaluate; free with g_free(). */
static char *
name_condition (JsonObject *condition)
{
  JsonNode *name = member (condition, "condition", JSON_NODE_VALUE);
  JsonNode *adaptation = member (condition, "adaptation", JSON_NODE_VALUE);
  const char *text = name ? json_node_get_string (name) : NULL;
  const gboolean adapted =
      adaptation && g_strcmp0 (json_node_get_string (adaptation), "running") == 0;
  return g_strconcat (text ? text : "unnamed", adapted ? ", adapted" : "", NULL);
}

/* The condition called `name`, or the first for NULL; NULL if there is none. */
static JsonObject *
find_condition (JsonArray *conditions, const char *name)
{
  JsonObject *found = NULL;
  for (guint i = 0; i < json_array_get_length (conditions) && !found; i++) {
    JsonObject *condition = training_json_object_at (conditions, i);
    char *own = condition ? name_condition (condition) : NULL;
    if (own && (!name || strcmp (own, name) == 0))
      found = condition;
    g_free (own);
  }
  return found;
}

/* "as recorded; gain -30 dB" */
static char *
list_conditions (JsonArray *conditions)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < json_array_get_length (conditions); i++) {
    JsonObject *condition = training_json_object_at (conditions, i);
    char *name = condition ? name_condition (condition) : g_strdup ("unnamed");
    g_string_append_printf (text, "%s%s", i ? "; " : "", name);
    g_free (name);
  }
  return g_string_free (text, FALSE);
}

/* The available protocols, such as "test, strict". */
static char *
list_protocols (JsonObject *root)
{
  if (training_json_array (root, "conditions"))
    return list_conditions (training_json_array (root, "conditions"));
  JsonObject *protocols = training_json_object (root, "protocols");
  GString *text = g_string_new (training_json_object (root, "test_metrics") ? "test" : NULL);
  GList *names = protocols ? json_object_get_members (protocols) : NULL;
  for (GList *name = names; name; name = name->next)
    g_string_append_printf (text, "%s%s", text->len ? ", " : "", (const char *)name->data);
  g_list_free (names);
  return g_string_free (text, FALSE);
}

static JsonObject *
find_protocol (JsonObject *root, const char *protocol)
{
  if (strcmp (protocol, "test") == 0)
    return training_json_object (root, "test_metrics");
  return training_json_object (training_json_object (root, "protocols"), protocol);
}

/* The description for display. It always says if the training included voices of the test. */
static char *
describe (JsonObject *root, const char *protocol, gboolean windows)
{
  JsonNode *own = member (root, "protocol", JSON_NODE_VALUE);
  const char *folds = own ? json_node_get_string (own) : NULL;
  const gboolean held_out = strcmp (protocol, "random") != 0 && g_strcmp0 (folds, "random") != 0;
  return g_strdup_printf ("%s%s, %s", strcmp (protocol, "test") == 0 ? "hold-out" : protocol,
                          held_out ? ", speakers held out" : ", speakers NOT held out",
                          windows ? "windows" : "clips");
}

static gboolean
select_figures (TrainingFiguresFile *self, JsonObject *root, const char *protocol, GError **error)
{
  static const char *const usual[] = {"strict", "test"};
  JsonArray *conditions = training_json_array (root, "conditions");
  self->figures = conditions ? find_condition (conditions, protocol)
                  : protocol ? find_protocol (root, protocol)
                             : NULL;
  if (conditions && self->figures) {
    char *name = name_condition (self->figures);
    self->description = g_strdup_printf ("%s, %s", name, self->windows ? "windows" : "clips");
    g_free (name);
  }
  for (guint i = 0; !protocol && !conditions && i < G_N_ELEMENTS (usual); i++)
    if ((self->figures = find_protocol (root, usual[i])))
      protocol = usual[i];
  if (!self->figures && !protocol && !conditions &&
      training_json_array (root, "confusion_matrix")) {
    self->figures = root;
    self->description = g_strdup (self->windows ? "windows" : "clips");
  }
  if (!self->figures) {
    char *present = list_protocols (root);
    fail (self->path, error, "no figures of %s; available: %s",
          protocol ? protocol : "an evaluation", *present ? present : "none");
    g_free (present);
    return FALSE;
  }
  if (!self->description)
    self->description = describe (root, protocol, self->windows);
  if (self->windows)
    self->figures = training_json_object (self->figures, "windows");
  return self->figures || fail (self->path, error, "no figures of windows, only of clips");
}

/* The labels are the members of the classification report except its averages. */
static gboolean
read_labels (TrainingFiguresFile *self, GError **error)
{
  JsonObject *report = training_json_object (self->figures, "classification_report");
  GPtrArray *labels = g_ptr_array_new ();
  GList *names = report ? json_object_get_members (report) : NULL;
  for (GList *name = names; name; name = name->next)
    if (!g_str_has_suffix (name->data, " avg"))
      g_ptr_array_add (labels, g_strdup (name->data));
  g_list_free (names);
  self->n_labels = labels->len;
  g_ptr_array_add (labels, NULL);
  self->labels = (char **)g_ptr_array_free (labels, FALSE);
  return self->n_labels > 0 || training_figures_file_lacks (self, "classification_report", error);
}

TrainingFiguresFile *
training_figures_file_open (const char *path, const char *protocol, gboolean windows,
                            GError **error)
{
  GError *cause = NULL;
  TrainingFiguresFile *self = g_new0 (TrainingFiguresFile, 1);
  self->path = g_strdup (path);
  self->parser = json_parser_new_immutable ();
  self->windows = windows;
  gboolean ok = json_parser_load_from_file (self->parser, path, &cause);
  if (!ok) {
    fail (path, error, "cannot read the metrics: %s", cause->message);
    g_error_free (cause);
  } else {
    JsonNode *root = json_parser_get_root (self->parser);
    ok = root && JSON_NODE_HOLDS_OBJECT (root)
             ? select_figures (self, json_node_get_object (root), protocol, error) &&
                   read_labels (self, error)
             : fail (path, error, "not a JSON object with metrics");
  }
  if (!ok)
    g_clear_pointer (&self, training_figures_file_free);
  return self;
}

void
training_figures_file_free (TrainingFiguresFile *self)
{
  if (!self)
    return;
  g_object_unref (self->parser);
  g_strfreev (self->labels);
  g_free (self->description);
  g_free (self->path);
  g_free (self);
}
