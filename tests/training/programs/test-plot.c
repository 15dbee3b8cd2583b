/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs emotion-plot as a user does, its path is the argument; and tests the windows
 * that it draws. */
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <math.h>
#include <string.h>

#include "tests/common/test-model.h"
#include "tests/training/run.h"
#include "tests/training/scratch.h"
#include "training/audio/timeline.h"
#include "training/reports/plot-axes.h"
#include "training/reports/plot-figures.h"

static char *program;

/* Two labels: angry is right 3 of 4 times, sad always; four bins; two speakers. */
#define FIGURES                                                                                    \
  "{\"balanced_accuracy\": 0.875, \"uar_interval\": [0.8, 0.9], \"n\": 8, \"ece\": 0.1, "          \
  "\"brier\": 0.2, \"confusion_matrix\": [[3, 1], [0, 4]], \"classification_report\": {"           \
  "\"angry\": {}, \"sad\": {}, \"macro avg\": {}, \"weighted avg\": {}}, \"reliability\": ["       \
  "{\"confidence\": null, \"accuracy\": null, \"n\": 0}, "                                         \
  "{\"confidence\": 0.4, \"accuracy\": 0.5, \"n\": 2}, "                                           \
  "{\"confidence\": 0.6, \"accuracy\": 1, \"n\": 3}, "                                             \
  "{\"confidence\": 0.9, \"accuracy\": 1, \"n\": 3}], \"per_speaker\": {"                          \
  "\"x_1\": {\"uar\": 1, \"n\": 4}, \"x_2\": {\"uar\": 0.5, \"n\": 4}}}"
static const char metrics[] = "{\"protocol\": \"speaker\", \"test_metrics\": " FIGURES
                              ", \"protocols\": {\"strict\": " FIGURES "}}";

typedef struct {
  char *folder, *voice, *metrics, *model, *picture;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  (void)data;
  fixture->folder = scratch_new ();
  fixture->voice = scratch_write_speech (fixture->folder, "voice.wav", 16000, 120, 2.5);
  fixture->metrics = scratch_write (fixture->folder, "metrics.json", metrics, sizeof metrics - 1);
  fixture->model = g_build_filename (fixture->folder, "test.emotion", NULL);
  fixture->picture = g_build_filename (fixture->folder, "picture.png", NULL);
  test_model_save (fixture->model, 1);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  (void)data;
  g_free (fixture->voice);
  g_free (fixture->metrics);
  g_free (fixture->model);
  g_free (fixture->picture);
  scratch_remove (fixture->folder);
}

#define RUN(...) run_program (program, __VA_ARGS__)

static guint
count_files (const char *folder)
{
  guint n = 0;
  GDir *dir = g_dir_open (folder, 0, NULL);
  while (g_dir_read_name (dir))
    n++;
  g_dir_close (dir);
  return n;
}

static gboolean
is_colour (guint32 pixel, TrainingColour colour)
{
  return fabs ((pixel >> 16 & 255) - 255 * colour.red) <= 1 &&
         fabs ((pixel >> 8 & 255) - 255 * colour.green) <= 1 &&
         fabs ((pixel & 255) - 255 * colour.blue) <= 1;
}

/* The number of pixels of a PNG with that colour, up to rounding; and its size. */
static guint
count_pixels (const char *path, TrainingColour colour, int *width, int *height)
{
  cairo_surface_t *image = cairo_image_surface_create_from_png (path);
  g_assert_cmpint (cairo_surface_status (image), ==, CAIRO_STATUS_SUCCESS);
  *width = cairo_image_surface_get_width (image);
  *height = cairo_image_surface_get_height (image);
  const guchar *pixels = cairo_image_surface_get_data (image);
  guint n = 0;
  for (int y = 0; y < *height; y++)
    for (int x = 0; x < *width; x++) {
      guint32 pixel;
      memcpy (&pixel, pixels + (gsize)y * cairo_image_surface_get_stride (image) + 4 * (gsize)x, 4);
      n += is_colour (pixel, colour);
    }
  cairo_surface_destroy (image);
  return n;
}

