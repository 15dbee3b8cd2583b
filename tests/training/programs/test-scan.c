/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs emotion-scan as a user does, and tests the file names that it recognises; its path is the
 * argument. */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/training/run.h"
#include "tests/training/scratch.h"
#include "training/data/corpus.h"
#include "training/data/scan.h"

static char *program;

typedef struct {
  char *top;  /* of everything that a test creates */
  char *tree; /* the folder to scan, in it */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  (void)data;
  fixture->top = scratch_new ();
  fixture->tree = g_build_filename (fixture->top, "tree", NULL);
  g_assert_cmpint (g_mkdir (fixture->tree, 0777), ==, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  (void)data;
  scratch_remove (fixture->top);
  g_free (fixture->tree);
}

/* Creates a file in the tree, with its folders. */
static void
make (Fixture *fixture, const char *path, const char *content)
{
  char *full = g_build_filename (fixture->tree, path, NULL), *folder = g_path_get_dirname (full);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0777), ==, 0);
  g_assert_true (g_file_set_contents (full, content, -1, NULL));
  g_free (folder);
  g_free (full);
}

static void
make_link (Fixture *fixture, const char *target, const char *path)
{
  char *full = g_build_filename (fixture->tree, path, NULL);
  g_assert_cmpint (symlink (target, full), ==, 0);
  g_free (full);
}

#define RUN(...) run_program (program, __VA_ARGS__)

/* "kind corpus emotion speaker sex intensity statement", with - for unknown values. */
static char *
describe (const char *path)
{
  TrainingName name;
  training_name_parse (path, &name);
  static const char *const kinds[] = {"unknown", "impossible", "left-out", "clip"};
#define TOLD(field) (*name.field ? name.field : "-")
  return g_strdup_printf ("%s %s %s %s %s %s %s", kinds[name.kind], name.corpus ? name.corpus : "-",
                          TOLD (emotion), TOLD (speaker), TOLD (sex), TOLD (intensity),
                          TOLD (statement));
}

static void
test_names (void)
{
  static const char *const names[][2] = {
      {"03-01-01-01-01-01-01.wav", "clip ravdess neutral ravdess_01 male normal kids"},
      {"Actor_24/03-01-02-02-02-02-24.wav", "clip ravdess calm ravdess_24 female strong dogs"},
      {"x/y/03-01-08-01-01-02-12.flac", "clip ravdess surprised ravdess_12 female normal kids"},
      {"03-02-06-01-02-01-12.wav", "left-out ravdess - - - - -"},
      {"01-01-06-01-02-01-12.mp4", "left-out ravdess - - - - -"},
      {"02-01-06-01-02-01-12.mp4", "left-out ravdess - - - - -"},
      {"03-01-09-01-01-01-01.wav", "impossible ravdess - - - - -"},
      {"03-01-01-03-01-01-01.wav", "impossible ravdess - - - - -"},
      {"03-01-01-01-01-01-25.wav", "impossible ravdess - - - - -"},
      {"03-01-01-01-01-01.wav", "unknown - - - - - -"},
      {"03a01Fa.wav", "clip emodb happy emodb_03 male - a01"},
      {"wav/16b10Wb.wav", "clip emodb angry emodb_16 female - b10"},
      {"08a02Lc.wav", "clip emodb boredom emodb_08 female - a02"},
      {"09a04Ea.wav", "clip emodb disgust emodb_09 female - a04"},
      {"10a05Ab.wav", "clip emodb fearful emodb_10 male - a05"},
      {"11a07Td.wav", "clip emodb sad emodb_11 male - a07"},
      {"12b01Na.wav", "clip emodb neutral emodb_12 male - b01"},
      {"04a01Fa.wav", "impossible emodb - - - - -"},
      {"03a03Fa.wav", "impossible emodb - - - - -"},
      {"03a01Xa.wav", "impossible emodb - - - - -"},
      {"1001_DFA_ANG_XX.wav", "clip cremad angry cremad_1001 male - DFA"},
      {"AudioWAV/1091_WSI_SAD_HI.wav", "clip cremad sad cremad_1091 female high WSI"},
      {"1002_IEO_FEA_LO.wav", "clip cremad fearful cremad_1002 female low IEO"},
      {"1003_IEO_HAP_MD.mp3", "clip cremad happy cremad_1003 female medium IEO"},
      {"1040_ITH_SAD_X.wav", "clip cremad sad cremad_1040 male - ITH"},
      {"1092_DFA_ANG_XX.wav", "impossible cremad - - - - -"},
      {"1001_DFA_ANG_YY.wav", "impossible cremad - - - - -"},
      {"DC_a01.wav", "clip savee angry savee_DC male - a01"},
      {"AudioData/JE/sa15.wav", "clip savee sad savee_JE male - sa15"},
      {"JK/su03.wav", "clip savee surprised savee_JK male - su03"},
      {"KL_n30.wav", "clip savee neutral savee_KL male - n30"},
      {"KL/d02.wav", "clip savee disgust savee_KL male - d02"},
      {"a01.wav", "unknown - - - - - -"},
      {"OAF_back_angry.wav", "clip tess angry tess_OAF female - back"},
      {"YAF_pleasant_surprised/YAF_youth_ps.wav", "clip tess surprised tess_YAF female - youth"},
      {"OAF_neutral/OA_bite_neutral.wav", "clip tess neutral tess_OAF female - bite"},
      {"OAF_back_fear.wav", "clip tess fearful tess_OAF female - back"},
      {"OAF_back_proud.wav", "impossible tess - - - - -"},
      {"samples/EB0_anger_1.wav", "clip nemo angry nemo_EB0 female - 1"},
      {"WR0_happiness_88.flac", "clip nemo happy nemo_WR0 male - 88"},
      {"AB1_happiness_88.flac", "impossible nemo - - - - -"},
      {"speech.wav", "unknown - - - - - -"},
      {".", "unknown - - - - - -"},
      {"", "unknown - - - - - -"},
  };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    char *told = describe (names[i][0]);
    g_test_message ("%s: %s", names[i][0], told);
    g_assert_cmpstr (told, ==, names[i][1]);
    g_free (told);
  }
}

