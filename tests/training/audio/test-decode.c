/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "training/audio/decode.h"

#include <gst/audio/audio.h>
#include <string.h>

#include "media/error.h"
#include "tests/training/scratch.h"
#include "training/base/error.h"

typedef struct {
  char *folder;
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
}

/* Decoding `path` must fail with the code and a message that names it and contains `words`. */
static void
assert_refused_as (const char *path, MediaError code, const char *words)
{
  TrainingAudio audio;
  GError *error = NULL;
  g_assert_false (training_decode (path, &audio, &error));
  g_assert_error (error, MEDIA_ERROR, (int)code);
  g_test_message ("%s", error->message);
  g_assert_true (g_str_has_prefix (error->message, path));
  g_assert_nonnull (strstr (error->message, words));
  g_assert_null (audio.samples);
  g_assert_cmpuint (audio.n_frames, ==, 0);
  g_error_free (error);
}

static void
assert_refused (const char *path, const char *words)
{
  assert_refused_as (path, MEDIA_ERROR_DECODE, words);
}

static gsize
count_frames (const char *path)
{
  TrainingAudio audio;
  GError *error = NULL;
  training_decode (path, &audio, &error);
  g_assert_no_error (error);
  const gsize n_frames = audio.n_frames;
  training_audio_clear (&audio);
  return n_frames;
}

static void
assert_same (const void *a, gsize a_size, const void *b, gsize b_size)
{
  g_assert_cmpuint (a_size, ==, b_size);
  g_assert_true (memcmp (a, b, a_size) == 0);
}