/* Windows in order up to the file's end, each with scores that sum to 1. */
static void
test_timeline (Fixture *fixture, gconstpointer data)
{
  (void)data;
  GError *error = NULL;
  TrainingTimeline *timeline = training_timeline_new (fixture->voice, fixture->model, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (timeline->labels->len, ==, 4);
  g_assert_cmpuint (timeline->windows->len, ==, 5); /* 0.5 s, and of 1 s up to 1, 1.5, 2, 2.5 s */
  double end = 0;
  for (guint w = 0; w < timeline->windows->len; w++) {
    const TrainingTimelineWindow *window =
        &g_array_index (timeline->windows, TrainingTimelineWindow, w);
    double sum = 0;
    for (guint k = 0; k < timeline->labels->len; k++)
      sum += window->scores[k];
    g_assert_cmpfloat_with_epsilon (sum, 1, 1e-9);
    g_assert_cmpfloat (window->end, >, end);
    end = window->end;
  }
  g_assert_cmpfloat_with_epsilon (end, 2.5, 1e-6);
  training_timeline_free (timeline);

  g_assert_null (training_timeline_new (fixture->voice, fixture->folder, &error));
  g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ);
  g_clear_error (&error);
}

/* A corpus of three voices with two labels. */
static char *
write_corpus (const Fixture *fixture)
{
  static const char csv[] = "path,label\nvoice.wav,sad\nb.wav,angry\nc.wav,angry\n";
  g_free (scratch_write_speech (fixture->folder, "b.wav", 16000, 220, 1.5));
  g_free (scratch_write_speech (fixture->folder, "c.wav", 16000, 260, 1.2));
  return scratch_write (fixture->folder, "corpus.csv", csv, sizeof csv - 1);
}

/* Every kind gives a PNG of the requested size with content, and an SVG that is valid XML; the
 * bytes are reproducible. */
static void
test_kinds (Fixture *fixture, gconstpointer data)
{
  (void)data;
  char *csv = write_corpus (fixture), *svg = g_build_filename (fixture->folder, "p.SVG", NULL);
  const char *const kinds[][2] = {
      {"waveform", fixture->voice},    {"spectrogram", fixture->voice},
      {"mel", fixture->voice},         {"timeline", fixture->voice},
      {"confusion", fixture->metrics}, {"reliability", fixture->metrics},
      {"speakers", fixture->metrics},  {"scatter", csv},
  };
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    char *first, *again;
    gsize size, size_again;
    int width, height;
    Run png = RUN (kinds[i][0], kinds[i][1], "-o", fixture->picture, "--size", "640x480", "--scale",
                   "1.5", "--title", "Title", NULL);
    g_assert_cmpint (png.status, ==, 0);
    g_assert_cmpstr (png.out, ==, "");
    const guint white = count_pixels (fixture->picture, training_white, &width, &height);
    g_assert_cmpint (width, ==, 960);
    g_assert_cmpint (height, ==, 720);
    g_assert_cmpuint (white, >, 960 * 720 / 50);
    g_assert_cmpuint (white, <, 960 * 720 * 49 / 50);
    g_assert_true (g_file_get_contents (fixture->picture, &first, &size, NULL));
    run_clear (&png);
    png = RUN (kinds[i][0], kinds[i][1], "-o", fixture->picture, "--size", "640x480", "--scale",
               "1.5", "--title", "Title", NULL);
    g_assert_true (g_file_get_contents (fixture->picture, &again, &size_again, NULL));
    g_assert_cmpuint (size, ==, size_again);
    g_assert_cmpint (memcmp (first, again, size), ==, 0);
    run_clear (&png);
    g_free (first);
    g_free (again);

    Run drawn = RUN (kinds[i][0], kinds[i][1], "-o", svg, NULL);
    g_assert_cmpint (drawn.status, ==, 0);
    g_assert_true (g_file_get_contents (svg, &first, &size, NULL));
    const GMarkupParser parser = {0};
    GMarkupParseContext *context = g_markup_parse_context_new (&parser, 0, NULL, NULL);
    g_assert_true (g_markup_parse_context_parse (context, first, (gssize)size, NULL));
    g_assert_true (g_markup_parse_context_end_parse (context, NULL));
    g_assert_nonnull (strstr (first, "<svg"));
    g_markup_parse_context_free (context);
    run_clear (&drawn);
    g_free (first);
  }
  g_free (svg);
  g_free (csv);
}

