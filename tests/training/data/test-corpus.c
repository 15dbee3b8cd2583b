/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "training/data/corpus.h"

#include <glib/gstdio.h>
#include <string.h>

#include "tests/training/scratch.h"
#include "training/base/error.h"
#include "training/data/rejects.h"

typedef struct {
  char *folder, *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  (void)data;
  fixture->folder = scratch_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  (void)data;
  scratch_remove (fixture->folder);
  g_free (fixture->path);
}

static TrainingCorpus *
read_bytes (Fixture *fixture, const char *content, gsize size, const TrainingColumns *columns,
            GError **error)
{
  g_free (fixture->path);
  fixture->path = scratch_write (fixture->folder, "metadata.csv", content, size);
  return training_corpus_read (fixture->path, NULL, NULL, columns, error);
}

static TrainingCorpus *
read_text (Fixture *fixture, const char *content)
{
  GError *error = NULL;
  TrainingCorpus *corpus = read_bytes (fixture, content, strlen (content), NULL, &error);
  g_assert_no_error (error);
  return corpus;
}

/* The message must start with the metadata's path and contain `words`. */
static void
assert_refused_bytes (Fixture *fixture, const char *content, gsize size,
                      const TrainingColumns *columns, const char *words)
{
  GError *error = NULL;
  g_assert_null (read_bytes (fixture, content, size, columns, &error));
  g_assert_error (error, TRAINING_ERROR, TRAINING_ERROR_METADATA);
  g_test_message ("%s", error->message);
  g_assert_true (g_str_has_prefix (error->message, fixture->path));
  g_assert_nonnull (strstr (error->message, words));
  g_error_free (error);
}

static void
assert_refused (Fixture *fixture, const char *content, const char *words)
{
  assert_refused_bytes (fixture, content, strlen (content), NULL, words);
}

static void
assert_clip (const TrainingCorpus *corpus, guint index, const char *path, const char *label,
             const char *speaker, guint line)
{
  g_assert_cmpuint (index, <, corpus->clips->len);
  const TrainingClip *clip = corpus->clips->pdata[index];
  g_assert_cmpstr (clip->path, ==, path);
  g_assert_cmpstr (clip->label, ==, label);
  g_assert_cmpstr (clip->speaker, ==, speaker);
  g_assert_cmpuint (clip->line, ==, line);
}

static void
assert_problem (const Fixture *fixture, const TrainingCorpus *corpus, guint index, guint line,
                const char *words)
{
  g_assert_cmpuint (index, <, corpus->rejects->len);
  const char *problem = ((TrainingReject *)corpus->rejects->pdata[index])->text;
  char *place = g_strdup_printf ("%s:%u: ", fixture->path, line);
  g_test_message ("%s", problem);
  g_assert_true (g_str_has_prefix (problem, place));
  g_assert_nonnull (strstr (problem, words));
  g_assert_null (strchr (problem, '\n'));
  g_free (place);
}

static void
test_inferred (Fixture *fixture, gconstpointer data)
{
  (void)data;
  TrainingCorpus *corpus = read_text (fixture, "sex,emotion,speaker,path\n"
                                               "male,Happy,s1,a.wav\n"
                                               "female,SAD,s2,/b.wav\n");
  g_assert_cmpuint (corpus->clips->len, ==, 2);
  g_assert_cmpuint (corpus->rejects->len, ==, 0);
  assert_clip (corpus, 0, "a.wav", "happy", "s1", 2);
  assert_clip (corpus, 1, "/b.wav", "sad", "s2", 3);

  char *expected = g_build_filename (fixture->folder, "a.wav", NULL);
  char *relative = training_corpus_resolve (corpus, corpus->clips->pdata[0]);
  char *absolute = training_corpus_resolve (corpus, corpus->clips->pdata[1]);
  g_assert_cmpstr (relative, ==, expected);
  g_assert_cmpstr (absolute, ==, "/b.wav");
  g_free (expected);
  g_free (relative);
  g_free (absolute);
  training_corpus_free (corpus);

  corpus = read_text (fixture, "path,file_path,target,label\nb,a,no,calm");
  assert_clip (corpus, 0, "a", "calm", NULL, 2);
  training_corpus_free (corpus);
}

