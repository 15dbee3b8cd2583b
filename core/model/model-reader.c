/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading the model file: docs/model-format.md. */
#include "model-format.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/shared.h"
#include "core/base/text.h"
#include "core/features/feature-registry.h"

#define MAX_SIZE (64 * 1024 * 1024)
#define MAX_VECTORS 1000000

static const char *const known_sections[] = {
    "features",    "windowing",  "labels",  "label-texts", "view",       "fusion",
    "calibration", "adaptation", "outlier", "intensity",   "thresholds", "decision",
    "provenance",  "checksum",   "end",     NULL};

typedef struct {
  const EmotionFeatureSet *features;
  EmotionModelParts parts;
  GPtrArray *labels, *label_texts, *provenance, *views;
  gboolean has_texts;
  GArray *fusion;
  gboolean centred[EMOTION_MAX_VIEWS];
  float *centre, *expected, *offsets;
  EmotionDecisionDefaults decision;
} Draft;

/* Enters the next section, which must be `name`: the reader then covers its content. */
static gboolean
enter_section (EmotionTextReader *r, const char *file_end, const char *name)
{
  char *line = NULL;
  guint64 size = 0;
  if (r->failed || (r->at != r->end && !emotion_text_finish (r)))
    return FALSE;
  r->section = name;
  r->end = file_end;
  if (!emotion_text_line (r, &line))
    return FALSE;
  char **words = g_strsplit (line, " ", -1);
  gboolean ok = g_strv_length (words) == 3 && strcmp (words[0], "section") == 0 &&
                g_ascii_string_to_unsigned (words[2], 10, 0, MAX_SIZE, &size, NULL);
  if (!ok) {
    emotion_text_fail (r, "expected the head of a section");
  } else if (words[2][0] == '0' && words[2][1]) {
    ok = emotion_text_fail (r, "a number is not written as this format writes it");
  } else if (strcmp (words[1], name) != 0) {
    ok = FALSE;
    if (g_strv_contains (known_sections, words[1])) {
      emotion_text_fail (r, "found section '%s'", words[1]);
    } else {
      g_set_error (r->error, EMOTION_ERROR, EMOTION_ERROR_UNSUPPORTED,
                   "%s: this version does not know the section '%s'; use a newer version, or train "
                   "the model anew with this one",
                   r->origin, words[1]);
      r->failed = TRUE;
    }
  } else if (size > (gsize)(file_end - r->at)) {
    ok = emotion_text_fail (r,
                            "%" G_GUINT64_FORMAT " bytes are stated, %" G_GSIZE_FORMAT
                            " are left: the file is truncated",
                            size, (gsize)(file_end - r->at));
  } else {
    r->end = r->at + size;
  }
  g_strfreev (words);
  g_free (line);
  return ok;
}

/* Whether `section`, which not every model has, comes next. */
static gboolean
comes_next (const EmotionTextReader *r, const char *section)
{
  char *head = g_strdup_printf ("section %s ", section);
  const gboolean next = !r->failed && g_str_has_prefix (r->at, head);
  g_free (head);
  return next;
}

static gboolean
read_features (EmotionTextReader *r, Draft *draft)
{
  char *name = NULL, *layout = NULL, *ours = NULL;
  gboolean ok = emotion_text_string (r, "name", &name) &&
                emotion_text_string (r, "layout", &layout) && emotion_text_finish (r);
  if (ok && (draft->parts.features = emotion_feature_set_find (name)))
    ours = emotion_feature_set_hash (draft->parts.features);
  if (ok && g_strcmp0 (layout, ours) != 0) {
    g_set_error (r->error, EMOTION_ERROR, EMOTION_ERROR_UNSUPPORTED,
                 "%s: made for feature set '%s' with layout %.12s, this version has %s%.12s; "
                 "train the model anew with this version",
                 r->origin, name, layout, ours ? "layout " : "no such set", ours ? ours : "");
    r->failed = TRUE;
    ok = FALSE;
  }
  g_free (name);
  g_free (layout);
  g_free (ours);
  return ok;
}

