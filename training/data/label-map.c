/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "label-map.h"

#include <string.h>

#include "label-text.h"
#include "rejects.h"
#include "training/base/error.h"

typedef struct {
  const char *path;
  TrainingCorpus *corpus;
  GHashTable *rules; /* "KEY" or "CORPUS/KEY" -> new label's text, or ""; see key_of() */
} Map;

static gboolean fail (const char *path, guint line, GError **error, const char *format, ...)
    G_GNUC_PRINTF (4, 5);

static gboolean
fail (const char *path, guint line, GError **error, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_propagate_error (
      error, g_error_new_valist (TRAINING_ERROR, TRAINING_ERROR_METADATA, format, arguments));
  va_end (arguments);
  g_prefix_error (error, "%s:%u: ", path, line);
  return FALSE;
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* The label of a clip or of a rejected row. */
typedef struct {
  char **label, **text;
  guint corpus;
} Row;

/* Row `i` of clips and rejects; FALSE past the last. `label` is NULL for a row without one. */
static gboolean
get_row (const TrainingCorpus *corpus, guint i, Row *row)
{
  if (i < corpus->clips->len) {
    TrainingClip *clip = corpus->clips->pdata[i];
    *row = (Row){&clip->label, &clip->label_text, clip->corpus};
  } else if (i < corpus->clips->len + corpus->rejects->len) {
    TrainingReject *reject = corpus->rejects->pdata[i - corpus->clips->len];
    *row = (Row){reject->label ? &reject->label : NULL, &reject->label_text, reject->corpus};
  } else {
    return FALSE;
  }
  return TRUE;
}

static const char *
text_of (const Row *row)
{
  return *row->text ? *row->text : *row->label;
}

/* The labels of one corpus, or of all for -1, each once, in order. Free with g_free(). */
static char *
list_labels (const TrainingCorpus *corpus, gint index)
{
  GPtrArray *labels = g_ptr_array_new ();
  Row row;
  for (guint i = 0; get_row (corpus, i, &row); i++)
    if (row.label && (index < 0 || row.corpus == (guint)index) &&
        !g_ptr_array_find_with_equal_func (labels, text_of (&row), g_str_equal, NULL))
      g_ptr_array_add (labels, (gpointer)text_of (&row));
  g_ptr_array_sort (labels, compare_texts);
  g_ptr_array_add (labels, NULL);
  char *text = g_strjoinv (", ", (char **)labels->pdata);
  g_ptr_array_unref (labels);
  return text;
}

/* Whether a rule for `key` applies to the row: it matches the text in any case, or the label. */
static gboolean
has_key (const Row *row, const char *key)
{
  char *own = training_label_key (text_of (row));
  const gboolean same = strcmp (own, key) == 0 || strcmp (*row->label, key) == 0;
  g_free (own);
  return same;
}

static gboolean
check_label (const Map *map, gint index, const char *key, const char *from, guint line,
             GError **error)
{
  Row row;
  for (guint i = 0; get_row (map->corpus, i, &row); i++)
    if (row.label && (index < 0 || row.corpus == (guint)index) && has_key (&row, key))
      return TRUE;
  char *labels = list_labels (map->corpus, index);
  fail (map->path, line, error, "the metadata have no label '%s'; available: %s", from, labels);
  g_free (labels);
  return FALSE;
}

/* The index of the corpus that `from` is restricted to, -1 for all; `label` gets the rest of it. A
 * slash may also be part of a label. */
static gboolean
find_corpus (const Map *map, const char *from, guint line, gint *index, const char **label,
             GError **error)
{
  const char *slash = strchr (from, '/');
  *index = -1;
  *label = from;
  for (guint i = 0; slash && i < map->corpus->n_corpora && *index < 0; i++)
    if (strlen (map->corpus->names[i]) == (gsize)(slash - from) &&
        g_str_has_prefix (from, map->corpus->names[i])) {
      *index = (gint)i;
      *label = slash + 1;
    }
  Row row;
  char *key = training_label_key (from);
  gboolean known = !slash || *index >= 0;
  for (guint i = 0; !known && get_row (map->corpus, i, &row); i++)
    known = row.label && has_key (&row, key);
  g_free (key);
  if (known)
    return TRUE;
  char *names = g_strjoinv (", ", map->corpus->names);
  fail (map->path, line, error, "there is no corpus '%.*s'; available: %s", (int)(slash - from),
        from, names);
  g_free (names);
  return FALSE;
}

static gboolean
read_rule (Map *map, char *text, guint line, GError **error)
{
  char *equals = strchr (text, '=');
  gint index;
  const char *label;
  if (!equals)
    return fail (map->path, line, error,
                 "'%s' is not a rule: write from=to, or from= to drop a label", text);
  *equals = '\0';
  const char *from = g_strstrip (text), *to = g_strstrip (equals + 1);
  if (!find_corpus (map, from, line, &index, &label, error))
    return FALSE;
  char *key = training_label_key (label);
  char *full = index < 0 ? g_strdup (key) : g_strconcat (map->corpus->names[index], "/", key, NULL);
  gboolean ok = check_label (map, index, key, label, line, error);
  if (ok && g_hash_table_contains (map->rules, full))
    ok = fail (map->path, line, error, "there are two rules for '%s': remove one", from);
  if (ok)
    g_hash_table_insert (map->rules, g_steal_pointer (&full), g_strdup (to));
  g_free (key);
  g_free (full);
  return ok;
}

static gboolean
read_rules (Map *map, GError **error)
{
  char *content;
  gsize size;
  GError *cause = NULL;
  if (!g_file_get_contents (map->path, &content, &size, &cause)) {
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_METADATA, "cannot read the label map: %s",
                 cause->message);
    g_error_free (cause);
    return FALSE;
  }
  gboolean ok = g_utf8_validate_len (content, size, NULL);
  if (!ok)
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_METADATA,
                 "%s: not UTF-8 text; write one rule from=to per line", map->path);
  char **lines = g_strsplit (ok ? content : "", "\n", -1);
  for (guint i = 0; lines[i] && ok; i++) {
    char *line = g_strstrip (lines[i]);
    if (*line && *line != '#')
      ok = read_rule (map, line, i + 1, error);
  }
  g_strfreev (lines);
  g_free (content);
  return ok;
}