static void
test_named (Fixture *fixture, gconstpointer data)
{
  (void)data;
  static const char content[] = "path,other,label,mood,speaker,actor\na,b,calm,sad,s,t\n";
  const TrainingColumns columns = {
      .path_column = "other", .label_column = "mood", .group_column = "actor"};
  GError *error = NULL;
  TrainingCorpus *corpus = read_bytes (fixture, content, sizeof content - 1, &columns, &error);
  g_assert_no_error (error);
  assert_clip (corpus, 0, "b", "sad", "t", 2);
  training_corpus_free (corpus);

  const TrainingColumns absent[] = {
      {.path_column = "nowhere"}, {.label_column = "nowhere"}, {.group_column = "nowhere"}};
  for (guint i = 0; i < G_N_ELEMENTS (absent); i++) {
    assert_refused_bytes (fixture, content, sizeof content - 1, &absent[i], "nowhere");
    assert_refused_bytes (fixture, content, sizeof content - 1, &absent[i],
                          "path, other, label, mood, speaker, actor");
  }
}

/* Byte order mark, CRLF, quoted commas, quotes and newlines, blank lines, no newline at the end. */
static void
test_dialects (Fixture *fixture, gconstpointer data)
{
  (void)data;
  TrainingCorpus *corpus = read_text (fixture, "\xef\xbb\xbf"
                                               "path,label,note\r\n"
                                               "\"a, b.wav\",calm,\"two\r\nlines\"\r\n"
                                               "\r\n"
                                               "\"say \"\"hi\"\".wav\", sad ,\r\n"
                                               "\xc3\xa4.wav,\"happy\",x");
  g_assert_cmpuint (corpus->clips->len, ==, 3);
  g_assert_cmpuint (corpus->rejects->len, ==, 0);
  assert_clip (corpus, 0, "a, b.wav", "calm", NULL, 2);
  assert_clip (corpus, 1, "say \"hi\".wav", "sad", NULL, 5);
  assert_clip (corpus, 2, "\xc3\xa4.wav", "happy", NULL, 6);
  training_corpus_free (corpus);

  corpus = read_text (fixture, "path,label\ra,calm\rb,sad\r");
  assert_clip (corpus, 1, "b", "sad", NULL, 3);
  training_corpus_free (corpus);
}

/* A bad row is reported with its line; the others are used. */
static void
test_bad_rows (Fixture *fixture, gconstpointer data)
{
  (void)data;
  TrainingCorpus *corpus = read_text (fixture, "path,label,speaker\n"
                                               "a,calm,s\n"
                                               "e,,s\n"
                                               ",\"two\nlines\",s\n"
                                               "f,calm,\n"
                                               "g,calm\n"
                                               "h,calm,s,more\n"
                                               "i,very-calm_2,s\n");
  g_assert_cmpuint (corpus->clips->len, ==, 2);
  assert_clip (corpus, 0, "a", "calm", "s", 2);
  assert_clip (corpus, 1, "i", "very-calm_2", "s", 9);
  g_assert_cmpuint (corpus->rejects->len, ==, 5);
  assert_problem (fixture, corpus, 0, 3, "no label");
  assert_problem (fixture, corpus, 1, 4, "no audio path");
  assert_problem (fixture, corpus, 2, 6, "no speaker");
  assert_problem (fixture, corpus, 3, 7, "2 fields");
  assert_problem (fixture, corpus, 4, 8, "4 fields");
  const TrainingReject *row = corpus->rejects->pdata[1];
  g_assert_cmpstr (row->label, ==, "two_lines");
  g_assert_cmpstr (row->label_text, ==, "two lines");
  training_corpus_free (corpus);
}