static gboolean
read_windowing (EmotionTextReader *r, EmotionWindowing *w)
{
  return emotion_text_uint (r, "window", EMOTION_MIN_WINDOW, EMOTION_MAX_WINDOW, &w->window) &&
         emotion_text_uint (r, "interval", EMOTION_MIN_INTERVAL, w->window, &w->interval) &&
         emotion_text_uint (r, "min-window", 0, EMOTION_MAX_WINDOW, &w->min_window) &&
         emotion_text_finish (r);
}

/* A line a label. */
static gboolean
read_lines (EmotionTextReader *r, GPtrArray *lines)
{
  while (r->at < r->end && lines->len <= EMOTION_MAX_LABELS) {
    char *line;
    if (!emotion_text_line (r, &line))
      return FALSE;
    g_ptr_array_add (lines, line);
  }
  return emotion_text_finish (r);
}

static gboolean
read_labels (EmotionTextReader *r, const char *file_end, Draft *draft)
{
  if (!enter_section (r, file_end, "labels") || !read_lines (r, draft->labels))
    return FALSE;
  if (draft->labels->len < 2)
    return emotion_text_fail (r, "%u labels are not possible", draft->labels->len);
  draft->has_texts = comes_next (r, "label-texts");
  return !draft->has_texts ||
         (enter_section (r, file_end, "label-texts") && read_lines (r, draft->label_texts));
}

static gboolean
read_svm (EmotionTextReader *r, EmotionViewParts *p, gsize d)
{
  guint64 total = 0;
  guint *counts = g_new (guint, p->n_labels);
  p->vectors_per_label = counts;
  if (!emotion_text_double (r, "gamma", G_MINDOUBLE, G_MAXDOUBLE, &p->gamma))
    return FALSE;
  for (guint i = 0; i < p->n_labels; i++) {
    guint64 count;
    if (!emotion_text_uint (r, "vectors-of-label", 0, MAX_VECTORS, &count))
      return FALSE;
    counts[i] = (guint)count;
    total += count;
  }
  if (total < 1 || total > MAX_VECTORS)
    return emotion_text_fail (r, "%" G_GUINT64_FORMAT " support vectors are not possible", total);
  p->n_vectors = (guint)total;
  return emotion_text_floats (r, "vectors", p->n_vectors, d, (float **)&p->vectors) &&
         emotion_text_floats (r, "coefficients", p->n_labels - 1, p->n_vectors,
                              (float **)&p->coefficients) &&
         emotion_text_floats (r, "rho", 1, p->n_labels * (p->n_labels - 1) / 2, (float **)&p->rho);
}

static gboolean
read_trees (EmotionTextReader *r, EmotionViewParts *p)
{
  guint64 n_trees = 0, n_nodes = 0;
  gboolean ok = emotion_text_floats (r, "bias", 1, p->n_labels, (float **)&p->bias) &&
                emotion_text_uint (r, "tree-count", 1, EMOTION_MAX_NODES, &n_trees) &&
                emotion_text_floats (r, "trees", n_trees, 2, (float **)&p->trees) &&
                emotion_text_uint (r, "node-count", 1, EMOTION_MAX_NODES, &n_nodes) &&
                emotion_text_floats (r, "nodes", n_nodes, 4, (float **)&p->nodes);
  p->n_trees = (guint)n_trees;
  p->n_nodes = (guint)n_nodes;
  return ok;
}

static gboolean
read_linear (EmotionTextReader *r, EmotionViewParts *p, gsize d)
{
  return emotion_text_floats (r, "weights", p->n_labels, d, (float **)&p->weights) &&
         emotion_text_floats (r, "bias", 1, p->n_labels, (float **)&p->bias);
}

static gboolean
read_kernel (EmotionTextReader *r, EmotionViewParts *p, gsize d)
{
  guint64 n = 0;
  gboolean ok = read_linear (r, p, p->n_features) &&
                emotion_text_double (r, "gamma", G_MINDOUBLE, G_MAXDOUBLE, &p->gamma) &&
                emotion_text_uint (r, "vector-count", 1, MAX_VECTORS, &n);
  p->n_vectors = (guint)n;
  return ok && emotion_text_floats (r, "vectors", n, d, (float **)&p->vectors) &&
         emotion_text_floats (r, "coefficients", p->n_labels, n, (float **)&p->coefficients);
}

