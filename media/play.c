/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "play.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <gst/audio/audio.h>
#include <gst/base/gstbasesink.h>
#include <gst/pbutils/pbutils.h>
#include <math.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "decoder.h"
#include "error.h"
#include "play-errors.h"
#include "stop.h"

/* Maximum time without data and messages; then playing ends with an error. */
#define MAX_PAUSE_FILE 15    /* s, of a local file */
#define MAX_PAUSE_ISOLATED 3 /* s, of a file that has arrived in whole */
#define MAX_PAUSE_LIVE 30    /* s, of all other inputs */
#define PAUSE_VARIABLE "EMOTIONDETECT_TIMEOUT"

#define CANNOT_START "GStreamer cannot start playback"
#define MAX_FINISH 5 /* s for the sink's results after the stream was cut */
#define TICK (100 * GST_MSECOND)

/* audioconvert crashes with more channels. */
#define MAX_CONVERTED_CHANNELS 63

/* entry ! convert ! sink, or entry ! sink. The decoder of each file is linked to the entry. */
struct _MediaPlayer {
  GstElement *pipeline, *entry, *convert, *sink;
  gboolean complete; /* all elements exist */
  gint n_arrived;    /* buffers and events, modulo 2^32; atomic */
  gint sound;        /* ms of the file so far; atomic */
  gint stopped;      /* by media_player_stop(); atomic */
  gboolean isolated;
  /* Used by the streaming thread: */
  GstAudioInfo info;
  guint64 duration; /* ns of the file so far */
};

/* The current file. */
typedef struct {
  MediaPlayer *self;
  MediaDecoder *decoder;
  GstBus *bus;
  MediaMessageFunc func;
  gpointer data;
  gboolean standard_input, local;
  gint64 max_pause; /* us, 0 for no limit */
  gint64 last_sign; /* time of the last activity; us */
  gint n_arrived;   /* value at that time */
  gboolean ended, stopped, list;
  char *problem, *missing; /* NULL for none */
  MediaError code;         /* of the problem */
} Playing;

/* Gives every file the same stream-id. */
static GstEvent *
unite_stream (void)
{
  GstEvent *united = gst_event_new_stream_start ("files");
  gst_event_set_group_id (united, gst_util_group_id_next ());
  return united;
}

/* Adds a channel mask to the caps: without one, elements accept at most two channels. A mask of 0
 * means channels without positions. NULL if the caps need no change. */
static GstEvent *
add_mask (GstEvent *event)
{
  GstCaps *caps;
  int channels = 0;
  gst_event_parse_caps (event, &caps);
  const GstStructure *format = gst_caps_get_structure (caps, 0);
  if (!gst_structure_get_int (format, "channels", &channels) || channels <= 2 ||
      gst_structure_has_field (format, "channel-mask"))
    return NULL;
  caps = gst_caps_copy (caps);
  gst_caps_set_simple (caps, "channel-mask", GST_TYPE_BITMASK, G_GUINT64_CONSTANT (0), NULL);
  GstEvent *masked = gst_event_new_caps (caps);
  gst_caps_unref (caps);
  return masked;
}

/* Caps that do not fit fail on arrival, with a better message. */
static gboolean
link_unchecked (GstElement *from, GstElement *to)
{
  return gst_element_link_pads_full (from, "src", to, "sink", GST_PAD_LINK_CHECK_NOTHING);
}

/* No data are between entry and sink now: both belong to the calling thread. */
static void
choose_way (MediaPlayer *self, GstEvent *event)
{
  GstCaps *caps;
  gst_event_parse_caps (event, &caps);
  if (!gst_audio_info_from_caps (&self->info, caps))
    gst_audio_info_init (&self->info);
  const gboolean convert = GST_AUDIO_INFO_CHANNELS (&self->info) <= MAX_CONVERTED_CHANNELS;
  if (convert == media_is_linked (self->convert))
    return;
  if (convert) {
    gst_element_unlink (self->entry, self->sink);
    link_unchecked (self->entry, self->convert);
    link_unchecked (self->convert, self->sink);
  } else {
    gst_element_unlink_many (self->entry, self->convert, self->sink, NULL);
    link_unchecked (self->entry, self->sink);
  }
}

