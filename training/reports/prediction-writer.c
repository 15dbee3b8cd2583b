/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "prediction-writer.h"

#include <json-glib/json-glib.h>
#include <math.h>

#include "core/base/statistics.h"
#include "core/features/feature-csv.h"

#define SECONDS "%.9g"
#define SHARE "%.6g" /* format of probabilities and levels */

struct _TrainingPredictionWriter {
  TrainingOutput *out;
  TrainingPredictionFormat format;
  gboolean timeline;
  guint topk;
  const char *const *labels, *const *label_texts;
  guint n_labels;
  guint *order; /* n_labels, label indices sorted by score */
  char *file;
  guint n_windows;    /* of this file */
  guint n_files;      /* in the JSON array */
  JsonArray *windows; /* of this file, for JSON with a timeline */
};

static void
put_number (GString *line, const char *before, const char *format, double number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append (line, before);
  g_string_append (line, g_ascii_formatd (text, sizeof text, format, number));
}

static void
write_and_free (TrainingPredictionWriter *self, GString *line)
{
  training_output_write (self->out, line->str, line->len);
  training_output_flush (self->out); /* the input may be live */
  g_string_free (line, TRUE);
}

/* Sorts the labels by score, the first of equals first; returns the number to print. */
static guint
rank (TrainingPredictionWriter *self, const TrainingElementResult *prediction)
{
  emotion_rank (prediction->scores, self->n_labels, self->order);
  return MIN (self->topk, self->n_labels);
}

/* Text */

/* The display text of a prediction, which may be none. */
static const char *
text_of (const TrainingPredictionWriter *self, const char *emotion)
{
  for (guint i = 0; i < self->n_labels; i++)
    if (strcmp (self->labels[i], emotion) == 0)
      return self->label_texts[i];
  return emotion;
}

static void
put_text_window (TrainingPredictionWriter *self, const TrainingElementResult *prediction,
                 GString *line)
{
  const guint n = rank (self, prediction);
  if (self->n_windows == 0)
    g_string_append_printf (line, "%s:\n", self->file);
  put_number (line, "  ", "%8.2f", prediction->start);
  put_number (line, " - ", "%8.2f", prediction->start + prediction->duration);
  g_string_append_printf (line, " s  %-10s", text_of (self, prediction->emotion));
  put_number (line, " ", "%.2f", prediction->confidence);
  for (guint i = 0; i < n; i++) {
    g_string_append_printf (line, "%s%s", i ? ", " : "   ", self->label_texts[self->order[i]]);
    put_number (line, " ", "%.2f", prediction->scores[self->order[i]]);
  }
  if (*prediction->reason)
    g_string_append_printf (line, "  (%s)", prediction->reason);
  g_string_append_c (line, '\n');
}

/* Prints the known ratings on a line of their own, as they are not labels. */
static void
put_text_ratings (GString *line, const TrainingElementResult *prediction)
{
  const struct {
    const char *name, *format; /* with a sign if the scale has two sides */
    double rating;
  } ratings[] = {{"intensity", "%.2f", prediction->intensity},
                 {"valence", "%+.2f", prediction->valence},
                 {"arousal", "%+.2f", prediction->arousal}};
  const char *before = "  [";
  for (guint i = 0; i < G_N_ELEMENTS (ratings); i++) {
    if (isnan (ratings[i].rating))
      continue;
    g_string_append_printf (line, "%s%s", before, ratings[i].name);
    put_number (line, " ", ratings[i].format, ratings[i].rating);
    before = ", ";
  }
  if (*before == ',')
    g_string_append (line, "]\n");
}

static void
put_text_file (TrainingPredictionWriter *self, const TrainingElementResult *prediction,
               GString *line)
{
  const guint n = rank (self, prediction);
  g_string_append_printf (line, "%s -> %s", self->file, text_of (self, prediction->emotion));
  if (*prediction->reason)
    g_string_append_printf (line, " (%s)", prediction->reason);
  g_string_append_c (line, '\n');
  for (guint i = 0; i < n; i++) {
    g_string_append_printf (line, "  %s", self->label_texts[self->order[i]]);
    put_number (line, " ", "%.2f", prediction->scores[self->order[i]]);
    g_string_append_c (line, '\n');
  }
  put_text_ratings (line, prediction);
}

/* CSV */

static void
write_csv_header (TrainingPredictionWriter *self)
{
  GString *line = g_string_new ("file,start,duration,emotion,confidence,reason,speech_ratio,level,"
                                "intensity,valence,arousal");
  for (guint i = 0; i < self->n_labels; i++)
    g_string_append_printf (line, ",score_%s", self->labels[i]);
  g_string_append_c (line, '\n');
  write_and_free (self, line);
}

/* An empty field if it is unknown. */
static void
put_csv_rating (GString *line, double rating)
{
  if (isnan (rating))
    g_string_append_c (line, ',');
  else
    put_number (line, ",", SHARE, rating);
}

static void
put_csv (TrainingPredictionWriter *self, const TrainingElementResult *prediction, GString *line)
{
  emotion_feature_csv_put_text (line, self->file);
  put_number (line, ",", SECONDS, prediction->start);
  put_number (line, ",", SECONDS, prediction->duration);
  g_string_append_printf (line, ",%s", prediction->emotion);
  put_number (line, ",", SHARE, prediction->confidence);
  g_string_append_printf (line, ",%s", prediction->reason);
  put_number (line, ",", SHARE, prediction->speech_ratio);
  put_number (line, ",", SHARE, prediction->level);
  put_csv_rating (line, prediction->intensity);
  put_csv_rating (line, prediction->valence);
  put_csv_rating (line, prediction->arousal);
  for (guint i = 0; i < self->n_labels; i++)
    put_number (line, ",", SHARE, prediction->scores[i]);
  g_string_append_c (line, '\n');
}

