/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live.h"

#include <gst/app/app.h>
#include <math.h>
#include <string.h>

#include "problem.h"

#define MAX_CHANNELS 8
#define MAX_QUEUED (20 * GST_SECOND)       /* a network may stall, and then deliver all at once */
#define LATE (2 * GST_SECOND)              /* of queued sound */
#define MAX_LATE (5 * G_USEC_PER_SEC)      /* us; longest time of being late */
#define MAX_BUFFERS 50000                  /* queued */
#define MAX_LAST_WAIT (5 * G_USEC_PER_SEC) /* us for the summary */
#define N_ENDERS 8
#define N_ARRIVALS 1024 /* the latest; those of MAX_QUEUED, with frames of 20 ms */

typedef struct {
  guint64 end; /* samples, of all frames so far */
  gint64 time; /* us, monotonic */
} Arrival;

/* Shared with the streaming thread. */
struct _ServerLive {
  ServerRecording *recording;
  GstElement *pipeline;
  GstAppSrc *source;
  guint rate, frame_size; /* frame_size: bytes of a sample of all channels */
  guint64 n_samples;
  gint64 late_since; /* us, monotonic; 0: it is not */
  gboolean keep;
  GThreadPool *enders;
  GMutex lock; /* of the rest */
  GCond changed;
  gboolean over; /* the end of the stream, or an error, has come */
  Arrival arrivals[N_ARRIVALS];
  guint n_arrivals;
};

static const struct {
  const char *name, *caps, *decoder;
  guint size;
} formats[] = {
    {"S16LE", "audio/x-raw,format=S16LE,layout=interleaved", "identity", 2},
    {"F32LE", "audio/x-raw,format=F32LE,layout=interleaved", "identity", 4},
    {"PCMU", "audio/x-mulaw", "mulawdec", 1},
    {"PCMA", "audio/x-alaw", "alawdec", 1},
};

static gboolean
read_number (GHashTable *texts, const char *name, guint min, guint max, guint standard,
             guint *number, GError **error)
{
  const char *text = g_hash_table_lookup (texts, name);
  guint64 value = standard;
  if (text && !g_ascii_string_to_unsigned (text, 10, min, max, &value, NULL))
    value = 0;
  *number = (guint)value;
  if (value == 0)
    g_set_error (error, SERVER_PROBLEM, SERVER_PROBLEM_BAD_OPTION,
                 "the start message needs %s, from %u to %u", name, min, max);
  return value != 0;
}

gboolean
server_pcm_read (GHashTable *texts, ServerPcm *pcm, GError **error)
{
  const char *format = g_hash_table_lookup (texts, "format");
  pcm->format = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (!format || strcmp (format, formats[i].name) == 0) {
      pcm->format = formats[i].name;
      break;
    }
  if (!pcm->format) {
    g_set_error (error, SERVER_PROBLEM, SERVER_PROBLEM_BAD_OPTION,
                 "the format '%s' is none of S16LE, F32LE, PCMU and PCMA", format);
    return FALSE;
  }
  return read_number (texts, "rate", 8000, 192000, 0, &pcm->rate, error) &&
         read_number (texts, "channels", 1, MAX_CHANNELS, 1, &pcm->channels, error);
}

/* The time from the arrival of the last sample of a window to now, in s. */
static double
get_delay (ServerLive *self, const ServerResult *result)
{
  const gint64 now = g_get_monotonic_time ();
  const guint64 end = (guint64)lrint ((result->start + result->duration) * self->rate);
  double delay = NAN;
  g_mutex_lock (&self->lock);
  const guint first = self->n_arrivals > N_ARRIVALS ? self->n_arrivals - N_ARRIVALS : 0;
  for (guint i = first; i < self->n_arrivals; i++) {
    const Arrival *arrival = &self->arrivals[i % N_ARRIVALS];
    if (arrival->end >= end) {
      delay = (double)(now - arrival->time) / G_USEC_PER_SEC;
      break;
    }
  }
  g_mutex_unlock (&self->lock);
  return delay;
}

static void
take_element_message (ServerLive *self, GstMessage *message)
{
  ServerRecording *recording = self->recording;
  if (recording->sound && server_sound_take_message (recording->sound, message))
    return;
  ServerResult *result =
      server_result_new (message, recording->model->labels, recording->model->n_labels);
  if (!result)
    return;
  if (!result->whole)
    result->behind = get_delay (self, result);
  server_recording_add (recording, result);
}

/* Takes the error, or NULL. */
static void
take_end (ServerLive *self, GError *error)
{
  server_recording_end (self->recording, error);
  g_mutex_lock (&self->lock);
  self->over = TRUE;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
}

static void
take_error (ServerLive *self, GstMessage *message)
{
  GError *error;
  gst_message_parse_error (message, &error, NULL);
  take_end (self, g_error_new (SERVER_PROBLEM, SERVER_PROBLEM_INTERNAL, "the analysis failed: %s",
                               error->message));
  g_error_free (error);
}

/* In the thread that posts the message. */
static GstBusSyncReply
take_message (GstBus *bus, GstMessage *message, gpointer data)
{
  ServerLive *self = data;
  (void)bus;
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ELEMENT)
    take_element_message (self, message);
  else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    take_error (self, message);
  else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS)
    take_end (self, NULL);
  gst_message_unref (message);
  return GST_BUS_DROP;
}

