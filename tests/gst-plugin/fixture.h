/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The element in a GstHarness with generated sound, and the messages that it posts. */
#pragma once

#include <gst/audio/audio.h>
#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>

G_BEGIN_DECLS

#define MODEL_WINDOW GST_SECOND
#define MODEL_INTERVAL (GST_SECOND / 2)

typedef struct {
  GstHarness *harness;
  GstElement *element;
  GstBus *bus;
  GstAudioInfo info;
  guint64 position;     /* frames pushed */
  guint first_channel;  /* the sound's channel that becomes channel 0 of the stream */
  gboolean restless;    /* use the variant of the sound that changes the prediction */
  GPtrArray *windows;   /* GstStructure, the messages so far, after fixture_collect() */
  GPtrArray *changes;   /* GstStructure */
  GPtrArray *summaries; /* GstStructure */
  GPtrArray *warnings;  /* char *, the texts */
} Fixture;

/* Creates the temporary folder with two models; the element's environment names no other. */
void fixture_setup_models (void);
void fixture_remove_models (void);
const char *fixture_model (void);
const char *fixture_other_model (void);
const char *fixture_folder (void);

/* An element in PLAYING with the test model, after `caps` and a segment. Without caps (NULL): only
 * an element in PLAYING. `property` and the following arguments are those of g_object_set(). */
Fixture *fixture_new (const char *caps, const char *property, ...) G_GNUC_NULL_TERMINATED;
void fixture_free (Fixture *self);

/* Like fixture_new() with the caps of F32 interleaved audio. */
Fixture *fixture_new_f32 (guint rate, guint channels);

void fixture_set_caps (Fixture *self, const char *caps);
char *fixture_caps (const char *format, const char *layout, guint rate, guint channels);

/* The voice-like test sound, which never repeats, as a buffer in the fixture's format: frames
 * `first` to first + n, without PTS. Every sample is a multiple of 2^-15, so all formats hold it
 * exactly. */
GstBuffer *fixture_make (Fixture *self, guint64 first, gsize n);

/* The sound's next 10 ms. */
GstBuffer *fixture_next (Fixture *self, GstClockTime pts, GstBufferFlags flags);

/* Pushes a buffer (transfer full). */
void fixture_push_buffer (Fixture *self, GstBuffer *buffer);

/* Pushes the sound's next `ms` milliseconds in buffers of `size` frames with PTS from `pts` on, or
 * without PTS if it is GST_CLOCK_TIME_NONE. */
void fixture_push (Fixture *self, guint ms, gsize size, GstClockTime pts);

void fixture_push_event (Fixture *self, GstEvent *event);
void fixture_push_eos (Fixture *self); /* and collects the messages */
void fixture_push_segment (Fixture *self, double rate, GstClockTime start, GstClockTime base);

/* The result of a separate stream: the sound from frame `first` on, `ms` long, with PTS from `pts`
 * on. */
Fixture *fixture_play_f32 (guint rate, guint64 first, guint ms, GstClockTime pts);

/* Collects the posted messages; returns the number of windows so far. */
guint fixture_collect (Fixture *self);

/* The uint64 field of message `index` of windows or summaries; fails if it is missing. */
guint64 fixture_time (GPtrArray *messages, guint index, const char *field);
const char *fixture_string (GPtrArray *messages, guint index, const char *field);
double fixture_number (GPtrArray *messages, guint index, const char *field);

/* Fails unless both have the same messages. */
void fixture_assert_same (Fixture *a, Fixture *b);
/* Fails unless the windows of `self` are `n_before` others followed by those of `rest`. */
void fixture_assert_ends_like (Fixture *self, guint n_before, Fixture *rest);

G_END_DECLS