static gboolean
read_classifier (EmotionTextReader *r, EmotionViewParts *p)
{
  char *kind;
  guint known = 0;
  gsize d = p->n_components ? p->n_components : p->n_features;
  if (!emotion_text_string (r, "classifier", &kind))
    return FALSE;
  while (known < EMOTION_N_CLASSIFIERS && strcmp (kind, emotion_classifier_names[known]) != 0)
    known++;
  p->classifier = (EmotionClassifier)known;
  if (known == EMOTION_N_CLASSIFIERS) {
    g_set_error (r->error, EMOTION_ERROR, EMOTION_ERROR_UNSUPPORTED,
                 "%s: this version does not know the classifier '%s'; use a newer version",
                 r->origin, kind);
    r->failed = TRUE;
  }
  g_free (kind);
  if (r->failed)
    return FALSE;
  if (p->classifier == EMOTION_CLASSIFIER_LINEAR)
    return read_linear (r, p, d);
  if (p->classifier == EMOTION_CLASSIFIER_KERNEL)
    return read_kernel (r, p, d);
  return p->classifier == EMOTION_CLASSIFIER_TREES ? read_trees (r, p) : read_svm (r, p, d);
}

static EmotionView *
read_view (EmotionTextReader *r, const Draft *draft, guint n_labels)
{
  EmotionViewParts p = {.n_features = draft->parts.features->n_features, .n_labels = n_labels};
  EmotionView *view = NULL;
  GError *cause = NULL;
  guint64 n_components = 0;
  gboolean ok = emotion_text_string (r, "name", (char **)&p.name) &&
                emotion_text_floats (r, "mean", 1, p.n_features, (float **)&p.mean) &&
                emotion_text_floats (r, "scale", 1, p.n_features, (float **)&p.scale) &&
                emotion_text_double (r, "limit", 0, G_MAXDOUBLE, &p.limit) &&
                emotion_text_uint (r, "components", 0, p.n_features, &n_components);
  p.n_components = (guint)n_components;
  if (ok && n_components)
    ok = emotion_text_floats (r, "projection", n_components, p.n_features, (float **)&p.projection);
  if (ok && read_classifier (r, &p) &&
      emotion_text_double (r, "temperature", G_MINDOUBLE, G_MAXDOUBLE, &p.temperature) &&
      emotion_text_finish (r) && !(view = emotion_view_new (&p, &cause))) {
    emotion_text_fail (r, "%s", cause->message);
    g_error_free (cause);
  }
  gconstpointer read[] = {p.name,  p.mean,    p.scale,        p.projection, p.weights,
                          p.bias,  p.vectors, p.coefficients, p.rho,        p.vectors_per_label,
                          p.trees, p.nodes};
  for (guint i = 0; i < G_N_ELEMENTS (read); i++)
    g_free ((gpointer)read[i]);
  return view;
}

static gboolean
read_views (EmotionTextReader *r, const char *file_end, Draft *draft)
{
  /* At least one; the weights of the fusion follow the last. */
  do {
    if (draft->views->len == EMOTION_MAX_VIEWS)
      return emotion_text_fail (r, "more than %d views", EMOTION_MAX_VIEWS);
    EmotionView *view =
        enter_section (r, file_end, "view") ? read_view (r, draft, draft->labels->len) : NULL;
    if (!view)
      return FALSE;
    g_ptr_array_add (draft->views, view);
  } while (g_str_has_prefix (r->at, "section view "));
  if (!enter_section (r, file_end, "fusion"))
    return FALSE;
  for (guint i = 0; i < draft->views->len; i++) {
    double weight;
    if (!emotion_text_double (r, "weight", 0, 1, &weight))
      return FALSE;
    g_array_append_val (draft->fusion, weight);
  }
  return emotion_text_finish (r);
}