/* appsrc ! decoder ! sink */
static gboolean
build (ServerLive *self, GstElement *sink, const ServerPcm *pcm)
{
  guint i = 0;
  while (formats[i].name != pcm->format)
    i++;
  GstElement *source = gst_element_factory_make ("appsrc", NULL);
  GstElement *decoder = gst_element_factory_make (formats[i].decoder, NULL);
  if (!source || !decoder || !sink) {
    g_clear_object (&source);
    g_clear_object (&decoder);
    g_clear_object (&sink);
    return FALSE;
  }
  char *text = g_strdup_printf ("%s,rate=%u,channels=%u%s", formats[i].caps, pcm->rate,
                                pcm->channels, pcm->channels > 2 ? ",channel-mask=(bitmask)0" : "");
  GstCaps *caps = gst_caps_from_string (text);
  g_free (text);
  self->frame_size = formats[i].size * pcm->channels;
  self->rate = pcm->rate;
  self->source = g_object_ref (GST_APP_SRC (source));
  g_object_set (source, "caps", caps, "format", GST_FORMAT_TIME, "is-live", TRUE, "max-bytes",
                (guint64)0, NULL);
  gst_caps_unref (caps);
  gst_bin_add_many (GST_BIN (self->pipeline), source, decoder, sink, NULL);
  return gst_element_link_many (source, decoder, sink, NULL);
}

ServerLive *
server_live_new (ServerRecording *recording, const ServerOptions *options, const ServerPcm *pcm,
                 GThreadPool *enders, GError **error)
{
  ServerLive *self = g_new0 (ServerLive, 1);
  self->recording = server_recording_ref (recording);
  self->keep = options->keep;
  self->enders = enders;
  g_cond_init (&self->changed);
  self->pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  g_mutex_init (&self->lock);
  GstBus *bus = gst_element_get_bus (self->pipeline);
  gst_bus_set_sync_handler (bus, take_message, self, NULL);
  gst_object_unref (bus);
  if (build (self, server_options_make_sink (options, recording->sound, FALSE), pcm) &&
      gst_element_set_state (self->pipeline, GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE) {
    server_recording_start (recording);
    return self;
  }
  g_set_error (error, SERVER_PROBLEM, SERVER_PROBLEM_INTERNAL,
               "GStreamer cannot start the analysis; its base plugins may be incomplete");
  server_live_free (self);
  return NULL;
}

static void
note_arrival (ServerLive *self)
{
  g_mutex_lock (&self->lock);
  self->arrivals[self->n_arrivals++ % N_ARRIVALS] =
      (Arrival){self->n_samples, g_get_monotonic_time ()};
  g_mutex_unlock (&self->lock);
}

static gboolean
is_too_slow (ServerLive *self)
{
  const GstClockTime queued = gst_app_src_get_current_level_time (self->source);
  const gint64 now = g_get_monotonic_time ();
  if (queued <= LATE)
    self->late_since = 0;
  else if (self->late_since == 0)
    self->late_since = now;
  return queued > MAX_QUEUED ||
         gst_app_src_get_current_level_buffers (self->source) > MAX_BUFFERS ||
         (queued > LATE && now - self->late_since > MAX_LATE);
}

gboolean
server_live_push (ServerLive *self, GBytes *samples, GError **error)
{
  const gsize size = g_bytes_get_size (samples);
  if (size % self->frame_size != 0) {
    g_set_error (error, SERVER_PROBLEM, SERVER_PROBLEM_BAD_REQUEST,
                 "a message of %" G_GSIZE_FORMAT " bytes does not hold whole samples of %u bytes",
                 size, self->frame_size);
    return FALSE;
  }
  if (is_too_slow (self)) {
    g_set_error (error, SERVER_PROBLEM, SERVER_PROBLEM_TOO_SLOW,
                 "the sound comes faster than it can be analysed");
    return FALSE;
  }
  GstBuffer *buffer = gst_buffer_new_wrapped_bytes (samples);
  GST_BUFFER_PTS (buffer) = gst_util_uint64_scale_int (self->n_samples, GST_SECOND, self->rate);
  self->n_samples += size / self->frame_size;
  GST_BUFFER_DURATION (buffer) =
      gst_util_uint64_scale_int (self->n_samples, GST_SECOND, self->rate) - GST_BUFFER_PTS (buffer);
  note_arrival (self);
  gst_app_src_push_buffer (self->source, buffer);
  return TRUE;
}

void
server_live_finish (ServerLive *self)
{
  gst_app_src_end_of_stream (self->source);
}

/* A session that is kept is complete also when its client has vanished. */
static void
wait_for_summary (ServerLive *self)
{
  const gint64 end = g_get_monotonic_time () + MAX_LAST_WAIT;
  gst_app_src_end_of_stream (self->source);
  g_mutex_lock (&self->lock);
  while (!self->over && g_cond_wait_until (&self->changed, &self->lock, end))
    ;
  g_mutex_unlock (&self->lock);
}

/* In a thread of the pool. */
static void
end_session (gpointer data, gpointer user_data)
{
  ServerLive *self = data;
  (void)user_data;
  if (self->keep && self->source)
    wait_for_summary (self);
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_object_unref (self->pipeline);
  g_clear_object (&self->source);
  server_recording_end (self->recording, NULL);
  server_recording_unref (self->recording);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);
  g_free (self);
}

GThreadPool *
server_live_make_enders (void)
{
  return g_thread_pool_new (end_session, NULL, N_ENDERS, FALSE, NULL);
}

void
server_live_free (ServerLive *self)
{
  g_thread_pool_push (self->enders, self, NULL);
}