/* Every code of each corpus gives a valid label of metadata. */
static void
test_emotions (void)
{
  static const char *const words[] = {"neutral", "calm",    "happy",     "sad",    "angry",
                                      "fearful", "disgust", "surprised", "boredom"};
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    g_assert_true (training_name_is_emotion (words[i]));
  static const char *const others[] = {"", " ", "actor_01", "hap", "happy sad", "angry="};
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (training_name_is_emotion (others[i]));
}

/* A corpus of several kinds of file: the known ones are written, the others are reported. */
static void
test_tree (Fixture *fixture, gconstpointer data)
{
  (void)data;
  make (fixture, "Actor_02/03-01-05-02-01-01-02.wav", "one");
  make (fixture, "Actor_02/03-02-05-02-01-01-02.wav", "song");
  make (fixture, "Actor_02/01-01-05-02-01-01-02.mp4", "video");
  make (fixture, "Actor_02/03-01-09-02-01-01-02.wav", "wrong");
  make (fixture, "Actor_02/notes, mine.wav", "no label");
  make (fixture, "Actor_02/03a01Fa.wav", "two");
  make (fixture, "angry/my \"best\", take 1.wav", "three");
  make (fixture, "top.wav", "no label");
  make (fixture, "README.txt", "text");
  make (fixture, ".hidden/sad/x.wav", "hidden");
  make (fixture, "angry/.hidden.wav", "hidden");
  Run scan = RUN (fixture->tree, NULL);
  g_assert_cmpint (scan.status, ==, 0);
  g_assert_cmpstr (scan.out, ==,
                   "file_path,emotion,speaker,sex,intensity,statement\n"
                   "Actor_02/03-01-05-02-01-01-02.wav,angry,ravdess_02,female,strong,kids\n"
                   "Actor_02/03a01Fa.wav,happy,emodb_03,male,,a01\n"
                   "\"angry/my \"\"best\"\", take 1.wav\",angry,,,,\n");
  assert_has (scan.err, "left out: song");
  assert_has (scan.err, "left out: video with sound");
  assert_has (scan.err, "not understood: Actor_02/03-01-09-02-01-01-02.wav: ravdess has no "
                        "emotion 09");
  assert_has (scan.err, "not understood: Actor_02/notes, mine.wav: ");
  assert_has (scan.err, "not understood: top.wav: ");
  assert_has (scan.err, "1 clips have no speaker");
  assert_lacks (scan.err, "hidden");
  assert_lacks (scan.err, "duplicate");

  char *csv = g_build_filename (fixture->top, "metadata.csv", NULL);
  Run written = RUN (fixture->tree, "-o", csv, NULL);
  g_assert_cmpint (written.status, ==, 0);
  g_assert_cmpstr (written.out, ==, "");
  TrainingCorpus *corpus = training_corpus_read (csv, fixture->tree, NULL, NULL, NULL);
  g_assert_nonnull (corpus);
  g_assert_cmpuint (corpus->clips->len, ==, 2);
  for (guint i = 0; i < 2; i++) {
    char *path = training_corpus_resolve (corpus, corpus->clips->pdata[i]);
    g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
    g_free (path);
  }
  training_corpus_free (corpus);
  run_clear (&written);
  run_clear (&scan);
  g_free (csv);
}

