/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scan-pattern.h"

#include <string.h>

#include "training/base/options.h"

#define OPTION "--pattern"
#define GROUPS "emotion (or label), speaker, sex, intensity, statement, split"

struct _TrainingPattern {
  GRegex *regex;
  const char *label; /* the group's name */
};

static const char *const field_names[] = {"speaker", "sex", "intensity", "statement", "split"};

const char *
training_scan_field_name (TrainingScanField field)
{
  return field_names[field];
}

static gboolean
is_known (const char *group)
{
  for (guint i = 0; i < G_N_ELEMENTS (field_names); i++)
    if (strcmp (group, field_names[i]) == 0)
      return TRUE;
  return strcmp (group, "emotion") == 0 || strcmp (group, "label") == 0;
}

/* Whether the expression has a group of that name. */
static gboolean
has_group (const GRegex *regex, const char *name)
{
  return g_regex_get_string_number (regex, name) >= 0;
}

/* The first group of an unknown name, or NULL. Free with g_free(). GRegex does not list groups, so
 * text that looks like one, perhaps in a class or a comment, is looked up. */
static char *
find_unknown (const GRegex *regex, const char *text)
{
  GMatchInfo *match;
  char *unknown = NULL;
  GRegex *group = g_regex_new ("\\(\\?(?:P?<|')(\\w+)", 0, 0, NULL);
  g_regex_match (group, text, 0, &match);
  for (; !unknown && g_match_info_matches (match); g_match_info_next (match, NULL)) {
    char *name = g_match_info_fetch (match, 1);
    if (has_group (regex, name) && !is_known (name))
      unknown = g_steal_pointer (&name);
    g_free (name);
  }
  g_match_info_free (match);
  g_regex_unref (group);
  return unknown;
}

static gboolean
check_groups (const GRegex *regex, const char *text, GError **error)
{
  const gboolean emotion = has_group (regex, "emotion"), label = has_group (regex, "label");
  char *unknown = find_unknown (regex, text);
  if (unknown)
    training_bad_option (
        error, OPTION " has the unknown group %s; use " GROUPS "; leave other groups unnamed",
        unknown);
  else if (emotion && label)
    training_bad_option (error, OPTION
                         " has both groups emotion and label, which mean the same; remove one");
  else if (!emotion && !label)
    training_bad_option (
        error, OPTION
        " has no group emotion or label, for example (?<emotion>[a-z]+); the groups are " GROUPS);
  const gboolean ok = !unknown && emotion != label;
  g_free (unknown);
  return ok;
}

TrainingPattern *
training_pattern_new (const char *text, GError **error)
{
  GError *cause = NULL;
  GRegex *regex = g_regex_new (text, G_REGEX_OPTIMIZE, 0, &cause);
  if (!regex) {
    training_bad_option (error, OPTION ": %s", cause->message);
    g_error_free (cause);
    return NULL;
  }
  if (!check_groups (regex, text, error)) {
    g_regex_unref (regex);
    return NULL;
  }
  TrainingPattern *self = g_new (TrainingPattern, 1);
  *self = (TrainingPattern){regex, has_group (regex, "label") ? "label" : "emotion"};
  return self;
}

void
training_pattern_free (TrainingPattern *self)
{
  if (!self)
    return;
  g_regex_unref (self->regex);
  g_free (self);
}

/* Trimmed; "" if the group did not take part. */
static char *
fetch (const GMatchInfo *match, const char *group)
{
  char *text = g_match_info_fetch_named (match, group);
  return text ? g_strstrip (text) : g_strdup ("");
}

static void
fold (char **text)
{
  char *lower = g_utf8_strdown (*text, -1);
  g_free (*text);
  *text = lower;
}

/* Converts to the word that metadata use. */
static void
spell_out_sex (char **sex)
{
  fold (sex);
  const char *word = strcmp (*sex, "f") == 0 ? "female" : strcmp (*sex, "m") == 0 ? "male" : NULL;
  if (!word)
    return;
  g_free (*sex);
  *sex = g_strdup (word);
}

gboolean
training_pattern_match (const TrainingPattern *self, const char *path, char **label,
                        char *fields[TRAINING_SCAN_N_FIELDS], GError **error)
{
  GMatchInfo *match;
  const gboolean found = g_regex_match_full (self->regex, path, -1, 0, 0, &match, error);
  if (found) {
    *label = fetch (match, self->label);
    fold (label);
    for (guint i = 0; i < TRAINING_SCAN_N_FIELDS; i++)
      fields[i] = fetch (match, field_names[i]);
    fold (&fields[TRAINING_SCAN_INTENSITY]);
    spell_out_sex (&fields[TRAINING_SCAN_SEX]);
  }
  g_match_info_free (match);
  return found;
}
