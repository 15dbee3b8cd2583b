/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* compare-descriptors REFERENCE [CSV]: compares the output of
 *   emotion-features --features descriptors-1 FILE...
 * with the Python system's values, REFERENCE/features/NAME.json for a FILE called NAME, in units of
 * the spreads in REFERENCE/descriptors-1-spread.json. Reads standard input without CSV. Prints a
 * line for each clip and a table of the groups of features. The status is 0 if 98 % of all pairs of
 * clip and feature differ by at most 0.02 deviations and all but 0.1 % by at most 0.25. */
#include <csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agreement.h"

static void
end_field (void *text, size_t length, void *rows)
{
  GPtrArray *last = g_ptr_array_index ((GPtrArray *)rows, ((GPtrArray *)rows)->len - 1);
  g_ptr_array_add (last, g_strndup (text, length));
}

static void
end_row (int terminator, void *rows)
{
  (void)terminator;
  g_ptr_array_add (rows, g_ptr_array_new_with_free_func (g_free));
}

/* The rows of a CSV, each with its fields. */
static GPtrArray *
read_rows (FILE *in)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify)g_ptr_array_unref);
  struct csv_parser parser;
  char buffer[65536];
  size_t n;
  csv_init (&parser, 0);
  end_row (0, rows);
  while ((n = fread (buffer, 1, sizeof buffer, in)) > 0)
    csv_parse (&parser, buffer, n, end_field, end_row, rows);
  csv_fini (&parser, end_field, end_row, rows);
  csv_free (&parser);
  g_ptr_array_set_size (rows, (gint)rows->len - 1); /* the empty row after the last newline */
  return rows;
}

static char *
reference_file (const char *folder, const char *clip)
{
  char *name = g_path_get_basename (clip), *ending = strrchr (name, '.');
  if (ending)
    *ending = '\0';
  char *file = g_strconcat (name, ".json", NULL);
  char *path = g_build_filename (folder, "features", file, NULL);
  g_free (file);
  g_free (name);
  return path;
}

static gboolean
add_row (TestAgreement *agreement, const char *folder, GPtrArray *header, GPtrArray *row,
         GError **error)
{
  guint n = header->len - 1;
  if (row->len != header->len) {
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "a row of %u fields, not %u", row->len,
                 header->len);
    return FALSE;
  }
  const char **names = g_new0 (const char *, n + 1);
  double *values = g_new (double, n);
  char *file = reference_file (folder, row->pdata[0]);
  TestClip clip = {0};
  for (guint i = 0; i < n; i++) {
    names[i] = header->pdata[i + 1];
    values[i] = g_ascii_strtod (row->pdata[i + 1], NULL);
  }
  gboolean added = test_agreement_add (agreement, file, names, values, &clip, error);
  if (added)
    printf ("%s: %u of %u within 0.02, %u beyond 0.25; largest %.6f: %s %.9g, reference %.9g\n",
            (char *)row->pdata[0], clip.n_close, n, clip.n_far, clip.worst, clip.worst_feature,
            clip.value, clip.reference);
  test_clip_clear (&clip);
  g_free (names);
  g_free (values);
  g_free (file);
  return added;
}

int
main (int argc, char **argv)
{
  GError *error = NULL;
  FILE *in = argc == 3 ? fopen (argv[2], "r") : stdin;
  if (argc < 2 || argc > 3 || !in) {
    fprintf (stderr, "usage: compare-descriptors REFERENCE [CSV]\n");
    return EXIT_FAILURE;
  }
  char *spread = g_build_filename (argv[1], "descriptors-1-spread.json", NULL);
  TestAgreement *agreement = test_agreement_new (spread, &error);
  GPtrArray *rows = read_rows (in);
  gboolean holds = FALSE;
  for (guint i = 1; !error && i < rows->len; i++)
    add_row (agreement, argv[1], rows->pdata[0], rows->pdata[i], &error);
  if (error) {
    fprintf (stderr, "compare-descriptors: %s\n", error->message);
    g_error_free (error);
  } else {
    char *table = test_agreement_describe (agreement);
    holds = test_agreement_holds (agreement);
    printf ("\n%s%s\n", table, holds ? "they agree" : "they do not agree");
    g_free (table);
  }
  if (agreement)
    test_agreement_free (agreement);
  g_ptr_array_unref (rows);
  g_free (spread);
  if (in != stdin)
    fclose (in);
  return holds ? EXIT_SUCCESS : EXIT_FAILURE;
}
