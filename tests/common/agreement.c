/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "agreement.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

/* Counts only features whose names differ in nothing but a number or a statistic. */
typedef struct {
  char *name;
  guint n, n_close, n_far;
  double worst;
} Group;

struct _TestAgreement {
  JsonParser *spread;
  GPtrArray *groups; /* in the order of their first features */
  Group all;
};

static void
group_free (gpointer group)
{
  g_free (((Group *)group)->name);
  g_free (group);
}

void
test_clip_clear (TestClip *clip)
{
  g_clear_pointer (&clip->worst_feature, g_free);
}

static JsonParser *
load (const char *file, GError **error)
{
  JsonParser *parser = json_parser_new ();
  gboolean loaded = json_parser_load_from_file (parser, file, error);
  if (loaded && JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    return parser;
  if (loaded)
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s: no JSON object", file);
  g_object_unref (parser);
  return NULL;
}

static JsonObject *
root_of (JsonParser *parser)
{
  return json_node_get_object (json_parser_get_root (parser));
}

TestAgreement *
test_agreement_new (const char *spread_file, GError **error)
{
  JsonParser *spread = load (spread_file, error);
  if (!spread)
    return NULL;
  TestAgreement *self = g_new0 (TestAgreement, 1);
  self->spread = spread;
  self->groups = g_ptr_array_new_with_free_func (group_free);
  return self;
}

void
test_agreement_free (TestAgreement *self)
{
  g_object_unref (self->spread);
  g_ptr_array_unref (self->groups);
  g_free (self);
}

/* "mfcc_delta_7_std" -> "mfcc_delta" */
static char *
group_name (const char *feature)
{
  GRegex *tail = g_regex_new ("(_\\d+)?_(mean|std|min|max)$", 0, 0, NULL);
  char *name = g_regex_replace_literal (tail, feature, -1, 0, "", 0, NULL);
  g_regex_unref (tail);
  return name;
}

static Group *
find_group (TestAgreement *self, const char *feature)
{
  char *name = group_name (feature);
  for (guint i = 0; i < self->groups->len; i++) {
    Group *group = self->groups->pdata[i];
    if (strcmp (group->name, name) == 0) {
      g_free (name);
      return group;
    }
  }
  Group *group = g_new0 (Group, 1);
  group->name = name;
  g_ptr_array_add (self->groups, group);
  return group;
}

static void
count (Group *group, double distance)
{
  group->n++;
  group->n_close += distance <= TEST_CLOSE;
  group->n_far += !(distance <= TEST_FAR); /* NaN counts as far */
  group->worst = distance <= group->worst ? group->worst : distance;
}

static gboolean
compare (TestAgreement *self, JsonObject *features, const char *const *names, const double *values,
         TestClip *clip, GError **error)
{
  GList *members = json_object_get_members (features), *member = members;
  gboolean same = g_list_length (members) == g_strv_length ((char **)names);
  for (guint i = 0; same && names[i]; i++, member = member->next) {
    JsonObject *root = root_of (self->spread);
    same = strcmp (names[i], member->data) == 0 && json_object_has_member (root, names[i]);
    if (!same)
      break;
    double reference = json_object_get_double_member (features, names[i]);
    double deviation =
        json_object_get_double_member (json_object_get_object_member (root, names[i]), "sd");
    double distance = fabs (values[i] - reference) / deviation;
    count (find_group (self, names[i]), distance);
    count (&self->all, distance);
    clip->n_close += distance <= TEST_CLOSE;
    clip->n_far += !(distance <= TEST_FAR);
    if (clip->worst_feature && distance <= clip->worst)
      continue;
    g_free (clip->worst_feature);
    clip->worst_feature = g_strdup (names[i]);
    clip->worst = distance;
    clip->value = values[i];
    clip->reference = reference;
  }
  g_list_free (members);
  if (!same)
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                 "the features are not those of the reference, in their order");
  return same;
}

gboolean
test_agreement_add (TestAgreement *self, const char *reference_file, const char *const *names,
                    const double *values, TestClip *clip, GError **error)
{
  TestClip found = {0};
  JsonParser *parser = load (reference_file, error);
  if (!parser)
    return FALSE;
  gboolean added = compare (self, json_object_get_object_member (root_of (parser), "features"),
                            names, values, &found, error);
  if (!added)
    g_prefix_error (error, "%s: ", reference_file);
  if (clip)
    *clip = found;
  else
    test_clip_clear (&found);
  g_object_unref (parser);
  return added;
}

gboolean
test_agreement_holds (const TestAgreement *self)
{
  return self->all.n > 0 && self->all.n_close >= TEST_CLOSE_FRACTION * self->all.n &&
         self->all.n_far <= TEST_FAR_FRACTION * self->all.n;
}

static void
describe_group (GString *text, const Group *group, const char *name)
{
  g_string_append_printf (text, "%-30s %7u %10.3f %% %8u %12.6f\n", name, group->n,
                          100.0 * group->n_close / MAX (group->n, 1), group->n_far, group->worst);
}

char *
test_agreement_describe (const TestAgreement *self)
{
  GString *text = g_string_new (NULL);
  g_string_append_printf (text, "%-30s %7s %12s %8s %12s\n", "features", "pairs", "<= 0.02 sd",
                          "> 0.25", "largest");
  for (guint i = 0; i < self->groups->len; i++) {
    const Group *group = self->groups->pdata[i];
    describe_group (text, group, group->name);
  }
  describe_group (text, &self->all, "all");
  return g_string_free (text, FALSE);
}

char *
test_reference_clip (const char *reference_file, GError **error)
{
  JsonParser *parser = load (reference_file, error);
  if (!parser)
    return NULL;
  const char *file = json_object_get_string_member (root_of (parser), "file");
  char *folder = g_path_get_dirname (reference_file);
  char *path = g_canonicalize_filename (file, folder);
  g_free (folder);
  g_object_unref (parser);
  return path;
}
