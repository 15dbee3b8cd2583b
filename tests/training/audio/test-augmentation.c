/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "training/audio/augmentation.h"

#include <math.h>
#include <string.h>

#include "training/audio/synthetic-babble.h"
#include "training/base/error.h"

#define RATE 16000
#define SECONDS 4

/* A mixture of tones; the `channels` are equal except for their sign. */
static TrainingAudio
make_audio (const double *tones, guint n_tones, guint channels)
{
  TrainingAudio audio = {.n_frames = RATE * SECONDS, .rate = RATE, .channels = channels};
  audio.samples = g_new0 (float, audio.n_frames *channels);
  for (gsize i = 0; i < audio.n_frames; i++)
    for (guint c = 0; c < channels; c++)
      for (guint t = 0; t < n_tones; t++)
        audio.samples[i * channels + c] +=
            (float)(0.1 * (c % 2 ? -1 : 1) * sin (2 * G_PI * tones[t] * (double)i / RATE));
  return audio;
}

static TrainingAudio
copy (const TrainingAudio *audio)
{
  TrainingAudio other = *audio;
  other.samples = g_memdup2 (audio->samples, audio->n_frames * audio->channels * sizeof (float));
  return other;
}

static void
apply (TrainingAugmentationKind kind, double value, TrainingAudio *audio, guint32 seed)
{
  GError *error = NULL;
  g_assert_true (
      training_augmentation_apply (&(TrainingAugmentation){kind, value, 1}, audio, seed, &error));
  g_assert_no_error (error);
}

static double
power (const float *samples, gsize n)
{
  double sum = 0;
  for (gsize i = 0; i < n; i++)
    sum += (double)samples[i] * samples[i];
  return sum / (double)n;
}

/* Power of the first channel at a frequency, over the middle half: a single bin of the DFT with a
 * Hann window (Goertzel 1958). */
static double
tone_power (const TrainingAudio *audio, double frequency)
{
  const gsize from = audio->n_frames / 4, n = audio->n_frames / 2;
  double re = 0, im = 0, sum = 0;
  for (gsize i = 0; i < n; i++) {
    const double window = 0.5 - 0.5 * cos (2 * G_PI * (double)i / (double)n);
    const double angle = 2 * G_PI * frequency * (double)i / audio->rate;
    const double x = audio->samples[(from + i) * audio->channels];
    re += window * x * cos (angle);
    im += window * x * sin (angle);
    sum += window;
  }
  return 2 * (re * re + im * im) / (sum * sum);
}

static double
to_db (double ratio)
{
  return 10 * log10 (ratio);
}

/* The added noise has the requested power, averaged over the clip. */
static void
test_noise (void)
{
  static const TrainingAugmentationKind kinds[] = {TRAINING_AUGMENT_NOISE, TRAINING_AUGMENT_PINK,
                                                   TRAINING_AUGMENT_BABBLE};
  static const double ratios[] = {-20, 0, 17.5, 40};
  const double tone = 440;
  for (guint channels = 1; channels <= 2; channels++)
    for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
      for (guint r = 0; r < G_N_ELEMENTS (ratios); r++) {
        TrainingAudio clean = make_audio (&tone, 1, channels), noisy = copy (&clean);
        const gsize n = clean.n_frames * channels;
        apply (kinds[k], ratios[r], &noisy, 1);
        for (gsize i = 0; i < n; i++)
          noisy.samples[i] -= clean.samples[i];
        g_assert_cmpfloat_with_epsilon (to_db (power (clean.samples, n) / power (noisy.samples, n)),
                                        ratios[r], 0.1);
        training_audio_clear (&clean);
        training_audio_clear (&noisy);
      }
}

/* Mean power around a frequency, of the noise alone. */
static double
band_power (const TrainingAudio *audio, double centre)
{
  double sum = 0;
  for (gint i = -40; i <= 40; i++)
    sum += tone_power (audio, centre * (1 + 0.002 * i));
  return sum;
}

