/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model-align.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/base/text.h"
#include "core/emotion.h"

#define MAX_VERSION 99
#define MAX_NUMBERS (1 << 26) /* of one array */

/* The arrays of a model file and, where they have a column a feature, what stands for one that the
 * file lacks. A scale so small makes any feature 0. */
static const struct {
  const char *key;
  enum { PLAIN, FEATURES, INPUTS } columns; /* INPUTS: features, unless there is a projection */
  float fill;
} arrays[] = {
    {"mean", FEATURES, 0},   {"scale", FEATURES, FLT_MIN}, {"projection", FEATURES, 0},
    {"centre", FEATURES, 0}, {"offsets", FEATURES, 0},     {"weights", INPUTS, 0},
    {"vectors", INPUTS, 0},  {"bias", PLAIN, 0},           {"coefficients", PLAIN, 0},
    {"rho", PLAIN, 0},       {"trees", PLAIN, 0},          {"nodes", PLAIN, 0},
    {"expected", PLAIN, 0},  {"priors", PLAIN, 0},
};

typedef struct {
  const EmotionFeatureSet *to;
  gsize n_before;      /* features of the file; 0: not known yet */
  char *name, *layout; /* of the file's set */
  /* Of the classifier that is read: */
  gboolean projected;
  gboolean kernel; /* its weights are of the features in any case */
  double gamma;
  float *factors; /* of each vector: what the features that are gone make of its kernel */
  gsize n_factors;
} Alignment;

/* A new array with as many columns as the set has features. */
static float *
resize (const Alignment *self, const float *values, gsize rows, float fill)
{
  const gsize before = self->n_before, after = self->to->n_features;
  float *resized = g_new (float, rows *after);
  for (gsize r = 0; r < rows; r++)
    for (gsize c = 0; c < after; c++)
      resized[r * after + c] = c < before ? values[r * before + c] : fill;
  return resized;
}

/* The kernel of what is gone, which is 0 in every input. */
static void
keep_factors (Alignment *self, const float *vectors, gsize n)
{
  g_free (self->factors);
  self->factors = g_new (float, n);
  self->n_factors = n;
  for (gsize i = 0; i < n; i++) {
    double square = 0;
    for (gsize k = self->to->n_features; k < self->n_before; k++)
      square += (double)vectors[i * self->n_before + k] * vectors[i * self->n_before + k];
    self->factors[i] = (float)exp (-self->gamma * square);
  }
}

/* Nodes that ask for a feature that is gone prediction for 0. */
static void
settle_nodes (const Alignment *self, float *nodes, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    float *node = nodes + 4 * i;
    if (node[0] < (float)self->to->n_features)
      continue;
    node[0] = 0;
    node[1] = node[1] > 0 ? FLT_MAX : -FLT_MAX;
  }
}

static gboolean
align_array (Alignment *self, EmotionTextReader *r, guint array, gsize rows, gsize columns,
             GString *out)
{
  const char *key = arrays[array].key;
  float *values, *resized = NULL;
  if (rows == 0 || columns == 0 || rows > MAX_NUMBERS / MAX (columns, self->to->n_features) ||
      !emotion_text_floats (r, key, rows, columns, &values))
    return FALSE;
  if (self->n_before == 0)
    self->n_before = columns; /* the first array is the mean */
  const gboolean of_features = !self->projected || (self->kernel && strcmp (key, "weights") == 0);
  const gboolean aligned =
      arrays[array].columns == FEATURES || (arrays[array].columns == INPUTS && of_features);
  const gboolean ok = !aligned || columns == self->n_before;
  if (ok && aligned) {
    resized = resize (self, values, rows, arrays[array].fill);
    columns = self->to->n_features;
  }
  if (ok && aligned && strcmp (key, "vectors") == 0)
    keep_factors (self, values, rows);
  if (strcmp (key, "projection") == 0)
    self->projected = TRUE;
  if (strcmp (key, "nodes") == 0 && columns == 4 && !self->projected)
    settle_nodes (self, values, rows);
  if (strcmp (key, "coefficients") == 0 && columns == self->n_factors)
    for (gsize i = 0; i < rows * columns; i++)
      values[i] *= self->factors[i % columns];
  emotion_text_put_floats (out, key, rows, columns, resized ? resized : values);
  g_free (values);
  g_free (resized);
  return ok;
}

/* A line, with the array that it heads. */
static gboolean
align_line (Alignment *self, EmotionTextReader *r, GString *out)
{
  EmotionTextReader head = *r;
  char *line;
  guint array = 0;
  guint64 rows = 0, columns = 0;
  if (!emotion_text_line (&head, &line))
    return FALSE;
  char **words = g_strsplit (line, " ", -1);
  while (array < G_N_ELEMENTS (arrays) && g_strcmp0 (words[0], arrays[array].key) != 0)
    array++;
  const gboolean is_array =
      array < G_N_ELEMENTS (arrays) && g_strv_length (words) == 3 &&
      g_ascii_string_to_unsigned (words[1], 10, 0, MAX_NUMBERS, &rows, NULL) &&
      g_ascii_string_to_unsigned (words[2], 10, 0, MAX_NUMBERS, &columns, NULL);
  gboolean ok = TRUE;
  if (is_array) {
    ok = align_array (self, r, array, rows, columns, out);
  } else {
    self->kernel = self->kernel || strcmp (line, "classifier kernel") == 0;
    if (g_strcmp0 (words[0], "gamma") == 0 && words[1])
      self->gamma = g_ascii_strtod (words[1], NULL);
    g_string_append_printf (out, "%s\n", line);
    *r = head;
  }
  g_strfreev (words);
  g_free (line);
  return ok;
}

