/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Damaged model files, and files with a correct checksum but impossible content: each is refused
 * with a message that names the file, without a crash and without a large allocation. */
#include <string.h>

#include "core/emotion.h"
#include "core/model/model.h"
#include "tests/core/allocations.h"
#include "tests/core/models.h"

#define ORIGIN "some/where.emotion"
#define MAX_ALLOCATION (1 << 20) /* bytes; the files here have less than 30 kB */

/* Pseudo kinds for model_of(): a model with two classifiers that adapts; and one with the optional
 * parts: priors, an outlier gate, intensity. */
#define ADAPTIVE ((EmotionClassifierKind)100)
#define EXTENDED ((EmotionClassifierKind)101)

static EmotionModel *
model_of (EmotionClassifierKind kind)
{
  if (kind == ADAPTIVE) {
    float *centre = g_new0 (float, emotion_feature_set_find ("speech-1")->n_features);
    EmotionModel *adaptive = test_adaptive_model_new (2, centre, 0.5);
    g_free (centre);
    return adaptive;
  }
  const gboolean extended = kind == EXTENDED;
  EmotionModelParts *parts = test_small_parts_new (extended ? EMOTION_CLASSIFIER_LINEAR : kind, 2);
  const float priors[] = {0.75f, 0.25f};
  const EmotionDecisionDefaults decision = {1.5, 0.25, 2, priors};
  static const char *const texts[] = {"na\xc3\xafve", "1, 2", NULL};
  if (extended) {
    parts->outlier = parts->intensity = parts->classifiers[0];
    parts->decision = &decision;
    parts->label_texts = texts;
  }
  EmotionModel *model = emotion_model_new (parts, NULL);
  test_small_parts_free (parts);
  return model;
}

static GBytes *
bytes_of (EmotionClassifierKind kind)
{
  EmotionModel *model = model_of (kind);
  g_assert_nonnull (model);
  GBytes *bytes = emotion_model_serialize (model);
  emotion_model_unref (model);
  return bytes;
}

static gboolean
is_refused (const char *data, gsize size)
{
  GError *error = NULL;
  EmotionModel *model = emotion_model_parse (data, size, ORIGIN, &error);
  gboolean refused =
      !model && error && error->domain == EMOTION_ERROR && strstr (error->message, ORIGIN);
  emotion_model_unref (model);
  g_clear_error (&error);
  return refused;
}

static void
assert_refused (const char *data, gsize size, EmotionError code, const char *named)
{
  GError *error = NULL;
  test_allocations_start ();
  EmotionModel *model = emotion_model_parse (data, size, ORIGIN, &error);
  TestAllocations seen = test_allocations_stop ();
  if (model)
    g_error ("accepted, where an error about '%s' was expected", named);
  g_assert_error (error, EMOTION_ERROR, (gint)code);
  if (!strstr (error->message, named) || !strstr (error->message, ORIGIN))
    g_error ("'%s' does not name %s and '%s'", error->message, ORIGIN, named);
  g_assert_cmpuint (seen.largest, <, MAX_ALLOCATION);
  g_clear_error (&error);
}

static void
assert_accepted (const char *data, gsize size)
{
  GError *error = NULL;
  EmotionModel *model = emotion_model_parse (data, size, ORIGIN, &error);
  g_assert_no_error (error);
  emotion_model_unref (model);
}

