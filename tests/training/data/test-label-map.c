/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "training/data/label-map.h"

#include <glib/gstdio.h>
#include <string.h>

#include "tests/training/scratch.h"
#include "training/base/error.h"

typedef struct {
  char *folder;
  TrainingCorpus *corpus;
} Fixture;

static TrainingCorpus *
read_corpus (const Fixture *fixture, const char *name, const char *content)
{
  GError *error = NULL;
  char *path = scratch_write (fixture->folder, "metadata.csv", content, strlen (content));
  TrainingCorpus *corpus = training_corpus_read (path, NULL, name, NULL, &error);
  g_assert_no_error (error);
  g_free (path);
  return corpus;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  (void)data;
  fixture->folder = scratch_new ();
  fixture->corpus = read_corpus (fixture, "one", "path,label\na,calm\nb,fear\nc,sad\nd,calm\n");
  g_assert_true (training_corpus_pool (
      fixture->corpus, read_corpus (fixture, "two", "path,label\ne,fear\nf,boredom\ng,sad\n"),
      NULL));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  (void)data;
  training_corpus_free (fixture->corpus);
  scratch_remove (fixture->folder);
}

/* "a=calm b=fear ..." */
static char *
describe (const TrainingCorpus *corpus)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < corpus->clips->len; i++) {
    const TrainingClip *clip = corpus->clips->pdata[i];
    g_string_append_printf (text, "%s%s=%s", i ? " " : "", clip->path, clip->label);
  }
  return g_string_free (text, FALSE);
}

static gboolean
apply (const Fixture *fixture, const char *rules, guint *n_dropped, GError **error)
{
  char *path = scratch_write (fixture->folder, "labels.map", rules, strlen (rules));
  const gboolean ok = training_label_map_apply (path, fixture->corpus, n_dropped, error);
  g_free (path);
  return ok;
}

/* Labels are renamed or dropped, first by the rules of a corpus, then by those for all, each once:
 * sad and fear swap. */
static void
test_rules (Fixture *fixture, gconstpointer data)
{
  guint n_dropped;
  GError *error = NULL;
  (void)data;
  g_assert_true (apply (fixture,
                        "# a comment\n\n calm = neutral \r\nboredom=\nsad=fear\nfear=sad\n"
                        "two/fear=fearful",
                        &n_dropped, &error));
  g_assert_no_error (error);
  char *text = describe (fixture->corpus);
  g_assert_cmpuint (n_dropped, ==, 1);
  g_assert_cmpstr (text, ==, "a=neutral b=sad c=fear d=neutral e=fearful g=fear");
  g_free (text);
}

/* A rule accepts any text, in any case, and may give any text. */
static void
test_texts (Fixture *fixture, gconstpointer data)
{
  guint n_dropped;
  GError *error = NULL;
  (void)data;
  training_corpus_free (fixture->corpus);
  fixture->corpus = read_corpus (
      fixture, "one", "path,label\na,Very Angry\nb,0\nc,W\xc3\xbctend\nd,sad/blue\n,1\n");
  g_assert_true (apply (fixture,
                        "very  ANGRY=angry\n0=Not A Label\nwutend=angry\nsad/blue=sad\n1=\n",
                        &n_dropped, &error));
  g_assert_no_error (error);
  char *text = describe (fixture->corpus);
  g_assert_cmpstr (text, ==, "a=angry b=not_a_label c=angry d=sad");
  g_assert_cmpstr (((TrainingClip *)fixture->corpus->clips->pdata[1])->label_text, ==,
                   "Not A Label");
  g_assert_null (((TrainingClip *)fixture->corpus->clips->pdata[0])->label_text);
  g_assert_cmpuint (fixture->corpus->rejects->len, ==,
                    0); /* the row without a path had the label 1 */
  g_free (text);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  static const struct {
    const char *rules, *words;
  } bad[] = {
      {"calm=neutral\nclam=calm\n",
       ":2: the metadata have no label 'clam'; available: boredom, calm, fear"},
      {"two/calm=x\n", "the metadata have no label 'calm'; available: boredom, fear, sad"},
      {"three/calm=x\n", "there is no corpus 'three'; available: one, two"},
      {"calm\n", ":1: 'calm' is not a rule"},
      {"calm=x\ncalm=y\n", ":2: there are two rules for 'calm'"},
      {"=x\n", "the metadata have no label ''"},
      {"calm=\xff\n", "UTF-8"},
      {"calm=\nfear=\nsad=\nboredom=\n", "drops all 7 rows"},
  };
  (void)data;
  char *before = describe (fixture->corpus);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    GError *error = NULL;
    guint n_dropped;
    g_assert_false (apply (fixture, bad[i].rules, &n_dropped, &error));
    g_assert_error (error, TRAINING_ERROR, TRAINING_ERROR_METADATA);
    g_test_message ("%s", error->message);
    g_assert_nonnull (strstr (error->message, "labels.map"));
    g_assert_nonnull (strstr (error->message, bad[i].words));
    g_error_free (error);
    char *after = describe (fixture->corpus);
    g_assert_cmpstr (after, ==, before);
    g_free (after);
  }
  GError *error = NULL;
  guint n_dropped;
  g_assert_false (training_label_map_apply ("/nowhere/x.map", fixture->corpus, &n_dropped, &error));
  g_assert_error (error, TRAINING_ERROR, TRAINING_ERROR_METADATA);
  g_assert_nonnull (strstr (error->message, "/nowhere/x.map"));
  g_error_free (error);
  g_free (before);
}

/* Each label keeps its proportion, for any seed; another seed draws other clips;
 * the order stays. */
static void
test_limit (Fixture *fixture, gconstpointer data)
{
  GString *text = g_string_new ("path,label\n");
  (void)data;
  for (guint i = 0; i < 90; i++)
    g_string_append_printf (text, "%02u,%s\n", i, i % 9 < 6 ? "common" : "rare");
  char *first = NULL;
  guint same = 0;
  for (guint32 seed = 0; seed < 5; seed++) {
    TrainingCorpus *corpus = read_corpus (fixture, NULL, text->str);
    training_corpus_limit (corpus, 30, seed);
    guint n_rare = 0;
    g_assert_cmpuint (corpus->clips->len, ==, 30);
    for (guint i = 0; i < 30; i++) {
      const TrainingClip *clip = corpus->clips->pdata[i];
      n_rare += g_str_equal (clip->label, "rare");
      if (i > 0)
        g_assert_cmpuint (clip->line, >, ((TrainingClip *)corpus->clips->pdata[i - 1])->line);
    }
    g_assert_cmpuint (n_rare, ==, 10);
    char *kept = describe (corpus);
    same += g_strcmp0 (kept, first) == 0;
    g_free (first);
    first = kept;
    training_corpus_free (corpus);
  }
  g_assert_cmpuint (same, ==, 0);
  g_free (first);
  TrainingCorpus *corpus = read_corpus (fixture, NULL, text->str);
  training_corpus_limit (corpus, 91, 1);
  g_assert_cmpuint (corpus->clips->len, ==, 90);
  training_corpus_free (corpus);
  g_string_free (text, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/training/label-map/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("rules", test_rules);
  ADD ("texts", test_texts);
  ADD ("refused", test_refused);
  ADD ("limit", test_limit);
  return g_test_run ();
}
