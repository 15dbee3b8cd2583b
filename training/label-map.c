/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "label-map.h"

#include <string.h>

#include "decode.h"

typedef struct {
  const char *path;
  TrainingCorpus *corpus;
  GHashTable *rules; /* "label" or "corpus/label" -> new label, or "" */
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

/* The labels of one corpus, or of all for -1, each once, in order; free with g_free(). */
static char *
list_labels (const TrainingCorpus *corpus, gint index)
{
  GPtrArray *labels = g_ptr_array_new ();
  for (guint i = 0; i < corpus->clips->len; i++) {
    TrainingClip *clip = corpus->clips->pdata[i];
    if ((index < 0 || clip->corpus == (guint)index) &&
        !g_ptr_array_find_with_equal_func (labels, clip->label, g_str_equal, NULL))
      g_ptr_array_add (labels, clip->label);
  }
  g_ptr_array_sort (labels, compare_texts);
  g_ptr_array_add (labels, NULL);
  char *text = g_strjoinv (", ", (char **)labels->pdata);
  g_ptr_array_unref (labels);
  return text;
}

static gboolean
check_label (const Map *map, gint index, const char *label, guint line, GError **error)
{
  for (guint i = 0; i < map->corpus->clips->len; i++) {
    const TrainingClip *clip = map->corpus->clips->pdata[i];
    if ((index < 0 || clip->corpus == (guint)index) && strcmp (clip->label, label) == 0)
      return TRUE;
  }
  char *labels = list_labels (map->corpus, index);
  fail (map->path, line, error, "there is no label '%s'; there are: %s", label, labels);
  g_free (labels);
  return FALSE;
}

/* The index of the corpus that `from` is limited to, -1 for all; `label` is the rest of it. */
static gboolean
find_corpus (const Map *map, const char *from, guint line, gint *index, const char **label,
             GError **error)
{
  const char *slash = strrchr (from, '/');
  *index = -1;
  *label = slash ? slash + 1 : from;
  for (guint i = 0; slash && i < map->corpus->n_corpora && *index < 0; i++)
    if (strlen (map->corpus->names[i]) == (gsize)(slash - from) &&
        g_str_has_prefix (from, map->corpus->names[i]))
      *index = (gint)i;
  if (!slash || *index >= 0)
    return TRUE;
  char *names = g_strjoinv (", ", map->corpus->names);
  fail (map->path, line, error, "there is no corpus '%.*s'; there are: %s", (int)(slash - from),
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
    return fail (map->path, line, error, "'%s' is no rule: write from=to, or from= to drop a label",
                 text);
  *equals = '\0';
  const char *from = g_strstrip (text), *to = g_strstrip (equals + 1);
  if (*to && !training_corpus_is_label (to))
    return fail (map->path, line, error,
                 "label '%s': use a letter, then letters, digits, _ or -, in lower case", to);
  if (!find_corpus (map, from, line, &index, &label, error) ||
      !check_label (map, index, label, line, error))
    return FALSE;
  if (g_hash_table_contains (map->rules, from))
    return fail (map->path, line, error, "there are two rules for '%s': leave one out", from);
  g_hash_table_insert (map->rules, g_strdup (from), g_strdup (to));
  return TRUE;
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
                 "%s: no text in UTF-8; write a rule from=to a line", map->path);
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

/* The clip's new label; its own where there is no rule. */
static const char *
new_label (const Map *map, const TrainingClip *clip)
{
  char *own = g_strconcat (map->corpus->names[clip->corpus], "/", clip->label, NULL);
  const char *label = g_hash_table_lookup (map->rules, own);
  g_free (own);
  if (!label)
    label = g_hash_table_lookup (map->rules, clip->label);
  return label ? label : clip->label;
}

static guint
count_dropped (const Map *map)
{
  guint n = 0;
  for (guint i = 0; i < map->corpus->clips->len; i++)
    n += *new_label (map, map->corpus->clips->pdata[i]) == '\0';
  return n;
}

static void
apply (Map *map)
{
  GPtrArray *clips = map->corpus->clips;
  for (guint i = clips->len; i-- > 0;) {
    TrainingClip *clip = clips->pdata[i];
    char *label = g_strdup (new_label (map, clip));
    g_free (clip->label);
    clip->label = label;
    if (!*label)
      g_ptr_array_remove_index (clips, i);
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
                   "%s: it drops all %u rows; keep two labels at least", path, *n_dropped);
  }
  g_hash_table_unref (map.rules);
  return ok;
}