/* A PDF of the right size in points, with the same bytes each time. */
static void
test_pdf (Fixture *fixture, gconstpointer data)
{
  (void)data;
  char *pdf = g_build_filename (fixture->folder, "p.pdf", NULL), *bytes[2];
  gsize sizes[2];
  for (guint i = 0; i < 2; i++) {
    Run drawn = RUN ("confusion", fixture->metrics, "-o", pdf, "--size", "800x600", NULL);
    g_assert_cmpint (drawn.status, ==, 0);
    g_assert_true (g_file_get_contents (pdf, &bytes[i], &sizes[i], NULL));
    run_clear (&drawn);
  }
  g_assert_true (g_str_has_prefix (bytes[0], "%PDF-"));
  g_assert_cmpuint (sizes[0], ==, sizes[1]);
  g_assert_cmpint (memcmp (bytes[0], bytes[1], sizes[0]), ==, 0);
  for (gsize i = 0; i < sizes[0]; i++)
    bytes[0][i] = bytes[0][i] ? bytes[0][i] : ' '; /* so that strstr() searches all of it */
  assert_has (bytes[0], "/MediaBox [ 0 0 600 450 ]");
  g_free (bytes[0]);
  g_free (bytes[1]);
  g_free (pdf);
}

/* The loudest row of a spectrogram, as a fraction of the height from the top: the colour map grows
 * in green. */
static double
find_loudest (const char *path)
{
  cairo_surface_t *image = cairo_image_surface_create_from_png (path);
  const int height = cairo_image_surface_get_height (image);
  const guchar *pixels = cairo_image_surface_get_data (image);
  double max = 0;
  int loudest = 0;
  for (int y = 62; y < height - 60; y++) {
    double green = 0;
    for (int x = 90; x < 890; x++)
      green += pixels[(gsize)y * cairo_image_surface_get_stride (image) + 4 * (gsize)x + 1];
    if (green > max) {
      max = green;
      loudest = y;
    }
  }
  cairo_surface_destroy (image);
  return (double)loudest / height;
}

/* A tone of 1 kHz is at its place on the axis: 1/8 of 8 kHz, or log (1000 / 50) of
 * log (8000 / 50). */
static void
test_frequency_axis (Fixture *fixture, gconstpointer data)
{
  const double top = 60.0 / 600, height = (600.0 - 60 - 58) / 600;
  gint16 tone[16000];
  (void)data;
  for (guint i = 0; i < G_N_ELEMENTS (tone); i++)
    tone[i] = (gint16)(10000 * sin (2 * G_PI * 1000 * i / 16000));
  char *wav = scratch_write_wav (fixture->folder, "tone.wav", 16000, 1, tone, G_N_ELEMENTS (tone));
  for (guint logarithmic = 0; logarithmic < 2; logarithmic++) {
    const double fraction = logarithmic ? log (1000.0 / 50) / log (8000.0 / 50) : 1.0 / 8;
    Run drawn = RUN ("spectrogram", wav, "-o", fixture->picture,
                     logarithmic ? "--log-frequency" : "--scale=1", NULL);
    g_assert_cmpint (drawn.status, ==, 0);
    g_assert_cmpfloat_with_epsilon (find_loudest (fixture->picture), top + height * (1 - fraction),
                                    0.01);
    run_clear (&drawn);
  }
  g_free (wav);
}