static const char *
find_rule (const Map *map, const Row *row, const char *key)
{
  char *own = g_strconcat (map->corpus->names[row->corpus], "/", key, NULL);
  const char *to = g_hash_table_lookup (map->rules, own);
  g_free (own);
  return to ? to : g_hash_table_lookup (map->rules, key);
}

/* The row's new label, "" to drop it; NULL without a rule. A rule for the text has precedence over
 * one for the label, and a rule for a corpus over one for all. */
static const char *
new_label (const Map *map, const Row *row)
{
  char *keys[] = {training_label_key (text_of (row)), g_strdup (*row->label)};
  const char *to = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (keys) && !to; i++)
    to = find_rule (map, row, keys[i]);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    g_free (keys[i]);
  return to;
}

/* FALSE when the row is dropped. */
static gboolean
rename_row (const Map *map, const Row *row)
{
  const char *to = new_label (map, row);
  if (to && *to)
    training_corpus_set_label (row->label, row->text, to);
  return !to || *to;
}

static guint
count_dropped (const Map *map)
{
  guint n = 0;
  Row row;
  for (guint i = 0; i < map->corpus->clips->len && get_row (map->corpus, i, &row); i++)
    n += g_strcmp0 (new_label (map, &row), "") == 0;
  return n;
}

static void
apply (Map *map)
{
  const guint n_clips = map->corpus->clips->len;
  Row row;
  for (guint i = n_clips + map->corpus->rejects->len; i-- > 0;)
    if (get_row (map->corpus, i, &row) && row.label && !rename_row (map, &row)) {
      if (i < n_clips)
        g_ptr_array_remove_index (map->corpus->clips, i);
      else
        g_ptr_array_remove_index (map->corpus->rejects, i - n_clips);
    }
}

gboolean
training_label_map_apply (const char *path, TrainingCorpus *corpus, guint *n_dropped,
                          GError **error)
{
  Map map = {path, corpus, g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free)};
  gboolean ok = read_rules (&map, error);
  if (ok) {
    *n_dropped = count_dropped (&map);
    ok = *n_dropped < corpus->clips->len;
    if (ok)
      apply (&map);
    else
      g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_METADATA,
                   "%s: it drops all %u rows; keep at least two labels", path, *n_dropped);
  }
  g_hash_table_unref (map.rules);
  return ok;
}