static void
test_truncation (gconstpointer kind)
{
  gsize size;
  GBytes *bytes = bytes_of (GPOINTER_TO_UINT (kind));
  const char *data = g_bytes_get_data (bytes, &size);
  g_assert_cmpuint (size, <, 30000);
  assert_accepted (data, size);
  g_assert_true (is_refused ("", 0));
  assert_refused (data, size / 2, EMOTION_ERROR_CORRUPT, "the end mark is missing");
  for (gsize n = 1; n < size; n++) {
    /* A copy that ends where the data end, so that a sanitizer detects any read beyond it. */
    char *cut = g_memdup2 (data, n);
    if (!is_refused (cut, n))
      g_error ("%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " bytes are accepted", n, size);
    g_free (cut);
  }
  g_bytes_unref (bytes);
}

static void
test_bit_flips (gconstpointer kind)
{
  gsize size;
  GBytes *bytes = bytes_of (GPOINTER_TO_UINT (kind));
  char *data = g_memdup2 (g_bytes_get_data (bytes, &size), g_bytes_get_size (bytes));
  for (gsize bit = 0; bit < 8 * size; bit++) {
    data[bit / 8] ^= (char)(1 << bit % 8);
    if (!is_refused (data, size))
      g_error ("bit %" G_GSIZE_FORMAT " of byte %" G_GSIZE_FORMAT " does not matter", bit % 8,
               bit / 8);
    data[bit / 8] ^= (char)(1 << bit % 8);
  }
  assert_accepted (data, size);
  g_free (data);
  g_bytes_unref (bytes);
}

/* The same for the shipped model, at 500 places each. */
static void
test_shipped (void)
{
  char *path = g_build_filename (g_getenv ("EMOTION_MODELS") ? g_getenv ("EMOTION_MODELS") : ".",
                                 "default" EMOTION_MODEL_SUFFIX, NULL);
  char *data = NULL;
  gsize size;
  if (!g_file_get_contents (path, &data, &size, NULL)) {
    g_test_skip ("there is no default.emotion in the folder that EMOTION_MODELS names");
    g_free (path);
    return;
  }
  GRand *random = g_rand_new_with_seed (2024);
  assert_accepted (data, size);
  for (guint i = 0; i < 500; i++) {
    gsize place = (gsize)(g_rand_double (random) * (double)size);
    char mask = (char)(1 << g_rand_int_range (random, 0, 8));
    if (!is_refused (data, place))
      g_error ("%s: accepted when cut to %" G_GSIZE_FORMAT " bytes", path, place);
    data[place] ^= mask;
    if (!is_refused (data, size))
      g_error ("%s: accepted with byte %" G_GSIZE_FORMAT " changed", path, place);
    data[place] ^= mask;
  }
  g_rand_free (random);
  g_free (data);
  g_free (path);
}

/* The tests below change files and sign them again, so their checksums are right. */

/* Appends the checksum and the end marker to the content. */
static GString *
sign (GString *content)
{
  char *hash =
      g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guchar *)content->str, content->len);
  g_string_append_printf (content, "section checksum 72\nsha256 %s\nsection end 0\n", hash);
  g_free (hash);
  return content;
}

/* The file up to its checksum. */
static GString *
unsigned_copy (EmotionClassifierKind kind)
{
  GBytes *bytes = bytes_of (kind);
  const char *data = g_bytes_get_data (bytes, NULL);
  GString *content = g_string_new_len (data, strstr (data, "section checksum ") - data);
  g_bytes_unref (bytes);
  return content;
}

static void
replace (GString *text, const char *from, const char *to)
{
  char *at = strstr (text->str, from);
  if (!at)
    g_error ("the file has no '%s'", from);
  gssize place = at - text->str;
  g_string_erase (text, place, (gssize)strlen (from));
  g_string_insert (text, place, to);
}

/* Replaces the first `from` in the section by `to` and updates the section's size. */
static void
edit (GString *content, const char *section, const char *from, const char *to)
{
  char *head = g_strdup_printf ("section %s ", section), *body;
  char *at = strstr (content->str, head);
  g_assert_nonnull (at);
  guint64 size = g_ascii_strtoull (at + strlen (head), &body, 10);
  gssize start = at - content->str;
  GString *text = g_string_new_len (body + 1, (gssize)size);
  g_string_erase (content, start, (body + 1 - at) + (gssize)size);
  replace (text, from, to);
  g_string_prepend (text, "\n");
  char *length = g_strdup_printf ("%" G_GSIZE_FORMAT, text->len - 1);
  g_string_prepend (text, length);
  g_string_prepend (text, head);
  g_string_insert (content, start, text->str);
  g_string_free (text, TRUE);
  g_free (length);
  g_free (head);
}

