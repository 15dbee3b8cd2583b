/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "result.h"

#include <math.h>
#include <string.h>

#define N_TOP 3

static const char *
intern_field (const GstStructure *s, const char *field)
{
  const char *text = gst_structure_get_string (s, field);
  return text ? g_intern_string (text) : NULL;
}

static double
get_number (const GstStructure *s, const char *field)
{
  double number = NAN;
  gst_structure_get_double (s, field, &number);
  return number;
}

static double
get_seconds (const GstStructure *s, const char *field)
{
  guint64 time = GST_CLOCK_TIME_NONE;
  return gst_structure_get_uint64 (s, field, &time) && time != GST_CLOCK_TIME_NONE
             ? (double)time / GST_SECOND
             : NAN;
}

/* A time of a message may be unknown; the next best time of the same window replaces it. */
static double
get_start (const GstStructure *s)
{
  static const char *const fields[] = {"stream-time", "running-time", "timestamp"};
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++) {
    const double start = get_seconds (s, fields[i]);
    if (!isnan (start))
      return start;
  }
  return 0;
}

static void
read_labels (const GstStructure *s, const char *field, const char *const *labels, guint n_labels,
             double *values)
{
  const GValue *nested = gst_structure_get_value (s, field);
  for (guint i = 0; nested && i < n_labels; i++)
    gst_structure_get_double (gst_value_get_structure (nested), labels[i], &values[i]);
}

static void
read_summary (ServerResult *self, const GstStructure *s, const char *const *labels)
{
  const GValue *stretch = gst_structure_get_value (s, "longest-stretch");
  const GValue *fractions = gst_structure_get_value (s, "fractions");
  read_labels (s, "fractions", labels, self->n_labels, self->fractions);
  if (fractions)
    gst_structure_get_double (gst_value_get_structure (fractions), "none",
                              &self->fractions[self->n_labels]);
  gst_structure_get_uint64 (s, "transitions", &self->transitions);
  gst_structure_get_uint64 (s, "windows", &self->n_windows);
  if (stretch) {
    const GstStructure *longest = gst_value_get_structure (stretch);
    self->longest_emotion = intern_field (longest, "emotion");
    self->longest_start = get_seconds (longest, "timestamp");
    self->longest_duration = get_seconds (longest, "duration");
  }
}

ServerResult *
server_result_new (GstMessage *message, const char *const *labels, guint n_labels)
{
  const GstStructure *s = gst_message_get_structure (message);
  const char *type = s && gst_structure_has_name (s, "emotiondetect")
                         ? gst_structure_get_string (s, "type")
                         : NULL;
  if (g_strcmp0 (type, "window") != 0 && g_strcmp0 (type, "summary") != 0)
    return NULL;
  /* One allocation: the result, its scores and its fractions. */
  ServerResult *self =
      g_atomic_rc_box_alloc0 (sizeof (ServerResult) + (2 * (gsize)n_labels + 1) * sizeof (double));
  self->whole = strcmp (type, "summary") == 0;
  self->n_labels = n_labels;
  self->scores = (double *)(self + 1);
  self->fractions = self->scores + n_labels;
  self->start = self->whole ? 0 : get_start (s);
  self->duration = get_seconds (s, "duration");
  self->emotion = intern_field (s, "emotion");
  self->reason = intern_field (s, "reason");
  self->confidence = get_number (s, "confidence");
  self->speech_ratio = get_number (s, "speech-ratio");
  self->level = get_number (s, "level");
  self->intensity = get_number (s, "intensity");
  self->valence = get_number (s, "valence");
  self->arousal = get_number (s, "arousal");
  self->behind = NAN;
  gst_structure_get_boolean (s, "partial", &self->partial);
  read_labels (s, "scores", labels, n_labels, self->scores);
  if (self->whole)
    read_summary (self, s, labels);
  return self;
}

