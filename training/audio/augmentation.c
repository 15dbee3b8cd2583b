/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "augmentation.h"

#include <gst/app/app.h>
#include <gst/audio/audio.h>
#include <math.h>
#include <speex/speex_resampler.h>
#include <string.h>

#include "core/base/audio.h"
#include "core/base/fft.h"
#include "core/dsp/mix.h"
#include "core/features/extractor.h"
#include "media/error.h"
#include "synthetic-babble.h"
#include "training/base/error.h"

#define ROOM_DELAY 0.005 /* s, delay of the first reflections after the direct sound */
#define ROOM_LEVEL 0.35  /* energy of the reflections relative to the direct sound */
#define PINK_FROM 20.0   /* Hz */
/* Distributions of scenes, chosen in experiments (docs/experiments.md, "Noise"). */
#define SCENE_ROOM 0.35 /* fraction of scenes with a room */
#define SCENE_NOISE 0.75
#define SCENE_BAND 0.4 /* fraction of noisy scenes with a narrow band; all others have one */
#define SCENE_MIN_DECAY 0.2
#define SCENE_MAX_DECAY 0.8 /* s */
#define SCENE_MIN_SNR 5.0
#define SCENE_MAX_SNR 25.0 /* dB */
#define SCENE_MIN_GAIN (-15.0)
#define SCENE_MAX_GAIN 6.0  /* dB */
#define RESAMPLER_QUALITY 8 /* of speexdsp, 0..10 */

static const struct {
  const char *name;
  double min, max;
} augmentations[] = {
    [TRAINING_AUGMENT_SPEED] = {"speed", 0.5, 2},    [TRAINING_AUGMENT_PITCH] = {"pitch", -12, 12},
    [TRAINING_AUGMENT_TEMPO] = {"tempo", 0.5, 2},    [TRAINING_AUGMENT_GAIN] = {"gain", -60, 60},
    [TRAINING_AUGMENT_NOISE] = {"noise", -20, 60},   [TRAINING_AUGMENT_PINK] = {"pink", -20, 60},
    [TRAINING_AUGMENT_BABBLE] = {"babble", -20, 60}, [TRAINING_AUGMENT_BAND] = {"band", 1, 8},
    [TRAINING_AUGMENT_REVERB] = {"reverb", 0.05, 5}, [TRAINING_AUGMENT_SCENE] = {"scene", 1, 99},
};

/* "10" or "10@0.5". */
static gboolean
parse_value (TrainingAugmentationKind kind, const char *text, TrainingAugmentation *augmentation)
{
  char *end;
  *augmentation = (TrainingAugmentation){kind, g_ascii_strtod (text, &end), 1};
  gboolean ok = end != text;
  if (ok && *end == '@') {
    const char *weight = end + 1;
    augmentation->weight = g_ascii_strtod (weight, &end);
    ok = end != weight;
  }
  return ok && *end == '\0' && augmentation->value >= augmentations[kind].min &&
         augmentation->value <= augmentations[kind].max && augmentation->weight > 0 &&
         augmentation->weight <= 1;
}

static gboolean
parse_augmentation (const char *item, GArray *list, GError **error)
{
  char **halves = g_strsplit (item, "=", 2);
  guint kind = 0;
  gboolean ok = halves[0] && halves[1];
  while (kind < G_N_ELEMENTS (augmentations) && ok &&
         strcmp (halves[0], augmentations[kind].name) != 0)
    kind++;
  if (!ok || kind == G_N_ELEMENTS (augmentations)) {
    g_set_error (
        error, TRAINING_ERROR, TRAINING_ERROR_DATA,
        "--augment: unknown augmentation '%s'; use one of speed, pitch, tempo, gain, noise, pink, "
        "babble, band, reverb, scene with values, for example speed=0.89:1.12",
        item);
    g_strfreev (halves);
    return FALSE;
  }
  char **values = g_strsplit (halves[1], ":", -1);
  ok = values[0] != NULL;
  for (guint i = 0; ok && values[i]; i++) {
    TrainingAugmentation augmentation;
    ok = parse_value ((TrainingAugmentationKind)kind, values[i], &augmentation);
    g_array_append_val (list, augmentation);
  }
  if (!ok)
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                 "--augment: '%s' must have numbers from %g to %g, separated by ':'; @WEIGHT (up "
                 "to 1) after a number weights its clips",
                 item, augmentations[kind].min, augmentations[kind].max);
  g_strfreev (values);
  g_strfreev (halves);
  return ok;
}

