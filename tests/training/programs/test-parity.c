/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Two paths through one extractor: for the same model and file, the trainer's utterance-level
 * decision (decode, extract, score) and the element's summary are equal. On generated files in
 * several formats, and on every 12th clip of each corpus (each clip with EMOTION_TEST_LONG). */
#include <string.h>

#include "core/stream/scorer.h"
#include "core/stream/utterance.h"
#include "media/play.h"
#include "tests/common/test-model.h"
#include "tests/training/scratch.h"
#include "training/audio/decode.h"
#include "training/audio/extract.h"
#include "training/data/corpus.h"

static char *folder, *model_path;
static EmotionModel *model;

typedef struct {
  EmotionUtterance clip;
  EmotionScorer *scorer;
} Runner;

static void
take_window (const EmotionWindow *window, gpointer data)
{
  Runner *runner = data;
  EmotionWindow gated = *window;
  EmotionScore score;
  emotion_scorer_score (runner->scorer, &gated, &score);
  emotion_utterance_add (&runner->clip, &gated, score.log_posteriors,
                         emotion_model_get_n_labels (model));
}

/* As the trainer computes it. */
static void
decide_offline (const char *path, double *posteriors)
{
  TrainingAudio audio;
  GError *error = NULL;
  Runner runner = {.scorer = emotion_scorer_new (model)};
  emotion_utterance_init (&runner.clip);
  training_decode (path, &audio, &error);
  g_assert_no_error (error);
  training_extract (&audio, emotion_model_get_features (model), emotion_model_get_windowing (model),
                    take_window, &runner, &error);
  g_assert_no_error (error);
  g_assert_true (
      emotion_utterance_mean (&runner.clip, emotion_model_get_n_labels (model), posteriors));
  emotion_model_calibrate (model, EMOTION_CALIBRATE_CLIP, posteriors, posteriors);
  training_audio_clear (&audio);
  emotion_scorer_free (runner.scorer);
}

static void
take_summary (GstMessage *message, gpointer data)
{
  const GstStructure *s = gst_message_get_structure (message);
  if (g_strcmp0 (gst_structure_get_string (s, "type"), "summary") == 0)
    gst_structure_get ((GstStructure *)s, "scores", GST_TYPE_STRUCTURE, (GstStructure **)data,
                       NULL);
}

/* As emotion-predict computes it. */
static void
decide_in_pipeline (const char *path, double *posteriors)
{
  GError *error = NULL;
  GstStructure *scores = NULL;
  char *description =
      g_strdup_printf ("emotiondetect model=\"%s\" ! fakesink sync=false", model_path);
  GstElement *bin = gst_parse_bin_from_description (description, TRUE, &error);
  g_assert_no_error (error);
  media_play (path, bin, take_summary, &scores, &error);
  g_assert_no_error (error);
  g_assert_nonnull (scores);
  for (guint i = 0; i < emotion_model_get_n_labels (model); i++)
    g_assert_true (
        gst_structure_get_double (scores, emotion_model_get_label (model, i), &posteriors[i]));
  gst_structure_free (scores);
  g_free (description);
}

static void
compare (const char *path)
{
  double offline[EMOTION_MAX_LABELS], online[EMOTION_MAX_LABELS];
  decide_offline (path, offline);
  decide_in_pipeline (path, online);
  for (guint i = 0; i < emotion_model_get_n_labels (model); i++)
    if (offline[i] != online[i])
      g_error ("%s: %s is %.17g to the trainer and %.17g to the element", path,
               emotion_model_get_label (model, i), offline[i], online[i]);
}

#define GAINS(centre, low)                                                                         \
  "<<(float)0.02>,<(float)-0.1>,<(float)" centre ">,<(float)" low ">,<(float)0.3>,<(float)0.1>>"
/* In 5.1, with a quiet centre and loud low frequencies. */
#define SURROUND                                                                                   \
  "audioconvert mix-matrix=\"" GAINS (                                                             \
      "0.05", "0.9") "\" ! "                                                                       \
                     "audio/x-raw,rate=48000,channels=6,channel-mask=(bitmask)0x3f ! "