static void
assert_content_refused (GString *content, EmotionError code, const char *named)
{
  sign (content);
  assert_refused (content->str, content->len, code, named);
  g_string_free (content, TRUE);
}

typedef struct {
  const char *section, *from, *to;
  const char *named; /* by the message */
} Edit;

static void
assert_edits_refused (EmotionClassifierKind kind, EmotionError code, const Edit *edits, guint n)
{
  for (guint i = 0; i < n; i++) {
    GString *content = unsigned_copy (kind);
    edit (content, edits[i].section, edits[i].from, edits[i].to);
    assert_content_refused (content, code, edits[i].named);
  }
}

#define LINEAR EMOTION_CLASSIFIER_LINEAR
#define SVM EMOTION_CLASSIFIER_SVM
#define KERNEL EMOTION_CLASSIFIER_KERNEL
#define TREES EMOTION_CLASSIFIER_TREES
#define CORRUPT EMOTION_ERROR_CORRUPT
#define UNSUPPORTED EMOTION_ERROR_UNSUPPORTED

/* Tests the helpers: a harmless edit is accepted, and the largest allocation is recorded. */
static void
test_signing (void)
{
  GString *content = sign (unsigned_copy (LINEAR));
  test_allocations_start ();
  assert_accepted (content->str, content->len);
  TestAllocations seen = test_allocations_stop ();
  if (test_allocations_available ())
    g_assert_cmpuint (seen.largest, >=, content->len);
  g_string_free (content, TRUE);
  content = unsigned_copy (SVM);
  edit (content, "labels", "label0", "another");
  sign (content);
  assert_accepted (content->str, content->len);
  g_string_free (content, TRUE);
}

static void
test_labels (void)
{
  static const Edit edits[] = {
      {"labels", "label1\n", "", "1 labels"},
      {"labels", "label0\nlabel1\n", "", "0 labels"},
      {"labels", "label1", "label0", "'label0' occurs twice"},
      {"labels", "label1", "two words", "'two words'"},
      {"labels", "label1", "none", "'none'"},
      {"labels", "label1", "", "''"},
      {"labels", "label1", "Label", "'Label'"},
      {"labels", "label1", "label1\r", "label"},
      {"labels", "label1\n", "label1", "section 'labels'"},
      {"labels", "label1", "label1\nlabel2", "section 'view'"}, /* whose shapes do not match */
  };
  static const Edit of_texts[] = {
      {"label-texts", "1, 2\n", "", "number of texts"},
      {"label-texts", "1, 2\n", "1\n2\n", "number of texts"},
      {"label-texts", "na\xc3\xafve\n1, 2\n", "", "number of texts"},
      {"label-texts", "1, 2", "", "the text of label 'label1'"},
      {"label-texts", "\xc3", "\xc3\xc3", "the text of label 'label0'"},
      {"label-texts", "1, 2\n", "1, 2", "section 'label-texts'"},
  };
  assert_edits_refused (LINEAR, CORRUPT, edits, G_N_ELEMENTS (edits));
  assert_edits_refused (EXTENDED, CORRUPT, of_texts, G_N_ELEMENTS (of_texts));
  for (guint n = 65; n <= 5000; n *= 8) {
    GString *labels = g_string_new ("label0\n"), *content = unsigned_copy (LINEAR);
    for (guint i = 1; i < n; i++)
      g_string_append_printf (labels, "l%u\n", i);
    edit (content, "labels", "label0\nlabel1\n", labels->str);
    assert_content_refused (content, CORRUPT, "");
    g_string_free (labels, TRUE);
  }
  /* 65 labels with classifiers that match them */
  EmotionModel *max = test_small_model_new (EMOTION_MAX_LABELS, NULL);
  GBytes *bytes = emotion_model_serialize (max);
  const char *data = g_bytes_get_data (bytes, NULL);
  GString *content = g_string_new_len (data, strstr (data, "section checksum ") - data);
  edit (content, "labels", "label63\n", "label63\nlabel64\n");
  edit (content, "view", "weights 64 1\n", "weights 65 1\n0\n");
  edit (content, "view", "bias 1 64\n", "bias 1 65\n0 ");
  assert_content_refused (content, CORRUPT, "65 labels");
  emotion_model_unref (max);
  g_bytes_unref (bytes);
}