/* White noise is equally strong at each frequency; pink noise falls by 3 dB per octave. */
static void
test_colours (void)
{
  const double tone = 440;
  for (guint pink = 0; pink < 2; pink++) {
    TrainingAudio clean = make_audio (&tone, 1, 1), noisy = copy (&clean);
    apply (pink ? TRAINING_AUGMENT_PINK : TRAINING_AUGMENT_NOISE, 0, &noisy, 3);
    for (gsize i = 0; i < clean.n_frames; i++)
      noisy.samples[i] -= clean.samples[i];
    const double slope = to_db (band_power (&noisy, 4800) / band_power (&noisy, 300)) / 4;
    g_test_message ("%s: %.2f dB an octave", pink ? "pink" : "white", slope);
    g_assert_cmpfloat_with_epsilon (slope, pink ? -3.01 : 0, 0.8);
    training_audio_clear (&clean);
    training_audio_clear (&noisy);
  }
}

/* The fraction of the power of `audio` between two frequencies, on a grid of 20 Hz. */
static double
fraction_between (const TrainingAudio *audio, double from, double to)
{
  double inside = 0, all = 0;
  for (double f = 20; f < audio->rate / 2.0; f += 20) {
    const double tone = tone_power (audio, f);
    all += tone;
    inside += f >= from && f < to ? tone : 0;
  }
  return inside / all;
}

/* The standard deviation of the power in 20 ms, in dB. */
static double
swing_of (const float *samples, gsize n)
{
  const gsize step = RATE / 50;
  double sum = 0, squares = 0;
  for (gsize i = 0; i < n / step; i++) {
    const double level = to_db (power (samples + i * step, step));
    sum += level;
    squares += level * level;
  }
  const double mean = sum / (double)(n / step);
  return sqrt (squares / (double)(n / step) - mean * mean);
}

/* Babble has the spectrum of speech and is modulated by its syllables, unlike noise. */
static void
test_synthetic_babble (void)
{
  for (guint32 seed = 0; seed < 5; seed++) {
    TrainingAudio babble = {.n_frames = RATE * SECONDS, .rate = RATE, .channels = 1};
    TrainingAudio white = make_audio (&(double){440}, 1, 1);
    babble.samples = training_made_babble_new (babble.n_frames, seed);
    apply (TRAINING_AUGMENT_NOISE, -20, &white, seed);
    const double fraction = fraction_between (&babble, 100, 4000);
    const double swing = swing_of (babble.samples, babble.n_frames);
    g_test_message ("%.3f from 100 to 4000 Hz, swings by %.1f dB", fraction, swing);
    g_assert_cmpfloat (fraction, >, 0.85);
    g_assert_cmpfloat (fraction_between (&babble, 4000, 8000), >, 1e-4);
    g_assert_cmpfloat (swing, >, 1.5);
    g_assert_cmpfloat (swing, >, 2 * swing_of (white.samples, white.n_frames));
    training_audio_clear (&babble);
    training_audio_clear (&white);
  }
}

/* Babble from audio of another rate and of a few samples works too. */
static void
test_babble_of_any_audio (void)
{
  static const guint rates[] = {8000, 44100};
  for (guint i = 0; i < G_N_ELEMENTS (rates); i++)
    for (gsize n = 0; n <= 20000; n = 10 * n + 2) {
      TrainingAudio audio = {.n_frames = n, .rate = rates[i], .channels = 1};
      audio.samples = g_new0 (float, n + 1);
      audio.samples[0] = 0.5F;
      apply (TRAINING_AUGMENT_BABBLE, 0, &audio, 1);
      for (gsize k = 0; k < n; k++)
        g_assert_true (isfinite (audio.samples[k]));
      training_audio_clear (&audio);
    }
}

/* The same seed gives the same samples, another seed others; augmentations without randomness
 * ignore the seed. */
