/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audio.h"

#include <gst/gst.h>
#include <math.h>
#include <string.h>

#define ALSA_SOUNDS "/usr/share/sounds/alsa"

void
bench_audio_clear (BenchAudio *self)
{
  g_clear_pointer (&self->samples, g_free);
  g_clear_pointer (&self->source, g_free);
}

static BenchAudio
make (guint rate, guint channels, double seconds, const char *source)
{
  BenchAudio audio = {.n_frames = (gsize)(seconds * rate), .rate = rate, .channels = channels};
  audio.samples = g_new0 (float, audio.n_frames *channels);
  audio.source = g_strdup (source);
  return audio;
}

/* --- Synthetic sounds --- */

BenchAudio
bench_audio_silence (guint rate, double seconds)
{
  return make (rate, 1, seconds, "digital silence");
}

BenchAudio
bench_audio_voice (guint rate, double seconds)
{
  BenchAudio audio = make (rate, 1, seconds, "a synthetic voice");
  GRand *random = g_rand_new_with_seed (1);
  double phase = 0;
  for (gsize i = 0; i < audio.n_frames; i++) {
    double t = (double)i / rate, f0 = 150 + 50 * sin (3 * t) + 10 * sin (31 * t), sum = 0;
    double loud = fmod (t, 0.45) < 0.33 ? 0.1 : 0;
    phase = fmod (phase + f0 / rate, 1);
    for (guint h = 1; h * f0 < 5000; h++)
      sum += sin (2 * G_PI * h * phase) / (1 + pow ((h * f0 - 700) / 400, 2)) +
             0.3 * sin (2 * G_PI * h * phase) / (1 + pow ((h * f0 - 1800) / 300, 2));
    double noise = g_rand_double_range (random, -1, 1) * (fmod (t, 1.3) < 0.1 ? 0.05 : 2e-4);
    audio.samples[i] = (float)(rint ((loud * sum + noise) * 32768) / 32768);
  }
  g_rand_free (random);
  return audio;
}

/* White noise through the filter of Kellet (2000), which falls by 3 dB an octave. */
static BenchAudio
make_pink_noise (guint rate, double seconds)
{
  static const double poles[] = {0.99765, 0.963, 0.57}, gains[] = {0.099046, 0.2965164, 1.0526913};
  BenchAudio audio = make (rate, 1, seconds, "pink noise, -30 dBFS");
  GRand *random = g_rand_new_with_seed (2);
  double state[G_N_ELEMENTS (poles)] = {0}, power = 0;
  for (gsize i = 0; i < audio.n_frames; i++) {
    double white = g_rand_double_range (random, -1, 1), sum = 0.1848 * white;
    for (guint k = 0; k < G_N_ELEMENTS (poles); k++)
      sum += state[k] = poles[k] * state[k] + gains[k] * white;
    audio.samples[i] = (float)sum;
    power += sum * sum;
  }
  double scale = pow (10, -30 / 20.) / sqrt (power / (double)audio.n_frames);
  for (gsize i = 0; i < audio.n_frames; i++)
    audio.samples[i] = (float)(audio.samples[i] * scale);
  g_rand_free (random);
  return audio;
}

/* --- Files --- */

static void
take_buffer (GstElement *sink, GstBuffer *buffer, GstPad *pad, GByteArray *bytes)
{
  GstMapInfo map;
  (void)sink;
  (void)pad;
  if (gst_buffer_map (buffer, &map, GST_MAP_READ)) {
    g_byte_array_append (bytes, map.data, (guint)map.size);
    gst_buffer_unmap (buffer, &map);
  }
}

/* Runs a pipeline to its end; FALSE for an error. Takes the pipeline. */
static gboolean
play (GstElement *pipeline)
{
  GstBus *bus = gst_element_get_bus (pipeline);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  GstMessage *message =
      gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  gboolean ended = GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS;
  gst_message_unref (message);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (bus);
  gst_object_unref (pipeline);
  return ended;
}

/* Appends the samples of a file, as float of the rate and channels. */
static gboolean
decode (const char *path, guint rate, guint channels, GByteArray *bytes)
{
  char *description = g_strdup_printf (
      "filesrc name=source ! decodebin ! audioconvert ! audioresample ! audio/x-raw, format=%s, "
      "layout=interleaved, rate=%u, channels=%u ! fakesink name=sink signal-handoffs=true "
      "sync=false",
      G_BYTE_ORDER == G_LITTLE_ENDIAN ? "F32LE" : "F32BE", rate, channels);
  GstElement *pipeline = gst_parse_launch (description, NULL);
  g_free (description);
  if (pipeline == NULL)
    return FALSE;
  GstElement *source = gst_bin_get_by_name (GST_BIN (pipeline), "source");
  GstElement *sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  g_object_set (source, "location", path, NULL);
  g_signal_connect (sink, "handoff", G_CALLBACK (take_buffer), bytes);
  gst_object_unref (source);
  gst_object_unref (sink);
  return play (pipeline);
}

/* By the part after the first hyphen, if there is one, so that the kinds of ESC-10 (Rain_1-17367-A)
 * alternate. */
