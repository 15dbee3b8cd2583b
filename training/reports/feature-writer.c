/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "feature-writer.h"

#include <string.h>

#include "core/features/feature-csv.h"
#include "training/base/npy.h"

#define NUMBER "%.9g" /* nine significant digits restore a float exactly */

struct _TrainingFeatureWriter {
  TrainingFeatureFormat format;
  const TrainingFeatureTable *table;
  TrainingOutput *output;
  TrainingOutput *index; /* of NPY: the CSV of the rows */
  GString *line;
  guint n_rows;
};

static void
put_number (GString *line, double number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append (line, g_ascii_formatd (text, sizeof text, NUMBER, number));
}

static void
put_vector (TrainingFeatureWriter *self, const float *vector)
{
  for (guint i = 0; i < self->table->n_features; i++) {
    g_string_append_c (self->line, ',');
    put_number (self->line, vector[i]);
  }
}

static void
write_line (TrainingFeatureWriter *self, TrainingOutput *output)
{
  training_output_write (output, self->line->str, self->line->len);
  g_string_truncate (self->line, 0);
}

/* CSV */

/* The columns before the features. */
static void
put_csv_columns (TrainingFeatureWriter *self)
{
  g_string_append (self->line, "file");
  if (self->table->labels)
    g_string_append (self->line, ",label");
  if (self->table->speakers)
    g_string_append (self->line, ",speaker");
  if (self->table->times)
    g_string_append (self->line, ",start,duration");
}

static void
put_csv_fields (TrainingFeatureWriter *self, const TrainingFeatureRow *row)
{
  emotion_feature_csv_put_text (self->line, row->file);
  if (self->table->labels)
    g_string_append_printf (self->line, ",%s", row->label);
  if (self->table->speakers) {
    g_string_append_c (self->line, ',');
    emotion_feature_csv_put_text (self->line, row->speaker);
  }
  if (self->table->times) {
    g_string_append_c (self->line, ',');
    put_number (self->line, row->start);
    g_string_append_c (self->line, ',');
    put_number (self->line, row->duration);
  }
}

static void
put_csv_header (TrainingFeatureWriter *self)
{
  put_csv_columns (self);
  for (guint i = 0; i < self->table->n_features; i++) {
    g_string_append_c (self->line, ',');
    emotion_feature_csv_put_text (self->line, self->table->names[i]);
  }
  g_string_append_c (self->line, '\n');
}

/* ARFF: https://waikato.github.io/weka-wiki/formats_and_processing/arff_stable/ */

static void
put_arff_text (GString *line, const char *text)
{
  g_string_append_c (line, '\'');
  for (; *text; text++) {
    if (strchr ("'\\%", *text))
      g_string_append_c (line, '\\');
    if (*text == '\n' || *text == '\r')
      g_string_append (line, *text == '\n' ? "\\n" : "\\r");
    else
      g_string_append_c (line, *text);
  }
  g_string_append_c (line, '\'');
}

static void
put_arff_nominal (GString *line, const char *name, const char *const *values)
{
  g_string_append_printf (line, "@attribute %s {", name);
  for (guint i = 0; values[i]; i++) {
    if (i > 0)
      g_string_append_c (line, ',');
    put_arff_text (line, values[i]);
  }
  g_string_append (line, "}\n");
}

/* The class is the last attribute, where Weka expects it. */
static void
put_arff_header (TrainingFeatureWriter *self)
{
  const TrainingFeatureTable *table = self->table;
  g_string_append (self->line, "@relation ");
  put_arff_text (self->line, table->relation);
  g_string_append (self->line, "\n@attribute file string\n");
  if (table->speakers)
    put_arff_nominal (self->line, "speaker", table->speakers);
  if (table->times)
    g_string_append (self->line, "@attribute 'window start' numeric\n"
                                 "@attribute 'window duration' numeric\n");
  for (guint i = 0; i < table->n_features; i++) {
    g_string_append (self->line, "@attribute ");
    put_arff_text (self->line, table->names[i]);
    g_string_append (self->line, " numeric\n");
  }
  if (table->labels)
    put_arff_nominal (self->line, "class", table->labels);
  g_string_append (self->line, "@data\n");
}

static void
put_arff (TrainingFeatureWriter *self, const TrainingFeatureRow *row)
{
  put_arff_text (self->line, row->file);
  if (self->table->speakers) {
    g_string_append_c (self->line, ',');
    put_arff_text (self->line, row->speaker);
  }
  if (self->table->times) {
    g_string_append_c (self->line, ',');
    put_number (self->line, row->start);
    g_string_append_c (self->line, ',');
    put_number (self->line, row->duration);
  }
  put_vector (self, row->vector);
  if (self->table->labels) {
    g_string_append_c (self->line, ',');
    put_arff_text (self->line, row->label);
  }
  g_string_append_c (self->line, '\n');
}