/* Windows without a prediction have no label colours, which then appear in the legend only. */
static void
test_no_prediction (Fixture *fixture, gconstpointer data)
{
  static const char *const labels[] = {"angry", "happy", "neutral", "sad", NULL};
  gint16 quiet[2 * 16000];
  TrainingColour colours[4];
  int width, height;
  (void)data;
  for (guint i = 0; i < G_N_ELEMENTS (quiet); i++)
    quiet[i] = (gint16)(10 * sin (2 * G_PI * 300 * i / 16000));
  char *wav =
      scratch_write_wav (fixture->folder, "quiet.wav", 16000, 1, quiet, G_N_ELEMENTS (quiet));
  training_colours_for_labels (labels, 4, colours);
  Run drawn = RUN ("timeline", wav, "--model", fixture->model, "-o", fixture->picture, NULL);
  g_assert_cmpint (drawn.status, ==, 0);
  g_assert_cmpuint (count_pixels (fixture->picture, colours[0], &width, &height), <=, 13 * 13);
  run_clear (&drawn);
  drawn = RUN ("timeline", fixture->voice, "--model", fixture->model, "-o", fixture->picture, NULL);
  g_assert_cmpuint (count_pixels (fixture->picture, colours[0], &width, &height), >, 13 * 13);
  run_clear (&drawn);
  g_free (wav);
}

/* The JSON of emotion-evaluate: the first condition, or the one with the name in its table. */
static void
test_conditions (Fixture *fixture, gconstpointer data)
{
  static const char half[] = "{\"confusion_matrix\": [[2, 2], [2, 2]], \"n\": 8, "
                             "\"classification_report\": {\"angry\": {}, \"sad\": {}}, "
                             "\"condition\": \"gain -30 dB\", \"adaptation\": \"running\"}";
  (void)data;
  int width, height;
  char *text = g_strdup_printf ("{\"conditions\": [%s, %s]}", FIGURES, half);
  char *path = scratch_write (fixture->folder, "evaluated.json", text, strlen (text));
  Run first = RUN ("confusion", path, "-o", fixture->picture, NULL);
  g_assert_cmpint (first.status, ==, 0);
  g_assert_cmpuint (count_pixels (fixture->picture, training_colour_map_light (1), &width, &height),
                    >, 10000);
  Run other =
      RUN ("confusion", path, "--condition", "gain -30 dB, adapted", "-o", fixture->picture, NULL);
  g_assert_cmpint (other.status, ==, 0);
  g_assert_cmpuint (
      count_pixels (fixture->picture, training_colour_map_light (0.5), &width, &height), >, 10000);
  Run missing = RUN ("confusion", path, "--condition", "gain", "-o", fixture->picture, NULL);
  g_assert_cmpint (missing.status, ==, 1);
  assert_has (missing.err, "no figures of gain; available: unnamed; gain -30 dB, adapted");
  run_clear (&first);
  run_clear (&other);
  run_clear (&missing);
  g_free (path);
  g_free (text);
}

/* A cell's colour shows its fraction: of four cells one is at 1, one at 3/4, one at 1/4 and one at
 * 0. */
static void
test_confusion_colours (Fixture *fixture, gconstpointer data)
{
  static const double shares[] = {1, 0.75, 0.25};
  (void)data;
  int width, height;
  guint cells[3];
  Run drawn = RUN ("confusion", fixture->metrics, "-o", fixture->picture, NULL);
  g_assert_cmpint (drawn.status, ==, 0);
  run_clear (&drawn);
  for (guint i = 0; i < 3; i++)
    cells[i] =
        count_pixels (fixture->picture, training_colour_map_light (shares[i]), &width, &height);
  g_assert_cmpuint (cells[0], >, 1000 * 600 / 20);
  for (guint i = 1; i < 3; i++)
    g_assert_cmpfloat_with_epsilon ((double)cells[i] / cells[0], 1, 0.05);
}