/* The set of that name or else, of its other versions, the latest with as many features as the file
 * has, or the latest. */
static const EmotionFeatureSet *
find_nearest (const char *name, const char *text)
{
  const char *mean = strstr (text, "\nmean 1 "), *dash = strrchr (name, '-');
  const guint64 n = mean ? g_ascii_strtoull (mean + strlen ("\nmean 1 "), NULL, 10) : 0;
  const EmotionFeatureSet *nearest = emotion_feature_set_find (name);
  gboolean alike = nearest != NULL;
  for (guint version = MAX_VERSION; !alike && dash && version > 0; version--) {
    char *other = g_strdup_printf ("%.*s-%u", (int)(dash - name), name, version);
    const EmotionFeatureSet *set = emotion_feature_set_find (other);
    alike = set && set->n_features == n;
    if (alike || (set && !nearest))
      nearest = set;
    g_free (other);
  }
  return nearest;
}

static gboolean
align_features (Alignment *self, EmotionTextReader *r, GString *out)
{
  if (!emotion_text_string (r, "name", &self->name) ||
      !emotion_text_string (r, "layout", &self->layout) || !emotion_text_finish (r))
    return FALSE;
  if (!self->to)
    self->to = find_nearest (self->name, r->data);
  if (!self->to)
    return FALSE;
  char *ours = emotion_feature_set_hash (self->to);
  g_string_append_printf (out, "name %s\nlayout %s\n", self->to->name, ours);
  const gboolean fits = strcmp (ours, self->layout) == 0;
  g_free (ours);
  return !fits;
}

/* The next section; FALSE at the checksum, too, or when there is nothing to do or the text is no
 * such file. */
static gboolean
align_section (Alignment *self, EmotionTextReader *r, const char *file_end, GString *file)
{
  char *line;
  guint64 size = 0;
  r->end = file_end;
  if (!emotion_text_line (r, &line))
    return FALSE;
  char **words = g_strsplit (line, " ", -1);
  gboolean ok =
      g_strv_length (words) == 3 && strcmp (words[0], "section") == 0 &&
      strcmp (words[1], "checksum") != 0 &&
      g_ascii_string_to_unsigned (words[2], 10, 0, (guint64)(file_end - r->at), &size, NULL);
  GString *content = g_string_new (NULL);
  self->projected = self->kernel = FALSE;
  self->n_factors = 0;
  if (ok) {
    r->end = r->at + size;
    if (strcmp (words[1], "features") == 0)
      ok = align_features (self, r, content);
    while (ok && r->at < r->end)
      ok = align_line (self, r, content);
  }
  if (ok) {
    g_string_append_printf (file, "section %s %" G_GSIZE_FORMAT "\n", words[1], content->len);
    g_string_append_len (file, content->str, (gssize)content->len);
  }
  g_string_free (content, TRUE);
  g_strfreev (words);
  g_free (line);
  return ok;
}

static void
put_hash (GString *file, const char *text, gsize size)
{
  char *hash = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)text, size);
  g_string_append_printf (file, "section checksum 72\nsha256 %s\nsection end 0\n", hash);
  g_free (hash);
}

/* Whether what is left at `at` is the right checksum and the end. */
static gboolean
ends_well (const char *text, const char *at)
{
  GString *expected = g_string_new (NULL);
  put_hash (expected, text, (gsize)(at - text));
  const gboolean ends = strcmp (at, expected->str) == 0;
  g_string_free (expected, TRUE);
  return ends;
}

static char *
describe (const Alignment *self)
{
  const gsize ours = self->to->n_features, before = self->n_before;
  char *layout = emotion_feature_set_hash (self->to);
  GString *text = g_string_new (NULL);
  g_string_printf (text,
                   "made for %" G_GSIZE_FORMAT " features of set '%s' with layout %.12s, used with "
                   "the %" G_GSIZE_FORMAT " of '%s' with layout %.12s: %" G_GSIZE_FORMAT
                   " are matched by position",
                   before, self->name, self->layout, ours, self->to->name, layout,
                   MIN (ours, before));
  if (before > ours)
    g_string_append_printf (
        text, ", %" G_GSIZE_FORMAT " are missing and replaced by their mean in training",
        before - ours);
  if (ours > before)
    g_string_append_printf (text, ", %" G_GSIZE_FORMAT " are not used", ours - before);
  g_string_append (text, "; the predictions may be meaningless");
  g_free (layout);
  return g_string_free (text, FALSE);
}

GString *
training_model_align (const char *text, gsize size, const EmotionFeatureSet *to, char **what)
{
  static const char magic[] = "emotion-model 1\n";
  if (memchr (text, '\0', size) || !g_str_has_prefix (text, magic))
    return NULL;
  GError *ignored = NULL;
  Alignment self = {.to = to};
  GString *file = g_string_new (magic);
  const char *last = text + strlen (magic), *file_end = text + size;
  EmotionTextReader r = {.origin = "", .section = "", .data = text, .at = last, .error = &ignored};
  while (align_section (&self, &r, file_end, file))
    last = r.at;
  if (self.n_before > 0 && ends_well (text, last)) {
    put_hash (file, file->str, file->len);
    *what = describe (&self);
  } else {
    g_string_free (g_steal_pointer (&file), TRUE);
  }
  g_clear_error (&ignored);
  g_free (self.name);
  g_free (self.layout);
  g_free (self.factors);
  return file;
}
