/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "corpus.h"

#include <csv.h>
#include <string.h>

#include "decode.h"
#include "shuffle.h"

static const char *const path_names[] = {"file_path",  "filepath",      "path",
                                         "audio_path", "relative_path", NULL};
static const char *const label_names[] = {"label", "emotion", "target", "class", NULL};
static const char *const group_names[] = {"speaker", NULL};
static const char *const statement_names[] = {"statement", "sentence", NULL};
static const char *const intensity_names[] = {"intensity", NULL};

/* The state while the file is read byte by byte, so that each row's line is known. */
typedef struct {
  TrainingCorpus *corpus;
  const TrainingColumns *columns;
  GPtrArray *fields;                /* char *, of the current row */
  guint line;                       /* of the current byte, from 1 */
  guint row_line;                   /* where the current row starts; 0 between rows */
  guint n_columns;                  /* 0 before the header */
  gint path, label;                 /* column indices */
  gint group, statement, intensity; /* the same, or -1 */
  GError *error;
} Reader;

static void
clip_free (gpointer data)
{
  TrainingClip *clip = data;
  g_free (clip->path);
  g_free (clip->id);
  g_free (clip->label);
  g_free (clip->speaker);
  g_free (clip->statement);
  g_free (clip);
}

void
training_corpus_free (TrainingCorpus *corpus)
{
  if (!corpus)
    return;
  g_strfreev (corpus->names);
  g_strfreev (corpus->metadata_paths);
  g_strfreev (corpus->audio_roots);
  g_ptr_array_unref (corpus->clips);
  g_ptr_array_unref (corpus->problems);
  g_free (corpus);
}

char *
training_corpus_resolve (const TrainingCorpus *corpus, const TrainingClip *clip)
{
  if (g_path_is_absolute (clip->path))
    return g_strdup (clip->path);
  return g_build_filename (corpus->audio_roots[clip->corpus], clip->path, NULL);
}

G_GNUC_PRINTF (2, 3)
static void
fail (Reader *reader, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (&reader->error, TRAINING_ERROR, TRAINING_ERROR_METADATA, "%s:%u: %s",
               reader->corpus->metadata_paths[0],
               reader->row_line ? reader->row_line : reader->line, text);
  g_free (text);
}

G_GNUC_PRINTF (2, 3)
static void
leave_out (Reader *reader, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_strdelimit (text, "\r\n", ' '); /* a message is one line, whatever a quoted field holds */
  g_ptr_array_add (reader->corpus->problems,
                   g_strdup_printf ("%s:%u: %s; row left out", reader->corpus->metadata_paths[0],
                                    reader->row_line, text));
  g_free (text);
}

/* The column called `wanted`, or else the first of `names` that there is; -1 if none, which is an
 * error when `wanted` was asked for or `required`. */
static gint
find_column (Reader *reader, const char *what, const char *wanted, const char *const *names,
             gboolean required)
{
  const char *const only[] = {wanted, NULL};
  gint found = -1;
  for (const char *const *name = wanted ? only : names; *name && found < 0; name++)
    for (guint i = 0; i < reader->fields->len; i++) {
      if (strcmp (reader->fields->pdata[i], *name) != 0)
        continue;
      if (found >= 0 && !reader->error)
        fail (reader, "two columns are called \"%s\"; rename one", *name);
      found = (gint)i;
    }
  if (found < 0 && (wanted || required) && !reader->error) {
    char *tried = g_strjoinv (", ", (char **)(wanted ? only : names));
    g_ptr_array_add (reader->fields, NULL);
    char *present = g_strjoinv (", ", (char **)reader->fields->pdata);
    g_ptr_array_set_size (reader->fields, (gint)reader->fields->len - 1);
    fail (reader, "no column for the %s (%s); there are: %s", what, tried, present);
    g_free (tried);
    g_free (present);
  }
  return found;
}