/* The heights of the bars of two speakers are their UARs, 1 and 0.5. */
static void
test_speaker_bars (Fixture *fixture, gconstpointer data)
{
  static const char *const half =
      "{\"test_metrics\": {\"classification_report\": {\"a\": {}, \"b\": {}}, \"per_speaker\": "
      "{\"x\": {\"uar\": %s, \"n\": 4}, \"y\": {\"uar\": %s, \"n\": 4}}}}";
  static const char *const uars[][2] = {{"1", "1"}, {"0.5", "1"}, {"0.5", "0.5"}};
  (void)data;
  double pixels[3];
  for (guint i = 0; i < 3; i++) {
    int width, height;
    char **parts = g_strsplit (half, "%s", 3);
    char *text = g_strconcat (parts[0], uars[i][0], parts[1], uars[i][1], parts[2], NULL);
    char *path = scratch_write (fixture->folder, "half.json", text, strlen (text));
    Run drawn = RUN ("speakers", path, "--protocol", "test", "-o", fixture->picture, NULL);
    g_assert_cmpint (drawn.status, ==, 0);
    pixels[i] = count_pixels (fixture->picture, training_blue, &width, &height);
    run_clear (&drawn);
    g_strfreev (parts);
    g_free (text);
    g_free (path);
  }
  g_assert_cmpfloat (pixels[0], >, 1000 * 600 / 4.0);
  g_assert_cmpfloat_with_epsilon (pixels[1] / pixels[0], 0.75, 0.02);
  g_assert_cmpfloat_with_epsilon (pixels[2] / pixels[0], 0.5, 0.02);
}

static void
assert_fails (const Fixture *fixture, Run failed, const char *words)
{
  g_assert_cmpint (failed.status, !=, 0);
  g_assert_cmpstr (failed.out, ==, "");
  g_assert_true (g_str_has_prefix (failed.err, "emotion-plot: "));
  if (!strstr (failed.err, words))
    g_error ("no \"%s\" in: %s", words, failed.err);
  g_assert_true (strchr (failed.err, '\n') == failed.err + strlen (failed.err) - 1);
  g_assert_false (g_file_test (fixture->picture, G_FILE_TEST_EXISTS));
  run_clear (&failed);
}

/* One line that names the error, no picture and no other file. */
static void
test_failures (Fixture *fixture, gconstpointer data)
{
  (void)data;
  static const char one[] = "path,label\nvoice.wav,sad\n";
  const char *picture = fixture->picture, *voice = fixture->voice;
  char *jpeg = g_build_filename (fixture->folder, "p.jpg", NULL);
  char *nowhere = g_build_filename (fixture->folder, "no", "p.png", NULL);
  char *csv = scratch_write (fixture->folder, "one.csv", one, sizeof one - 1);
  char *empty = scratch_write (fixture->folder, "empty.wav", "", 0);
  const guint n_files = count_files (fixture->folder);
#define FAILS(words, ...) assert_fails (fixture, RUN (__VA_ARGS__, NULL), words)
  assert_fails (fixture, RUN (NULL), "no KIND");
  FAILS ("'pie' is not a kind", "pie", voice, "-o", picture);
  FAILS ("waveform takes exactly one input, an audio FILE", "waveform", "-o", picture);
  FAILS ("exactly one input", "waveform", voice, voice, "-o", picture);
  FAILS ("-o FILE.png", "waveform", voice);
  FAILS (".png, .svg or .pdf", "waveform", voice, "-o", jpeg);
  FAILS ("--size 1x", "waveform", voice, "-o", picture, "--size", "1x");
  FAILS ("from 300 to 4000", "waveform", voice, "-o", picture, "--size", "10x10");
  FAILS ("from 300 to 4000", "waveform", voice, "-o", picture, "--size", "99999x600");
  FAILS ("scale 0", "waveform", voice, "-o", picture, "--scale", "0");
  FAILS ("--scale nan", "waveform", voice, "-o", picture, "--scale", "nan");
  FAILS ("--model does not apply to waveform", "waveform", voice, "-o", picture, "--model", "x");
  FAILS ("--log-frequency does not apply to mel", "mel", voice, "-o", picture, "--log-frequency");
  FAILS ("use only one of them", "confusion", fixture->metrics, "-o", picture, "--protocol", "test",
         "--condition", "as recorded");
  FAILS ("--windows does not apply to mel", "mel", voice, "-o", picture, "--windows");
  FAILS ("--max-frequency 9000: must be", "mel", voice, "-o", picture, "--max-frequency", "9000");
  FAILS ("--max-frequency -1: must be", "spectrogram", voice, "-o", picture, "--max-frequency",
         "-1");
  FAILS ("No such file", "waveform", "no.wav", "-o", picture);
  FAILS ("empty", "spectrogram", empty, "-o", picture);
  FAILS (fixture->folder, "timeline", voice, "--model", fixture->folder, "-o", picture);
  FAILS ("cannot read", "confusion", "no.json", "-o", picture);
  FAILS ("metrics", "confusion", voice, "-o", picture);
  FAILS ("no figures of adaptive; available: test, strict", "confusion", fixture->metrics,
         "--protocol", "adaptive", "-o", picture);
  FAILS ("no figures of windows", "confusion", fixture->metrics, "--windows", "-o", picture);
  FAILS ("--features none", "scatter", csv, "--features", "none", "-o", picture);
  FAILS ("principal components", "scatter", csv, "-q", "-o", picture);
  FAILS ("broken quoting", "scatter", fixture->metrics, "-q", "-o", picture);
  FAILS (nowhere, "waveform", voice, "-o", nowhere);
  g_assert_cmpuint (count_files (fixture->folder), ==, n_files);
  g_free (jpeg);
  g_free (nowhere);
  g_free (csv);
  g_free (empty);
}