static gboolean
read_running (EmotionTextReader *r, Draft *draft)
{
  EmotionAdaptationParts *a = &draft->parts.adaptation;
  a->running = TRUE;
  if (!emotion_text_double (r, "prior", 0, G_MAXDOUBLE, &a->prior) ||
      !emotion_text_double (r, "memory", G_MINDOUBLE, G_MAXDOUBLE, &a->memory) ||
      !emotion_text_double (r, "blend", 0, G_MAXDOUBLE, &a->blend) ||
      !emotion_text_double (r, "window-temperature", G_MINDOUBLE, G_MAXDOUBLE,
                            &a->window_temperature) ||
      !emotion_text_double (r, "clip-temperature", G_MINDOUBLE, G_MAXDOUBLE, &a->clip_temperature))
    return FALSE;
  for (guint i = 0; i < draft->views->len; i++) {
    guint64 centred;
    if (!emotion_text_uint (r, "centred", 0, 1, &centred))
      return FALSE;
    draft->centred[i] = centred != 0;
  }
  a->centred = draft->centred;
  const guint n_features = draft->parts.features->n_features;
  return emotion_text_floats (r, "centre", 1, n_features, &draft->centre) &&
         emotion_text_double (r, "offset-share", 0, 1, &a->offset_share) &&
         emotion_text_floats (r, "expected", 1, draft->labels->len, &draft->expected) &&
         emotion_text_floats (r, "offsets", draft->labels->len, n_features, &draft->offsets);
}

static gboolean
read_adaptation (EmotionTextReader *r, Draft *draft)
{
  char *kind;
  if (!emotion_text_string (r, "kind", &kind))
    return FALSE;
  gboolean running = strcmp (kind, "running") == 0, ok = running || strcmp (kind, "none") == 0;
  if (!ok) {
    g_set_error (r->error, EMOTION_ERROR, EMOTION_ERROR_UNSUPPORTED,
                 "%s: this version does not know the adaptation '%s'; use a newer version",
                 r->origin, kind);
    r->failed = TRUE;
  }
  g_free (kind);
  if (running) {
    ok = read_running (r, draft);
    draft->parts.adaptation.centre = draft->centre;
    draft->parts.adaptation.expected = draft->expected;
    draft->parts.adaptation.offsets = draft->offsets;
  }
  return ok && emotion_text_finish (r);
}

/* A view of two labels in such a section. */
static gboolean
read_other_view (EmotionTextReader *r, const char *file_end, const char *section, Draft *draft,
                 EmotionView **view)
{
  const gboolean has_one = comes_next (r, section);
  if (has_one && enter_section (r, file_end, section))
    *view = read_view (r, draft, 2);
  return !has_one || *view;
}

static gboolean
read_thresholds (EmotionTextReader *r, EmotionThresholds *t)
{
  return emotion_text_double (r, "confidence", 0, 1, &t->confidence) &&
         emotion_text_double (r, "min-speech-ratio", 0, 1, &t->min_speech_ratio) &&
         emotion_text_double (r, "silence", -200, 0, &t->silence) && emotion_text_finish (r);
}

static gboolean
read_decision (EmotionTextReader *r, const char *file_end, Draft *draft)
{
  EmotionDecisionDefaults *d = &draft->decision;
  guint64 has_priors = 0;
  if (!comes_next (r, "decision"))
    return TRUE;
  draft->parts.decision = d;
  return enter_section (r, file_end, "decision") &&
         emotion_text_double (r, "smoothing", 0, EMOTION_MAX_HOLD, &d->smoothing) &&
         emotion_text_double (r, "hysteresis", 0, 1, &d->hysteresis) &&
         emotion_text_double (r, "hold-time", 0, EMOTION_MAX_HOLD, &d->hold_time) &&
         emotion_text_uint (r, "has-priors", 0, 1, &has_priors) &&
         (!has_priors ||
          emotion_text_floats (r, "priors", 1, draft->labels->len, (float **)&d->priors)) &&
         emotion_text_finish (r);
}

static gboolean
read_provenance (EmotionTextReader *r, Draft *draft)
{
  while (r->at < r->end) {
    char *line;
    if (!emotion_text_line (r, &line))
      return FALSE;
    char *space = strchr (line, ' ');
    if (space) {
      g_ptr_array_add (draft->provenance, g_strndup (line, (gsize)(space - line)));
      g_ptr_array_add (draft->provenance, g_strdup (space + 1));
    }
    g_free (line);
    if (!space)
      return emotion_text_fail (r, "a key has no value");
  }
  return emotion_text_finish (r);
}