/* Any text is a label; labels that differ in case only are the same. */
static void
test_label_texts (Fixture *fixture, gconstpointer data)
{
  static const char *const labels[][3] = {
      {"Happy", "happy", NULL},
      {"very happy", "very_happy", "very happy"},
      {"  very \t happy ", "very_happy", "very happy"},
      {"W\xc3\xbctend", "wutend", "W\xc3\xbctend"},
      {"1st", "label-1st", "1st"},
      {"-1", "label--1", "-1"},
      {"a.b/c", "a_b_c", "a.b/c"},
      {"!", "u0021", "!"},
      {"\xe6\x82\xb2\xe4\xbc\xa4", "u60b2u4f24", "\xe6\x82\xb2\xe4\xbc\xa4"},
      {"\xce\xb1 2", "u03b1_2", "\xce\xb1 2"}};
  GString *text = g_string_new ("path,label\n");
  (void)data;
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    g_string_append_printf (text, "a,\"%s\"\n", labels[i][0]);
  TrainingCorpus *corpus = read_text (fixture, text->str);
  g_assert_cmpuint (corpus->clips->len, ==, G_N_ELEMENTS (labels));
  for (guint i = 0; i < corpus->clips->len; i++) {
    const TrainingClip *clip = corpus->clips->pdata[i];
    g_assert_cmpstr (clip->label, ==, labels[i][1]);
    g_assert_cmpstr (clip->label_text, ==, labels[i][2]);
  }
  g_assert_true (training_corpus_check_labels (corpus, NULL));
  training_corpus_free (corpus);
  g_string_free (text, TRUE);

  static const char *const pairs[] = {"path,label\na,very calm\nb,very_calm\n",
                                      "path,label\na,w\xc3\xbctend\nb,wutend\n",
                                      "path,label\na,calm\nb,None\n"};
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++) {
    GError *error = NULL;
    corpus = read_text (fixture, pairs[i]);
    g_assert_false (training_corpus_check_labels (corpus, &error));
    g_assert_error (error, TRAINING_ERROR, TRAINING_ERROR_METADATA);
    g_assert_nonnull (strstr (error->message, "--label-map"));
    g_error_free (error);
    training_corpus_free (corpus);
  }
}

/* A file is found at its path. If the leading folders are those of another machine, it is found
 * without them; the same number is removed for the whole corpus. */
static void
test_files (Fixture *fixture, gconstpointer data)
{
  static const struct {
    const char *path, *found; /* NULL: not there */
  } files[] = {{"x.wav", "x.wav"},
               {"D:\\data\\sub\\x.wav", "sub/x.wav"},
               {"sub\\x.wav", "sub/x.wav"},
               {"D:\\data\\x.wav", "x.wav"},
               {"D:\\other\\x.wav", NULL}, /* ambiguous: several files are called x.wav */
               {"http://host/x.wav", "http://host/x.wav"},
               {"y.wav", NULL}};
  GString *text = g_string_new ("path,label\n");
  (void)data;
  char *sub = g_build_filename (fixture->folder, "sub", NULL);
  g_assert_cmpint (g_mkdir (sub, 0700), ==, 0);
  g_free (scratch_write (sub, "x.wav", "", 0));
  g_free (scratch_write (fixture->folder, "x.wav", "", 0));
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    g_string_append_printf (text, "%s,calm\n", files[i].path);
  TrainingCorpus *corpus = read_text (fixture, text->str);
  training_corpus_find_files (corpus, "test");
  guint n = 0;
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    if (!files[i].found)
      continue;
    const TrainingClip *clip = corpus->clips->pdata[n++];
    char *full = training_corpus_resolve (corpus, clip);
    char *expected = strstr (files[i].found, "://")
                         ? g_strdup (files[i].found)
                         : g_build_filename (fixture->folder, files[i].found, NULL);
    g_assert_cmpstr (clip->path, ==, files[i].path);
    g_assert_cmpstr (full, ==, expected);
    g_free (expected);
    g_free (full);
  }
  g_assert_cmpuint (corpus->clips->len, ==, n);
  g_assert_cmpuint (corpus->rejects->len, ==, 2);
  assert_problem (fixture, corpus, 0, 6, "no such file");
  assert_problem (fixture, corpus, 1, 8, "no such file");
  g_assert_true (training_corpus_check_losses (corpus, NULL));
  training_corpus_free (corpus);
  g_string_free (text, TRUE);
  g_free (sub);
}

