/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "stream.h"

void
gst_emotion_stream_init (GstEmotionStream *self, GstEmotionReportFunc report, gpointer owner)
{
  self->report = report;
  self->owner = owner;
}

void
gst_emotion_stream_clear (GstEmotionStream *self)
{
  g_clear_pointer (&self->current, gst_emotion_analysis_free);
  g_clear_pointer (&self->next, gst_emotion_analysis_free);
}

void
gst_emotion_stream_setup (GstEmotionStream *self, GstEmotionAnalysis *analysis, guint rate)
{
  if (self->current != NULL &&
      !emotion_detector_inherit (analysis->detector, self->current->detector))
    self->begun = FALSE;
  gst_emotion_stream_clear (self);
  self->current = analysis;
  self->origin = 0;
  self->at_boundary = TRUE;
  gst_emotion_clock_reset (&self->clock, rate);
}

void
gst_emotion_stream_replace (GstEmotionStream *self, GstEmotionAnalysis *analysis)
{
  g_clear_pointer (&self->next, gst_emotion_analysis_free);
  self->next = analysis;
}

/* A sample follows the end of a window. Not done before there is one, so that at the end of a
 * stream the analysis that heard it is still there for the summary. */
static void
leave_boundary (GstEmotionStream *self)
{
  self->at_boundary = FALSE;
  gst_emotion_clock_end_window (&self->clock);
  if (self->next == NULL)
    return;
  if (!emotion_detector_inherit (self->next->detector, self->current->detector))
    self->first_pts = gst_emotion_clock_pts (&self->clock, self->clock.position);
  gst_emotion_analysis_free (self->current);
  self->current = g_steal_pointer (&self->next);
  self->origin = self->clock.position;
}

static void
report (GstEmotionStream *self, const EmotionResult *result, gboolean summary)
{
  GstClockTime pts = summary ? self->first_pts
                             : gst_emotion_clock_pts (&self->clock, self->origin + result->start);
  self->report (self->owner, result, summary, pts,
                gst_util_uint64_scale (result->length, GST_SECOND, self->clock.rate));
}

static void
report_windows (GstEmotionStream *self)
{
  EmotionResult result;
  while (emotion_detector_pull (self->current->detector, &result)) {
    report (self, &result, FALSE);
    self->at_boundary = TRUE;
  }
}

static void
push_block (GstEmotionStream *self, gsize n_frames, gsize channels)
{
  const float *frames = self->reader.frames;
  while (n_frames > 0) {
    if (self->at_boundary)
      leave_boundary (self);
    gsize taken = emotion_detector_push (self->current->detector, frames, n_frames);
    frames += taken * channels;
    n_frames -= taken;
    self->clock.position += taken;
    report_windows (self);
  }
}

gboolean
gst_emotion_stream_push (GstEmotionStream *self, const GstAudioInfo *info, GstBuffer *buffer)
{
  gsize n_frames = gst_emotion_reader_count (info, buffer);
  if (n_frames == 0)
    return TRUE;

  GstAudioBuffer audio;
  gboolean gap = GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_GAP);
  if (!gap && !gst_audio_buffer_map (&audio, info, buffer, GST_MAP_READ))
    return FALSE;

  if (!gst_emotion_clock_follow (&self->clock, buffer)) {
    gst_emotion_stream_restart (self);
    gst_emotion_clock_follow (&self->clock, buffer);
  }
  if (!self->begun) {
    self->begun = TRUE;
    self->first_pts = gst_emotion_clock_pts (&self->clock, 0);
  }

  for (gsize done = 0; done < n_frames;) {
    gsize block =
        gst_emotion_reader_read (&self->reader, info, gap ? NULL : &audio, done, n_frames);
    push_block (self, block, (gsize)GST_AUDIO_INFO_CHANNELS (info));
    done += block;
  }
  if (!gap)
    gst_audio_buffer_unmap (&audio);
  return TRUE;
}

void
gst_emotion_stream_finish (GstEmotionStream *self)
{
  emotion_detector_finish (self->current->detector);
  report_windows (self);
}

void
gst_emotion_stream_summarize (GstEmotionStream *self)
{
  EmotionResult summary;
  if (emotion_detector_summarize (self->current->detector, &summary))
    report (self, &summary, TRUE);
}

static void
forget_position (GstEmotionStream *self)
{
  gst_emotion_clock_reset (&self->clock, self->clock.rate);
  self->origin = 0;
  self->at_boundary = TRUE;
}

void
gst_emotion_stream_restart (GstEmotionStream *self)
{
  emotion_detector_restart (self->current->detector);
  forget_position (self);
}

void
gst_emotion_stream_reset (GstEmotionStream *self)
{
  emotion_detector_reset (self->current->detector);
  forget_position (self);
  self->begun = FALSE;
}
