/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* training_corpus_read() */
#include <csv.h>
#include <string.h>

#include "columns.h"
#include "corpus.h"
#include "label-text.h"
#include "rejects.h"
#include "training/base/error.h"
#include "training/base/walk.h"

/* State of the byte-by-byte parser, which knows the line number of each row. */
typedef struct {
  TrainingCorpus *corpus;
  const TrainingColumns *columns;
  GPtrArray *fields;               /* char *, of the current row */
  char separator;                  /* of fields */
  guint line;                      /* of the current byte, from 1 */
  guint row_line;                  /* where the current row starts; 0 between rows */
  guint n_columns;                 /* 0 before the header */
  gint column[TRAINING_N_COLUMNS]; /* indices, or -1 */
  GError *error;
} Reader;

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

/* Rejects the current row. `label` is the text of its label field, or NULL. */
G_GNUC_PRINTF (4, 5)
static void
leave_out (Reader *reader, const char *label, const char *reason, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_strdelimit (text, "\r\n", ' '); /* keep messages on one line */
  TrainingReject *row = training_rejects_add (reader->corpus->rejects, reason,
                                              g_strdup_printf ("%s:%u: %s; row left out",
                                                               reader->corpus->metadata_paths[0],
                                                               reader->row_line, text));
  if (label && *label)
    training_corpus_set_label (&row->label, &row->label_text, label);
  g_free (text);
}

/* Detects a first row that is a clip instead of a header. */
static const char *
guess_reason (const Reader *reader)
{
  for (guint i = 0; i < reader->fields->len; i++)
    if (training_walk_is_audio (reader->fields->pdata[i]))
      return "; the first row must name the columns, but it looks like a clip";
  return "";
}

static void
fail_without (Reader *reader, TrainingColumn column, const char *wanted)
{
  static const char *const options[] = {"path", "label", "group"};
  char *tried = wanted ? g_strdup (wanted) : training_column_list (column);
  g_ptr_array_add (reader->fields, NULL);
  char *present = g_strjoinv (", ", (char **)reader->fields->pdata);
  g_ptr_array_set_size (reader->fields, (gint)reader->fields->len - 1);
  fail (reader,
        "no column for the %s (looked for %s); the columns are: %s%s. Name it with --%s-column",
        training_column_describe (column), tried, present, guess_reason (reader), options[column]);
  g_free (tried);
  g_free (present);
}

static void
read_header (Reader *reader)
{
  const TrainingColumns *columns = reader->columns;
  const char *const wanted[TRAINING_N_COLUMNS] = {columns->path_column, columns->label_column,
                                                  columns->group_column};
  reader->n_columns = reader->fields->len;
  for (TrainingColumn c = 0; c < TRAINING_N_COLUMNS && !reader->error; c++) {
    const char *twice = NULL;
    const gboolean read = c != TRAINING_COLUMN_LABEL || !columns->unlabelled;
    const gboolean required = wanted[c] || c == TRAINING_COLUMN_PATH || c == TRAINING_COLUMN_LABEL;
    reader->column[c] = read ? training_column_find (reader->fields, c, wanted[c], &twice) : -1;
    if (twice)
      fail (reader, "two columns are called \"%s\"; rename one", twice);
    else if (read && required && reader->column[c] < 0)
      fail_without (reader, c, wanted[c]);
  }
}