/* LABEL/FILE only: any label, and no column of speakers, in a form that emotion-train accepts. */
static void
test_label_folders (Fixture *fixture, gconstpointer data)
{
  (void)data;
  make (fixture, " train/Angry/\xc3\xa4, b.WAV", "1");
  make (fixture, "train/so-so_2/a.ogg", "2");
  make (fixture, "train/2nd/a.ogg", "3");
  make (fixture, "train/two words/a.ogg", "4");
  char *csv = g_build_filename (fixture->top, "metadata.csv", NULL);
  Run scan = RUN (fixture->tree, "-o", csv, NULL);
  g_assert_cmpint (scan.status, ==, 0);
  char *content;
  g_assert_true (g_file_get_contents (csv, &content, NULL, NULL));
  g_assert_cmpstr (content, ==,
                   "file_path,emotion\n"
                   "\" train/Angry/\xc3\xa4, b.WAV\",angry\n"
                   "train/2nd/a.ogg,2nd\n"
                   "train/so-so_2/a.ogg,so-so_2\n"
                   "train/two words/a.ogg,two words\n");
  assert_has (scan.err, "two words, which is not a known word for an emotion");
  assert_has (scan.err, "so-so_2, which is not a known word for an emotion");
  assert_has (scan.err, "add a column speaker");
  assert_lacks (scan.err, "label angry");
  TrainingCorpus *corpus = training_corpus_read (csv, NULL, NULL, NULL, NULL);
  g_assert_cmpuint (corpus->clips->len, ==, 4);
  TrainingClip *first = corpus->clips->pdata[0];
  g_assert_cmpstr (first->path, ==, " train/Angry/\xc3\xa4, b.WAV");
  g_assert_null (first->speaker);
  training_corpus_free (corpus);
  run_clear (&scan);
  g_free (content);
  g_free (csv);
}

/* Files with the same bytes are reported, also if their labels differ; files that share only their
 * size, or are empty, are not duplicates. */
static void
test_duplicates (Fixture *fixture, gconstpointer data)
{
  (void)data;
  make (fixture, "sad/a.wav", "same bytes");
  make (fixture, "sad/b.wav", "same bytes");
  make (fixture, "sad/c.wav", "same size!");
  make (fixture, "happy/z.wav", "same bytes");
  make (fixture, "happy/empty 1.wav", "");
  make (fixture, "happy/empty 2.wav", "");
  Run scan = RUN (fixture->tree, NULL);
  g_assert_cmpint (scan.status, ==, 0);
  assert_has (scan.err,
              "warning: sad/a.wav: duplicate labelled sad, with the same bytes as happy/z.wav "
              "labelled happy\n");
  assert_has (scan.err, "warning: sad/b.wav: duplicate labelled sad");
  assert_has (scan.err, "warning: happy/empty 1.wav: empty (0 bytes)\n");
  assert_has (scan.err, "warning: happy/empty 2.wav: empty (0 bytes)\n");
  assert_lacks (scan.err, "warning: sad/c.wav");
  assert_lacks (scan.err, "warning: happy/z.wav");
  assert_has (scan.out, "sad/b.wav,sad\n");
  run_clear (&scan);
}

/* A recording in two formats is reported by its name; with many, each is reported
 * only on request. */