#define UNPLACED                                                                                   \
  "audioconvert mix-matrix=\"" GAINS (                                                             \
      "0.05", "0.9") "\" ! "                                                                       \
                     "audio/x-raw,rate=16000,channels=6,channel-mask=(bitmask)0 ! "

static void
test_formats (void)
{
  static const struct {
    const char *name, *encode;
  } formats[] = {
      {"stereo48.wav", "audio/x-raw,rate=48000,channels=2 ! wavenc"},
      {"mono44.wav", "audio/x-raw,rate=44100 ! wavenc"},
      {"wide.wav", "audio/x-raw,format=S24LE,rate=96000,channels=2 ! wavenc"},
      {"float.wav", "audio/x-raw,format=F32LE,rate=22050 ! wavenc"},
      {"law.wav", "audio/x-raw,rate=8000 ! mulawenc ! wavenc"},
      {"lossless.flac", "audio/x-raw,rate=48000,channels=2 ! flacenc"},
      {"surround.wav", SURROUND "wavenc"},
      {"surround.flac", SURROUND "flacenc"},
      {"unplaced.wav", UNPLACED "wavenc"},
      {"a.mp3", "audio/x-raw,rate=44100,channels=2 ! lamemp3enc"},
      {"a.opus", "audio/x-raw,rate=48000,channels=2 ! opusenc ! oggmux"},
      {"a.ogg", "audio/x-raw,rate=44100,channels=2 ! vorbisenc ! oggmux"},
      {"a.m4a", "audio/x-raw,rate=44100,channels=2 ! voaacenc ! aacparse ! mp4mux"},
  };
  char *voice = scratch_write_speech (folder, "voice.wav", 48000, 170, 4.3);
  guint n_done = 0;
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    char *path = g_build_filename (folder, formats[i].name, NULL);
    char *pipeline = g_strdup_printf (
        "filesrc location=\"%s\" ! wavparse ! audioconvert ! audioresample ! %s ! filesink "
        "location=\"%s\"",
        voice, formats[i].encode, path);
    if (scratch_run_pipeline (pipeline)) {
      compare (path);
      n_done++;
    } else {
      g_test_message ("no encoder for %s here", formats[i].name);
    }
    g_free (pipeline);
    g_free (path);
  }
  g_assert_cmpuint (n_done, >=, 5);
  g_free (voice);
}

static void
test_corpus (gconstpointer name)
{
  const char *corpora = g_getenv ("EMOTION_CORPORA");
  char *metadata = g_build_filename (corpora ? corpora : "", name, "metadata.csv", NULL);
  if (!g_file_test (metadata, G_FILE_TEST_EXISTS)) {
    g_test_skip ("the corpus is not here");
    g_free (metadata);
    return;
  }
  const guint step = g_getenv ("EMOTION_TEST_LONG") ? 1 : 12;
  GError *error = NULL;
  TrainingColumns columns = {0};
  TrainingCorpus *corpus = training_corpus_read (metadata, NULL, NULL, &columns, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < corpus->clips->len; i += step) {
    char *path = training_corpus_resolve (corpus, corpus->clips->pdata[i]);
    compare (path);
    g_free (path);
  }
  training_corpus_free (corpus);
  g_free (metadata);
}

int
main (int argc, char **argv)
{
  GError *error = NULL;
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  folder = scratch_new ();
  model_path = g_build_filename (folder, "model.emotion", NULL);
  test_model_save (model_path, 7);
  model = emotion_model_load (model_path, &error);
  g_assert_no_error (error);
  g_test_add_func ("/parity/formats", test_formats);
  g_test_add_data_func ("/parity/ravdess", "ravdess", test_corpus);
  g_test_add_data_func ("/parity/emodb", "emodb", test_corpus);
  g_test_add_data_func ("/parity/nemo", "nemo", test_corpus);
  int status = g_test_run ();
  emotion_model_unref (model);
  scratch_remove (folder);
  g_free (model_path);
  return status;
}