/* Metrics with any part changed or missing are drawn or rejected, and never crash. */
static void
test_garbage (Fixture *fixture, gconstpointer data)
{
  static const char pieces[] = "{}[]\",:-0123456789e.n";
  static gboolean (*const draw[]) (const TrainingPlot *, const TrainingFiguresFile *, GError **) = {
      training_plot_confusion, training_plot_reliability, training_plot_speakers};
  (void)data;
  TrainingPlot plot;
  guint n_drawn = 0, n_refused = 0;
  GRand *random = g_rand_new_with_seed (3);
  training_plot_init (&plot, fixture->picture);
  plot.width = plot.height = TRAINING_PLOT_MIN_SIZE;
  for (guint i = 0; i < 600; i++) {
    char text[sizeof metrics];
    memcpy (text, metrics, sizeof metrics);
    for (guint changes = i % 3 + 1; changes > 0; changes--)
      text[g_rand_int_range (random, 0, sizeof metrics - 1)] =
          pieces[g_rand_int_range (random, 0, sizeof pieces - 1)];
    char *path = scratch_write (fixture->folder, "garbage.json", text, sizeof metrics - 1);
    GError *error = NULL;
    TrainingFiguresFile *file = training_figures_file_open (path, NULL, FALSE, &error);
    g_assert_true ((file == NULL) == (error != NULL));
    g_clear_error (&error);
    const gboolean drawn = file && draw[i % 3](&plot, file, &error);
    g_assert_true (drawn || !file || error);
    g_clear_error (&error);
    n_drawn += drawn;
    n_refused += !drawn;
    training_figures_file_free (file);
    g_free (path);
  }
  g_assert_cmpuint (n_drawn, >, 0);
  g_assert_cmpuint (n_refused, >, 0);
  g_rand_free (random);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* For the timeline without --model. */
  g_setenv ("EMOTIONDETECT_MODEL_PATH", g_getenv ("EMOTION_MODELS"), TRUE);
  gst_init (NULL, NULL);
  g_assert_cmpint (argc, ==, 2);
  program = argv[1];
#define ADD(name, function)                                                                        \
  g_test_add ("/training/plot/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("timeline", test_timeline);
  ADD ("pdf", test_pdf);
  ADD ("frequency-axis", test_frequency_axis);
  ADD ("no-answer", test_no_prediction);
  ADD ("conditions", test_conditions);
  ADD ("kinds", test_kinds);
  ADD ("confusion-colours", test_confusion_colours);
  ADD ("speaker-bars", test_speaker_bars);
  ADD ("failures", test_failures);
  ADD ("garbage", test_garbage);
  return g_test_run ();
}