/* JSON */

static void
set_rating (JsonObject *object, const char *name, double rating)
{
  if (!isnan (rating))
    json_object_set_double_member (object, name, rating);
}

static void
set_ratings (JsonObject *object, const TrainingElementResult *prediction)
{
  set_rating (object, "intensity", prediction->intensity);
  set_rating (object, "valence", prediction->valence);
  set_rating (object, "arousal", prediction->arousal);
}

static JsonObject *
new_window (TrainingPredictionWriter *self, const TrainingElementResult *prediction)
{
  JsonObject *window = json_object_new (), *scores = json_object_new ();
  json_object_set_double_member (window, "start", prediction->start);
  json_object_set_double_member (window, "duration", prediction->duration);
  json_object_set_string_member (window, "emotion", prediction->emotion);
  json_object_set_double_member (window, "confidence", prediction->confidence);
  if (*prediction->reason)
    json_object_set_string_member (window, "reason", prediction->reason);
  json_object_set_double_member (window, "speech_ratio", prediction->speech_ratio);
  json_object_set_double_member (window, "level", prediction->level);
  set_ratings (window, prediction);
  for (guint i = 0; i < self->n_labels; i++)
    json_object_set_double_member (scores, self->labels[i], prediction->scores[i]);
  json_object_set_object_member (window, "scores", scores);
  return window;
}

static void
set_score (JsonObject *object, const char *label, double probability)
{
  json_object_set_string_member (object, "label", label);
  json_object_set_double_member (object, "probability", probability);
}

static JsonObject *
new_file (TrainingPredictionWriter *self, const TrainingElementResult *prediction)
{
  const guint n = rank (self, prediction);
  JsonObject *file = json_object_new ();
  JsonArray *best = json_array_new ();
  char *name = g_filename_display_name (self->file);
  json_object_set_string_member (file, "file", name);
  set_score (file, prediction->emotion, prediction->confidence);
  if (*prediction->reason)
    json_object_set_string_member (file, "reason", prediction->reason);
  for (guint i = 0; i < n; i++) {
    JsonObject *score = json_object_new ();
    set_score (score, self->labels[self->order[i]], prediction->scores[self->order[i]]);
    json_array_add_object_element (best, score);
  }
  json_object_set_array_member (file, "topk", best);
  json_object_set_double_member (file, "duration", prediction->duration);
  json_object_set_double_member (file, "speech_ratio", prediction->speech_ratio);
  json_object_set_double_member (file, "level", prediction->level);
  set_ratings (file, prediction);
  if (self->windows)
    json_object_set_array_member (file, "timeline", json_array_ref (self->windows));
  g_free (name);
  return file;
}

static void
put_json (TrainingPredictionWriter *self, const TrainingElementResult *prediction, GString *line)
{
  if (!prediction->whole) {
    json_array_add_object_element (self->windows, new_window (self, prediction));
    return;
  }
  JsonNode *root = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (root, new_file (self, prediction));
  char *text = json_to_string (root, FALSE);
  g_string_append_printf (line, "%s\n%s", self->n_files++ ? "," : "", text);
  g_free (text);
  json_node_unref (root);
}

TrainingPredictionWriter *
training_prediction_writer_new (TrainingOutput *out, TrainingPredictionFormat format,
                                gboolean timeline, guint topk, const char *const *labels,
                                const char *const *label_texts, guint n_labels)
{
  TrainingPredictionWriter *self = g_new (TrainingPredictionWriter, 1);
  *self = (TrainingPredictionWriter){.out = out,
                                     .format = format,
                                     .timeline = timeline,
                                     .topk = topk,
                                     .labels = labels,
                                     .label_texts = label_texts,
                                     .n_labels = n_labels,
                                     .order = g_new (guint, n_labels)};
  if (format == TRAINING_PREDICTIONS_CSV)
    write_csv_header (self);
  else if (format == TRAINING_PREDICTIONS_JSON)
    training_output_put (out, "[");
  return self;
}

void
training_prediction_writer_begin (TrainingPredictionWriter *self, const char *file)
{
  g_free (self->file);
  self->file = g_strdup (file);
  self->n_windows = 0;
  g_clear_pointer (&self->windows, json_array_unref);
  if (self->timeline && self->format == TRAINING_PREDICTIONS_JSON)
    self->windows = json_array_new ();
}

void
training_prediction_writer_add (TrainingPredictionWriter *self,
                                const TrainingElementResult *prediction)
{
  GString *line = g_string_new (NULL);
  if (!prediction->whole && !self->timeline)
    ;
  else if (self->format == TRAINING_PREDICTIONS_JSON)
    put_json (self, prediction, line);
  else if (self->format == TRAINING_PREDICTIONS_TEXT && prediction->whole)
    put_text_file (self, prediction, line);
  else if (self->format == TRAINING_PREDICTIONS_TEXT)
    put_text_window (self, prediction, line);
  else if (prediction->whole != self->timeline)
    put_csv (self, prediction, line);
  self->n_windows += !prediction->whole;
  write_and_free (self, line);
}

void
training_prediction_writer_finish (TrainingPredictionWriter *self)
{
  if (!self)
    return;
  if (self->format == TRAINING_PREDICTIONS_JSON)
    training_output_put (self->out, self->n_files ? "\n]\n" : "]\n");
  g_clear_pointer (&self->windows, json_array_unref);
  g_free (self->file);
  g_free (self->order);
  g_free (self);
}