static void
test_forms (Fixture *fixture, gconstpointer data)
{
  (void)data;
  for (guint i = 0; i < 30; i++) {
    char *wav = g_strdup_printf ("wav/10%02u_DFA_ANG_XX.wav", i + 1);
    char *mp3 = g_strdup_printf ("mp3/10%02u_DFA_ANG_XX.mp3", i + 1);
    make (fixture, wav, wav);
    make (fixture, mp3, mp3);
    g_free (wav);
    g_free (mp3);
  }
  make (fixture, "AudioData/DC/a01.wav", "the same name");
  make (fixture, "AudioData/JE/a01.wav", "of another speaker");
  Run brief = RUN (fixture->tree, NULL), full = RUN ("--verbose", fixture->tree, NULL);
  g_assert_cmpint (brief.status, ==, 0);
  g_assert_cmpstr (brief.out, ==, full.out);
  assert_has (brief.err,
              "warning: wav/1001_DFA_ANG_XX.wav: the same recording as mp3/1001_DFA_ANG_XX.mp3, "
              "judging by its name\n");
  assert_has (brief.err, "and 10 more; --verbose lists all");
  assert_lacks (brief.err, "wav/1030_");
  assert_has (full.err, "warning: wav/1030_");
  assert_lacks (full.err, "a01.wav");
  run_clear (&brief);
  run_clear (&full);
}

/* Two words for one emotion are reported, once; words for different emotions are not. */
static void
test_synonyms (Fixture *fixture, gconstpointer data)
{
  (void)data;
  make (fixture, "03a01Wa.wav", "1"); /* angry */
  make (fixture, "anger/1.wav", "2");
  make (fixture, "anger/2.wav", "3");
  make (fixture, "joy/1.wav", "4");
  make (fixture, "sadness/1.wav", "5");
  Run scan = RUN (fixture->tree, NULL);
  g_assert_cmpint (scan.status, ==, 0);
  assert_has (
      scan.err,
      "warning: anger/1.wav: the label anger means the same as the label angry; merge them\n");
  assert_lacks (scan.err, "anger/2.wav");
  assert_lacks (scan.err, "joy/");
  run_clear (&scan);
}

/* The nearest folder with a word for an emotion is used, however deep the file. */
static void
test_deep_folders (Fixture *fixture, gconstpointer data)
{
  (void)data;
  make (fixture, "happy/anna/1.wav", "1");
  make (fixture, "happy/sad/bob/day 2/1.wav", "2");
  make (fixture, "other/1.wav", "3");
  make (fixture, "1.wav", "4");
  Run scan = RUN (fixture->tree, NULL);
  g_assert_cmpint (scan.status, ==, 0);
  g_assert_cmpstr (scan.out, ==,
                   "file_path,emotion\nhappy/anna/1.wav,happy\nhappy/sad/bob/day 2/1.wav,sad\n"
                   "other/1.wav,other\n");
  assert_has (scan.err, "not understood: 1.wav");
  run_clear (&scan);
}

/* Links are followed, but no folder is read twice, and a broken link is reported. */
static void
test_links (Fixture *fixture, gconstpointer data)
{
  (void)data;
  make (fixture, "a/sad/1.wav", "1");
  make_link (fixture, "..", "a/loop");
  make_link (fixture, ".", "self");
  make_link (fixture, "a", "z");
  make_link (fixture, "nowhere", "broken.wav");
  char *elsewhere = g_build_filename (fixture->top, "elsewhere", NULL);
  char *file = g_build_filename (elsewhere, "2.wav", NULL);
  g_assert_cmpint (g_mkdir (elsewhere, 0777), ==, 0);
  g_assert_true (g_file_set_contents (file, "2", -1, NULL));
  make_link (fixture, elsewhere, "happy");
  Run scan = RUN (fixture->tree, NULL);
  g_assert_cmpint (scan.status, ==, 0);
  g_assert_cmpstr (scan.out, ==, "file_path,emotion\na/sad/1.wav,sad\nhappy/2.wav,happy\n");
  assert_has (scan.err, "not understood: broken.wav: ");
  assert_lacks (scan.err, "duplicate");
  run_clear (&scan);
  g_free (elsewhere);
  g_free (file);
}