/* However few clips are kept, no label is lost. */
static void
test_limit (Fixture *fixture, gconstpointer data)
{
  GString *text = g_string_new ("path,label\n");
  (void)data;
  for (guint i = 0; i < 500; i++)
    g_string_append_printf (text, "%u,%s\n", i, i == 77 ? "rare" : i % 2 ? "calm" : "sad");
  TrainingCorpus *corpus = read_text (fixture, text->str);
  training_corpus_limit (corpus, 20, 1);
  guint n_rare = 0, n_calm = 0;
  for (guint i = 0; i < corpus->clips->len; i++) {
    const char *label = ((TrainingClip *)corpus->clips->pdata[i])->label;
    n_rare += strcmp (label, "rare") == 0;
    n_calm += strcmp (label, "calm") == 0;
  }
  g_assert_cmpuint (corpus->clips->len, ==, 20);
  g_assert_cmpuint (n_rare, ==, 1);
  g_assert_cmpuint (n_calm, >=, 9);
  g_assert_cmpuint (n_calm, <=, 10);
  training_corpus_free (corpus);
  g_string_free (text, TRUE);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  (void)data;
  assert_refused (fixture, "", "empty");
  assert_refused (fixture, "\xef\xbb\xbf\n\n", "empty");
  assert_refused (fixture, "path,label\n", "no row");
  assert_refused (fixture, "path,label\na,\n,calm\n", "none of its 2 rows");
  assert_refused (fixture, "where,label,x\na,calm,1\n", "the columns are: where, label, x");
  assert_refused (fixture, "a.wav,calm\nb.wav,sad\n", "must name the columns");
  assert_refused (fixture, "path,mood\na,calm\n", "emotion");
  assert_refused (fixture, "path,label,path\na,calm,b\n", "two columns are called \"path\"");
  assert_refused (fixture, "path,label\na,calm\nb\"c,calm\n", ":3: broken quoting");
  assert_refused (fixture, "path,label\n\"a\"b,calm\n", ":2: broken quoting");
  assert_refused (fixture, "path,label\na,calm\n\"b,calm\nc,sad\n", ":3: a quoted field");
  assert_refused (fixture, "path,label\na,calm\nb,\xff\n", ":3: byte 0xff");
  assert_refused_bytes (fixture, "path,label\na\0b,calm\n", 20, NULL, ":2: byte 0x00");
  assert_refused_bytes (fixture, "\xff\xfep\0a\0t\0h\0", 10, NULL, ":1: byte 0xff");

  char *missing = g_build_filename (fixture->folder, "missing.csv", NULL);
  const char *const unreadable[] = {missing, fixture->folder};
  for (guint i = 0; i < G_N_ELEMENTS (unreadable); i++) {
    GError *error = NULL;
    g_assert_null (training_corpus_read (unreadable[i], NULL, NULL, NULL, &error));
    g_assert_error (error, TRAINING_ERROR, TRAINING_ERROR_METADATA);
    g_assert_nonnull (strstr (error->message, unreadable[i]));
    g_error_free (error);
  }
  g_free (missing);
}

static TrainingCorpus *
read_in (const char *folder, const char *name, const char *content)
{
  GError *error = NULL;
  char *path = scratch_write (folder, "metadata.csv", content, strlen (content));
  TrainingCorpus *corpus = training_corpus_read (path, NULL, name, NULL, &error);
  g_assert_no_error (error);
  g_free (path);
  return corpus;
}

/* Speakers with the same name in two corpora stay separate in a pool, and each clip is found in its
 * own folder. */