static void
test_counts (void)
{
  static const Edit linear[] = {
      {"view", "components 1\n", "components 1475\n", "components is '1475'"},
      {"view", "components 1\n", "components -1\n", "components is '-1'"},
      {"view", "components 1\n", "components 18446744073709551617\n", "components"},
      {"view", "limit 0\n", "limit -1\n", "limit is '-1'"},
      {"view", "limit 0\n", "limit nan\n", "limit is 'nan'"},
      {"view", "limit 0\n", "", "limit"},
      {"view", "components 1\n", "components 1474\n", "projection has the shape"},
      {"view", "mean 1 1474\n", "mean 1 1473\n", "mean has the shape '1 1473'"},
      {"view", "weights 2 1\n", "weights 1000000000 1000000000\n", "weights has the shape"},
      {"fusion", "weight 1\n", "weight 1\nweight 0\n", "section 'fusion'"},
      {"fusion", "weight 1\n", "", "section 'fusion'"},
      {"fusion", "weight 1\n", "weight 0.5\n", "0.5"},
      {"fusion", "weight 1\n", "weight 2\n", "weight is '2'"},
  };
  static const Edit svm[] = {
      {"view", "vectors-of-label 2\n", "vectors-of-label 1000000\n", "1000002 support vectors"},
      {"view", "vectors-of-label 2\n", "vectors-of-label 1000001\n", "1000001"},
      {"view", "vectors-of-label 2\n", "vectors-of-label 18446744073709551615\n",
       "18446744073709551615"},
      {"view", "vectors-of-label 2\nvectors-of-label 2\nvectors 4 1\n",
       "vectors-of-label 999998\nvectors-of-label 2\nvectors 1000000 1\n", "vectors is cut short"},
      {"view", "vectors-of-label 2\nvectors-of-label 2\n",
       "vectors-of-label 0\nvectors-of-label 0\n", "0 support vectors"},
      {"view", "vectors-of-label 2\n", "", "vectors-of-label"},
      {"view", "vectors-of-label 2\n", "vectors-of-label 3\n", "vectors has the shape '4 1'"},
      {"view", "gamma 0.5", "gamma 0", "gamma is '0'"},
      {"view", "gamma 0.5", "gamma nan", "gamma is 'nan'"},
  };
  static const Edit kernel[] = {
      {"view", "vector-count 4\n", "vector-count 0\n", "vector-count is '0'"},
      {"view", "vector-count 4\n", "vector-count 1000001\n", "vector-count is '1000001'"},
      {"view", "vector-count 4\nvectors 4 1\n", "vector-count 1000000\nvectors 1000000 1\n",
       "vectors is cut short"},
      {"view", "vector-count 4\n", "vector-count 3\n", "vectors has the shape '4 1'"},
      {"view", "coefficients 2 4\n", "coefficients 1 4\n", "coefficients has the shape '1 4'"},
      {"view", "gamma 0.5", "gamma 0", "gamma is '0'"},
      {"view", "weights 2 1474\n", "weights 2 1\n", "weights has the shape '2 1'"},
  };
  static const Edit trees[] = {
      {"view", "tree-count 2\n", "tree-count 0\n", "tree-count is '0'"},
      {"view", "tree-count 2\n", "tree-count 16777217\n", "tree-count is '16777217'"},
      {"view", "tree-count 2\ntrees 2 2\n", "tree-count 16777216\ntrees 16777216 2\n",
       "trees is cut short"},
      {"view", "tree-count 2\n", "tree-count 3\n", "trees has the shape '2 2'"},
      {"view", "node-count 6\n", "node-count 0\n", "node-count is '0'"},
      {"view", "node-count 6\nnodes 6 4\n", "node-count 16777216\nnodes 16777216 4\n",
       "nodes is cut short"},
      {"view", "trees 2 2\n0 0\n", "trees 2 2\n2 0\n", "are inconsistent"},
      {"view", "trees 2 2\n0 0\n", "trees 2 2\n0 6\n", "are inconsistent"},
      {"view", "nodes 6 4\n0 0 1 2\n", "nodes 6 4\n1 0 1 2\n", "are inconsistent"},
      {"view", "nodes 6 4\n0 0 1 2\n", "nodes 6 4\n0 0 0 2\n", "are inconsistent"},
      {"view", "nodes 6 4\n0 0 1 2\n", "nodes 6 4\n0 0 1 6\n", "are inconsistent"},
  };
  assert_edits_refused (TREES, CORRUPT, trees, G_N_ELEMENTS (trees));
  assert_edits_refused (LINEAR, CORRUPT, linear, G_N_ELEMENTS (linear));
  assert_edits_refused (SVM, CORRUPT, svm, G_N_ELEMENTS (svm));
  assert_edits_refused (KERNEL, CORRUPT, kernel, G_N_ELEMENTS (kernel));
}

