/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The element: bytes become caps, buffers, events, properties and states. All buffers that lie in
 * the segment come out again, and every reported value is finite and in range. */
#include <glib/gstdio.h>
#include <gst/audio/audio.h>
#include <gst/check/gstharness.h>
#include <math.h>
#include <stdlib.h>

#include "common/test-model.h"
#include "fuzz.h"

/* Limits per input, so that many inputs are tried per second. */
#define MAX_FRAMES 12000
#define MAX_SAMPLES 60000

static char *model_path;
static EmotionModel *model; /* kept alive, so that elements find it in the cache */

typedef struct {
  const guint8 *data;
  gsize size;
} Bytes;

static guint
next_byte (Bytes *bytes)
{
  if (bytes->size == 0)
    return 0;
  bytes->size--;
  return *bytes->data++;
}

static guint
next_word (Bytes *bytes)
{
  guint high = next_byte (bytes);
  return high << 8 | next_byte (bytes);
}

typedef struct {
  GstHarness *harness;
  GstElement *element;
  GstBus *bus;
  GstAudioInfo info;
  gboolean began;
  GstClockTime pts; /* of the next sample if the stream continues */
  guint n_frames, n_samples;
} Player;

static void
check_message (const GstStructure *message)
{
  static const struct {
    const char *field;
    double min, max;
  } numbers[] = {{"confidence", 0, 1}, {"speech-ratio", 0, 1}, {"level", -120, 200}};
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    double number = NAN;
    g_assert_true (gst_structure_get_double (message, numbers[i].field, &number));
    g_assert_true (number >= numbers[i].min && number <= numbers[i].max);
  }
  guint64 duration = 0;
  g_assert_true (gst_structure_get_uint64 (message, "duration", &duration) && duration > 0);
  g_assert_nonnull (gst_structure_get_string (message, "emotion"));
}

/* The only acceptable errors follow a stop: the element starts with a missing model, or buffers
 * arrive without caps. */
static void
check_error (GstMessage *message)
{
  GError *error = NULL;
  gst_message_parse_error (message, &error, NULL);
  if (!g_error_matches (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND))
    g_assert_error (error, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION);
  g_error_free (error);
}

static void
take_messages (Player *player)
{
  GstMessage *message;
  while ((message = gst_bus_pop (player->bus)) != NULL) {
    if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
      check_error (message);
    if (gst_message_has_name (message, "emotiondetect"))
      check_message (gst_message_get_structure (message));
    gst_message_unref (message);
  }
}

static void
set_caps (Player *player, Bytes *bytes)
{
  static const guint rates[] = {8000, 16000, 11025, 44100, 48000, 8001, 22050, 192000};
  static const guint channels[] = {1, 2, 1, 3, 6, 2, 8, 64};
  static const GstAudioFormat formats[] = {
      GST_AUDIO_FORMAT_S16, GST_AUDIO_FORMAT_F32, GST_AUDIO_FORMAT_S24, GST_AUDIO_FORMAT_S24_32,
      GST_AUDIO_FORMAT_S32, GST_AUDIO_FORMAT_F64, GST_AUDIO_FORMAT_U8,  GST_AUDIO_FORMAT_U24BE};
  guint kind = next_byte (bytes), format = next_byte (bytes);
  gst_audio_info_set_format (&player->info, formats[format % G_N_ELEMENTS (formats)],
                             (gint)rates[kind % 8], (gint)channels[kind / 8 % 8], NULL);
  if (format & 0x40)
    player->info.layout = GST_AUDIO_LAYOUT_NON_INTERLEAVED;
  GstCaps *caps = gst_audio_info_to_caps (&player->info);
  if (player->began) {
    gst_harness_push_event (player->harness, gst_event_new_caps (caps));
    gst_caps_unref (caps);
  } else {
    player->began = TRUE;
    gst_harness_set_src_caps (player->harness, caps);
  }
}

/* Samples whose bytes are the input itself, with any infinities that result, or a tone. */
static void
fill (GstBuffer *buffer, Bytes *bytes, gboolean raw)
{
  GstMapInfo map;
  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  for (gsize i = 0; i < map.size; i++)
    map.data[i] =
        raw ? (guint8)(bytes->size ? bytes->data[i % bytes->size] : 0xff) : (guint8)(i * i / 64);
  gst_buffer_unmap (buffer, &map);
}