static int
compare_names (gconstpointer a, gconstpointer b)
{
  const char *names[] = {strrchr (*(const char *const *)a, '/'),
                         strrchr (*(const char *const *)b, '/')};
  for (guint i = 0; i < 2; i++) {
    const char *hyphen = strchr (names[i], '-');
    names[i] = hyphen != NULL ? hyphen : names[i];
  }
  return strcmp (names[0], names[1]);
}

/* The files of a folder whose names contain one of `words`, sorted by name. */
static GPtrArray *
list_files (const char *folder, const char *const *words)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *name;
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    for (guint i = 0; words[i] != NULL; i++)
      if (strstr (name, words[i]) != NULL) {
        g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
        break;
      }
  if (dir != NULL)
    g_dir_close (dir);
  g_ptr_array_sort (paths, compare_names);
  return paths;
}

/* Fills `audio` with files of a folder, one after the other; FALSE if there are none. */
static gboolean
fill (BenchAudio *audio, const char *folder, const char *const *words)
{
  GPtrArray *paths = list_files (folder, words);
  GByteArray *bytes = g_byte_array_new ();
  gsize wanted = audio->n_frames * audio->channels * sizeof (float);
  for (guint i = 0; i < paths->len && bytes->len < wanted; i++)
    if (!decode (g_ptr_array_index (paths, i), audio->rate, audio->channels, bytes))
      break;
  g_ptr_array_unref (paths);
  gsize frame = audio->channels * sizeof (float), size = bytes->len - bytes->len % frame;
  for (gsize at = 0; size > 0 && at < wanted; at += size)
    memcpy ((char *)audio->samples + at, bytes->data, MIN (size, wanted - at));
  g_byte_array_unref (bytes);
  return size > 0;
}

BenchAudio
bench_audio_speech (const char *corpora, guint rate, guint channels, double seconds)
{
  static const char *const flac[] = {".flac", NULL};
  static const char *const words[] = {"Front_", "Rear_", "Side_", NULL};
  BenchAudio audio = make (rate, channels, seconds, "LibriSpeech (read English)");
  char *folder = g_build_filename (corpora, "natural", "librispeech", NULL);
  gboolean found = fill (&audio, folder, flac);
  g_free (folder);
  if (found)
    return audio;
  g_free (audio.source);
  audio.source = g_strdup ("the spoken words of alsa-utils");
  if (fill (&audio, ALSA_SOUNDS, words))
    return audio;
  bench_audio_clear (&audio);
  BenchAudio mono = bench_audio_voice (rate, seconds);
  audio = make (rate, channels, seconds, mono.source);
  for (gsize i = 0; i < audio.n_frames * channels; i++)
    audio.samples[i] = mono.samples[i / channels];
  bench_audio_clear (&mono);
  return audio;
}

BenchAudio
bench_audio_noise (const char *corpora, guint rate, double seconds)
{
  static const char *const kinds[] = {"Rain", "Sea_waves", "Helicopter", NULL};
  BenchAudio audio = make (rate, 1, seconds, "ESC-10: rain, sea waves, helicopter");
  char *folder = g_build_filename (corpora, "natural", "sounds", NULL);
  gboolean found = fill (&audio, folder, kinds);
  g_free (folder);
  if (found)
    return audio;
  bench_audio_clear (&audio);
  return make_pink_noise (rate, seconds);
}

gint16 *
bench_audio_to_s16 (const BenchAudio *self)
{
  gsize n = self->n_frames * self->channels;
  gint16 *samples = g_new (gint16, n);
  for (gsize i = 0; i < n; i++)
    samples[i] = (gint16)CLAMP (lrintf (self->samples[i] * 32768), -32768, 32767);
  return samples;
}

static void
append_number (GByteArray *bytes, guint32 value, guint size)
{
  guint32 little = GUINT32_TO_LE (value);
  g_byte_array_append (bytes, (const guint8 *)&little, size);
}

gboolean
bench_audio_save (const BenchAudio *self, const char *path, GError **error)
{
  guint n = (guint)(self->n_frames * self->channels), size = n * (guint)sizeof (gint16);
  GByteArray *bytes = g_byte_array_new ();
  g_byte_array_append (bytes, (const guint8 *)"RIFF", 4);
  append_number (bytes, 36 + size, 4);
  g_byte_array_append (bytes, (const guint8 *)"WAVEfmt ", 8);
  append_number (bytes, 16, 4);
  append_number (bytes, 1, 2); /* integers */
  append_number (bytes, self->channels, 2);
  append_number (bytes, self->rate, 4);
  append_number (bytes, self->rate * self->channels * (guint)sizeof (gint16), 4);
  append_number (bytes, self->channels * (guint)sizeof (gint16), 2);
  append_number (bytes, 8 * sizeof (gint16), 2);
  g_byte_array_append (bytes, (const guint8 *)"data", 4);
  append_number (bytes, size, 4);
  gint16 *samples = bench_audio_to_s16 (self);
  for (guint i = 0; i < n; i++)
    append_number (bytes, (guint16)samples[i], 2);
  g_free (samples);
  gboolean saved = g_file_set_contents (path, (const char *)bytes->data, bytes->len, error);
  g_byte_array_unref (bytes);
  return saved;
}