static void
test_adaptation (void)
{
  static const Edit edits[] = {
      {"adaptation", "prior 2", "prior -1", "prior is '-1'"},
      {"adaptation", "memory 60", "memory 0", "memory is '0'"},
      {"adaptation", "blend 3", "blend inf", "blend is 'inf'"},
      {"adaptation", "window-temperature 2", "window-temperature 0", "window-temperature is '0'"},
      {"adaptation", "clip-temperature", "clip-temperatur", "clip-temperature"},
      {"adaptation", "centred 1\n", "centred 2\n", "centred is '2'"},
      {"adaptation", "centred 1\n", "", "centred"},
      {"adaptation", "centred 1\n", "centred 1\ncentred 1\n", "centre"},
      {"adaptation", "centred 1\n", "centred 0\n",
       "fusion weights of the raw classifiers sum to 2"},
      {"adaptation", "centre 1 1474\n", "centre 1 1473\n", "centre has the shape '1 1473'"},
      {"adaptation", "offset-share 0.5", "offset-share 1.5", "offset-share is '1.5'"},
      {"adaptation", "expected 1 2\n3 1", "expected 1 2\n0 1", "'label0' is 0"},
      {"adaptation", "expected 1 2\n3 1", "expected 1 3\n3 1 1", "expected has the shape '1 3'"},
      {"adaptation", "offsets 2 1474\n", "offsets 3 1474\n", "offsets has the shape '3 1474'"},
      {"adaptation", "centre 1 1474\n0 ", "centre 1 1474\nnan ", "finite"},
  };
  static const Edit lonely[] = {
      {"adaptation", "kind none\n", "kind running\n", "a line is missing"},
  };
  assert_edits_refused (ADAPTIVE, CORRUPT, edits, G_N_ELEMENTS (edits));
  assert_edits_refused (LINEAR, CORRUPT, lonely, G_N_ELEMENTS (lonely));
}

/* One classifier more than allowed. */
static void
test_classifiers (void)
{
  GString *content = unsigned_copy (LINEAR);
  const char *classifier = strstr (content->str, "section view "),
             *end = strstr (classifier, "section fusion");
  char *copy = g_strndup (classifier, (gsize)(end - classifier));
  const gssize place = classifier - content->str;
  for (guint i = 1; i < 17; i++)
    g_string_insert (content, place, copy);
  assert_content_refused (content, CORRUPT, "more than 16 classifiers");
  g_free (copy);
}