ServerResult *
server_result_ref (ServerResult *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
server_result_unref (ServerResult *self)
{
  if (self)
    g_atomic_rc_box_release (self);
}

/* JSON has no NAN. */
static void
set_number (JsonObject *object, const char *name, double number)
{
  if (isfinite (number))
    json_object_set_double_member (object, name, number);
}

static JsonObject *
describe_labels (const ServerResult *self, const char *const *labels, const double *values,
                 gboolean with_none)
{
  JsonObject *object = json_object_new ();
  for (guint i = 0; i < self->n_labels; i++)
    set_number (object, labels[i], values[i]);
  if (with_none)
    set_number (object, "none", values[self->n_labels]);
  return object;
}

/* The index of the most probable label that is not yet used. */
static guint
find_best (const ServerResult *self, const gboolean *used)
{
  guint best = self->n_labels;
  for (guint i = 0; i < self->n_labels; i++)
    if (!used[i] && (best == self->n_labels || self->scores[i] > self->scores[best]))
      best = i;
  return best;
}

static JsonArray *
describe_top (const ServerResult *self, const char *const *labels)
{
  JsonArray *top = json_array_new ();
  gboolean *used = g_new0 (gboolean, self->n_labels);
  for (guint n = 0; n < MIN (N_TOP, self->n_labels); n++) {
    const guint best = find_best (self, used);
    JsonObject *object = json_object_new ();
    json_object_set_string_member (object, "label", labels[best]);
    set_number (object, "probability", self->scores[best]);
    json_array_add_object_element (top, object);
    used[best] = TRUE;
  }
  g_free (used);
  return top;
}

static void
describe_summary (const ServerResult *self, const char *const *labels, JsonObject *object)
{
  json_object_set_array_member (object, "topk", describe_top (self, labels));
  json_object_set_object_member (object, "fractions",
                                 describe_labels (self, labels, self->fractions, TRUE));
  json_object_set_int_member (object, "transitions", (gint64)self->transitions);
  json_object_set_int_member (object, "windows", (gint64)self->n_windows);
  if (!self->longest_emotion)
    return;
  JsonObject *longest = json_object_new ();
  json_object_set_string_member (longest, "emotion", self->longest_emotion);
  set_number (longest, "start", self->longest_start);
  set_number (longest, "duration", self->longest_duration);
  json_object_set_object_member (object, "longest_stretch", longest);
}

void
server_result_describe (const ServerResult *self, const char *const *labels, JsonObject *object)
{
  if (!self->whole)
    set_number (object, "start", self->start);
  set_number (object, "duration", self->duration);
  json_object_set_string_member (object, "emotion", self->emotion);
  set_number (object, "confidence", self->confidence);
  if (self->reason)
    json_object_set_string_member (object, "reason", self->reason);
  set_number (object, "speech_ratio", self->speech_ratio);
  set_number (object, "level", self->level);
  set_number (object, "intensity", self->intensity);
  set_number (object, "valence", self->valence);
  set_number (object, "arousal", self->arousal);
  set_number (object, "behind", self->behind);
  json_object_set_object_member (object, "scores",
                                 describe_labels (self, labels, self->scores, FALSE));
  if (self->partial)
    json_object_set_boolean_member (object, "partial", TRUE);
  if (self->whole)
    describe_summary (self, labels, object);
}

GArray *
server_segments_new (GPtrArray *windows)
{
  GArray *segments = g_array_new (FALSE, FALSE, sizeof (ServerSegment));
  ServerSegment *last = NULL;
  guint n_merged = 0;
  for (guint i = 0; i < windows->len; i++) {
    const ServerResult *window = windows->pdata[i];
    const double end = window->start + window->duration;
    if (last && last->emotion == window->emotion && last->reason == window->reason &&
        window->start <= last->end) {
      n_merged++;
      last->confidence += (window->confidence - last->confidence) / n_merged;
    } else {
      const ServerSegment segment = {.start = last ? MAX (last->end, window->start) : window->start,
                                     .emotion = window->emotion,
                                     .reason = window->reason,
                                     .confidence = window->confidence};
      g_array_append_val (segments, segment);
      last = &g_array_index (segments, ServerSegment, segments->len - 1);
      n_merged = 1;
    }
    last->end = end;
  }
  return segments;
}
