/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "prediction-writer.h"

#include <json-glib/json-glib.h>
#include <math.h>

#include "core/base/statistics.h"
#include "core/features/feature-csv.h"

#define SECONDS "%.9g"
#define SHARE "%.6g" /* of probabilities and levels */

struct _TrainingAnswerWriter {
  TrainingOutput *out;
  TrainingAnswerFormat format;
  gboolean timeline;
  guint topk;
  const char *const *labels, *const *label_texts;
  guint n_labels;
  guint *order; /* n_labels, labels by their scores */
  char *file;
  guint n_windows;    /* of this file */
  guint n_files;      /* in the array of JSON */
  JsonArray *windows; /* of this file, JSON with a timeline */
};

static void
put_number (GString *line, const char *before, const char *format, double number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append (line, before);
  g_string_append (line, g_ascii_formatd (text, sizeof text, format, number));
}

static void
write_and_free (TrainingAnswerWriter *self, GString *line)
{
  training_output_write (self->out, line->str, line->len);
  training_output_flush (self->out); /* what is heard may be live */
  g_string_free (line, TRUE);
}

/* Sorts the labels, the first of equals first; returns of how many to tell. */
static guint
rank (TrainingAnswerWriter *self, const TrainingAnswer *answer)
{
  emotion_rank (answer->scores, self->n_labels, self->order);
  return MIN (self->topk, self->n_labels);
}

/* Text */

/* An answer may be none too. */
static const char *
text_of (const TrainingAnswerWriter *self, const char *emotion)
{
  for (guint i = 0; i < self->n_labels; i++)
    if (strcmp (self->labels[i], emotion) == 0)
      return self->label_texts[i];
  return emotion;
}

static void
put_text_window (TrainingAnswerWriter *self, const TrainingAnswer *answer, GString *line)
{
  const guint n = rank (self, answer);
  if (self->n_windows == 0)
    g_string_append_printf (line, "%s:\n", self->file);
  put_number (line, "  ", "%8.2f", answer->start);
  put_number (line, " - ", "%8.2f", answer->start + answer->duration);
  g_string_append_printf (line, " s  %-10s", text_of (self, answer->emotion));
  put_number (line, " ", "%.2f", answer->confidence);
  for (guint i = 0; i < n; i++) {
    g_string_append_printf (line, "%s%s", i ? ", " : "   ", self->label_texts[self->order[i]]);
    put_number (line, " ", "%.2f", answer->scores[self->order[i]]);
  }
  if (*answer->reason)
    g_string_append_printf (line, "  (%s)", answer->reason);
  g_string_append_c (line, '\n');
}