static void
test_decision (void)
{
  static const Edit edits[] = {
      {"decision", "smoothing 1.5", "smoothing -1", "smoothing is '-1'"},
      {"decision", "smoothing 1.5", "smoothing 3601", "smoothing is '3601'"},
      {"decision", "hysteresis 0.25", "hysteresis 1.5", "hysteresis is '1.5'"},
      {"decision", "hold-time 2", "hold-time nan", "hold-time is 'nan'"},
      {"decision", "has-priors 1", "has-priors 2", "has-priors is '2'"},
      {"decision", "has-priors 1", "has-priors 0", "section 'decision'"},
      {"decision", "priors 1 2\n0.75 0.25", "priors 1 3\n0.5 0.25 0.25", "shape '1 3'"},
      {"decision", "priors 1 2\n0.75", "priors 1 2\n0", "prior of label 'label0' is 0"},
      {"decision", "priors 1 2\n0.75 0.25", "priors 1 2\n0.75", "section 'decision'"},
  };
  assert_edits_refused (EXTENDED, CORRUPT, edits, G_N_ELEMENTS (edits));
}

static void
test_numbers (void)
{
  static const char *const floats[] = {"nan 0.300000012",
                                       "inf 0.300000012",
                                       "-inf 0.300000012",
                                       "1e39 0.300000012",
                                       "0x0p0 0.300000012",
                                       "0 0 0.300000012",
                                       "0.300000012",
                                       "0  0.300000012",
                                       " 0 0.300000012",
                                       "0 0.300000012 ",
                                       "0\t0.300000012",
                                       "0,0 0.300000012",
                                       "0 0.30000001",
                                       "0 0.3",
                                       "+0 0.300000012",
                                       "00 0.300000012",
                                       "0 ",
                                       "",
                                       "zero 0.300000012",
                                       "0\n0.300000012"};
  static const char *const doubles[] = {"nan", "inf", "-inf", "0",   "-1",   "0x1p0", "1e999",
                                        "1 ",  " 1",  "1,0",  "1.0", "+1",   "",      "one",
                                        "1e0", "1 1", "01",   "1.",  "\xff", "1\r"};
  for (guint i = 0; i < G_N_ELEMENTS (floats); i++) {
    char *to = g_strdup_printf ("bias 1 2\n%s\n", floats[i]);
    const Edit wrong = {"view", "bias 1 2\n0 0.300000012\n", to, "byte"};
    assert_edits_refused (LINEAR, CORRUPT, &wrong, 1);
    g_free (to);
  }
  for (guint i = 0; i < G_N_ELEMENTS (doubles); i++) {
    char *to = g_strdup_printf ("window-temperature %s\n", doubles[i]);
    const Edit wrong = {"calibration", "window-temperature 1\n", to, "byte"};
    assert_edits_refused (LINEAR, CORRUPT, &wrong, 1);
    g_free (to);
  }
}

static void
test_ranges (void)
{
  static const Edit edits[] = {
      {"windowing", "window 1000000000", "window 99999999", "window is '99999999'"},
      {"windowing", "window 1000000000", "window 60000000001", "window is '60000000001'"},
      {"windowing", "interval 500000000", "interval 9999999", "interval is '9999999'"},
      {"windowing", "interval 500000000", "interval 1000000001", "interval is '1000000001'"},
      {"windowing", "min-window 500000000", "min-window 60000000001", "min-window"},
      {"windowing", "min-window 500000000", "min-window 5e8", "min-window is '5e8'"},
      {"thresholds", "confidence 0", "confidence 1.5", "confidence is '1.5'"},
      {"thresholds", "min-speech-ratio 0", "min-speech-ratio -1", "min-speech-ratio is '-1'"},
      {"thresholds", "silence -200", "silence 1", "silence is '1'"},
      {"view", "temperature 1\n", "temperature 0\n", "temperature is '0'"},
      {"view", "name small", "name Small View", "'Small View'"},
      {"view", "scale 1 1474\n0.25 ", "scale 1 1474\n0 ", "scale is 0"},
      {"provenance", "made-by tests", "Made-By tests", "'Made-By'"},
      {"provenance", "made-by tests of the core", "alone", "a key has no value"},
      {"provenance", "tests", "\xff\xfe", "UTF-8"},
  };
  assert_edits_refused (LINEAR, CORRUPT, edits, G_N_ELEMENTS (edits));
}