static gboolean
read_content (EmotionTextReader *r, const char *file_end, Draft *draft)
{
  EmotionModelParts *p = &draft->parts;
  return enter_section (r, file_end, "features") && read_features (r, draft) &&
         enter_section (r, file_end, "windowing") && read_windowing (r, &p->windowing) &&
         read_labels (r, file_end, draft) && read_views (r, file_end, draft) &&
         enter_section (r, file_end, "calibration") &&
         emotion_text_double (r, "window-temperature", G_MINDOUBLE, G_MAXDOUBLE,
                              &p->window_temperature) &&
         emotion_text_double (r, "clip-temperature", G_MINDOUBLE, G_MAXDOUBLE,
                              &p->clip_temperature) &&
         emotion_text_finish (r) && enter_section (r, file_end, "adaptation") &&
         read_adaptation (r, draft) &&
         read_other_view (r, file_end, "outlier", draft, &p->outlier) &&
         read_other_view (r, file_end, "intensity", draft, &p->intensity) &&
         enter_section (r, file_end, "thresholds") && read_thresholds (r, &p->thresholds) &&
         read_decision (r, file_end, draft) && enter_section (r, file_end, "provenance") &&
         read_provenance (r, draft) &&
         (r->at == file_end || emotion_text_fail (r, "more follows than belongs here"));
}

/* Turns what was read into a model. Of the same content there is only one notation, so that the file's hash is
 * the model's. */
static EmotionModel *
build (EmotionTextReader *r, Draft *draft, const char *hash)
{
  GError *cause = NULL;
  g_ptr_array_add (draft->labels, NULL);
  g_ptr_array_add (draft->provenance, NULL);
  draft->parts.labels = (const char *const *)draft->labels->pdata;
  if (draft->has_texts) {
    g_ptr_array_add (draft->label_texts, NULL);
    draft->parts.label_texts = (const char *const *)draft->label_texts->pdata;
  }
  draft->parts.provenance = (const char *const *)draft->provenance->pdata;
  draft->parts.views = (EmotionView **)draft->views->pdata;
  draft->parts.n_views = draft->views->len;
  draft->parts.fusion = (const double *)(gconstpointer)draft->fusion->data;
  EmotionModel *model = emotion_model_new (&draft->parts, &cause);
  if (!model) {
    emotion_text_fail (r, "%s", cause->message);
    g_error_free (cause);
    return NULL;
  }
  emotion_model_keep_hash (model, g_strdup (hash));
  return emotion_model_intern (model);
}

/* Finds the checksum and the end of the content, so that damage is told before anything is believed. */
static char *
verify (const char *data, gsize size, EmotionTextReader *r, const char **content_end)
{
  static const char end_mark[] = "section end 0\n";
  const gsize checksum_size = strlen ("section checksum 72\nsha256 ") + 64 + 1;
  const gsize tail = checksum_size + strlen (end_mark);
  r->section = "end";
  r->at = data + size;
  if (size < strlen (EMOTION_MODEL_MAGIC) + tail || !g_str_has_suffix (data, end_mark)) {
    emotion_text_fail (r, "the end mark is missing: the file is truncated or damaged");
    return NULL;
  }
  gsize content = size - tail;
  char *hash = emotion_model_hash_content (data, content);
  char *expected = g_strdup_printf ("section checksum 72\nsha256 %s\n%s", hash, end_mark);
  r->section = "checksum";
  r->at = *content_end = data + content;
  if (strcmp (data + content, expected) != 0) {
    emotion_text_fail (r, "the checksum does not fit the content: the file is damaged");
    g_clear_pointer (&hash, g_free);
  }
  g_free (expected);
  return hash;
}