GArray *
training_augmentations_parse (const char *text, GError **error)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (TrainingAugmentation));
  char **items = g_strsplit (*text ? text : " ", ",", -1); /* an empty text is one invalid item */
  gboolean ok = TRUE;
  for (guint i = 0; ok && items[i]; i++)
    ok = parse_augmentation (g_strstrip (items[i]), list, error);
  g_strfreev (items);
  if (!ok)
    g_clear_pointer (&list, g_array_unref);
  return list;
}

gboolean
training_augmentations_check (const GArray *list, GError **error)
{
  gboolean needed = FALSE;
  for (guint i = 0; list && i < list->len; i++) {
    const TrainingAugmentationKind kind = g_array_index (list, TrainingAugmentation, i).kind;
    needed |= kind == TRAINING_AUGMENT_PITCH || kind == TRAINING_AUGMENT_TEMPO;
  }
  GstElementFactory *factory = needed ? gst_element_factory_find ("pitch") : NULL;
  const gboolean ok = !needed || factory;
  if (!ok)
    g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_DECODE,
                 "--augment: pitch and tempo need GStreamer's element pitch; on Debian: apt "
                 "install gstreamer1.0-plugins-bad");
  g_clear_object (&factory);
  return ok;
}

void
training_augmentation_get_range (TrainingAugmentationKind kind, double *min, double *max)
{
  *min = augmentations[kind].min;
  *max = augmentations[kind].max;
}

char *
training_augmentation_describe (const TrainingAugmentation *augmentation)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  return g_strconcat (augmentations[augmentation->kind].name, "=",
                      g_ascii_formatd (number, sizeof number, "%g", augmentation->value), NULL);
}

static void
scale (TrainingAudio *audio, float factor)
{
  for (gsize i = 0; i < audio->n_frames * audio->channels; i++)
    audio->samples[i] *= factor;
}

/* A standard normal number (Box & Muller 1958). */
static double
normal (GRand *random)
{
  double u = g_rand_double (random), v = g_rand_double (random);
  return sqrt (-2 * log (1 - u)) * cos (2 * G_PI * v);
}

static double
power_of (const float *samples, gsize n)
{
  double energy = 0;
  for (gsize i = 0; i < n; i++)
    energy += (double)samples[i] * samples[i];
  return n > 0 ? energy / (double)n : 0;
}

void
training_audio_add_noise (TrainingAudio *audio, const float *noise, double snr)
{
  const double signal = power_of (audio->samples, audio->n_frames * audio->channels);
  const double power = power_of (noise, audio->n_frames);
  const float level = power > 0 ? (float)(sqrt (signal / power) * pow (10, -snr / 20)) : 0;
  for (gsize i = 0; i < audio->n_frames; i++)
    for (guint c = 0; c < audio->channels; c++)
      audio->samples[i * audio->channels + c] += level * noise[i];
}

/* White noise, independent for each channel. */
static void
add_white_noise (TrainingAudio *audio, double snr, guint32 seed)
{
  const gsize n = audio->n_frames * audio->channels;
  GRand *random = g_rand_new_with_seed (seed);
  const double level = sqrt (power_of (audio->samples, n)) * pow (10, -snr / 20);
  for (gsize i = 0; i < n; i++)
    audio->samples[i] += (float)(level * normal (random));
  g_rand_free (random);
}