/* libsvm: the label's number, then all features by their numbers from 1. Zeros are included, so
 * that readers that count features find the same number in every file. */

static guint
label_number (const TrainingFeatureWriter *self, const char *label)
{
  guint number = 0;
  while (self->table->labels && strcmp (self->table->labels[number], label) != 0)
    number++;
  return number;
}

static void
put_libsvm (TrainingFeatureWriter *self, const TrainingFeatureRow *row)
{
  g_string_append_printf (self->line, "%u", label_number (self, row->label));
  for (guint i = 0; i < self->table->n_features; i++) {
    g_string_append_printf (self->line, " %u:", i + 1);
    put_number (self->line, row->vector[i]);
  }
  g_string_append_c (self->line, '\n');
}

/* NPY */

static void
put_npy_header (TrainingFeatureWriter *self)
{
  const TrainingFeatureTable *table = self->table;
  const guint columns = MAX (table->n_columns, 1);
  const guint shape[] = {self->n_rows, table->n_features / columns, table->n_columns};
  training_npy_put_header (self->line, shape, table->n_columns ? 3 : 2);
}

/* Opens the CSV next to NAME.npy. */
static gboolean
open_index (TrainingFeatureWriter *self, const char *path, GError **error)
{
  char *csv = g_strdup_printf ("%.*s.rows.csv", (int)(strlen (path) - strlen (".npy")), path);
  self->index = training_output_new (csv, error);
  g_free (csv);
  if (!self->index)
    return FALSE;
  put_csv_columns (self);
  g_string_append_c (self->line, '\n');
  write_line (self, self->index);
  return TRUE;
}

static void
put_npy (TrainingFeatureWriter *self, const TrainingFeatureRow *row)
{
  put_csv_fields (self, row);
  g_string_append_c (self->line, '\n');
  write_line (self, self->index);
  for (guint i = 0; i < self->table->n_features; i++)
    training_npy_put_number (self->line, row->vector[i]);
}

void
training_feature_writer_discard (TrainingFeatureWriter *self)
{
  training_output_discard (self->output);
  training_output_discard (self->index);
  g_string_free (self->line, TRUE);
  g_free (self);
}

TrainingFeatureWriter *
training_feature_writer_new (TrainingFeatureFormat format, const TrainingFeatureTable *table,
                             const char *path, GError **error)
{
  TrainingFeatureWriter *self = g_new (TrainingFeatureWriter, 1);
  *self = (TrainingFeatureWriter){.format = format, .table = table, .line = g_string_new (NULL)};
  self->output = training_output_new (path, error);
  if (!self->output || (format == TRAINING_FEATURES_NPY && !open_index (self, path, error))) {
    training_feature_writer_discard (self);
    return NULL;
  }
  if (format == TRAINING_FEATURES_CSV)
    put_csv_header (self);
  else if (format == TRAINING_FEATURES_ARFF)
    put_arff_header (self);
  else if (format == TRAINING_FEATURES_NPY)
    put_npy_header (self);
  write_line (self, self->output);
  return self;
}

gboolean
training_feature_writer_add (TrainingFeatureWriter *self, const TrainingFeatureRow *row)
{
  self->n_rows++;
  if (self->format == TRAINING_FEATURES_ARFF) {
    put_arff (self, row);
  } else if (self->format == TRAINING_FEATURES_LIBSVM) {
    put_libsvm (self, row);
  } else if (self->format == TRAINING_FEATURES_NPY) {
    put_npy (self, row);
  } else {
    put_csv_fields (self, row);
    put_vector (self, row->vector);
    g_string_append_c (self->line, '\n');
  }
  write_line (self, self->output);
  return !training_output_has_failed (self->output) &&
         !(self->index && training_output_has_failed (self->index));
}

gboolean
training_feature_writer_close (TrainingFeatureWriter *self, GError **error)
{
  if (self->format == TRAINING_FEATURES_NPY) { /* with the number of rows, which is known now */
    put_npy_header (self);
    training_output_rewrite (self->output, self->line->str, self->line->len);
  }
  gboolean ok = training_output_close (g_steal_pointer (&self->output), error);
  if (ok && self->index)
    ok = training_output_close (g_steal_pointer (&self->index), error);
  training_feature_writer_discard (self);
  return ok;
}