static void
take_event (MediaPlayer *self, GstPadProbeInfo *info)
{
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info), *other = NULL;
  if (GST_EVENT_TYPE (event) == GST_EVENT_STREAM_START)
    other = unite_stream ();
  else if (GST_EVENT_TYPE (event) == GST_EVENT_CAPS)
    other = add_mask (event);
  if (other) {
    gst_event_unref (event);
    GST_PAD_PROBE_INFO_DATA (info) = event = other;
  }
  if (GST_EVENT_TYPE (event) == GST_EVENT_CAPS)
    choose_way (self, event);
}

static void
count_sound (MediaPlayer *self, gsize size)
{
  const int frame_size = GST_AUDIO_INFO_BPF (&self->info), rate = GST_AUDIO_INFO_RATE (&self->info);
  if (frame_size <= 0 || rate <= 0)
    return;
  self->duration += gst_util_uint64_scale_int (size / (gsize)frame_size, GST_SECOND, rate);
  g_atomic_int_set (&self->sound, (gint)MIN (self->duration / GST_MSECOND, (guint64)G_MAXINT));
}

static GstPadProbeReturn
take_arrival (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  MediaPlayer *self = data;
  (void)pad;
  g_atomic_int_inc (&self->n_arrived);
  if (info->type & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM)
    take_event (self, info);
  else if (info->type & GST_PAD_PROBE_TYPE_BUFFER)
    count_sound (self, gst_buffer_get_size (GST_PAD_PROBE_INFO_BUFFER (info)));
  else
    count_sound (self, gst_buffer_list_calculate_size (GST_PAD_PROBE_INFO_BUFFER_LIST (info)));
  return GST_PAD_PROBE_OK;
}

/* The sink must not wait for its first buffers: it would block a decoder thread, and a decoder that
 * fails before then could not be stopped. */
static void
play_at_once (const GValue *value, gpointer data)
{
  GstElement *element = g_value_get_object (value);
  (void)data;
  if (GST_IS_BASE_SINK (element))
    gst_base_sink_set_async_enabled (GST_BASE_SINK (element), FALSE);
}

MediaPlayer *
media_player_new (GstElement *sink)
{
  MediaPlayer *self = g_new0 (MediaPlayer, 1);
  self->pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  self->entry = gst_element_factory_make ("identity", NULL);
  self->convert = gst_element_factory_make ("audioconvert", NULL);
  self->sink = sink;
  GstElement *elements[] = {self->entry, self->convert, sink};
  self->complete = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (elements); i++) {
    if (elements[i])
      gst_bin_add (GST_BIN (self->pipeline), elements[i]);
    else
      self->complete = FALSE;
  }
  if (self->complete) {
    self->complete = link_unchecked (self->entry, self->convert) &&
                     gst_element_link_pads (self->convert, "src", sink, "sink");
    GstPad *pad = gst_element_get_static_pad (self->entry, "sink");
    gst_pad_add_probe (pad,
                       GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM | GST_PAD_PROBE_TYPE_BUFFER |
                           GST_PAD_PROBE_TYPE_BUFFER_LIST,
                       take_arrival, self, NULL);
    gst_object_unref (pad);
    GstIterator *sinks = gst_bin_iterate_recurse (GST_BIN (self->pipeline));
    gst_iterator_foreach (sinks, play_at_once, NULL);
    gst_iterator_free (sinks);
  }
  /* Also reports the sink's end when a decoder never becomes ready. */
  g_object_set (self->pipeline, "message-forward", TRUE, NULL);
  return self;
}