/* Names that metadata cannot hold are reported on one line. */
static void
test_odd_names (Fixture *fixture, gconstpointer data)
{
  (void)data;
  make (fixture, "sad/ok.wav", "1");
  make (fixture, "sad/ lead.wav", "2");
  make (fixture, "sad/two\nlines.wav", "3");
  make (fixture, "sad/latin\xe4.wav", "4");
  char *csv = g_build_filename (fixture->top, "metadata.csv", NULL);
  Run scan = RUN (fixture->tree, "-o", csv, NULL);
  g_assert_cmpint (scan.status, ==, 0);
  assert_has (scan.err, "not understood: sad/two?lines.wav: ");
  assert_has (scan.err, "not understood: sad/latin");
  TrainingCorpus *corpus = training_corpus_read (csv, fixture->tree, NULL, NULL, NULL);
  g_assert_cmpuint (corpus->clips->len, ==, 2);
  g_assert_cmpuint (corpus->rejects->len, ==, 0);
  g_assert_cmpstr (((TrainingClip *)corpus->clips->pdata[0])->path, ==, "sad/ lead.wav");
  training_corpus_free (corpus);
  run_clear (&scan);
  g_free (csv);
}

static void
assert_fails (Run failed, const char *words)
{
  g_assert_cmpint (failed.status, !=, 0);
  g_assert_cmpstr (failed.out, ==, "");
  assert_has (failed.err, words);
  g_assert_true (g_str_has_prefix (failed.err, "emotion-scan: "));
  run_clear (&failed);
}