/* Well formed, but of another version: the message names the unknown part. */
static void
test_versions (void)
{
  static const Edit edits[] = {
      {"features", "name speech-1", "name speech-7", "'speech-7'"},
      {"features", "layout ", "layout 0", "layout 0"},
      {"view", "classifier linear", "classifier forest", "'forest'"},
      {"adaptation", "kind none", "kind speaker-mean", "'speaker-mean'"},
  };
  assert_edits_refused (LINEAR, UNSUPPORTED, edits, G_N_ELEMENTS (edits));
  GString *content = unsigned_copy (LINEAR);
  replace (content, "section thresholds ", "section gates ");
  assert_content_refused (content, UNSUPPORTED, "'gates'");
  content = unsigned_copy (LINEAR);
  replace (content, "section adaptation ", "section codebook 3\na\n\nsection adaptation ");
  assert_content_refused (content, UNSUPPORTED, "'codebook'");
  content = unsigned_copy (LINEAR);
  replace (content, "emotion-model 1\n", "emotion-model 2\n");
  assert_content_refused (content, UNSUPPORTED, "format");
}

static void
test_sections (void)
{
  static const struct {
    const char *from, *to, *named;
  } cases[] = {
      {"section windowing ", "section labels ", "found section 'labels'"},
      {"section thresholds ", "section end 0\nsection thresholds ", "found section 'end'"},
      {"section adaptation 10\nkind none\n", "", "found section 'thresholds'"},
      {"section adaptation 10\n", "section adaptation 9\n", "section 'adaptation'"},
      {"section adaptation 10\n", "section adaptation 11\n", "section 'adaptation'"},
      {"section adaptation 10\n", "section adaptation 010\n", "not in canonical notation"},
      {"section adaptation 10\n", "section adaptation 99999999\n",
       "expected a line 'section NAME SIZE'"},
      {"section adaptation 10\n", "section adaptation 60000000\n", "truncated"},
      {"section adaptation 10\n", "section adaptation -10\n",
       "expected a line 'section NAME SIZE'"},
      {"section adaptation 10\n", "section  adaptation 10\n",
       "expected a line 'section NAME SIZE'"},
      {"section adaptation 10\n", "section adaptation 10 \n",
       "expected a line 'section NAME SIZE'"},
      {"section adaptation 10\n", "adaptation 10\n", "expected a line 'section NAME SIZE'"},
      {"section adaptation 10\n", "\nsection adaptation 10\n",
       "expected a line 'section NAME SIZE'"},
      {"section adaptation 10\nkind none\n", "section adaptation 16\nkind none\nmore\n\n",
       "unexpected text"},
      {"section adaptation 10\nkind none\n", "section adaptation 9\nkind none", "section"},
      {"section view ", "section view 0\nsection view ", "section 'view'"},
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    GString *content = unsigned_copy (LINEAR);
    replace (content, cases[i].from, cases[i].to);
    assert_content_refused (content, CORRUPT, cases[i].named);
  }
}