void
media_player_free (MediaPlayer *self)
{
  if (!self)
    return;
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_object_unref (self->pipeline);
  g_free (self);
}

/* Resets the sink, except for the state that it keeps over a flush. */
static void
reset (MediaPlayer *self)
{
  GstBus *bus = gst_element_get_bus (self->pipeline);
  gst_bus_set_flushing (bus, TRUE);
  gst_bus_set_flushing (bus, FALSE);
  gst_object_unref (bus);
  gst_audio_info_init (&self->info);
  self->duration = 0;
  g_atomic_int_set (&self->sound, 0);
}

/* The caps of the decoded audio; NULL before there are any. */
static GstCaps *
get_caps (MediaPlayer *self)
{
  GstPad *pad = gst_element_get_static_pad (self->entry, "sink"), *peer = gst_pad_get_peer (pad);
  GstCaps *caps = peer ? gst_pad_get_current_caps (peer) : NULL;
  g_clear_object (&peer);
  gst_object_unref (pad);
  return caps;
}

static void
take_error (Playing *playing, GstMessage *message)
{
  if (playing->problem)
    return;
  GstCaps *caps = get_caps (playing->self);
  playing->problem = media_describe_error (message, caps, &playing->code);
  gst_clear_caps (&caps);
}

static void
take_element_message (Playing *playing, GstMessage *message)
{
  GstMessage *forwarded = NULL;
  const GstStructure *s = gst_message_get_structure (message);
  if (gst_structure_has_name (s, "GstBinForwarded")) {
    gst_structure_get (s, "message", GST_TYPE_MESSAGE, &forwarded, NULL);
    playing->ended |= GST_MESSAGE_TYPE (forwarded) == GST_MESSAGE_EOS;
    gst_message_unref (forwarded);
  } else if (playing->func) {
    playing->func (message, playing->data);
  }
  if (!gst_is_missing_plugin_message (message))
    return;
  playing->list |= playing->self->isolated && media_is_list (message);
  if (!playing->missing)
    playing->missing = media_describe_missing (message);
}

static void
take_message (Playing *playing, GstMessage *message)
{
  switch (GST_MESSAGE_TYPE (message)) {
  case GST_MESSAGE_ERROR:
    take_error (playing, message);
    break;
  case GST_MESSAGE_ELEMENT:
    take_element_message (playing, message);
    break;
  case GST_MESSAGE_APPLICATION:
    if (!playing->problem)
      playing->problem = g_strdup (CANNOT_START);
    break;
  default:
    break;
  }
  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ELEMENT) /* element messages may come endlessly */
    playing->last_sign = g_get_monotonic_time ();
  gst_message_unref (message);
}

/* Whether waiting is justified: the sink is still processing data, or the standard input has none
 * yet. */
static gboolean
is_waited_for (Playing *playing)
{
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  GstPad *pad = gst_element_get_static_pad (playing->self->entry, "sink");
  const gboolean idle = GST_PAD_STREAM_TRYLOCK (pad);
  if (idle)
    GST_PAD_STREAM_UNLOCK (pad);
  gst_object_unref (pad);
  return !idle || (playing->standard_input && poll (&input, 1, 0) == 0);
}

static char *
describe_sound (MediaPlayer *self, const char *what)
{
  const gint sound = g_atomic_int_get (&self->sound);
  return sound > 0 ? g_strdup_printf ("%s after %.1f s of audio", what, sound / 1000.0)
                   : g_strdup_printf ("%s before any audio", what);
}

static void
check_pause (Playing *playing)
{
  const gint64 now = g_get_monotonic_time ();
  const gint n_arrived = g_atomic_int_get (&playing->self->n_arrived);
  if (n_arrived != playing->n_arrived || is_waited_for (playing)) {
    playing->n_arrived = n_arrived;
    playing->last_sign = now;
  }
  if (playing->max_pause == 0 || now - playing->last_sign < playing->max_pause)
    return;
  char *sound = describe_sound (playing->self, "stopped delivering data");
  playing->problem = g_strdup_printf (
      "%s: no data for %g s; %s%s", sound, (double)playing->max_pause / G_USEC_PER_SEC,
      playing->local ? "the file is damaged, or its decoder fails"
                     : "the sender or the network has failed",
      playing->self->isolated ? ""
                              : "; set " PAUSE_VARIABLE
                                "=SECONDS in the environment to change the limit");
  g_free (sound);
}

