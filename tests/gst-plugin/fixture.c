/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include <glib/gstdio.h>
#include <math.h>
#include <stdarg.h>

#include "common/test-model.h"

static char *folder, *model_path, *other_model_path;

void
fixture_setup_models (void)
{
  folder = g_dir_make_tmp ("emotiondetect-XXXXXX", NULL);
  fail_unless (folder != NULL);
  model_path = g_build_filename (folder, "one.emotion", NULL);
  other_model_path = g_build_filename (folder, "two.emotion", NULL);
  test_model_save (model_path, 1);
  test_model_save_adapting (other_model_path, 2);
  g_unsetenv ("EMOTIONDETECT_MODEL");
  g_unsetenv ("EMOTIONDETECT_MODEL_PATH");
}

void
fixture_remove_models (void)
{
  g_remove (model_path);
  g_remove (other_model_path);
  g_rmdir (folder);
  g_clear_pointer (&model_path, g_free);
  g_clear_pointer (&other_model_path, g_free);
  g_clear_pointer (&folder, g_free);
}

const char *
fixture_model (void)
{
  return model_path;
}

const char *
fixture_other_model (void)
{
  return other_model_path;
}

const char *
fixture_folder (void)
{
  return folder;
}

char *
fixture_caps (const char *format, const char *layout, guint rate, guint channels)
{
  return g_strdup_printf ("audio/x-raw, format=%s, layout=%s, rate=%u, channels=%u, "
                          "channel-mask=(bitmask)0",
                          format, layout, rate, channels);
}

void
fixture_set_caps (Fixture *self, const char *caps)
{
  GstCaps *parsed = gst_caps_from_string (caps);
  fail_unless (gst_audio_info_from_caps (&self->info, parsed));
  gst_caps_unref (parsed);
  gst_harness_set_src_caps_str (self->harness, caps);
}

static void
free_structure (gpointer structure)
{
  gst_structure_free (structure);
}

Fixture *
fixture_new (const char *caps, const char *property, ...)
{
  Fixture *self = g_new0 (Fixture, 1);
  va_list arguments;

  self->element = gst_element_factory_make ("emotiondetect", NULL);
  fail_unless (self->element != NULL, "no element emotiondetect: is GST_PLUGIN_PATH set?");
  g_object_set (self->element, "model", model_path, NULL);
  va_start (arguments, property);
  g_object_set_valist (G_OBJECT (self->element), property, arguments);
  va_end (arguments);

  self->bus = gst_bus_new ();
  gst_element_set_bus (self->element, self->bus);
  self->windows = g_ptr_array_new_with_free_func (free_structure);
  self->changes = g_ptr_array_new_with_free_func (free_structure);
  self->summaries = g_ptr_array_new_with_free_func (free_structure);
  self->warnings = g_ptr_array_new_with_free_func (g_free);
  self->harness = gst_harness_new_with_element (self->element, "sink", "src");
  gst_harness_set_drop_buffers (self->harness, TRUE);
  if (caps != NULL)
    fixture_set_caps (self, caps);
  return self;
}

Fixture *
fixture_new_f32 (guint rate, guint channels)
{
  char *caps = fixture_caps (GST_AUDIO_NE (F32), "interleaved", rate, channels);
  Fixture *self = fixture_new (caps, NULL, NULL);
  g_free (caps);
  return self;
}

void
fixture_free (Fixture *self)
{
  gst_bus_set_flushing (self->bus, TRUE);
  gst_element_set_bus (self->element, NULL);
  gst_object_unref (self->bus);
  gst_harness_teardown (self->harness);
  ASSERT_OBJECT_REFCOUNT (self->element, "emotiondetect", 1);
  gst_object_unref (self->element);
  g_ptr_array_unref (self->windows);
  g_ptr_array_unref (self->changes);
  g_ptr_array_unref (self->summaries);
  g_ptr_array_unref (self->warnings);
  g_free (self);
}

/* A gliding tone with harmonics, in syllables of about a fifth of a second, with a different level
 * in each channel, in steps of 2^-15. The restless variant buzzes for two seconds out of five and
 * pauses before. */
static gint16
sound (guint rate, guint64 frame, guint channel, gboolean restless)
{
  double t = (double)frame / rate;
  double phase = 2 * G_PI * (140 * t + 12 * sin (2 * t));
  double voice = sin (phase) + 0.6 * sin (2 * phase) + 0.4 * sin (5 * phase);
  double syllable = 0.55 + 0.45 * sin (2 * G_PI * 4.7 * t + sin (t));
  if (restless && frame % (5 * rate) / (rate / 2) == 5)
    return 0;
  if (restless && frame / rate % 5 >= 3)
    voice = ((guint32)frame * 2654435761u >> 8) / (double)(1 << 23) - 1;
  return (gint16)lrint (8000 * syllable * voice / (channel + 1));
}

GstBuffer *
fixture_make (Fixture *self, guint64 first, gsize n)
{
  const GstAudioInfo *info = &self->info;
  gsize channels = (gsize)info->channels, width = (gsize)GST_AUDIO_INFO_WIDTH (info) / 8;
  gboolean planar = GST_AUDIO_INFO_LAYOUT (info) == GST_AUDIO_LAYOUT_NON_INTERLEAVED;
  gboolean is_double = info->finfo->unpack_format == GST_AUDIO_FORMAT_F64;
  GstBuffer *buffer = gst_buffer_new_and_alloc (n * channels * width);
  GstMapInfo map;

  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  for (gsize i = 0; i < n; i++) {
    for (gsize c = 0; c < channels; c++) {
      gint16 sample =
          sound ((guint)info->rate, first + i, self->first_channel + (guint)c, self->restless);
      double floating = sample / 32768.0;
      gint32 integer = sample * 65536;
      gsize at = planar ? c * n + i : i * channels + c;
      info->finfo->pack_func (info->finfo, GST_AUDIO_PACK_FLAG_NONE,
                              is_double ? (gpointer)&floating : &integer, map.data + at * width, 1);
    }
  }
  gst_buffer_unmap (buffer, &map);
  if (planar)
    gst_buffer_add_audio_meta (buffer, info, n, NULL);
  return buffer;
}

