/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct {
  char *section, *key, *label, *unit;
  GArray *values; /* double, in order of the rounds */
} Row;

typedef struct {
  char *key, *text;
} Note;

struct _BenchReport {
  GPtrArray *rows;  /* Row */
  GPtrArray *notes; /* Note */
  GArray *trials;   /* BenchTrial */
};

static void
row_free (gpointer data)
{
  Row *row = data;
  g_free (row->section);
  g_free (row->key);
  g_free (row->label);
  g_free (row->unit);
  g_array_unref (row->values);
  g_free (row);
}

static void
note_free (gpointer data)
{
  Note *note = data;
  g_free (note->key);
  g_free (note->text);
  g_free (note);
}

BenchReport *
bench_report_new (void)
{
  BenchReport *self = g_new0 (BenchReport, 1);
  self->rows = g_ptr_array_new_with_free_func (row_free);
  self->notes = g_ptr_array_new_with_free_func (note_free);
  self->trials = g_array_new (FALSE, FALSE, sizeof (BenchTrial));
  return self;
}

void
bench_report_free (BenchReport *self)
{
  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->notes);
  g_array_unref (self->trials);
  g_free (self);
}

static Row *
find_row (const BenchReport *self, const char *key)
{
  for (guint i = 0; i < self->rows->len; i++) {
    Row *row = g_ptr_array_index (self->rows, i);
    if (g_str_equal (row->key, key))
      return row;
  }
  return NULL;
}

void
bench_report_add (BenchReport *self, const char *section, const char *key, const char *label,
                  const char *unit, double value)
{
  Row *row = find_row (self, key);
  if (row == NULL) {
    row = g_new0 (Row, 1);
    row->section = g_strdup (section);
    row->key = g_strdup (key);
    row->label = g_strdup (label);
    row->unit = g_strdup (unit);
    row->values = g_array_new (FALSE, FALSE, sizeof (double));
    g_ptr_array_add (self->rows, row);
  }
  g_array_append_val (row->values, value);
}

void
bench_report_note (BenchReport *self, const char *key, const char *text)
{
  Note *note = g_new0 (Note, 1);
  note->key = g_strdup (key);
  note->text = g_strdup (text);
  g_ptr_array_add (self->notes, note);
}

void
bench_report_add_trial (BenchReport *self, const BenchTrial *trial)
{
  g_array_append_val (self->trials, *trial);
}

