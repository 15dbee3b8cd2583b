/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "stream.h"

#include <math.h>

GST_DEBUG_CATEGORY_EXTERN (gst_emotion_detect_debug);
#define GST_CAT_DEFAULT gst_emotion_detect_debug

void
gst_emotion_stream_init (GstEmotionStream *self, const GstEmotionSettings *settings,
                         GstEmotionResultFunc on_result, gpointer owner)
{
  self->settings = settings;
  self->on_result = on_result;
  self->owner = owner;
}

static void
free_analyses (GstEmotionStream *self)
{
  g_clear_pointer (&self->current, gst_emotion_analysis_free);
  g_clear_pointer (&self->next, gst_emotion_analysis_free);
}

void
gst_emotion_stream_clear (GstEmotionStream *self)
{
  free_analyses (self);
  self->begun = FALSE;
  self->before = 0;
}

static void
forget_position (GstEmotionStream *self)
{
  gst_emotion_clock_reset (&self->clock, self->clock.rate);
  self->origin = self->covered = 0;
  self->earliest = GST_CLOCK_TIME_NONE;
  self->at_boundary = TRUE;
}

void
gst_emotion_stream_setup (GstEmotionStream *self, GstEmotionAnalysis *analysis, guint rate)
{
  if (self->current != NULL && !gst_emotion_analysis_inherit (analysis, self->current))
    self->begun = FALSE;
  free_analyses (self);
  gst_emotion_analysis_configure (analysis, self->settings);
  self->current = analysis;
  self->clock.rate = rate;
  self->silent = FALSE;
  gst_emotion_reader_drop (&self->reader);
  forget_position (self);
}

void
gst_emotion_stream_replace (GstEmotionStream *self, GstEmotionAnalysis *analysis)
{
  g_clear_pointer (&self->next, gst_emotion_analysis_free);
  self->next = analysis;
}

/* The first sample after the end of a window: the next analysis takes over. Not earlier, so that
 * the old analysis can still summarise the stream if it ends here. */
static void
leave_boundary (GstEmotionStream *self)
{
  self->at_boundary = FALSE;
  gst_emotion_clock_end_window (&self->clock);
  if (self->next == NULL)
    return;
  if (!gst_emotion_analysis_inherit (self->next, self->current))
    self->first_pts = gst_emotion_clock_pts (&self->clock, self->clock.position);
  gst_emotion_analysis_free (self->current);
  self->current = g_steal_pointer (&self->next);
  GST_DEBUG_OBJECT (self->owner, "the model from frame %" G_GUINT64_FORMAT " on is %s",
                    self->clock.position, self->current->model_name);
  gst_emotion_analysis_configure (self->current, self->settings);
  self->origin = self->clock.position;
}

static GstClockTime
to_time (const GstEmotionStream *self, guint64 n_frames)
{
  return gst_util_uint64_scale (n_frames, GST_SECOND, self->clock.rate);
}

/* The PTS of a frame, but not before the start of the last window: a drift may have set the
 * timestamps back since then. */
static GstClockTime
get_time (const GstEmotionStream *self, guint64 frame)
{
  GstClockTime pts = gst_emotion_clock_pts (&self->clock, frame);
  if (GST_CLOCK_TIME_IS_VALID (pts) && GST_CLOCK_TIME_IS_VALID (self->earliest))
    pts = MAX (pts, self->earliest);
  return pts;
}

static guint64
to_frames (const GstEmotionStream *self, GstClockTime time)
{
  return gst_util_uint64_scale_round (time, self->clock.rate, GST_SECOND);
}

static void
report_window (GstEmotionStream *self, GstEmotionChannel *channel, const EmotionResult *output,
               GstClockTime cost)
{
  guint64 start = self->origin + output->start;
  guint64 fresh = start + output->length - output->fresh;
  const EmotionModel *model = self->current->model;
  self->covered = start + output->length;

  channel->previous = channel->last_reported;
  channel->last_reported =
      output->label < 0
          ? 0
          : g_quark_from_string (emotion_model_get_label (model, (guint)output->label));
  emotion_label_statistics_add (&channel->statistics, output->label, get_time (self, fresh),
                                to_time (self, output->fresh));
  self->earliest = get_time (self, start);
  self->on_result (self->owner, &(GstEmotionResult){
                                    .analysis = self->current,
                                    .channel = channel,
                                    .output = output,
                                    .timestamp = self->earliest,
                                    .duration = to_time (self, output->length),
                                    .start = self->before + (double)start / self->clock.rate,
                                    .length = (double)output->length / self->clock.rate,
                                    .cost = cost,
                                });
}