/* Every 16-bit value s comes out as s / 32768. */
static void
test_exact (Fixture *fixture, gconstpointer data)
{
  (void)data;
  gint16 *samples = g_new (gint16, 65536);
  for (int i = 0; i < 65536; i++)
    samples[i] = (gint16)(i - 32768);
  char *path = scratch_write_wav (fixture->folder, "a.wav", 16000, 1, samples, 65536);
  TrainingAudio audio;
  GError *error = NULL;
  g_assert_true (training_decode (path, &audio, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (audio.rate, ==, 16000);
  g_assert_cmpuint (audio.channels, ==, 1);
  g_assert_cmpuint (audio.n_frames, ==, 65536);
  for (guint i = 0; i < 65536; i++)
    g_assert_true (audio.samples[i] == samples[i] / 32768.0f);
  training_audio_clear (&audio);
  g_assert_null (audio.samples);
  g_free (path);
  g_free (samples);
}

/* Native rate and channels, interleaved, whatever the file name. */
static void
test_stereo (Fixture *fixture, gconstpointer data)
{
  (void)data;
  enum { N = 44100 };
  gint16 *samples = g_new (gint16, 2 * N);
  for (int i = 0; i < N; i++) {
    samples[2 * i] = (gint16)(i % 30000);
    samples[2 * i + 1] = (gint16) - (i % 20000);
  }
  char *path = scratch_write_wav (fixture->folder, "a b#c%20\xc3\xa4?.wav", 44100, 2, samples, N);
  TrainingAudio audio;
  g_assert_true (training_decode (path, &audio, NULL));
  g_assert_cmpuint (audio.rate, ==, 44100);
  g_assert_cmpuint (audio.channels, ==, 2);
  g_assert_cmpuint (audio.n_frames, ==, N);
  for (guint i = 0; i < 2 * N; i++)
    g_assert_true (audio.samples[i] == samples[i] / 32768.0f);
  training_audio_clear (&audio);
  g_free (path);
  g_free (samples);
}

/* A truncated file gives the samples that it has. */
static void
test_cut_short (Fixture *fixture, gconstpointer data)
{
  (void)data;
  gint16 samples[8000] = {0};
  char *path = scratch_write_wav (fixture->folder, "a.wav", 8000, 1, samples, 8000);
  char *content;
  gsize size;
  g_assert_true (g_file_get_contents (path, &content, &size, NULL));
  char *cut = scratch_write (fixture->folder, "cut.wav", content, size - 2 * 5000);
  g_assert_cmpuint (count_frames (cut), ==, 3000);
  g_free (content);
  g_free (cut);
  g_free (path);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  (void)data;
  char *missing = g_build_filename (fixture->folder, "missing.wav", NULL);
  assert_refused (missing, "No such file");
  assert_refused (fixture->folder, "folder");
  char *empty = scratch_write (fixture->folder, "empty.wav", "", 0);
  assert_refused (empty, "empty");
  char *silent = scratch_write_wav (fixture->folder, "no-samples.wav", 16000, 1, NULL, 0);
  assert_refused (silent, "no audio samples");
  char *text = scratch_write (fixture->folder, "text.wav", "this is not audio\n", 18);
  assert_refused (text, ": ");
  guint8 noise[4096];
  GRand *generator = g_rand_new_with_seed (1);
  for (guint i = 0; i < sizeof noise; i++)
    noise[i] = (guint8)g_rand_int (generator);
  g_rand_free (generator);
  char *garbage = scratch_write (fixture->folder, "garbage.flac", noise, sizeof noise);
  assert_refused (garbage, ": ");
  g_free (missing);
  g_free (empty);
  g_free (silent);
  g_free (text);
  g_free (garbage);
}

/* Runs a pipeline that ends in a file of the scratch folder; NULL if it cannot run. */
static char *
make_with_pipeline (const Fixture *fixture, const char *name, const char *description)
{
  char *path = g_build_filename (fixture->folder, name, NULL);
  char *full = g_strdup_printf ("%s ! filesink location=%s", description, path);
  if (!scratch_run_pipeline (full))
    g_clear_pointer (&path, g_free);
  g_free (full);
  return path;
}

#define TONE "audiotestsrc wave=saw num-buffers=10 samplesperbuffer=4410 ! audioconvert"
#define VORBIS(rate) TONE " ! audio/x-raw,channels=1,rate=" rate " ! vorbisenc ! oggmux"

/* The same samples as a GstAudioFilter, such as emotiondetect, receives: codecs pad, and samples
 * outside the segment are clipped. */
static void
test_as_filter (Fixture *fixture, gconstpointer data)
{
  static const char *const encoders[] = {
      TONE " ! audio/x-raw,rate=44100,channels=2 ! vorbisenc ! oggmux",
      TONE " ! audio/x-raw,rate=48000,channels=2 ! opusenc ! oggmux",
      TONE " ! audio/x-raw,rate=16000,channels=1 ! flacenc",
      TONE " ! audio/x-raw,rate=44100,channels=1 ! lamemp3enc ! xingmux",
      TONE " ! audio/x-raw,rate=44100,channels=2 ! voaacenc ! mp4mux",
      TONE " ! audio/x-raw,rate=22050,format=S24LE,channels=1 ! wavenc",
      TONE " ! audio/x-raw,rate=96000,format=F64LE,channels=1 ! matroskamux",
  };
  (void)data;
  guint n_compared = 0;
  for (guint i = 0; i < G_N_ELEMENTS (encoders); i++) {
    char *path = make_with_pipeline (fixture, "encoded", encoders[i]);
    char *reader = g_strdup_printf ("filesrc location=%s ! decodebin ! audioconvert ! "
                                    "audio/x-raw,layout=interleaved,format=" GST_AUDIO_NE (
                                        F32) " ! audioamplify clipping-method=none",
                                    path);
    char *raw = path ? make_with_pipeline (fixture, "raw", reader) : NULL;
    if (raw) {
      char *content;
      gsize size;
      g_assert_true (g_file_get_contents (raw, &content, &size, NULL));
      TrainingAudio audio;
      GError *error = NULL;
      training_decode (path, &audio, &error);
      g_assert_no_error (error);
      g_test_message ("%" G_GSIZE_FORMAT " frames: %s", audio.n_frames, encoders[i]);
      assert_same (audio.samples, audio.n_frames * audio.channels * sizeof (float), content, size);
      training_audio_clear (&audio);
      g_free (content);
      n_compared++;
    } else {
      g_test_message ("cannot be made here: %s", encoders[i]);
    }
    g_free (raw);
    g_free (reader);
    g_free (path);
  }
  g_assert_cmpuint (n_compared, >, 0);
}

static char *
chain (const Fixture *fixture, const char *name, const char *first, const char *second)
{
  char *parts[2];
  gsize sizes[2];
  g_assert_true (g_file_get_contents (first, &parts[0], &sizes[0], NULL));
  g_assert_true (g_file_get_contents (second, &parts[1], &sizes[1], NULL));
  GByteArray *both = g_byte_array_new ();
  g_byte_array_append (both, (guint8 *)parts[0], (guint)sizes[0]);
  g_byte_array_append (both, (guint8 *)parts[1], (guint)sizes[1]);
  char *path = scratch_write (fixture->folder, name, both->data, both->len);
  g_byte_array_unref (both);
  g_free (parts[0]);
  g_free (parts[1]);
  return path;
}

/* Chained Ogg files are read to the end, unless the rate changes between the streams. */
static void
test_chained (Fixture *fixture, gconstpointer data)
{
  (void)data;
  char *first = make_with_pipeline (fixture, "first.ogg", VORBIS ("44100"));
  char *second = make_with_pipeline (fixture, "second.ogg", VORBIS ("44100"));
  char *slow = make_with_pipeline (fixture, "slow.ogg", VORBIS ("22050"));
  if (!first || !second || !slow) {
    g_test_skip ("no Ogg Vorbis encoder");
    return;
  }
  char *even = chain (fixture, "even.ogg", first, second);
  g_assert_cmpuint (count_frames (even), ==, count_frames (first) + count_frames (second));
  char *mixed = chain (fixture, "mixed.ogg", first, slow);
  assert_refused (mixed, "changes from 44100 Hz");
  g_free (first);
  g_free (second);
  g_free (slow);
  g_free (even);
  g_free (mixed);
}

static void
test_video (Fixture *fixture, gconstpointer data)
{
  (void)data;
  char *film = make_with_pipeline (
      fixture, "film.ogg",
      "videotestsrc num-buffers=10 ! video/x-raw,width=64,height=64,framerate=10/1 ! theoraenc ! "
      "oggmux name=mux audiotestsrc num-buffers=10 samplesperbuffer=800 ! "
      "audio/x-raw,rate=8000,channels=1 ! vorbisenc ! mux. mux.");
  char *mute = make_with_pipeline (
      fixture, "mute.ogg",
      "videotestsrc num-buffers=10 ! video/x-raw,width=64,height=64,framerate=10/1 ! theoraenc ! "
      "oggmux");
  if (!film || !mute) {
    g_test_skip ("no Ogg Theora encoder");
    return;
  }
  g_assert_cmpuint (count_frames (film), ==, 8000);
  assert_refused_as (mute, MEDIA_ERROR_NO_AUDIO, "no audio stream");
  g_free (film);
  g_free (mute);
}

/* Without a FLAC decoder, the message names the package that has one. */
static void
test_missing_decoder (Fixture *fixture, gconstpointer data)
{
  (void)data;
  if (!g_test_subprocess ()) {
    g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
    g_test_trap_assert_passed ();
    return;
  }
  char *path = make_with_pipeline (fixture, "a.flac", "audiotestsrc num-buffers=10 ! flacenc");
  if (!path)
    return;
  GstRegistry *registry = gst_registry_get ();
  for (const char *const *name = (const char *const[]){"flacdec", "avdec_flac", NULL}; *name;
       name++) {
    GstPluginFeature *feature = gst_registry_lookup_feature (registry, *name);
    if (feature) {
      gst_registry_remove_feature (registry, feature);
      gst_object_unref (feature);
    }
  }
  assert_refused_as (path, MEDIA_ERROR_MISSING, "apt install gstreamer1.0-plugins-good");
  assert_refused_as (path, MEDIA_ERROR_MISSING, "FLAC");
  g_free (path);
}

static gpointer
decode_often (gpointer path)
{
  TrainingAudio first;
  g_assert_true (training_decode (path, &first, NULL));
  for (guint i = 0; i < 5; i++) {
    TrainingAudio again;
    g_assert_true (training_decode (path, &again, NULL));
    assert_same (again.samples, again.n_frames * sizeof (float), first.samples,
                 first.n_frames * sizeof (float));
    training_audio_clear (&again);
  }
  const gsize n_frames = first.n_frames;
  training_audio_clear (&first);
  return GSIZE_TO_POINTER (n_frames);
}

static void
test_threads (Fixture *fixture, gconstpointer data)
{
  (void)data;
  enum { N_THREADS = 8 };
  char *paths[N_THREADS];
  GThread *threads[N_THREADS];
  for (guint i = 0; i < N_THREADS; i++) {
    char *name = g_strdup_printf ("%u.wav", i);
    paths[i] = scratch_write_speech (fixture->folder, name, 8000 + 1000 * i, 100 + 10 * i, 1);
    g_free (name);
  }
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("decode", decode_often, paths[i]);
  for (guint i = 0; i < N_THREADS; i++) {
    g_assert_cmpuint (GPOINTER_TO_SIZE (g_thread_join (threads[i])), ==, 8000 + 1000 * i);
    g_free (paths[i]);
  }
}

/* Writes an 8-bit WAV with `n` samples and, after the padding byte of an odd number, another chunk
 * or none. */
static char *
write_bytes (const Fixture *fixture, guint8 n, gboolean chunk)
{
  guint8 content[512] = "RIFF----WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x40\x1f\0\0\1\0\x08\0data";
  gsize size = 44;
  content[40] = n;
  for (guint i = 0; i < n; i++)
    content[size++] = (guint8)(i % 2 ? 200 : 50);
  size += n % 2;
  if (chunk) {
    memcpy (content + size, "LIST\4\0\0\0INFO", 12);
    size += 12;
  }
  content[4] = (guint8)(size - 8);
  content[5] = (guint8)((size - 8) >> 8);
  return scratch_write (fixture->folder, "bytes.wav", (const char *)content, (gssize)size);
}

/* A WAV may have an odd number of bytes, then a byte of padding and more chunks. */
static void
test_odd (Fixture *fixture, gconstpointer data)
{
  (void)data;
  for (guint n = 199; n <= 200; n++)
    for (guint chunk = 0; chunk < 2; chunk++) {
      char *path = write_bytes (fixture, (guint8)n, (gboolean)chunk);
      g_assert_cmpuint (count_frames (path), ==, n);
      g_free (path);
    }
}

/* Collects the blocks and compares them with the whole file. */
typedef struct {
  const TrainingAudio *whole;
  gsize n_frames;
  guint n_calls, last; /* the call to fail at; 0: none */
} Following;

static gboolean
follow_block (const TrainingAudio *block, gpointer data, GError **error)
{
  Following *following = data;
  const gsize size = block->n_frames * block->channels;
  g_assert_cmpuint (block->rate, ==, following->whole->rate);
  g_assert_cmpuint (block->channels, ==, following->whole->channels);
  g_assert_cmpuint (following->n_frames + block->n_frames, <=, following->whole->n_frames);
  assert_same (block->samples, size * sizeof (float),
               following->whole->samples + following->n_frames * block->channels,
               size * sizeof (float));
  following->n_frames += block->n_frames;
  if (++following->n_calls != following->last)
    return TRUE;
  g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA, "enough of it");
  return FALSE;
}

/* The blocks make up the file; a rejected block is the last one, and the error has
 * the file's name. */
static void
test_blocks (Fixture *fixture, gconstpointer data)
{
  (void)data;
  char *path = scratch_write_speech (fixture->folder, "long.wav", 16000, 120, 20);
  TrainingAudio whole;
  GError *error = NULL;
  g_assert_true (training_decode (path, &whole, NULL));
  Following following = {.whole = &whole};
  g_assert_true (training_decode_blocks (path, follow_block, &following, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (following.n_frames, ==, whole.n_frames);
  g_assert_cmpuint (following.n_calls, >, 4);
  following = (Following){.whole = &whole, .last = 3};
  g_assert_false (training_decode_blocks (path, follow_block, &following, &error));
  g_assert_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA);
  g_assert_true (g_str_has_prefix (error->message, path));
  g_assert_true (g_str_has_suffix (error->message, ": enough of it"));
  g_assert_cmpuint (following.n_calls, ==, 3);
  g_error_free (error);
  training_audio_clear (&whole);
  g_free (path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/training/decode/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("exact", test_exact);
  ADD ("stereo", test_stereo);
  ADD ("blocks", test_blocks);
  ADD ("odd", test_odd);
  ADD ("cut-short", test_cut_short);
  ADD ("refused", test_refused);
  ADD ("as-filter", test_as_filter);
  ADD ("chained", test_chained);
  ADD ("video", test_video);
  ADD ("missing-decoder", test_missing_decoder);
  ADD ("threads", test_threads);
  return g_test_run ();
}