static void
test_seed (void)
{
  static const struct {
    TrainingAugmentationKind kind;
    double value;
    gboolean seeded;
  } cases[] = {{TRAINING_AUGMENT_NOISE, 10, TRUE},  {TRAINING_AUGMENT_PINK, 10, TRUE},
               {TRAINING_AUGMENT_BABBLE, 10, TRUE}, {TRAINING_AUGMENT_REVERB, 0.4, TRUE},
               {TRAINING_AUGMENT_BAND, 4, FALSE},   {TRAINING_AUGMENT_GAIN, 6, FALSE}};
  const double tones[] = {300, 2000};
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    TrainingAudio one = make_audio (tones, 2, 1), same = copy (&one), other = copy (&one);
    apply (cases[i].kind, cases[i].value, &one, 7);
    apply (cases[i].kind, cases[i].value, &same, 7);
    apply (cases[i].kind, cases[i].value, &other, 8);
    const gsize size = one.n_frames * sizeof (float);
    g_assert_cmpint (memcmp (one.samples, same.samples, size), ==, 0);
    g_assert_true ((memcmp (one.samples, other.samples, size) != 0) == cases[i].seeded);
    training_audio_clear (&one);
    training_audio_clear (&same);
    training_audio_clear (&other);
  }
}

static void
test_gain (void)
{
  const double tone = 440;
  TrainingAudio before = make_audio (&tone, 1, 2), after = copy (&before);
  apply (TRAINING_AUGMENT_GAIN, -30, &after, 0);
  g_assert_cmpfloat_with_epsilon (to_db (power (after.samples, 2 * after.n_frames) /
                                         power (before.samples, 2 * before.n_frames)),
                                  -30, 1e-3);
  training_audio_clear (&before);
  training_audio_clear (&after);
}

/* Frequencies below the band limit stay, without delay, and those above are removed. */
static void
test_band (void)
{
  const double tones[] = {1000, 3000, 5000};
  TrainingAudio before = make_audio (tones, 3, 1), after = copy (&before);
  apply (TRAINING_AUGMENT_BAND, 4, &after, 0);
  g_assert_cmpuint (after.n_frames, ==, before.n_frames);
  g_assert_cmpuint (after.rate, ==, RATE);
  for (guint t = 0; t < 3; t++) {
    const double change = to_db (tone_power (&after, tones[t]) / tone_power (&before, tones[t]));
    g_test_message ("%.0f Hz: %.1f dB", tones[t], change);
    if (t < 2)
      g_assert_cmpfloat_with_epsilon (change, 0, 0.2);
    else
      g_assert_cmpfloat (change, <, -60);
  }
  double left = 0; /* no delay: the low band is the same, sample by sample */
  const double two[] = {1000, 3000};
  TrainingAudio wanted = make_audio (two, 2, 1);
  for (gsize i = RATE; i < 3 * RATE; i++)
    left += pow ((double)after.samples[i] - (double)wanted.samples[i], 2) / (2 * RATE);
  g_assert_cmpfloat (to_db (left / power (wanted.samples, wanted.n_frames)), <, -40);
  training_audio_clear (&before);
  training_audio_clear (&after);
  training_audio_clear (&wanted);
}

/* A higher speed is shorter and higher; also at rates that core does not resample. */
static void
test_speed (void)
{
  static const guint rates[] = {16000, 8000, 192000};
  static const double factors[] = {1.25, 0.8, 1.25};
  for (guint i = 0; i < G_N_ELEMENTS (rates); i++) {
    const double tone = 500 * RATE / (double)rates[i];
    TrainingAudio audio = make_audio (&tone, 1, 1);
    audio.rate = rates[i]; /* a tone of 500 Hz then */
    const double seconds = (double)audio.n_frames / audio.rate;
    apply (TRAINING_AUGMENT_SPEED, factors[i], &audio, 0);
    g_assert_cmpfloat_with_epsilon ((double)audio.n_frames / audio.rate, seconds / factors[i],
                                    0.01);
    g_assert_cmpfloat (tone_power (&audio, 500 * factors[i]), >, 0.004); /* of 0.005 */
    g_assert_cmpuint (audio.rate, <=, 192000);
    g_assert_cmpuint (audio.rate, >=, 8000);
    training_audio_clear (&audio);
  }
}