static void
test_pool (Fixture *fixture, gconstpointer data)
{
  static const char text[] = "path,label,speaker,sentence\na.wav,calm,s1,x\nb.wav,sad,s2,\n";
  (void)data;
  char *folders[2];
  for (guint i = 0; i < 2; i++) {
    folders[i] = g_build_filename (fixture->folder, i ? "second" : "first", NULL);
    g_assert_cmpint (g_mkdir (folders[i], 0700), ==, 0);
  }
  TrainingCorpus *pool = read_in (folders[0], NULL, text);
  g_assert_cmpstr (pool->names[0], ==, "first");
  g_assert_cmpstr (((TrainingClip *)pool->clips->pdata[0])->statement, ==, "x");
  g_assert_true (training_corpus_pool (
      pool, read_in (folders[1], NULL, "path,label\na.wav,calm\n,sad\n"), NULL));
  g_assert_true (training_corpus_pool (pool, read_in (folders[1], "third", text), NULL));
  TrainingCorpus *again = read_in (folders[0], NULL, text);
  GError *error = NULL;
  g_assert_false (training_corpus_pool (pool, again, &error));
  g_assert_error (error, TRAINING_ERROR, TRAINING_ERROR_METADATA);
  g_assert_nonnull (strstr (error->message, "'first'"));
  g_error_free (error);
  training_corpus_free (again);

  static const struct {
    const char *id, *speaker, *statement;
    guint corpus;
  } expected[] = {{"first/a.wav", "first/s1", "first/x", 0},
                  {"first/b.wav", "first/s2", NULL, 0},
                  {"second/a.wav", NULL, NULL, 1},
                  {"third/a.wav", "third/s1", "third/x", 2},
                  {"third/b.wav", "third/s2", NULL, 2}};
  g_assert_cmpuint (pool->n_corpora, ==, 3);
  g_assert_cmpuint (pool->clips->len, ==, G_N_ELEMENTS (expected));
  g_assert_cmpuint (pool->rejects->len, ==, 1);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
    const TrainingClip *clip = pool->clips->pdata[i];
    char *full = g_build_filename (folders[clip->corpus > 0], clip->path, NULL);
    char *resolved = training_corpus_resolve (pool, clip);
    g_assert_cmpstr (clip->id, ==, expected[i].id);
    g_assert_cmpstr (clip->speaker, ==, expected[i].speaker);
    g_assert_cmpstr (clip->statement, ==, expected[i].statement);
    g_assert_cmpuint (clip->corpus, ==, expected[i].corpus);
    g_assert_cmpstr (resolved, ==, full);
    g_free (full);
    g_free (resolved);
  }
  training_corpus_free (pool);
  g_free (folders[0]);
  g_free (folders[1]);
}

/* Random bytes, and valid metadata with one byte changed or truncated at any place, never crash:
 * they are rejected with a message or read. */
static void
test_garbage (Fixture *fixture, gconstpointer data)
{
  static const char good[] = "\xef\xbb\xbfpath,label,speaker\r\n\"a,\"\"b\",calm,s\r\nc,sad,t\r\n";
  const gsize size = sizeof good - 1;
  (void)data;
  GRand *generator = g_rand_new_with_seed (7);
  for (guint i = 0; i < 2000; i++) {
    char content[sizeof good];
    memcpy (content, good, size);
    gsize length = size;
    if (i < size)
      length = i;
    else if (i % 2)
      content[g_rand_int_range (generator, 0, (gint32)size)] =
          "\"\",\r\n\x00\xff"[g_rand_int_range (generator, 0, 7)];
    else
      for (gsize j = 0; j < size; j++)
        content[j] = (char)g_rand_int (generator);
    GError *error = NULL;
    TrainingCorpus *corpus = read_bytes (fixture, content, length, NULL, &error);
    g_assert_true ((corpus != NULL) == (error == NULL));
    if (corpus)
      g_assert_cmpuint (corpus->clips->len, >, 0);
    training_corpus_free (corpus);
    g_clear_error (&error);
  }
  g_rand_free (generator);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/training/corpus/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("inferred", test_inferred);
  ADD ("named", test_named);
  ADD ("dialects", test_dialects);
  ADD ("label-texts", test_label_texts);
  ADD ("files", test_files);
  ADD ("limit", test_limit);
  ADD ("bad-rows", test_bad_rows);
  ADD ("refused", test_refused);
  ADD ("pool", test_pool);
  ADD ("garbage", test_garbage);
  return g_test_run ();
}