/* A failed scan reports the error and leaves the existing file. */
static void
test_failures (Fixture *fixture, gconstpointer data)
{
  (void)data;
  char *csv = g_build_filename (fixture->top, "metadata.csv", NULL), *content;
  char *nowhere = g_build_filename (fixture->top, "no", "such", "folder", NULL);
  g_assert_true (g_file_set_contents (csv, "before", -1, NULL));
  assert_fails (RUN (fixture->tree, "-o", csv, NULL), "no recording");
  assert_fails (RUN (nowhere, "-o", csv, NULL), nowhere);
  assert_fails (RUN (csv, NULL), csv);
  assert_fails (RUN (NULL), "no DIR");
  assert_fails (RUN (fixture->tree, fixture->tree, NULL), "more than one DIR");
  assert_fails (RUN ("--unknown", NULL), "--unknown");
  make (fixture, "sad/1.wav", "1");
  assert_fails (RUN (fixture->tree, "-o", nowhere, NULL), nowhere);
  assert_fails (RUN (fixture->tree, "-o", fixture->tree, NULL), fixture->tree);
  g_assert_true (g_file_get_contents (csv, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "before");
  g_free (content);
  g_free (csv);
  g_free (nowhere);
}

#define PATTERN "--pattern"

/* A pattern's groups become the columns; labels are in lower case, in any alphabet. */
static void
test_pattern (Fixture *fixture, gconstpointer data)
{
  (void)data;
  make (fixture, "data/Anna/Happy_01.wav", "1");
  make (fixture, "data/Anna/W\xc3\x9cTEND_2.flac", "2");
  make (fixture, "data/Bob, jr/very angry_12.wav", "3");
  make (fixture, "data/Bob, jr/notes.txt", "4");
  Run scan = RUN (fixture->tree, PATTERN,
                  "(?<speaker>[^/]+)/(?<emotion>[\\w ]+)_(?<statement>\\d+)\\.(wav|flac)$", NULL);
  g_assert_cmpstr (scan.out, ==,
                   "file_path,emotion,speaker,statement\n"
                   "data/Anna/Happy_01.wav,happy,Anna,01\n"
                   "data/Anna/W\xc3\x9cTEND_2.flac,w\xc3\xbctend,Anna,2\n"
                   "\"data/Bob, jr/very angry_12.wav\",very angry,\"Bob, jr\",12\n");
  g_assert_cmpint (scan.status, ==, 0);
  assert_has (scan.err, "clips: pattern 3\n");
  assert_has (scan.err, "speakers: 2\n");
  assert_has (scan.err, "w\xc3\xbctend, which is not a known word for an emotion");
  assert_lacks (scan.err, "match");
  run_clear (&scan);
}

/* With a pattern, neither the corpora's names nor the folders are tried. Also the alternative
 * syntax for groups, all kinds of fields, and a group that does not take part in a match. */
static void
test_pattern_alone (Fixture *fixture, gconstpointer data)
{
  (void)data;
  make (fixture, "sad/03-01-05-02-01-01-02.wav", "1");
  make (fixture, "sad/03a01Fa.wav", "2");
  make (fixture, "F-joy-high-x.wav", "3");
  make (fixture, "m-joy--y.wav", "4");
  make (fixture, "x-joy-.wav", "5");
  Run scan = RUN (fixture->tree, PATTERN,
                  "^(?P<sex>\\w)-(?'label'\\w+)-(?<intensity>\\w*)(-(?<speaker>.))?\\.", NULL);
  g_assert_cmpint (scan.status, ==, 0);
  g_assert_cmpstr (scan.out, ==,
                   "file_path,emotion,speaker,sex,intensity\n"
                   "F-joy-high-x.wav,joy,x,female,high\n"
                   "m-joy--y.wav,joy,y,male,\n"
                   "x-joy-.wav,joy,,x,\n");
  assert_has (scan.err, "2 of 5 recordings do not match the pattern");
  assert_has (scan.err, "not understood: sad/03a01Fa.wav: does not match the pattern\n");
  assert_has (scan.err, "1 clips have no speaker");
  run_clear (&scan);
}

/* Of many files that do not match, the first few and the number are reported. */
static void
test_pattern_misses (Fixture *fixture, gconstpointer data)
{
  (void)data;
  for (guint i = 0; i < 60; i++) {
    char *path = g_strdup_printf ("%s/%02u.wav", i % 2 ? "sad" : "0", i);
    make (fixture, path, path);
    g_free (path);
  }
  Run scan = RUN (fixture->tree, PATTERN, "^(?<label>[a-z]+)/", NULL);
  g_assert_cmpint (scan.status, ==, 0);
  assert_has (scan.err, "not understood: 0/00.wav: ");
  assert_has (scan.err, "30 of 60 recordings do not match the pattern");
  assert_lacks (scan.err, "0/58.wav");
  Run full = RUN ("--verbose", fixture->tree, PATTERN, "^(?<label>[a-z]+)/", NULL);
  assert_has (full.err, "not understood: 0/58.wav: ");
  g_assert_cmpstr (full.out, ==, scan.out);
  run_clear (&scan);
  run_clear (&full);
}

/* An empty label, or one that metadata cannot hold, is no label. */
static void
test_pattern_empty (Fixture *fixture, gconstpointer data)
{
  (void)data;
  make (fixture, "_1.wav", "1");
  make (fixture, " _2.wav", "2");
  make (fixture, " sad _3.wav", "3");
  Run scan = RUN (fixture->tree, PATTERN, "^(?<label>.*)_", NULL);
  g_assert_cmpint (scan.status, ==, 0);
  g_assert_cmpstr (scan.out, ==, "file_path,emotion\n\" sad _3.wav\",sad\n");
  assert_has (scan.err, "not understood: _1.wav: ");
  assert_has (scan.err, "empty");
  run_clear (&scan);
}

/* An invalid pattern is an error before any file is read; the message gives the position and the
 * remedy. */
static void
test_pattern_failures (Fixture *fixture, gconstpointer data)
{
  static const struct {
    const char *pattern, *words;
  } bad[] = {
      {"(?<emotion>\\w+", "at char 14"},
      {"(?<emotion>[a-z)_", "char 17"},
      {"*(?<emotion>a)", "char"},
      {"(?<emotion>a)(?<emotion>b)", "char"},
      {"(?<emotion>a)(?<age>b)", "group age"},
      {"(?<emotion>a)(?P<take>b)", "emotion (or label), speaker, sex, intensity, statement"},
      {"(?'emotion'a)(?'Speaker'b)", "group Speaker"},
      {"(?<speaker>\\w+)/", "no group emotion"},
      {"(\\w+)/", "no group emotion"},
      {"", "no group emotion"},
      {"(?<emotion>a)|(?<label>b)", "both groups emotion and label"},
  };
  (void)data;
  make (fixture, "sad/1.wav", "1");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_test_message ("%s", bad[i].pattern);
    assert_fails (RUN (fixture->tree, PATTERN, bad[i].pattern, NULL), bad[i].words);
    assert_fails (RUN ("/nowhere", PATTERN, bad[i].pattern, NULL), "--pattern");
  }
  assert_fails (RUN (fixture->tree, PATTERN, "^(?<label>x)$", NULL),
                "none of its 1 recordings matches the pattern");
  assert_fails (RUN (fixture->tree, PATTERN, "^(?<label>(a*)*b|(.*)*(.*)*(.*)*x)$", NULL),
                "pattern");
  /* Text that only looks like a group is not one. */
  Run scan = RUN (fixture->tree, PATTERN,
                  "(?<label>[(?<age>a-z]+)/(?<!x)1(?#(?<b>)\\.(?<=.)\\Qwav\\E$", NULL);
  g_assert_cmpstr (scan.out, ==, "file_path,emotion\nsad/1.wav,sad\n");
  run_clear (&scan);
}