static EmotionModel *
parse (const char *data, gsize size, const char *origin, GError **error)
{
  EmotionTextReader r = {.origin = origin,
                         .section = "start",
                         .data = data,
                         .at = data,
                         .end = data + size,
                         .error = error};
  if (!g_str_has_prefix (data, "emotion-model ")) {
    emotion_text_fail (&r, "this is no model file");
    return NULL;
  }
  if (data[strcspn (data, "\r\n")] == '\r') {
    emotion_text_fail (&r, "its line ends were changed, as git and file transfers in text mode do: "
                           "copy it anew as a binary file");
    return NULL;
  }
  if (!g_str_has_prefix (data, EMOTION_MODEL_MAGIC)) {
    g_set_error (error, EMOTION_ERROR, EMOTION_ERROR_UNSUPPORTED,
                 "%s: its format '%.*s' is not '%.15s', which this version reads; use another "
                 "version, or train the model anew",
                 origin, (int)strcspn (data, "\n"), data, EMOTION_MODEL_MAGIC);
    return NULL;
  }
  const char *content_end;
  char *hash = verify (data, size, &r, &content_end);
  if (!hash)
    return NULL;
  EmotionModel *model = emotion_shared_find (hash);
  if (!model) {
    Draft draft = {.labels = g_ptr_array_new_with_free_func (g_free),
                   .label_texts = g_ptr_array_new_with_free_func (g_free),
                   .provenance = g_ptr_array_new_with_free_func (g_free),
                   .views = g_ptr_array_new_with_free_func ((GDestroyNotify)emotion_view_unref),
                   .fusion = g_array_new (FALSE, FALSE, sizeof (double))};
    r.at = r.end = data + strlen (EMOTION_MODEL_MAGIC);
    if (read_content (&r, content_end, &draft))
      model = build (&r, &draft, hash);
    g_ptr_array_unref (draft.labels);
    g_ptr_array_unref (draft.label_texts);
    g_ptr_array_unref (draft.provenance);
    g_ptr_array_unref (draft.views);
    g_array_unref (draft.fusion);
    emotion_view_unref (draft.parts.outlier);
    emotion_view_unref (draft.parts.intensity);
    g_free (draft.centre);
    g_free (draft.expected);
    g_free (draft.offsets);
    g_free ((gpointer)draft.decision.priors);
  }
  g_free (hash);
  return model;
}

EmotionModel *
emotion_model_parse (const char *data, gsize size, const char *origin, GError **error)
{
  /* The parser relies on a final NUL, and on none before it. */
  if (size > 0 && memchr (data, '\0', size)) {
    g_set_error (error, EMOTION_ERROR, EMOTION_ERROR_CORRUPT,
                 "%s: a zero byte is in it: this is no model file, or it is damaged; train the "
                 "model anew",
                 origin);
    return NULL;
  }
  char *copy = size > 0 ? g_strndup (data, size) : g_strdup ("");
  EmotionModel *model = parse (copy, size, origin, error);
  g_free (copy);
  return model;
}

static void
set_file_error (GError **error, const char *path, int code)
{
  g_set_error (error, EMOTION_ERROR,
               code == ENOENT || code == ENOTDIR ? EMOTION_ERROR_NOT_FOUND : EMOTION_ERROR_IO,
               "%s: the model cannot be read: %s", path, g_strerror (code));
}

/* Opens `path` without waiting: a pipe that nobody writes to would hold up the caller for ever. */
static FILE *
open_file (const char *path, GError **error)
{
  struct stat status;
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0 || fstat (fd, &status) < 0)
    set_file_error (error, path, errno);
  else if (S_ISDIR (status.st_mode))
    set_file_error (error, path, EISDIR);
  else if (!S_ISREG (status.st_mode))
    g_set_error (error, EMOTION_ERROR, EMOTION_ERROR_IO,
                 "%s: the model cannot be read: it is a pipe or a device; copy the model to a file",
                 path);
  else
    return fdopen (fd, "rb");
  if (fd >= 0)
    close (fd);
  return NULL;
}

EmotionModel *
emotion_model_load (const char *path, GError **error)
{
  FILE *file = open_file (path, error);
  if (!file)
    return NULL;
  GString *data = g_string_new (NULL);
  char block[65536];
  gsize n;
  errno = 0;
  while (data->len <= MAX_SIZE && (n = fread (block, 1, sizeof block, file)) > 0)
    g_string_append_len (data, block, (gssize)n);
  EmotionModel *model = NULL;
  if (ferror (file))
    set_file_error (error, path, errno);
  else if (data->len > MAX_SIZE)
    g_set_error (error, EMOTION_ERROR, EMOTION_ERROR_CORRUPT,
                 "%s: larger than %d MiB: this is no model file", path, MAX_SIZE / 1024 / 1024);
  else
    model = emotion_model_parse (data->str, data->len, path, error);
  fclose (file);
  g_string_free (data, TRUE);
  return model;
}
