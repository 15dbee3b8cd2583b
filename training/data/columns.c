/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "columns.h"

#include <csv.h>
#include <string.h>

#define MAX_NAMES 24

static const struct {
  const char *what;
  const char *names[MAX_NAMES]; /* in order of preference; NULL-terminated */
} columns[TRAINING_N_COLUMNS] = {
    {"audio path",
     {"file_path", "path", "filename", "filepath", "audio_path", "relative_path", "file",
      "audio_file", "audio", "wav_path", "wav_file", "wav", "clip", "full_path", "recording", "uri",
      "url", "location"}},
    {"label",
     {"label", "emotion", "target", "class", "emotions", "labels", "emotion_label", "emotion_class",
      "class_name", "emotion_name", "emo", "category", "affect"}},
    {"speaker",
     {"speaker", "speaker_id", "actor", "actor_id", "speaker_name", "spk", "spk_id", "subject",
      "subject_id", "participant", "participant_id", "talker", "talker_id", "person", "client_id"}},
    {"statement", {"statement", "sentence", "statement_id", "sentence_id", "text_id", "text"}},
    {"intensity", {"intensity", "emotion_intensity", "emotional_intensity"}},
    {"split", {"split", "partition", "subset", "split_set", "dataset_split", "data_split", "set"}},
};

/* The name without case, blanks, `_` and `-`. */
static char *
squeeze (const char *name)
{
  char *folded = g_utf8_casefold (name, -1);
  char *to = folded;
  for (const char *c = folded; *c; c++)
    if (!strchr (" \t_-", *c))
      *to++ = *c;
  *to = '\0';
  return folded;
}

static gint
find_name (const GPtrArray *header, const char *name, gboolean exactly, const char **twice)
{
  char *looked_for = squeeze (name);
  gint found = -1;
  for (guint i = 0; i < header->len; i++) {
    const char *field = header->pdata[i];
    char *squeezed = squeeze (field);
    if (exactly ? strcmp (field, name) == 0 : strcmp (squeezed, looked_for) == 0) {
      if (found >= 0 && !*twice)
        *twice = field;
      found = found < 0 ? (gint)i : found;
    }
    g_free (squeezed);
  }
  g_free (looked_for);
  return found;
}

gint
training_column_find (const GPtrArray *header, TrainingColumn column, const char *wanted,
                      const char **twice)
{
  const char *const only[] = {wanted, NULL};
  gint found = -1;
  *twice = NULL;
  for (const char *const *name = wanted ? only : columns[column].names; *name && found < 0; name++)
    for (guint exactly = 2; exactly-- > 0 && found < 0;)
      found = find_name (header, *name, (gboolean)exactly, twice);
  return found;
}

const char *
training_column_describe (TrainingColumn column)
{
  return columns[column].what;
}

char *
training_column_list (TrainingColumn column)
{
  GString *list = g_string_new (NULL);
  for (guint i = 0; i < 4 && columns[column].names[i]; i++)
    g_string_append_printf (list, "%s, ", columns[column].names[i]);
  g_string_append (list, "...");
  return g_string_free (list, FALSE);
}

typedef struct {
  GPtrArray *fields; /* of the first non-empty row */
  gboolean ended;
} FirstRow;

static void
take_field (void *text, size_t length, void *data)
{
  FirstRow *row = data;
  if (!row->ended)
    g_ptr_array_add (row->fields, g_strndup (text, length));
}

static void
end_row (int terminator, void *data)
{
  (void)terminator;
  ((FirstRow *)data)->ended = TRUE;
}

/* The number of known columns when `separator` splits the first row. */
static guint
count_columns (const char *content, gsize size, char separator,
               const char *const wanted[TRAINING_N_COLUMNS])
{
  FirstRow row = {g_ptr_array_new_with_free_func (g_free), FALSE};
  struct csv_parser parser;
  guint n = 0;
  csv_init (&parser, 0);
  csv_set_delim (&parser, (unsigned char)separator);
  for (gsize i = 0; i < size && !row.ended; i++)
    csv_parse (&parser, content + i, 1, take_field, end_row, &row);
  csv_fini (&parser, take_field, end_row, &row);
  csv_free (&parser);
  for (TrainingColumn c = 0; c < TRAINING_N_COLUMNS; c++) {
    const char *twice;
    n += training_column_find (row.fields, c, wanted[c], &twice) >= 0;
  }
  g_ptr_array_unref (row.fields);
  return n;
}

char
training_columns_guess_separator (const char *content, gsize size,
                                  const char *const wanted[TRAINING_N_COLUMNS])
{
  static const char separators[] = ",;\t|";
  /* Limited, because a file that is not text may have no line end. */
  const gsize first_row = MIN (size, 65536);
  char best = ',';
  guint max = 0;
  for (const char *separator = separators; *separator; separator++) {
    const guint n = count_columns (content, first_row, *separator, wanted);
    if (n > max) {
      max = n;
      best = *separator;
    }
  }
  return best;
}