static int
compare (const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

double
bench_percentile (double *values, guint n, double percent)
{
  if (n == 0)
    return NAN;
  qsort (values, n, sizeof (double), compare);
  guint rank = (guint)ceil (percent / 100 * n);
  return values[CLAMP (rank, 1, n) - 1];
}

typedef struct {
  double median, min, max;
} Summary;

static Summary
summarize (const Row *row)
{
  guint n = row->values->len;
  double *sorted = g_memdup2 (row->values->data, n * sizeof (double));
  qsort (sorted, n, sizeof (double), compare);
  Summary summary = {(sorted[(n - 1) / 2] + sorted[n / 2]) / 2, sorted[0], sorted[n - 1]};
  g_free (sorted);
  return summary;
}

/* Three significant digits at least. */
static int
digits (double value)
{
  double size = fabs (value);
  return size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
}

static void
print_trials (const BenchReport *self)
{
  if (self->trials->len == 0)
    return;
  printf ("\n%-10s %8s %8s %10s %30s\n", "streams", "cores", "machine", "MiB",
          "late by ms: p50, p99, max");
  for (guint i = 0; i < self->trials->len; i++) {
    const BenchTrial *trial = &g_array_index (self->trials, BenchTrial, i);
    printf ("%-10u %8.2f %8.2f %10.1f %10.1f %9.1f %9.1f  %s\n", trial->n_streams, trial->cpu,
            trial->machine, (double)trial->resident / (1 << 20), trial->p50, trial->p99,
            trial->worst, trial->kept_up ? "" : "too late");
  }
}

static void
print_row (const Row *row)
{
  Summary summary = summarize (row);
  int n = digits (summary.median);
  printf ("%-58s %9.*f  %9.*f .. %-9.*f %s\n", row->label, n, summary.median, n, summary.min, n,
          summary.max, row->unit);
}

/* The rows of a section that comes with row `first`, unless they have been printed. */
static void
print_section (const BenchReport *self, guint first)
{
  const char *section = ((Row *)g_ptr_array_index (self->rows, first))->section;
  for (guint i = 0; i < self->rows->len; i++) {
    const Row *row = g_ptr_array_index (self->rows, i);
    if (!g_str_equal (row->section, section))
      continue;
    if (i < first)
      return;
    if (i == first)
      printf ("\n%-58s %9s  %9s .. %-9s\n", section, "median", "min", "max");
    print_row (row);
  }
}

void
bench_report_print (const BenchReport *self)
{
  for (guint i = 0; i < self->notes->len; i++) {
    const Note *note = g_ptr_array_index (self->notes, i);
    printf ("%s: %s\n", note->key, note->text);
  }
  for (guint i = 0; i < self->rows->len; i++)
    print_section (self, i);
  print_trials (self);
}

/* --- JSON --- */

static void
add_string (GString *json, const char *text)
{
  g_string_append_c (json, '"');
  for (; *text != '\0'; text++) {
    if (*text == '"' || *text == '\\')
      g_string_append_printf (json, "\\%c", *text);
    else if ((guchar)*text < 0x20)
      g_string_append_printf (json, "\\u%04x", (guchar)*text);
    else
      g_string_append_c (json, *text);
  }
  g_string_append_c (json, '"');
}

static void
add_number (GString *json, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append (json,
                   isfinite (value) ? g_ascii_formatd (text, sizeof text, "%.6g", value) : "null");
}

static void
add_field (GString *json, const char *key, double value)
{
  g_string_append (json, ", ");
  add_string (json, key);
  g_string_append (json, ": ");
  add_number (json, value);
}

static void
add_text (GString *json, const char *key, const char *value)
{
  add_string (json, key);
  g_string_append (json, ": ");
  add_string (json, value);
}

static void
add_row (GString *json, const Row *row)
{
  Summary summary = summarize (row);
  g_string_append (json, "    {");
  add_text (json, "key", row->key);
  g_string_append (json, ", ");
  add_text (json, "section", row->section);
  g_string_append (json, ", ");
  add_text (json, "label", row->label);
  g_string_append (json, ", ");
  add_text (json, "unit", row->unit);
  add_field (json, "median", summary.median);
  add_field (json, "min", summary.min);
  add_field (json, "max", summary.max);
  g_string_append (json, ", \"values\": [");
  for (guint i = 0; i < row->values->len; i++) {
    g_string_append (json, i > 0 ? ", " : "");
    add_number (json, g_array_index (row->values, double, i));
  }
  g_string_append (json, "]}");
}

static void
add_trial (GString *json, const BenchTrial *trial)
{
  g_string_append_printf (json, "    {\"streams\": %u", trial->n_streams);
  add_field (json, "seconds", trial->seconds);
  add_field (json, "cores", trial->cpu);
  add_field (json, "cores_of_all_programs", trial->machine);
  add_field (json, "resident_bytes", (double)trial->resident);
  add_field (json, "results", trial->n_results);
  add_field (json, "late_ms_p50", trial->p50);
  add_field (json, "late_ms_p99", trial->p99);
  add_field (json, "late_ms_max", trial->worst);
  g_string_append_printf (json, ", \"kept_up\": %s}", trial->kept_up ? "true" : "false");
}

gboolean
bench_report_save (const BenchReport *self, const char *path, GError **error)
{
  GString *json = g_string_new ("{\n  \"notes\": {");
  for (guint i = 0; i < self->notes->len; i++) {
    const Note *note = g_ptr_array_index (self->notes, i);
    g_string_append (json, i > 0 ? ",\n    " : "\n    ");
    add_text (json, note->key, note->text);
  }
  g_string_append (json, "\n  },\n  \"rows\": [\n");
  for (guint i = 0; i < self->rows->len; i++) {
    g_string_append (json, i > 0 ? ",\n" : "");
    add_row (json, g_ptr_array_index (self->rows, i));
  }
  g_string_append (json, "\n  ],\n  \"streams\": [\n");
  for (guint i = 0; i < self->trials->len; i++) {
    g_string_append (json, i > 0 ? ",\n" : "");
    add_trial (json, &g_array_index (self->trials, BenchTrial, i));
  }
  g_string_append (json, "\n  ]\n}\n");
  gboolean saved = g_file_set_contents (path, json->str, (gssize)json->len, error);
  g_string_free (json, TRUE);
  return saved;
}