/* White noise whose spectrum is scaled by 1 / sqrt (f) from PINK_FROM on. */
static void
add_pink_noise (TrainingAudio *audio, double snr, guint32 seed)
{
  guint size = 2;
  while (size < audio->n_frames)
    size *= 2;
  GRand *random = g_rand_new_with_seed (seed);
  double *noise = fftw_malloc (sizeof *noise * size);
  float *rounded = g_new (float, size);
  fftw_complex *spectrum = fftw_malloc (sizeof *spectrum * (size / 2 + 1));
  const EmotionFft *fft = emotion_fft_acquire (size);
  for (guint i = 0; i < size; i++)
    noise[i] = normal (random);
  emotion_fft_forward (fft, noise, spectrum);
  for (guint i = 0; i <= size / 2; i++) {
    const double f = MAX ((double)i * audio->rate / size, PINK_FROM);
    spectrum[i][0] /= sqrt (f);
    spectrum[i][1] /= sqrt (f);
  }
  emotion_fft_inverse (fft, spectrum, noise);
  for (guint i = 0; i < size; i++)
    rounded[i] = (float)noise[i];
  training_audio_add_noise (audio, rounded, snr);
  emotion_fft_release (fft);
  fftw_free (spectrum);
  fftw_free (noise);
  g_free (rounded);
  g_rand_free (random);
}

/* Takes ownership of `frames` as the samples. */
static void
take_samples (TrainingAudio *audio, float *samples, gsize n_frames)
{
  g_free (audio->samples);
  audio->samples = samples;
  audio->n_frames = n_frames;
}

/* Resamples with linear-phase filters and compensates the delay; audio->rate stays. */
static void
resample (TrainingAudio *audio, guint from, guint to)
{
  int status;
  SpeexResamplerState *speex =
      speex_resampler_init (audio->channels, from, to, RESAMPLER_QUALITY, &status);
  gsize room = (gsize)((double)audio->n_frames * to / from) + 16;
  gsize tail = (gsize)speex_resampler_get_input_latency (speex), total = audio->n_frames + tail;
  float *in = g_new0 (float, total * audio->channels),
        *out = g_new0 (float, room * audio->channels);
  memcpy (in, audio->samples, audio->n_frames * audio->channels * sizeof (float));
  speex_resampler_skip_zeros (speex);
  gsize read = 0, written = 0;
  while (read < total && written < room) {
    spx_uint32_t n_in = (spx_uint32_t)(total - read), n_out = (spx_uint32_t)(room - written);
    speex_resampler_process_interleaved_float (speex, in + read * audio->channels, &n_in,
                                               out + written * audio->channels, &n_out);
    read += n_in;
    written += n_out;
  }
  speex_resampler_destroy (speex);
  g_free (in);
  take_samples (audio, out, written);
}

void
training_audio_make_mono (TrainingAudio *audio, guint rate)
{
  EmotionMix mix;
  emotion_mix_init (&mix, audio->channels, audio->positions);
  emotion_mix_apply (&mix, audio->samples, audio->n_frames, audio->samples);
  audio->channels = 1;
  audio->positions = 0;
  if (rate != audio->rate)
    resample (audio, audio->rate, rate);
  audio->rate = rate;
}

void
training_audio_add_mono (TrainingAudio *audio, TrainingAudio *noise, double snr)
{
  training_audio_make_mono (noise, audio->rate);
  if (noise->n_frames < audio->n_frames)
    noise->samples = g_renew (float, noise->samples, audio->n_frames);
  for (gsize i = noise->n_frames; i < audio->n_frames; i++)
    noise->samples[i] = 0;
  training_audio_add_noise (audio, noise->samples, snr);
}

/* Low-pass: resamples to twice the bandwidth and back. */
static void
limit_band (TrainingAudio *audio, double khz)
{
  const guint narrow = MIN ((guint)lround (2000 * khz), audio->rate);
  const gsize wanted = audio->n_frames;
  resample (audio, audio->rate, narrow);
  resample (audio, narrow, audio->rate);
  audio->n_frames = MIN (audio->n_frames, wanted);
}

/* Changes the declared rate and leaves the resampling to core's resampler, unless it does not
 * support that rate. */
static void
change_speed (TrainingAudio *audio, double factor)
{
  const guint rate = (guint)lround (audio->rate * factor);
  if (rate >= EMOTION_MIN_RATE && rate <= EMOTION_MAX_RATE)
    audio->rate = rate;
  else
    resample (audio, rate, audio->rate);
}