/* On a line of their own, as they are no labels; of what is known only. */
static void
put_text_ratings (GString *line, const TrainingAnswer *answer)
{
  const struct {
    const char *name, *format; /* a sign where the scale has two sides */
    double rating;
  } ratings[] = {{"intensity", "%.2f", answer->intensity},
                 {"valence", "%+.2f", answer->valence},
                 {"arousal", "%+.2f", answer->arousal}};
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
put_text_file (TrainingAnswerWriter *self, const TrainingAnswer *answer, GString *line)
{
  const guint n = rank (self, answer);
  g_string_append_printf (line, "%s -> %s", self->file, text_of (self, answer->emotion));
  if (*answer->reason)
    g_string_append_printf (line, " (%s)", answer->reason);
  g_string_append_c (line, '\n');
  for (guint i = 0; i < n; i++) {
    g_string_append_printf (line, "  %s", self->label_texts[self->order[i]]);
    put_number (line, " ", "%.2f", answer->scores[self->order[i]]);
    g_string_append_c (line, '\n');
  }
  put_text_ratings (line, answer);
}

/* CSV */

static void
write_csv_header (TrainingAnswerWriter *self)
{
  GString *line = g_string_new ("file,start,duration,emotion,confidence,reason,speech_ratio,level,"
                                "intensity,valence,arousal");
  for (guint i = 0; i < self->n_labels; i++)
    g_string_append_printf (line, ",score_%s", self->labels[i]);
  g_string_append_c (line, '\n');
  write_and_free (self, line);
}

/* Empty where it is not known. */
static void
put_csv_rating (GString *line, double rating)
{
  if (isnan (rating))
    g_string_append_c (line, ',');
  else
    put_number (line, ",", SHARE, rating);
}

static void
put_csv (TrainingAnswerWriter *self, const TrainingAnswer *answer, GString *line)
{
  emotion_feature_csv_put_text (line, self->file);
  put_number (line, ",", SECONDS, answer->start);
  put_number (line, ",", SECONDS, answer->duration);
  g_string_append_printf (line, ",%s", answer->emotion);
  put_number (line, ",", SHARE, answer->confidence);
  g_string_append_printf (line, ",%s", answer->reason);
  put_number (line, ",", SHARE, answer->speech_ratio);
  put_number (line, ",", SHARE, answer->level);
  put_csv_rating (line, answer->intensity);
  put_csv_rating (line, answer->valence);
  put_csv_rating (line, answer->arousal);
  for (guint i = 0; i < self->n_labels; i++)
    put_number (line, ",", SHARE, answer->scores[i]);
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
set_ratings (JsonObject *object, const TrainingAnswer *answer)
{
  set_rating (object, "intensity", answer->intensity);
  set_rating (object, "valence", answer->valence);
  set_rating (object, "arousal", answer->arousal);
}

static JsonObject *
new_window (TrainingAnswerWriter *self, const TrainingAnswer *answer)
{
  JsonObject *window = json_object_new (), *scores = json_object_new ();
  json_object_set_double_member (window, "start", answer->start);
  json_object_set_double_member (window, "duration", answer->duration);
  json_object_set_string_member (window, "emotion", answer->emotion);
  json_object_set_double_member (window, "confidence", answer->confidence);
  if (*answer->reason)
    json_object_set_string_member (window, "reason", answer->reason);
  json_object_set_double_member (window, "speech_ratio", answer->speech_ratio);
  json_object_set_double_member (window, "level", answer->level);
  set_ratings (window, answer);
  for (guint i = 0; i < self->n_labels; i++)
    json_object_set_double_member (scores, self->labels[i], answer->scores[i]);
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
new_file (TrainingAnswerWriter *self, const TrainingAnswer *answer)
{
  const guint n = rank (self, answer);
  JsonObject *file = json_object_new ();
  JsonArray *best = json_array_new ();
  char *name = g_filename_display_name (self->file);
  json_object_set_string_member (file, "file", name);
  set_score (file, answer->emotion, answer->confidence);
  if (*answer->reason)
    json_object_set_string_member (file, "reason", answer->reason);
  for (guint i = 0; i < n; i++) {
    JsonObject *score = json_object_new ();
    set_score (score, self->labels[self->order[i]], answer->scores[self->order[i]]);
    json_array_add_object_element (best, score);
  }
  json_object_set_array_member (file, "topk", best);
  json_object_set_double_member (file, "duration", answer->duration);
  json_object_set_double_member (file, "speech_ratio", answer->speech_ratio);
  json_object_set_double_member (file, "level", answer->level);
  set_ratings (file, answer);
  if (self->windows)
    json_object_set_array_member (file, "timeline", json_array_ref (self->windows));
  g_free (name);
  return file;
}

static void
put_json (TrainingAnswerWriter *self, const TrainingAnswer *answer, GString *line)
{
  if (!answer->whole) {
    json_array_add_object_element (self->windows, new_window (self, answer));
    return;
  }
  JsonNode *root = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (root, new_file (self, answer));
  char *text = json_to_string (root, FALSE);
  g_string_append_printf (line, "%s\n%s", self->n_files++ ? "," : "", text);
  g_free (text);
  json_node_unref (root);
}

TrainingAnswerWriter *
training_answer_writer_new (TrainingOutput *out, TrainingAnswerFormat format, gboolean timeline,
                            guint topk, const char *const *labels, const char *const *label_texts,
                            guint n_labels)
{
  TrainingAnswerWriter *self = g_new (TrainingAnswerWriter, 1);
  *self = (TrainingAnswerWriter){.out = out,
                                 .format = format,
                                 .timeline = timeline,
                                 .topk = topk,
                                 .labels = labels,
                                 .label_texts = label_texts,
                                 .n_labels = n_labels,
                                 .order = g_new (guint, n_labels)};
  if (format == TRAINING_ANSWERS_CSV)
    write_csv_header (self);
  else if (format == TRAINING_ANSWERS_JSON)
    training_output_put (out, "[");
  return self;
}

void
training_answer_writer_begin (TrainingAnswerWriter *self, const char *file)
{
  g_free (self->file);
  self->file = g_strdup (file);
  self->n_windows = 0;
  g_clear_pointer (&self->windows, json_array_unref);
  if (self->timeline && self->format == TRAINING_ANSWERS_JSON)
    self->windows = json_array_new ();
}

void
training_answer_writer_add (TrainingAnswerWriter *self, const TrainingAnswer *answer)
{
  GString *line = g_string_new (NULL);
  if (!answer->whole && !self->timeline)
    ;
  else if (self->format == TRAINING_ANSWERS_JSON)
    put_json (self, answer, line);
  else if (self->format == TRAINING_ANSWERS_TEXT && answer->whole)
    put_text_file (self, answer, line);
  else if (self->format == TRAINING_ANSWERS_TEXT)
    put_text_window (self, answer, line);
  else if (answer->whole != self->timeline)
    put_csv (self, answer, line);
  self->n_windows += !answer->whole;
  write_and_free (self, line);
}

void
training_answer_writer_finish (TrainingAnswerWriter *self)
{
  if (!self)
    return;
  if (self->format == TRAINING_ANSWERS_JSON)
    training_output_put (self->out, self->n_files ? "\n]\n" : "]\n");
  g_clear_pointer (&self->windows, json_array_unref);
  g_free (self->file);
  g_free (self->order);
  g_free (self);
}