static void
read_header (Reader *reader)
{
  const TrainingColumns *columns = reader->columns;
  reader->n_columns = reader->fields->len;
  reader->path = find_column (reader, "audio path", columns->path_column, path_names, TRUE);
  reader->label = columns->unlabelled
                      ? -1
                      : find_column (reader, "label", columns->label_column, label_names, TRUE);
  reader->group = find_column (reader, "speaker", columns->group_column, group_names, FALSE);
  reader->statement = find_column (reader, "statement", NULL, statement_names, FALSE);
  reader->intensity = find_column (reader, "intensity", NULL, intensity_names, FALSE);
}

gboolean
training_corpus_is_label (const char *text)
{
  return g_ascii_islower (*text) &&
         text[strspn (text, "abcdefghijklmnopqrstuvwxyz0123456789_-")] == '\0';
}

static gint
intensity_of (const char *word)
{
  static const char *const words[][2] = {{"normal", "low"}, {"strong", "high"}};
  for (gint i = 0; i < 2; i++)
    if (strcmp (word, words[i][0]) == 0 || strcmp (word, words[i][1]) == 0)
      return i;
  return -1;
}

static void
read_row (Reader *reader)
{
  if (reader->fields->len != reader->n_columns) {
    leave_out (reader, "%u fields where the header has %u (quote a field that has a comma in it)",
               reader->fields->len, reader->n_columns);
    return;
  }
  const char *path = reader->fields->pdata[reader->path];
  const char *speaker = reader->group >= 0 ? reader->fields->pdata[reader->group] : NULL;
  char *label =
      reader->label >= 0 ? g_ascii_strdown (reader->fields->pdata[reader->label], -1) : NULL;
  if (!*path) {
    leave_out (reader, "no audio path");
  } else if (label && !*label) {
    leave_out (reader, "no label");
  } else if (label && !training_corpus_is_label (label)) {
    leave_out (reader, "label \"%s\": use a letter, then letters, digits, _ or -", label);
  } else if (speaker && !*speaker) {
    leave_out (reader, "no speaker");
  } else {
    TrainingClip *clip = g_new0 (TrainingClip, 1);
    clip->path = g_strdup (path);
    clip->id = g_strdup (path);
    clip->label = g_steal_pointer (&label);
    clip->speaker = g_strdup (speaker);
    if (reader->statement >= 0 && *(char *)reader->fields->pdata[reader->statement])
      clip->statement = g_strdup (reader->fields->pdata[reader->statement]);
    clip->intensity =
        reader->intensity >= 0 ? intensity_of (reader->fields->pdata[reader->intensity]) : -1;
    clip->line = reader->row_line;
    g_ptr_array_add (reader->corpus->clips, clip);
  }
  g_free (label);
}

static void
end_field (void *text, size_t length, void *data)
{
  Reader *reader = data;
  g_ptr_array_add (reader->fields, g_strndup (text, length));
}

static void
end_row (int terminator, void *data)
{
  Reader *reader = data;
  (void)terminator;
  if (reader->error)
    return;
  if (reader->n_columns == 0)
    read_header (reader);
  else
    read_row (reader);
  g_ptr_array_set_size (reader->fields, 0);
  reader->row_line = 0;
}

/* FALSE when byte `i` does not belong into UTF-8 text; `valid_end` is where that ends. */
static gboolean
is_text (const char *content, gsize i, gsize valid_end)
{
  return i < valid_end && (!g_ascii_iscntrl (content[i]) || strchr ("\t\r\n", content[i]));
}

static void
parse (Reader *reader, const char *content, gsize size)
{
  const char *end;
  g_utf8_validate_len (content, size, &end);
  const gsize valid_end = (gsize)(end - content);
  struct csv_parser parser;
  csv_init (&parser, CSV_STRICT | CSV_STRICT_FINI);
  for (gsize i = 0; i < size && !reader->error; i++) {
    if (!is_text (content, i, valid_end)) {
      fail (reader, "byte 0x%02x is not text in UTF-8; save the metadata as CSV in UTF-8",
            (guchar)content[i]);
      break;
    }
    if (reader->row_line == 0 && !strchr (" \t\r\n", content[i]))
      reader->row_line = reader->line;
    if (csv_parse (&parser, content + i, 1, end_field, end_row, reader) != 1)
      fail (reader, "broken quoting: quote a field as a whole and double each quote inside it");
    if (content[i] == '\n' || (content[i] == '\r' && i + 1 < size && content[i + 1] != '\n'))
      reader->line++;
  }
  if (!reader->error && csv_fini (&parser, end_field, end_row, reader) != 0)
    fail (reader, "a quoted field starts in this row and never ends");
  csv_free (&parser);
}