/* A click decays by 60 dB per decay time. */
static void
test_reverb (void)
{
  TrainingAudio audio = make_audio (NULL, 0, 1);
  audio.samples[0] = 1;
  apply (TRAINING_AUGMENT_REVERB, 1, &audio, 5);
  g_assert_cmpfloat_with_epsilon (audio.samples[0], 1, 1e-3);
  const double fall = to_db (power (audio.samples + RATE / 2, RATE / 10) /
                             power (audio.samples + RATE / 10, RATE / 10));
  g_test_message ("%.1f dB in 0.4 s", fall);
  g_assert_cmpfloat_with_epsilon (fall, -24, 2);
  training_audio_clear (&audio);
}

/* "pitch" changes the frequency at the same length, "tempo" the length at the same frequency. */
static void
test_stretch (void)
{
  GArray *augmentations = training_augmentations_parse ("pitch=12,tempo=2", NULL);
  GError *error = NULL;
  const double tone = 500;
  if (!training_augmentations_check (augmentations, &error)) {
    g_test_skip (error->message);
    g_error_free (error);
  } else {
    TrainingAudio pitch = make_audio (&tone, 1, 1), tempo = copy (&pitch);
    apply (TRAINING_AUGMENT_PITCH, 12, &pitch, 0);
    apply (TRAINING_AUGMENT_TEMPO, 2, &tempo, 0);
    g_assert_cmpfloat_with_epsilon ((double)pitch.n_frames / RATE, SECONDS, 0.2);
    g_assert_cmpfloat_with_epsilon ((double)tempo.n_frames / RATE, SECONDS / 2.0, 0.2);
    g_assert_cmpfloat (tone_power (&pitch, 1000), >, 50 * tone_power (&pitch, 500));
    g_assert_cmpfloat (tone_power (&tempo, 500), >, 50 * tone_power (&tempo, 1000));
    training_audio_clear (&pitch);
    training_audio_clear (&tempo);
  }
  g_array_unref (augmentations);
}

static void
test_parse (void)
{
  static const char *const names[] = {"speed=0.89", "speed=1.12", "noise=20", "pink=-5",
                                      "babble=10",  "gain=-30",   "band=3.4", "reverb=0.5"};
  static const char *const bad[] = {
      "",          "speed",      "speed=",       "speed=1:",   "speed=x",
      "speed=3",   "speed=nan",  "speed=1,,",    "crowd=10",   "=1",
      "noise=10@", "noise=10@0", "noise=10@1.1", "noise=10@x", "noise=@1"};
  GError *error = NULL;
  GArray *list = training_augmentations_parse (
      "speed=0.89:1.12, noise=20,pink=-5@0.25,babble=10,gain=-30,band=3.4,reverb=0.5", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < list->len; i++) {
    char *name = training_augmentation_describe (&g_array_index (list, TrainingAugmentation, i));
    g_assert_cmpstr (name, ==, names[i]);
    g_assert_cmpfloat (g_array_index (list, TrainingAugmentation, i).weight, ==, i == 3 ? 0.25 : 1);
    g_free (name);
  }
  g_array_unref (list);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_assert_null (training_augmentations_parse (bad[i], &error));
    g_assert_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA);
    g_test_message ("%s", error->message);
    g_clear_error (&error);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  g_test_add_func ("/training/augmentation/noise", test_noise);
  g_test_add_func ("/training/augmentation/colours", test_colours);
  g_test_add_func ("/training/augmentation/synthetic-babble", test_synthetic_babble);
  g_test_add_func ("/training/augmentation/babble-of-any-audio", test_babble_of_any_audio);
  g_test_add_func ("/training/augmentation/seed", test_seed);
  g_test_add_func ("/training/augmentation/gain", test_gain);
  g_test_add_func ("/training/augmentation/band", test_band);
  g_test_add_func ("/training/augmentation/speed", test_speed);
  g_test_add_func ("/training/augmentation/reverb", test_reverb);
  g_test_add_func ("/training/augmentation/stretch", test_stretch);
  g_test_add_func ("/training/augmentation/parse", test_parse);
  return g_test_run ();
}