/* Makes the result of a long gap `none` because of silence, whatever the thresholds are. */
static void
make_silent (EmotionResult *output)
{
  output->fresh = output->length;
  output->label = -1;
  output->reason = EMOTION_REASON_SILENCE;
  output->intensity = output->valence = output->arousal = NAN;
}

static void
report_windows (GstEmotionStream *self)
{
  for (guint i = 0; i < self->current->n_channels; i++) {
    GstEmotionChannel *channel = &self->current->channels[i];
    EmotionResult output;
    gint64 begin = g_get_monotonic_time ();
    while (emotion_detector_pull (channel->detector, &output)) {
      self->at_boundary = TRUE;
      if (self->in_gap && output.partial)
        continue;
      if (self->in_gap)
        make_silent (&output);
      report_window (self, channel, &output,
                     (guint64)(g_get_monotonic_time () - begin) * GST_USECOND);
      begin = g_get_monotonic_time ();
    }
  }
}

static void
push_block (GstEmotionStream *self, gsize n_frames)
{
  for (gsize done = 0; done < n_frames;) {
    if (self->at_boundary)
      leave_boundary (self);
    gsize taken = n_frames - done;
    for (guint i = 0; i < self->current->n_channels; i++) {
      const GstEmotionChannel *channel = &self->current->channels[i];
      const float *frames = gst_emotion_reader_get (&self->reader, channel->index, done, taken);
      /* All channels take the same number of frames, because they have the same windows. */
      taken = emotion_detector_push (channel->detector, frames, taken);
    }
    done += taken;
    self->clock.position += taken;
    report_windows (self);
  }
}

static void
push_chunk (GstEmotionStream *self, const GstEmotionChunk *chunk)
{
  for (gsize done = 0; done < chunk->n_frames;) {
    gsize block = gst_emotion_reader_read (&self->reader, chunk, done);
    push_block (self, block);
    done += block;
  }
}

static void
push_silence (GstEmotionStream *self, const GstAudioInfo *info, guint64 n_frames)
{
  GstEmotionChunk silence = gst_emotion_chunk_silence (info, n_frames);
  push_chunk (self, &silence);
}

/* Starts the windows anew at `pts`. */
static void
break_off (GstEmotionStream *self, GstClockTime pts)
{
  GST_INFO_OBJECT (self->owner,
                   "%" GST_TIME_FORMAT
                   " does not continue the stream, which ended at %" GST_TIME_FORMAT
                   ": the windows start anew",
                   GST_TIME_ARGS (pts),
                   GST_TIME_ARGS (gst_emotion_clock_pts (&self->clock, self->clock.position)));
  /* Less than half an interval gives no result of its own. The summary includes it anyway. */
  if (to_time (self, self->clock.position - self->covered) >= self->current->interval / 2)
    gst_emotion_stream_finish (self);
  gst_emotion_stream_restart (self);
}

/* Before the first sample of the stream, or the first one after a break. */
static void
begin (GstEmotionStream *self)
{
  GstClockTime start = gst_emotion_clock_pts (&self->clock, 0);
  if (self->clock.position == 0)
    self->earliest = start;
  if (!self->begun)
    self->first_pts = start;
  else if (!GST_CLOCK_TIME_IS_VALID (self->first_pts) && self->before == 0 && self->origin == 0)
    self->first_pts = start;
  self->begun = TRUE;
}

/* Prepares for samples from `pts` on, and analyses silence in place of missing samples before
 * it. */
static void
follow (GstEmotionStream *self, const GstAudioInfo *info, GstClockTime pts, gboolean discont)
{
  guint64 missing;
  GstEmotionClock *clock = &self->clock;
  if (!gst_emotion_clock_follow (clock, pts, discont, self->current->window, &missing)) {
    break_off (self, pts);
    gst_emotion_clock_follow (clock, pts, discont, self->current->window, &missing);
  }
  begin (self);
  push_silence (self, info, missing);
}