static void
read_content (Reader *reader, const char *content, gsize size)
{
  static const char byte_order_mark[] = "\xef\xbb\xbf";
  if (size >= 3 && memcmp (content, byte_order_mark, 3) == 0) {
    content += 3;
    size -= 3;
  }
  parse (reader, content, size);

  const TrainingCorpus *corpus = reader->corpus;
  if (reader->error || corpus->clips->len > 0)
    return;
  if (reader->n_columns == 0)
    fail (reader, "empty; the first row names the columns, then comes a row for each clip");
  else if (corpus->problems->len == 0)
    fail (reader, "no row after the header; add one for each clip");
  else
    g_set_error (&reader->error, TRAINING_ERROR, TRAINING_ERROR_METADATA,
                 "%s: none of its %u rows can be used; the first: %s", corpus->metadata_paths[0],
                 corpus->problems->len, (char *)corpus->problems->pdata[0]);
}

/* The one-element, NULL-terminated list of `text`, which it takes. */
static char **
list_of (char *text)
{
  char **list = g_new0 (char *, 2);
  list[0] = text;
  return list;
}

char *
training_corpus_name_of (const char *metadata_path)
{
  char *full = g_canonicalize_filename (metadata_path, NULL), *folder = g_path_get_dirname (full);
  char *name = g_path_get_basename (folder);
  g_free (full);
  g_free (folder);
  return name;
}

TrainingCorpus *
training_corpus_read (const char *metadata_path, const char *audio_root, const char *name,
                      const TrainingColumns *columns, GError **error)
{
  static const TrainingColumns inferred = {0};
  char *content;
  gsize size;
  GError *cause = NULL;
  if (!g_file_get_contents (metadata_path, &content, &size, &cause)) {
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_METADATA, "cannot read the metadata: %s",
                 cause->message);
    g_error_free (cause);
    return NULL;
  }

  TrainingCorpus *corpus = g_new0 (TrainingCorpus, 1);
  corpus->n_corpora = 1;
  corpus->names = list_of (name ? g_strdup (name) : training_corpus_name_of (metadata_path));
  corpus->metadata_paths = list_of (g_strdup (metadata_path));
  corpus->audio_roots =
      list_of (audio_root ? g_strdup (audio_root) : g_path_get_dirname (metadata_path));
  corpus->clips = g_ptr_array_new_with_free_func (clip_free);
  corpus->problems = g_ptr_array_new_with_free_func (g_free);
  Reader reader = {.corpus = corpus,
                   .columns = columns ? columns : &inferred,
                   .fields = g_ptr_array_new_with_free_func (g_free),
                   .line = 1};
  read_content (&reader, content, size);
  g_ptr_array_unref (reader.fields);
  g_free (content);
  if (reader.error) {
    g_propagate_error (error, reader.error);
    training_corpus_free (corpus);
    return NULL;
  }
  return corpus;
}

static void
prefix (char **text, const char *name)
{
  if (!*text)
    return;
  char *full = g_strconcat (name, "/", *text, NULL);
  g_free (*text);
  *text = full;
}

/* Names what is in a corpus that was alone so far as a pool does. */
static void
prefix_all (TrainingCorpus *corpus)
{
  for (guint i = 0; corpus->n_corpora == 1 && i < corpus->clips->len; i++) {
    TrainingClip *clip = corpus->clips->pdata[i];
    prefix (&clip->id, corpus->names[0]);
    prefix (&clip->speaker, corpus->names[0]);
    prefix (&clip->statement, corpus->names[0]);
  }
}