void
fixture_push_buffer (Fixture *self, GstBuffer *buffer)
{
  fail_unless_equals_int (gst_harness_push (self->harness, buffer), GST_FLOW_OK);
}

void
fixture_push (Fixture *self, guint ms, gsize size, GstClockTime pts)
{
  guint64 rate = (guint64)self->info.rate, n = rate * ms / 1000;
  for (guint64 done = 0; done < n;) {
    gsize part = (gsize)MIN (size, n - done);
    GstBuffer *buffer = fixture_make (self, self->position, part);
    if (GST_CLOCK_TIME_IS_VALID (pts))
      GST_BUFFER_PTS (buffer) = pts + gst_util_uint64_scale (done, GST_SECOND, rate);
    fixture_push_buffer (self, buffer);
    self->position += part;
    done += part;
  }
}

GstBuffer *
fixture_next (Fixture *self, GstClockTime pts, GstBufferFlags flags)
{
  gsize n = (gsize)self->info.rate / 100;
  GstBuffer *buffer = fixture_make (self, self->position, n);
  self->position += n;
  GST_BUFFER_PTS (buffer) = pts;
  GST_BUFFER_FLAG_SET (buffer, flags);
  return buffer;
}

Fixture *
fixture_play_f32 (guint rate, guint64 first, guint ms, GstClockTime pts)
{
  Fixture *self = fixture_new_f32 (rate, 1);
  self->position = first;
  fixture_push (self, ms, rate / 100, pts);
  fixture_push_eos (self);
  return self;
}

void
fixture_push_event (Fixture *self, GstEvent *event)
{
  fail_unless (gst_harness_push_event (self->harness, event));
}

void
fixture_push_eos (Fixture *self)
{
  fixture_push_event (self, gst_event_new_eos ());
  fixture_collect (self);
}

void
fixture_push_segment (Fixture *self, double rate, GstClockTime start, GstClockTime base)
{
  GstSegment segment;
  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.rate = rate;
  segment.start = segment.time = segment.position = start;
  segment.base = base;
  fixture_push_event (self, gst_event_new_segment (&segment));
}

guint
fixture_collect (Fixture *self)
{
  GstMessage *message;
  while ((message = gst_bus_pop (self->bus)) != NULL) {
    const GstStructure *structure = gst_message_get_structure (message);
    if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING) {
      GError *error = NULL;
      gst_message_parse_warning (message, &error, NULL);
      g_ptr_array_add (self->warnings, g_strdup (error->message));
      g_error_free (error);
    } else if (gst_message_has_name (message, "emotiondetect")) {
      const char *type = gst_structure_get_string (structure, "type");
      GPtrArray *kind = g_str_equal (type, "window")    ? self->windows
                        : g_str_equal (type, "change")  ? self->changes
                        : g_str_equal (type, "summary") ? self->summaries
                                                        : NULL;
      fail_unless (kind != NULL, "a message of type %s", type);
      g_ptr_array_add (kind, gst_structure_copy (structure));
    }
    gst_message_unref (message);
  }
  return self->windows->len;
}

guint64
fixture_time (GPtrArray *messages, guint index, const char *field)
{
  guint64 value = 0;
  fail_unless (index < messages->len, "there are only %u messages", messages->len);
  fail_unless (gst_structure_get_uint64 (g_ptr_array_index (messages, index), field, &value),
               "no field %s", field);
  return value;
}

const char *
fixture_string (GPtrArray *messages, guint index, const char *field)
{
  fail_unless (index < messages->len, "there are only %u messages", messages->len);
  const char *value = gst_structure_get_string (g_ptr_array_index (messages, index), field);
  fail_unless (value != NULL, "no field %s", field);
  return value;
}

double
fixture_number (GPtrArray *messages, guint index, const char *field)
{
  double value = NAN;
  fail_unless (index < messages->len, "there are only %u messages", messages->len);
  fail_unless (gst_structure_get_double (g_ptr_array_index (messages, index), field, &value),
               "no field %s", field);
  fail_unless (isfinite (value), "%s is not finite", field);
  return value;
}

static void
assert_same_messages (GPtrArray *a, guint n_before, GPtrArray *b)
{
  fail_unless_equals_int (a->len, n_before + b->len);
  for (guint i = 0; i < b->len; i++) {
    const GstStructure *x = g_ptr_array_index (a, n_before + i), *y = g_ptr_array_index (b, i);
    char *x_text = gst_structure_to_string (x), *y_text = gst_structure_to_string (y);
    fail_unless (gst_structure_is_equal (x, y), "message %u:\n%s\n%s", i, x_text, y_text);
    g_free (x_text);
    g_free (y_text);
  }
}

void
fixture_assert_same (Fixture *a, Fixture *b)
{
  fixture_assert_ends_like (a, 0, b);
  assert_same_messages (a->summaries, 0, b->summaries);
}

void
fixture_assert_ends_like (Fixture *self, guint n_before, Fixture *rest)
{
  fixture_collect (self);
  fixture_collect (rest);
  assert_same_messages (self->windows, n_before, rest->windows);
}