GstEmotionReadStatus
gst_emotion_stream_push (GstEmotionStream *self, const GstAudioInfo *info, GstBuffer *buffer)
{
  GstEmotionChunk chunk;
  gboolean discont = GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  if (discont && gst_emotion_reader_drop (&self->reader))
    self->cut_frame = TRUE;
  GstEmotionReadStatus status = gst_emotion_reader_open (&self->reader, &chunk, info, buffer);
  if (status != GST_EMOTION_READ_OK)
    return status;
  if (chunk.n_frames > 0) {
    self->silent = FALSE;
    follow (self, info, GST_BUFFER_PTS (buffer), discont);
    push_chunk (self, &chunk);
  }
  gst_emotion_reader_close (&self->reader, &chunk);
  return status;
}

/* Reports one result for a gap that is longer than a window. It comes from a window of silence, so
 * that it has all fields. The windows start anew after it. */
static void
report_gap (GstEmotionStream *self, const GstAudioInfo *info, GstClockTime pts)
{
  gst_emotion_stream_finish (self);
  gst_emotion_stream_restart (self);
  self->silent = self->in_gap = TRUE;
  follow (self, info, pts, FALSE);
  leave_boundary (self); /* the next analysis can have another window */
  push_silence (self, info, to_frames (self, self->current->window));
  gst_emotion_stream_finish (self);
  self->in_gap = FALSE;
  gst_emotion_stream_restart (self);
}

void
gst_emotion_stream_push_gap (GstEmotionStream *self, const GstAudioInfo *info, GstClockTime pts,
                             GstClockTime duration)
{
  if (gst_emotion_reader_drop (&self->reader))
    self->cut_frame = TRUE;
  if (duration == 0) /* the next buffer has its own time */
    return;
  push_silence (self, info, gst_emotion_clock_settle (&self->clock));
  GstClockTime next = gst_emotion_clock_next (&self->clock), end = pts + duration;
  /* The gap begins at the next frame: RTP reports lost packets twice, which is not a jump back, and
   * samples missing before the gap are part of it. */
  if (GST_CLOCK_TIME_IS_VALID (next))
    pts = MIN (next, end);
  if (pts == end || self->silent)
    return;
  if (end - pts > self->current->window) {
    report_gap (self, info, pts);
  } else {
    follow (self, info, pts, FALSE);
    push_silence (self, info, to_frames (self, end - pts));
  }
}

void
gst_emotion_stream_finish (GstEmotionStream *self)
{
  for (guint i = 0; i < self->current->n_channels; i++)
    emotion_detector_finish (self->current->channels[i].detector);
  report_windows (self);
}

void
gst_emotion_stream_summarize (GstEmotionStream *self)
{
  for (guint i = 0; i < self->current->n_channels; i++) {
    const GstEmotionChannel *channel = &self->current->channels[i];
    EmotionResult summary;
    if (emotion_detector_summarize (channel->detector, &summary))
      self->on_result (self->owner, &(GstEmotionResult){
                                        .analysis = self->current,
                                        .channel = channel,
                                        .output = &summary,
                                        .summary = TRUE,
                                        .timestamp = self->first_pts,
                                        .duration = to_time (self, summary.length),
                                    });
  }
}

void
gst_emotion_stream_restart (GstEmotionStream *self)
{
  gst_emotion_analysis_restart (self->current);
  self->before += (double)self->clock.position / self->clock.rate;
  forget_position (self);
}

void
gst_emotion_stream_reset (GstEmotionStream *self)
{
  gst_emotion_analysis_reset (self->current);
  self->before = 0;
  forget_position (self);
  gst_emotion_reader_drop (&self->reader);
  self->begun = self->silent = FALSE;
}

void
gst_emotion_stream_forget_last_reported (GstEmotionStream *self)
{
  for (guint i = 0; i < self->current->n_channels; i++)
    self->current->channels[i].last_reported = 0;
}

void
gst_emotion_stream_forget_adaptation (GstEmotionStream *self)
{
  gst_emotion_analysis_forget_adaptation (self->current);
}