static void
push_buffer (Player *player, Bytes *bytes)
{
  guint kind = next_byte (bytes), n = next_word (bytes) % 5000;
  gsize bpf = (gsize)GST_AUDIO_INFO_BPF (&player->info);
  n = MIN (n, MAX_FRAMES - player->n_frames);
  n = MIN (n, (MAX_SAMPLES - player->n_samples) / (guint)player->info.channels);
  /* Some buffers end within a frame. */
  gboolean cut = kind & 0x40 && player->info.layout == GST_AUDIO_LAYOUT_INTERLEAVED && n > 0;
  GstBuffer *buffer = gst_buffer_new_and_alloc (n * bpf - (cut ? kind % bpf : 0));
  fill (buffer, bytes, kind & 1);
  if (player->info.layout == GST_AUDIO_LAYOUT_NON_INTERLEAVED && n > 0 && kind != 0xfe)
    gst_buffer_add_audio_meta (buffer, &player->info, n, NULL);
  if (kind & 2)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  if (kind & 4)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_GAP);
  if ((kind & 0x30) == 0x10)
    player->pts += next_word (bytes) * GST_MSECOND;
  if ((kind & 0x30) == 0x20)
    player->pts = next_word (bytes) * GST_MSECOND;
  if ((kind & 0x30) != 0x30)
    GST_BUFFER_PTS (buffer) = player->pts;
  player->pts += gst_util_uint64_scale (n, GST_SECOND, (guint64)player->info.rate);
  player->n_frames += n;
  player->n_samples += n * (guint)player->info.channels;
  gst_harness_push (player->harness, buffer);
}

static void
push_segment (Player *player, Bytes *bytes)
{
  static const double rates[] = {1, 1, 2, -1};
  guint kind = next_byte (bytes);
  GstSegment segment;
  gst_segment_init (&segment, kind & 0x80 ? GST_FORMAT_BYTES : GST_FORMAT_TIME);
  segment.rate = rates[kind & 3];
  segment.start = segment.time = (kind & 0x70) * GST_MSECOND;
  segment.base = next_byte (bytes) * GST_MSECOND;
  if (segment.rate < 0 || kind & 4)
    segment.stop = segment.start + GST_SECOND;
  segment.position = segment.start;
  gst_harness_push_event (player->harness, gst_event_new_segment (&segment));
}

static void
set_property (Player *player, Bytes *bytes)
{
  static const char *const settings[][2] = {
      {"window", "100000000"},
      {"window", "0"},
      {"interval", "10000000"},
      {"interval", "0"},
      {"min-window", "1"},
      {"channel-mode", "separate"},
      {"channel-mode", "first"},
      {"channel-mode", "single"},
      {"channel", "1"},
      {"channel-mode", "mix"},
      {"message-mode", "both"},
      {"message-mode", "change"},
      {"attach-meta", "true"},
      {"attach-meta", "false"},
      {"send-features", "true"},
      {"post-tags", "false"},
      {"post-messages", "false"},
      {"threshold", "1"},
      {"threshold", "0"},
      {"hysteresis", "1"},
      {"hold-time", "0"},
      {"smoothing", "1000000000"},
      {"silence-threshold", "-120"},
      {"silence-threshold", "0"},
      {"min-speech-ratio", "0"},
      {"priors", "priors, sad=1"},
      {"priors", "priors, x=0.5"},
      {"priors", "NULL"},
      {"adaptation", "none"},
      {"adaptation", "running"},
      {"model", "/nowhere/x"},
      {"qos", "true"},
  };
  const char *const *setting = settings[next_byte (bytes) % G_N_ELEMENTS (settings)];
  gst_util_set_object_arg (G_OBJECT (player->element), setting[0], setting[1]);
}

