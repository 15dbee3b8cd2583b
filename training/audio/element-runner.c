/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "element-runner.h"

#include <math.h>
#include <string.h>

#include "media/detector.h"
#include "media/error.h"
#include "media/play.h"
#include "training/base/error.h"

struct _TrainingElementRunner {
  GstElement *keeper; /* an element that only keeps the model loaded */
  char *path;         /* of the model, or NULL */
  char *model;
  const char **labels; /* NULL-terminated, as the texts */
  const char **label_texts;
  guint n_labels;
  gboolean stream, adaptation;
  GstStructure *priors; /* or NULL */
  MediaPlayer *player;  /* with `stream`, for all files; otherwise NULL */
};

/* Collects the messages of one file. */
typedef struct {
  TrainingElementRunner *self;
  double *scores;
  /* Kept until the file has succeeded; `whole` is FALSE before it arrives. */
  TrainingElementResult whole;
  TrainingElementResultFunc func;
  gpointer data;
} ClipRun;

static void
read_model_info (TrainingElementRunner *self)
{
  GstStructure *info;
  g_object_get (self->keeper, "model-info", &info, NULL);
  self->label_texts = media_detector_read_texts (info, "label-texts", &self->n_labels);
  self->labels = media_detector_read_texts (info, "labels", &self->n_labels);
  self->model = g_strdup (gst_structure_get_string (info, "model"));
  gst_structure_free (info);
}

/* emotiondetect ! fakesink */
static GstElement *
make_sink (const TrainingElementRunner *self)
{
  GstElement *bin = gst_bin_new (NULL);
  GstElement *detector = gst_element_factory_make ("emotiondetect", NULL);
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);
  g_object_set (detector, "model", self->path, "post-tags", FALSE, "priors", self->priors, NULL);
  gst_util_set_object_arg (G_OBJECT (detector), "adaptation",
                           self->adaptation ? "running" : "none");
  g_object_set (sink, "sync", FALSE, "async", FALSE, NULL);
  gst_bin_add_many (GST_BIN (bin), detector, sink, NULL);
  gst_element_link (detector, sink);
  GstPad *pad = gst_element_get_static_pad (detector, "sink");
  gst_element_add_pad (bin, gst_ghost_pad_new ("sink", pad));
  gst_object_unref (pad);
  return bin;
}

TrainingElementRunner *
training_element_runner_new (const char *model, gboolean stream, gboolean adaptation,
                             GError **error)
{
  GstElement *keeper = media_detector_new (model, error);
  if (!keeper)
    return NULL;
  TrainingElementRunner *self = g_new0 (TrainingElementRunner, 1);
  self->keeper = keeper;
  self->path = g_strdup (model);
  read_model_info (self);
  self->stream = stream;
  self->adaptation = adaptation;
  return self;
}

void
training_element_runner_free (TrainingElementRunner *self)
{
  if (!self)
    return;
  media_player_free (self->player);
  g_clear_pointer (&self->priors, gst_structure_free);
  media_detector_free (self->keeper);
  g_free (self->path);
  g_free (self->model);
  g_free (self->labels);
  g_free (self->label_texts);
  g_free (self);
}

/* The element validates the priors and warns. */
gboolean
training_element_runner_set_priors (TrainingElementRunner *self, const char *text, GError **error)
{
  char *full =
      strcmp (text, "equal") == 0 ? g_strdup ("priors") : g_strconcat ("priors,", text, NULL);
  GstStructure *priors = *text ? gst_structure_from_string (full, NULL) : NULL;
  GstBus *bus = gst_bus_new ();
  GError *warning = NULL;
  g_free (full);
  gst_element_set_bus (self->keeper, bus);
  if (priors)
    g_object_set (self->keeper, "priors", priors, NULL);
  GstMessage *message = gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING);
  gst_element_set_bus (self->keeper, NULL);
  gst_object_unref (bus);
  if (message)
    gst_message_parse_warning (message, &warning, NULL);
  g_clear_pointer (&message, gst_message_unref);
  if (!priors || warning)
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA, "--priors %s: %s", text,
                 warning ? warning->message
                         : "use labels with numbers, for example neutral=0.7,sad=0.1, or equal");
  else
    self->priors = g_steal_pointer (&priors);
  g_clear_pointer (&priors, gst_structure_free);
  const gboolean ok = !warning && self->priors;
  g_clear_error (&warning);
  return ok;
}

const char *const *
training_element_runner_get_labels (const TrainingElementRunner *self, guint *n_labels)
{
  *n_labels = self->n_labels;
  return self->labels;
}

const char *const *
training_element_runner_get_label_texts (const TrainingElementRunner *self)
{
  return self->label_texts;
}

const char *
training_element_runner_get_model (const TrainingElementRunner *self)
{
  return self->model;
}

static const char *
intern (const GstStructure *report, const char *field)
{
  const char *text = gst_structure_get_string (report, field);
  return g_intern_string (text ? text : "");
}

/* A time of a message may be unknown; the next best time of the same window replaces it. */
static guint64
get_start (const GstStructure *report)
{
  static const char *const fields[] = {"stream-time", "running-time", "timestamp"};
  guint64 start = 0;
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (gst_structure_get_uint64 (report, fields[i], &start) && start != GST_CLOCK_TIME_NONE)
      return start;
  return 0;
}

static void
take_message (GstMessage *message, gpointer data)
{
  ClipRun *run = data;
  const GstStructure *report = gst_message_get_structure (message);
  if (!gst_structure_has_name (report, "emotiondetect"))
    return;
  const GValue *scores = gst_structure_get_value (report, "scores");
  guint64 duration = 0;
  TrainingElementResult prediction = {.whole = g_str_equal (intern (report, "type"), "summary"),
                                      .emotion = intern (report, "emotion"),
                                      .reason = intern (report, "reason"),
                                      .intensity = NAN,
                                      .valence = NAN,
                                      .arousal = NAN,
                                      .scores = run->scores};
  gst_structure_get_uint64 (report, "duration", &duration);
  gst_structure_get_double (report, "confidence", &prediction.confidence);
  gst_structure_get_double (report, "speech-ratio", &prediction.speech_ratio);
  gst_structure_get_double (report, "level", &prediction.level);
  gst_structure_get_double (report, "intensity", &prediction.intensity);
  gst_structure_get_double (report, "valence", &prediction.valence);
  gst_structure_get_double (report, "arousal", &prediction.arousal);
  prediction.start = (double)get_start (report) / GST_SECOND;
  prediction.duration = (double)duration / GST_SECOND;
  for (guint i = 0; scores && i < run->self->n_labels; i++)
    gst_structure_get_double (gst_value_get_structure (scores), run->self->labels[i],
                              &run->scores[i]);
  if (prediction.whole)
    run->whole = prediction;
  else
    run->func (&prediction, run->data);
}

gboolean
training_element_runner_run (TrainingElementRunner *self, const char *file,
                             TrainingElementResultFunc func, gpointer data, GError **error)
{
  double *scores = g_new0 (double, self->n_labels);
  ClipRun run = {.self = self, .scores = scores, .func = func, .data = data};
  if (self->stream && !self->player)
    self->player = media_player_new (make_sink (self));
  gboolean ok = self->player ? media_player_play (self->player, file, take_message, &run, error)
                             : media_play (file, make_sink (self), take_message, &run, error);
  if (ok && run.whole.whole) {
    func (&run.whole, data);
  } else if (ok) {
    g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_DECODE,
                 "%s: no audio, or less than one analysis frame (25 ms)", media_play_name (file));
    ok = FALSE;
  }
  g_free (scores);
  return ok;
}