static void
test_more_follows (void)
{
  GString *content = unsigned_copy (LINEAR);
  g_string_append (content, "section view 0\n");
  sign (content);
  g_assert_true (is_refused (content->str, content->len));
  g_string_free (content, TRUE);
  static const char *const tails[] = {"\n", " ", "x", "section end 0\n"};
  for (guint i = 0; i < G_N_ELEMENTS (tails); i++) {
    content = sign (unsigned_copy (LINEAR));
    g_string_append (content, tails[i]);
    g_assert_true (is_refused (content->str, content->len));
    g_string_free (content, TRUE);
  }
}

/* A NUL anywhere before the end, with the right checksum. */
static void
test_nul (void)
{
  GString *content = unsigned_copy (LINEAR);
  const gsize size = content->len;
  for (gsize at = 0; at < size; at += 1 + at / 50) {
    GString *wrong = g_string_new_len (content->str, (gssize)size);
    wrong->str[at] = '\0';
    sign (wrong);
    g_assert_true (is_refused (wrong->str, wrong->len));
    g_string_free (wrong, TRUE);
  }
  g_string_free (content, TRUE);
}

/* git and transfers in text mode change line ends: the message says so. */
static void
test_line_ends (void)
{
  static const char *const ends[] = {"\r\n", "\r"};
  GBytes *bytes = bytes_of (LINEAR);
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++) {
    gsize size;
    const char *data = g_bytes_get_data (bytes, &size);
    GString *changed = g_string_new_len (data, (gssize)size);
    GError *error = NULL;
    g_string_replace (changed, "\n", ends[i], 0);
    g_assert_null (emotion_model_parse (changed->str, changed->len, ORIGIN, &error));
    g_assert_nonnull (strstr (error->message, ORIGIN));
    g_assert_nonnull (strstr (error->message, "line ends"));
    g_error_free (error);
    g_string_free (changed, TRUE);
  }
  g_bytes_unref (bytes);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/model-file/truncation/linear", GUINT_TO_POINTER (LINEAR),
                        test_truncation);
  g_test_add_data_func ("/model-file/truncation/svm", GUINT_TO_POINTER (SVM), test_truncation);
  g_test_add_data_func ("/model-file/truncation/kernel", GUINT_TO_POINTER (KERNEL),
                        test_truncation);
  g_test_add_data_func ("/model-file/truncation/trees", GUINT_TO_POINTER (TREES), test_truncation);
  g_test_add_data_func ("/model-file/truncation/adaptive", GUINT_TO_POINTER (ADAPTIVE),
                        test_truncation);
  g_test_add_data_func ("/model-file/truncation/extended", GUINT_TO_POINTER (EXTENDED),
                        test_truncation);
  g_test_add_data_func ("/model-file/bit-flips/adaptive", GUINT_TO_POINTER (ADAPTIVE),
                        test_bit_flips);
  g_test_add_data_func ("/model-file/bit-flips/linear", GUINT_TO_POINTER (LINEAR), test_bit_flips);
  g_test_add_data_func ("/model-file/bit-flips/svm", GUINT_TO_POINTER (SVM), test_bit_flips);
  g_test_add_func ("/model-file/shipped", test_shipped);
  g_test_add_func ("/model-file/signing", test_signing);
  g_test_add_func ("/model-file/labels", test_labels);
  g_test_add_func ("/model-file/counts", test_counts);
  g_test_add_func ("/model-file/classifiers", test_classifiers);
  g_test_add_func ("/model-file/adaptation", test_adaptation);
  g_test_add_func ("/model-file/decision", test_decision);
  g_test_add_func ("/model-file/numbers", test_numbers);
  g_test_add_func ("/model-file/ranges", test_ranges);
  g_test_add_func ("/model-file/versions", test_versions);
  g_test_add_func ("/model-file/sections", test_sections);
  g_test_add_func ("/model-file/more-follows", test_more_follows);
  g_test_add_func ("/model-file/nul", test_nul);
  g_test_add_func ("/model-file/line-ends", test_line_ends);
  return g_test_run ();
}