/* Moves `from`'s texts to the end of `list`. */
static void
append_list (char ***list, guint n, char ***from, guint n_from)
{
  *list = g_renew (char *, *list, n + n_from + 1);
  memcpy (*list + n, *from, sizeof **list * (n_from + 1));
  g_clear_pointer (from, g_free);
}

gboolean
training_corpus_pool (TrainingCorpus *into, TrainingCorpus *from, GError **error)
{
  const guint n = into->n_corpora, n_from = from->n_corpora;
  for (guint i = 0; i < n_from; i++)
    if (g_strv_contains ((const char *const *)into->names, from->names[i])) {
      g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_METADATA,
                   "%s: two corpora are called '%s': give each a name with --corpus",
                   from->metadata_paths[i], from->names[i]);
      return FALSE;
    }
  prefix_all (into);
  prefix_all (from);
  for (guint i = 0; i < from->clips->len; i++)
    ((TrainingClip *)from->clips->pdata[i])->corpus += n;
  append_list (&into->names, n, &from->names, n_from);
  append_list (&into->metadata_paths, n, &from->metadata_paths, n_from);
  append_list (&into->audio_roots, n, &from->audio_roots, n_from);
  into->n_corpora += n_from;
  g_ptr_array_extend_and_steal (into->clips, g_steal_pointer (&from->clips));
  g_ptr_array_extend_and_steal (into->problems, g_steal_pointer (&from->problems));
  g_free (from);
  return TRUE;
}

typedef struct {
  double place; /* in its label's shuffled order, 0..1) */
  guint clip;
} Ranked;

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const Ranked *x = a, *y = b;
  if (x->place != y->place)
    return x->place < y->place ? -1 : 1;
  return x->clip < y->clip ? -1 : 1;
}

static int
compare_clips (gconstpointer a, gconstpointer b)
{
  const Ranked *x = a, *y = b;
  return x->clip < y->clip ? -1 : x->clip > y->clip;
}

/* Each clip with its place among those of its label, in an order of chance. */
static Ranked *
rank_clips (const TrainingCorpus *corpus, guint32 seed)
{
  const guint n = corpus->clips->len;
  Ranked *ranked = g_new (Ranked, n);
  GHashTable *counts = g_hash_table_new (g_str_hash, g_str_equal);
  GRand *random = g_rand_new_with_seed (seed);
  for (guint i = 0; i < n; i++)
    ranked[i].clip = i;
  training_shuffle (ranked, n, sizeof *ranked, random);
  for (guint pass = 0; pass < 2; pass++) /* numbers, then shares of the label's total */
    for (guint i = 0; i < n; i++) {
      const char *label = ((TrainingClip *)corpus->clips->pdata[ranked[i].clip])->label;
      const guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, label));
      if (pass == 0) {
        ranked[i].place = count + 0.5;
        g_hash_table_insert (counts, (gpointer)label, GUINT_TO_POINTER (count + 1));
      } else {
        ranked[i].place /= count;
      }
    }
  g_rand_free (random);
  g_hash_table_unref (counts);
  return ranked;
}

void
training_corpus_limit (TrainingCorpus *corpus, guint n, guint32 seed)
{
  if (n >= corpus->clips->len)
    return;
  Ranked *ranked = rank_clips (corpus, seed);
  qsort (ranked, corpus->clips->len, sizeof *ranked, compare_places);
  qsort (ranked, n, sizeof *ranked, compare_clips);
  GPtrArray *kept = g_ptr_array_new_with_free_func (clip_free);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (kept, g_steal_pointer (&corpus->clips->pdata[ranked[i].clip]));
  for (guint i = 0; i < corpus->clips->len; i++)
    g_clear_pointer (&corpus->clips->pdata[i], clip_free);
  g_ptr_array_set_free_func (corpus->clips, NULL);
  g_ptr_array_unref (corpus->clips);
  corpus->clips = kept;
  g_free (ranked);
}