/* Live sources have no end of their own. */
static void
check_live (Playing *playing)
{
  GstPad *pad = gst_element_get_static_pad (playing->self->entry, "sink");
  GstQuery *query = gst_query_new_latency ();
  gboolean live = FALSE;
  if (gst_pad_peer_query (pad, query))
    gst_query_parse_latency (query, &live, NULL, NULL);
  gst_query_unref (query);
  gst_object_unref (pad);
  if (!live)
    return;
  char *sound = describe_sound (playing->self, "the live source ended");
  playing->problem = g_strdup_printf ("%s; the connection was lost, or the sender stopped", sound);
  g_free (sound);
}

static void
wait_for_end (Playing *playing, gint64 until)
{
  while (!playing->ended && g_get_monotonic_time () < until) {
    GstMessage *message = gst_bus_timed_pop (playing->bus, TICK);
    if (message)
      take_message (playing, message);
  }
}

/* Ends the stream for the sink, so that it emits its results, if the decoder does not. */
static void
finish_sink (Playing *playing)
{
  if (g_atomic_int_get (&playing->self->sound) == 0)
    return;
  GstPad *pad = gst_element_get_static_pad (playing->self->entry, "sink");
  gst_pad_send_event (pad, gst_event_new_eos ());
  gst_object_unref (pad);
  wait_for_end (playing, g_get_monotonic_time () + MAX_FINISH * G_USEC_PER_SEC);
}

/* Plays to the end or to the first problem. */
static void
run (Playing *playing)
{
  media_decoder_start (playing->decoder);
  while (!playing->ended && !playing->problem && !playing->stopped) {
    GstMessage *message = gst_bus_timed_pop (playing->bus, TICK);
    if (message)
      take_message (playing, message);
    else
      check_pause (playing);
    playing->stopped = media_stop_wanted () || g_atomic_int_get (&playing->self->stopped);
  }
  if (!playing->ended)
    finish_sink (playing);
  else if (!playing->problem)
    check_live (playing);
  media_decoder_stop (playing->decoder);
  if (playing->problem && playing->list) {
    g_free (playing->problem);
    playing->problem = g_strdup ("is a list of other files or addresses, which are not followed");
    playing->code = MEDIA_ERROR_DECODE;
  } else if (playing->problem && playing->missing) {
    g_free (playing->problem);
    playing->problem = g_steal_pointer (&playing->missing);
    playing->code = MEDIA_ERROR_MISSING;
  }
  g_free (playing->missing);
}

/* Texts that are clearer than GStreamer's. */
static char *
check_file (const char *path)
{
  GStatBuf status;
  if (g_stat (path, &status) != 0 || g_access (path, R_OK) != 0)
    return g_strdup (g_strerror (errno));
  if (S_ISDIR (status.st_mode))
    return g_strdup ("is a folder, not an audio file");
  if (S_ISREG (status.st_mode) && status.st_size == 0)
    return g_strdup ("is empty (0 bytes)");
  return NULL;
}

/* FALSE with the problem if the environment variable is invalid. */
static gboolean
set_max_pause (Playing *playing)
{
  const char *text = g_getenv (PAUSE_VARIABLE);
  double seconds = playing->self->isolated ? MAX_PAUSE_ISOLATED
                   : playing->local        ? MAX_PAUSE_FILE
                                           : MAX_PAUSE_LIVE;
  char *end = NULL;
  if (text && *text) {
    seconds = g_ascii_strtod (text, &end);
    if (*end || !(seconds >= 0 && seconds <= 1e6)) {
      playing->problem = g_strdup_printf (
          PAUSE_VARIABLE "=%s: must be a number of seconds, or 0 for no limit", text);
      return FALSE;
    }
  }
  playing->max_pause = (gint64)(seconds * G_USEC_PER_SEC);
  playing->last_sign = g_get_monotonic_time ();
  return TRUE;
}