/* The current row's field in a column; NULL without one, "" for a blank field. */
static const char *
get (const Reader *reader, TrainingColumn column)
{
  const gint index = reader->column[column];
  return index < 0 ? NULL : reader->fields->pdata[index];
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
add_clip (Reader *reader)
{
  const char *statement = get (reader, TRAINING_COLUMN_STATEMENT);
  const char *intensity = get (reader, TRAINING_COLUMN_INTENSITY);
  const char *split = get (reader, TRAINING_COLUMN_SPLIT);
  TrainingClip *clip = g_new0 (TrainingClip, 1);
  clip->path = g_strdup (get (reader, TRAINING_COLUMN_PATH));
  clip->id = g_strdup (clip->path);
  if (get (reader, TRAINING_COLUMN_LABEL))
    training_corpus_set_label (&clip->label, &clip->label_text,
                               get (reader, TRAINING_COLUMN_LABEL));
  clip->speaker = g_strdup (get (reader, TRAINING_COLUMN_SPEAKER));
  clip->statement = statement && *statement ? g_strdup (statement) : NULL;
  clip->intensity = intensity ? intensity_of (intensity) : -1;
  clip->split = split && *split ? g_strdup (split) : NULL;
  clip->line = reader->row_line;
  g_ptr_array_add (reader->corpus->clips, clip);
}

static void
read_row (Reader *reader)
{
  if (reader->fields->len != reader->n_columns) {
    leave_out (reader, NULL, "wrong number of fields",
               "%u fields, but the header has %u (quote fields that contain '%c')",
               reader->fields->len, reader->n_columns, reader->separator);
    return;
  }
  const char *label = get (reader, TRAINING_COLUMN_LABEL);
  const char *speaker = get (reader, TRAINING_COLUMN_SPEAKER);
  char *clean = label ? training_label_clean (label) : NULL;
  if (!*get (reader, TRAINING_COLUMN_PATH))
    leave_out (reader, clean, "no audio path", "no audio path");
  else if (clean && !*clean)
    leave_out (reader, NULL, "no label", "no label");
  else if (speaker && !*speaker)
    leave_out (reader, clean, "no speaker", "no speaker");
  else
    add_clip (reader);
  g_free (clean);
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

/* FALSE when byte `i` is not valid UTF-8 text; `valid_end` is the end of the valid part. */
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
  csv_set_delim (&parser, (unsigned char)reader->separator);
  for (gsize i = 0; i < size && !reader->error; i++) {
    if (!is_text (content, i, valid_end)) {
      fail (reader, "byte 0x%02x is not valid in UTF-8 text; save the metadata as CSV in UTF-8",
            (guchar)content[i]);
      break;
    }
    if (reader->row_line == 0 && !strchr (" \t\r\n", content[i]))
      reader->row_line = reader->line;
    if (csv_parse (&parser, content + i, 1, end_field, end_row, reader) != 1)
      fail (reader,
            "broken quoting: put quotes around the whole field and double each quote inside it");
    if (content[i] == '\n' || (content[i] == '\r' && i + 1 < size && content[i + 1] != '\n'))
      reader->line++;
  }
  if (!reader->error && csv_fini (&parser, end_field, end_row, reader) != 0)
    fail (reader, "a quoted field starts in this row and is never closed");
  csv_free (&parser);
}

/* The length of a first line "sep=;", with which spreadsheets declare the separator; parses it. */
static gsize
read_separator_line (Reader *reader, const char *content, gsize size)
{
  if (size < 6 || g_ascii_strncasecmp (content, "sep=", 4) != 0 || !strchr ("\r\n", content[5]))
    return 0;
  reader->separator = content[4];
  reader->line = 2;
  return content[5] == '\r' && size > 6 && content[6] == '\n' ? 7 : 6;
}

static void
read_content (Reader *reader, const char *content, gsize size)
{
  static const char byte_order_mark[] = "\xef\xbb\xbf";
  const TrainingColumns *columns = reader->columns;
  const char *const wanted[TRAINING_N_COLUMNS] = {columns->path_column, columns->label_column,
                                                  columns->group_column};
  if (size >= 3 && memcmp (content, byte_order_mark, 3) == 0) {
    content += 3;
    size -= 3;
  }
  const gsize first = read_separator_line (reader, content, size);
  if (first == 0)
    reader->separator = training_columns_guess_separator (content, size, wanted);
  parse (reader, content + first, size - first);

  const TrainingCorpus *corpus = reader->corpus;
  if (reader->error || corpus->clips->len > 0)
    return;
  if (reader->n_columns == 0)
    fail (reader, "the file is empty; write the names of the columns in the first row, then one "
                  "row per clip");
  else if (corpus->rejects->len == 0)
    fail (reader, "no row after the header; add one row per clip");
  else
    g_set_error (&reader->error, TRAINING_ERROR, TRAINING_ERROR_METADATA,
                 "%s: none of its %u rows can be used; the first problem: %s",
                 corpus->metadata_paths[0], corpus->rejects->len,
                 ((TrainingReject *)corpus->rejects->pdata[0])->text);
}

/* A NULL-terminated list of one element, `text`, which it takes. */
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
  char *name = g_path_get_basename (folder), *text = g_utf8_make_valid (name, -1);
  g_strdelimit (text, "\r\n", ' ');
  g_free (full);
  g_free (folder);
  g_free (name);
  return text;
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
  corpus->clips = training_corpus_new_clips ();
  corpus->rejects = training_rejects_new ();
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