/* The impulse response of a synthetic room: the direct sound and decaying noise (Polack 1988). */
static void
make_room (double *response, gsize n, guint rate, double decay, guint32 seed)
{
  GRand *random = g_rand_new_with_seed (seed);
  double energy = 0;
  gsize first = (gsize)(ROOM_DELAY * rate);
  for (gsize i = first; i < n; i++) {
    response[i] = normal (random) * pow (10, -3 * (double)i / rate / decay);
    energy += response[i] * response[i];
  }
  const double scale = energy > 0 ? sqrt (ROOM_LEVEL / energy) : 0;
  for (gsize i = first; i < n; i++)
    response[i] *= scale;
  response[0] = 1;
  g_rand_free (random);
}

/* Convolves two zero-padded sequences; the result is in `a`. */
static void
convolve (double *a, double *b, guint size)
{
  const EmotionFft *fft = emotion_fft_acquire (size);
  fftw_complex *x = fftw_malloc (sizeof *x * (size / 2 + 1));
  fftw_complex *y = fftw_malloc (sizeof *y * (size / 2 + 1));
  emotion_fft_forward (fft, a, x);
  emotion_fft_forward (fft, b, y);
  for (guint i = 0; i <= size / 2; i++) {
    const double re = x[i][0] * y[i][0] - x[i][1] * y[i][1];
    const double im = x[i][0] * y[i][1] + x[i][1] * y[i][0];
    x[i][0] = re / size;
    x[i][1] = im / size;
  }
  emotion_fft_inverse (fft, x, a);
  fftw_free (x);
  fftw_free (y);
  emotion_fft_release (fft);
}

static void
add_room (TrainingAudio *audio, double decay, guint32 seed)
{
  gsize n_room = (gsize)(decay * audio->rate) + 1;
  guint size = 1;
  while (size < audio->n_frames + n_room)
    size *= 2;
  double *signal = fftw_malloc (sizeof *signal * size), *room = fftw_malloc (sizeof *room * size);
  for (guint c = 0; c < audio->channels; c++) {
    memset (signal, 0, sizeof *signal * size);
    memset (room, 0, sizeof *room * size);
    for (gsize i = 0; i < audio->n_frames; i++)
      signal[i] = audio->samples[i * audio->channels + c];
    make_room (room, n_room, audio->rate, decay, seed);
    convolve (signal, room, size);
    for (gsize i = 0; i < audio->n_frames; i++)
      audio->samples[i * audio->channels + c] = (float)signal[i];
  }
  fftw_free (signal);
  fftw_free (room);
}

static void
add_made_babble (TrainingAudio *audio, double snr, guint32 seed)
{
  TrainingAudio noise = {.rate = TRAINING_MADE_BABBLE_RATE, .channels = 1};
  noise.n_frames = (gsize)((double)audio->n_frames * noise.rate / audio->rate) + 2;
  noise.samples = training_made_babble_new (noise.n_frames, seed);
  training_audio_add_mono (audio, &noise, snr);
  training_audio_clear (&noise);
}

static void
set_scene (TrainingAudio *audio, guint32 seed)
{
  static const double bands[] = {3.4, 3.4, 4, 5.5}; /* kHz; telephone bandwidth twice as likely */
  GRand *random = g_rand_new_with_seed (seed);
  const gboolean noise = g_rand_double (random) < SCENE_NOISE;
  if (g_rand_double (random) < SCENE_ROOM)
    add_room (audio, g_rand_double_range (random, SCENE_MIN_DECAY, SCENE_MAX_DECAY), seed + 1);
  if (noise) {
    const double snr = g_rand_double_range (random, SCENE_MIN_SNR, SCENE_MAX_SNR);
    if (g_rand_boolean (random))
      add_white_noise (audio, snr, seed + 2);
    else
      add_pink_noise (audio, snr, seed + 2);
  }
  if (!noise || g_rand_double (random) < SCENE_BAND)
    limit_band (audio, bands[g_rand_int_range (random, 0, G_N_ELEMENTS (bands))]);
  const double gain = g_rand_double_range (random, SCENE_MIN_GAIN, SCENE_MAX_GAIN);
  scale (audio, (float)pow (10, gain / 20));
  g_rand_free (random);
}