static void
push_event (Player *player, Bytes *bytes)
{
  char *id = NULL;
  guint kind = next_byte (bytes), more = next_word (bytes);
  switch (kind % 8) {
  case 0:
    gst_harness_push_event (player->harness, gst_event_new_flush_start ());
    gst_harness_push_event (player->harness, gst_event_new_flush_stop (TRUE));
    push_segment (player, bytes);
    break;
  case 1:
    gst_harness_push_event (
        player->harness,
        gst_event_new_gap (player->pts, kind & 8 ? GST_CLOCK_TIME_NONE : more * GST_MSECOND));
    player->pts += kind & 0x10 ? more * GST_MSECOND : 0;
    break;
  case 2:
    gst_harness_push_event (player->harness, gst_event_new_tag (gst_tag_list_new (
                                                 GST_TAG_EXTENDED_COMMENT, "EMOTION=x", NULL)));
    break;
  case 3:
    id = g_strdup_printf ("stream-%u", more % 3);
    gst_harness_push_event (player->harness, gst_event_new_stream_start (id));
    break;
  case 4:
    gst_harness_push_event (player->harness,
                            gst_event_new_segment_done (GST_FORMAT_TIME, player->pts));
    break;
  case 5:
    gst_harness_push_event (player->harness, gst_event_new_eos ());
    break;
  case 6:
    g_signal_emit_by_name (player->element, "reset");
    break;
  default:
    gst_harness_push_upstream_event (
        player->harness, gst_event_new_qos (GST_QOS_TYPE_UNDERFLOW, 2, (gint64)more, player->pts));
  }
  g_free (id);
}

static void
play (Player *player, Bytes *bytes)
{
  while (bytes->size > 0 && player->n_frames < MAX_FRAMES) {
    guint operation = next_byte (bytes) % 16;
    if (operation < 8)
      push_buffer (player, bytes);
    else if (operation < 11)
      push_event (player, bytes);
    else if (operation < 13)
      set_property (player, bytes);
    else if (operation == 13)
      push_segment (player, bytes);
    else if (operation == 14)
      set_caps (player, bytes);
    else
      gst_element_set_state (player->element,
                             next_byte (bytes) & 1 ? GST_STATE_READY : GST_STATE_PLAYING);
    take_messages (player);
  }
}

static void
remove_model (void)
{
  char *folder = g_path_get_dirname (model_path);
  emotion_model_unref (model);
  g_remove (model_path);
  g_rmdir (folder);
  g_free (folder);
  g_free (model_path);
}

static void
prepare (void)
{
  if (model_path != NULL)
    return;
  gst_init (NULL, NULL);
  gst_debug_set_default_threshold (GST_LEVEL_NONE);
  char *folder = g_dir_make_tmp ("fuzz-element-XXXXXX", NULL);
  model_path = g_build_filename (folder, "fuzz.emotion", NULL);
  test_model_save_adapting (model_path, 1);
  model = emotion_model_load (model_path, NULL);
  atexit (remove_model);
  g_free (folder);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  Bytes bytes = {data, size};
  Player player = {0};
  prepare ();
  player.element = gst_element_factory_make ("emotiondetect", NULL);
  g_assert_nonnull (player.element);
  g_object_set (player.element, "model", model_path, "window", 300 * GST_MSECOND, "interval",
                100 * GST_MSECOND, NULL);
  player.bus = gst_bus_new ();
  gst_element_set_bus (player.element, player.bus);
  player.harness = gst_harness_new_with_element (player.element, "sink", "src");
  gst_harness_set_drop_buffers (player.harness, TRUE);
  set_caps (&player, &bytes);
  play (&player, &bytes);
  gst_harness_push_event (player.harness, gst_event_new_eos ());
  take_messages (&player);

  gst_bus_set_flushing (player.bus, TRUE);
  gst_element_set_bus (player.element, NULL);
  gst_harness_teardown (player.harness);
  gst_object_unref (player.element);
  gst_object_unref (player.bus);
  return 0;
}

static void
add_seed (GPtrArray *seeds, const guint8 *bytes, gsize size)
{
  g_ptr_array_add (seeds, g_bytes_new (bytes, size));
}

/* At least half a second of each format, with an event, a property or new caps in the middle. */
void
fuzz_add_seeds (GPtrArray *seeds)
{
  for (guint8 i = 0; i < 24; i++) {
    const guint8 bytes[] = {
        i * 5,
        i | (guint8)(i << 6),
        0,
        0,
        0x10,
        0x00,
        0,
        0,
        0x10,
        0x00,
        (guint8)(8 + i % 8),
        i,
        (guint8)(i * 7),
        0,
        0x0c,
        0x00,
        0,
        4,
        0x08,
        0x00,
        0,
        0,
        0x13,
        0x00,
    };
    add_seed (seeds, bytes, sizeof bytes);
  }
}