static GHashTable *
read_metadata (const char *path)
{
  GHashTable *clips = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  TrainingCorpus *corpus = training_corpus_read (path, NULL, NULL, NULL, NULL);
  g_assert_nonnull (corpus);
  for (guint i = 0; i < corpus->clips->len; i++) {
    const TrainingClip *clip = corpus->clips->pdata[i];
    g_hash_table_insert (clips, g_strdup (clip->path),
                         g_strdup_printf ("%s %s", clip->label, clip->speaker));
  }
  training_corpus_free (corpus);
  return clips;
}

/* A scan of the real corpora gives the values of their metadata. */
static void
test_corpora (Fixture *fixture, gconstpointer data)
{
  static const char *const corpora[] = {"ravdess", "emodb", "nemo"};
  (void)data;
  const char *folder = g_getenv ("EMOTION_CORPORA");
  if (!folder || !g_file_test (folder, G_FILE_TEST_IS_DIR)) {
    g_test_skip ("no corpora: set EMOTION_CORPORA to their folder");
    return;
  }
  char *csv = g_build_filename (fixture->top, "metadata.csv", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (corpora); i++) {
    char *root = g_build_filename (folder, corpora[i], NULL);
    char *metadata = g_build_filename (root, "metadata.csv", NULL);
    Run scan = RUN (root, "-o", csv, NULL);
    g_assert_cmpint (scan.status, ==, 0);
    assert_lacks (scan.err, "not understood");
    GHashTable *expected = read_metadata (metadata), *found = read_metadata (csv);
    g_assert_cmpuint (g_hash_table_size (found), ==, g_hash_table_size (expected));
    GHashTableIter iterator;
    gpointer path, told;
    for (g_hash_table_iter_init (&iterator, expected);
         g_hash_table_iter_next (&iterator, &path, &told);)
      g_assert_cmpstr (g_hash_table_lookup (found, path), ==, told);
    if (i == 0)
      assert_has (scan.err, "Actor_07/03-01-03-01-02-02-07.flac: duplicate");
    g_hash_table_unref (expected);
    g_hash_table_unref (found);
    run_clear (&scan);
    g_free (metadata);
    g_free (root);
  }
  g_free (csv);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  program = argv[1];
#define ADD(name, function)                                                                        \
  g_test_add ("/training/scan/" name, Fixture, NULL, set_up, function, tear_down)
  g_test_add_func ("/training/scan/names", test_names);
  g_test_add_func ("/training/scan/emotions", test_emotions);
  ADD ("tree", test_tree);
  ADD ("label-folders", test_label_folders);
  ADD ("duplicates", test_duplicates);
  ADD ("forms", test_forms);
  ADD ("synonyms", test_synonyms);
  ADD ("deep-folders", test_deep_folders);
  ADD ("links", test_links);
  ADD ("odd-names", test_odd_names);
  ADD ("failures", test_failures);
  ADD ("pattern", test_pattern);
  ADD ("pattern-alone", test_pattern_alone);
  ADD ("pattern-misses", test_pattern_misses);
  ADD ("pattern-empty", test_pattern_empty);
  ADD ("pattern-failures", test_pattern_failures);
  ADD ("corpora", test_corpora);
  return g_test_run ();
}