/* Runs the samples through the GStreamer element "pitch" (SoundTouch). */
static gboolean
stretch (TrainingAudio *audio, double pitch, double tempo, GError **error)
{
  char *description = g_strdup_printf (
      "appsrc name=in format=time ! pitch name=pitch ! appsink name=out sync=false");
  GstElement *pipeline = gst_parse_launch (description, error);
  g_free (description);
  if (!pipeline)
    return FALSE;
  GstElement *in = gst_bin_get_by_name (GST_BIN (pipeline), "in");
  GstElement *out = gst_bin_get_by_name (GST_BIN (pipeline), "out");
  GstElement *element = gst_bin_get_by_name (GST_BIN (pipeline), "pitch");
  GstCaps *caps = gst_caps_new_simple (
      "audio/x-raw", "format", G_TYPE_STRING, GST_AUDIO_NE (F32), "layout", G_TYPE_STRING,
      "interleaved", "rate", G_TYPE_INT, (int)audio->rate, "channels", G_TYPE_INT,
      (int)audio->channels, "channel-mask", GST_TYPE_BITMASK,
      audio->channels == 1 ? G_GUINT64_CONSTANT (0)
                           : gst_audio_channel_get_fallback_mask ((int)audio->channels),
      NULL);
  g_object_set (in, "caps", caps, NULL);
  g_object_set (element, "pitch", pitch, "tempo", tempo, NULL);
  gsize size = audio->n_frames * audio->channels * sizeof (float);
  GstBuffer *buffer = gst_buffer_new_memdup (audio->samples, size);
  GST_BUFFER_PTS (buffer) = 0;
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  gst_app_src_push_buffer (GST_APP_SRC (in), buffer);
  gst_app_src_end_of_stream (GST_APP_SRC (in));
  GByteArray *result = g_byte_array_new ();
  for (GstSample *sample; (sample = gst_app_sink_pull_sample (GST_APP_SINK (out)));) {
    GstMapInfo map;
    if (gst_buffer_map (gst_sample_get_buffer (sample), &map, GST_MAP_READ)) {
      g_byte_array_append (result, map.data, (guint)map.size);
      gst_buffer_unmap (gst_sample_get_buffer (sample), &map);
    }
    gst_sample_unref (sample);
  }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gsize n_frames = result->len / sizeof (float) / audio->channels;
  take_samples (audio, (float *)(gpointer)g_byte_array_free (result, FALSE), n_frames);
  gst_caps_unref (caps);
  gst_object_unref (in);
  gst_object_unref (out);
  gst_object_unref (element);
  gst_object_unref (pipeline);
  if (n_frames == 0)
    g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_DECODE, "GStreamer's element pitch failed");
  return n_frames > 0;
}

gboolean
training_augmentation_apply (const TrainingAugmentation *augmentation, TrainingAudio *audio,
                             guint32 seed, GError **error)
{
  switch (augmentation->kind) {
  case TRAINING_AUGMENT_SPEED:
    change_speed (audio, augmentation->value);
    return TRUE;
  case TRAINING_AUGMENT_PITCH:
    return stretch (audio, pow (2, augmentation->value / 12), 1, error);
  case TRAINING_AUGMENT_TEMPO:
    return stretch (audio, 1, augmentation->value, error);
  case TRAINING_AUGMENT_GAIN:
    scale (audio, (float)pow (10, augmentation->value / 20));
    return TRUE;
  case TRAINING_AUGMENT_NOISE:
    add_white_noise (audio, augmentation->value, seed);
    return TRUE;
  case TRAINING_AUGMENT_PINK:
    add_pink_noise (audio, augmentation->value, seed);
    return TRUE;
  case TRAINING_AUGMENT_BABBLE:
    add_made_babble (audio, augmentation->value, seed);
    return TRUE;
  case TRAINING_AUGMENT_BAND:
    limit_band (audio, augmentation->value);
    return TRUE;
  case TRAINING_AUGMENT_REVERB:
    add_room (audio, augmentation->value, seed);
    return TRUE;
  case TRAINING_AUGMENT_SCENE:
    set_scene (audio, seed);
    return TRUE;
  }
  return TRUE;
}