/* The sink is set to playing before there are data: it fails on its own, or is ready. */
static void
start_sink (Playing *playing)
{
  if (gst_element_set_state (playing->self->pipeline, GST_STATE_PLAYING) !=
      GST_STATE_CHANGE_FAILURE)
    return;
  GstMessage *message = gst_bus_pop_filtered (playing->bus, GST_MESSAGE_ERROR);
  playing->problem =
      message ? media_describe_error (message, NULL, &playing->code) : g_strdup (CANNOT_START);
  gst_clear_message (&message);
}

static void
play (Playing *playing, const char *uri)
{
  playing->bus = gst_element_get_bus (playing->self->pipeline);
  if (playing->self->complete)
    start_sink (playing);
  if (!playing->problem && playing->self->complete)
    playing->decoder = media_decoder_new (playing->self->pipeline, playing->self->entry, uri,
                                          playing->self->isolated);
  if (playing->decoder) {
    run (playing);
    media_decoder_unref (playing->decoder);
  } else if (!playing->problem) {
    playing->problem = g_strdup ("GStreamer's base plugins are incomplete; on Debian: apt install "
                                 "gstreamer1.0-plugins-base");
  }
  reset (playing->self);
  gst_object_unref (playing->bus);
}

const char *
media_play_name (const char *path)
{
  return strcmp (path, "-") == 0 ? "standard input" : path;
}

gboolean
media_player_play (MediaPlayer *self, const char *path, MediaMessageFunc func, gpointer data,
                   GError **error)
{
  const gboolean input = strcmp (path, "-") == 0;
  const gboolean uri_given =
      !input && gst_uri_is_valid (path) && !g_file_test (path, G_FILE_TEST_EXISTS);
  Playing playing = {.self = self, .func = func, .data = data, .standard_input = input};
  char *uri = input       ? g_strdup ("fd://0")
              : uri_given ? g_strdup (path)
                          : gst_filename_to_uri (path, NULL);
  playing.local = uri && (g_str_has_prefix (uri, "file:") || input);
  if (!input && !uri_given)
    playing.problem = check_file (path);
  if (!playing.problem && set_max_pause (&playing))
    play (&playing, uri);
  g_free (uri);
  if (playing.problem)
    g_set_error (error, MEDIA_ERROR, playing.code, "%s: %s", media_play_name (path),
                 playing.problem);
  else if (playing.stopped)
    g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_STOPPED, "%s: stopped%s", media_play_name (path),
                 media_stop_wanted () ? " by a signal" : "");
  const gboolean played = !playing.problem && !playing.stopped;
  g_free (playing.problem);
  return played;
}

void
media_player_stop (MediaPlayer *self)
{
  g_atomic_int_set (&self->stopped, TRUE);
}

void
media_player_isolate (MediaPlayer *self)
{
  self->isolated = TRUE;
}

double
media_player_get_total (MediaPlayer *self)
{
  GstPad *pad = gst_element_get_static_pad (self->entry, "sink");
  gint64 total = 0;
  const gboolean known = gst_pad_peer_query_duration (pad, GST_FORMAT_TIME, &total) && total > 0;
  gst_object_unref (pad);
  return known ? (double)total / GST_SECOND : NAN;
}

gboolean
media_play (const char *path, GstElement *sink, MediaMessageFunc func, gpointer data,
            GError **error)
{
  MediaPlayer *player = media_player_new (sink);
  const gboolean played = media_player_play (player, path, func, data, error);
  media_player_free (player);
  return played;
}
