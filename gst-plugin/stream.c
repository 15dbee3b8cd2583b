/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "stream.h"

GST_DEBUG_CATEGORY_EXTERN (gst_emotion_detect_debug);
#define GST_CAT_DEFAULT gst_emotion_detect_debug

void
gst_emotion_stream_init (GstEmotionStream *self, const GstEmotionSettings *settings,
                         GstEmotionFindingFunc found, gpointer owner)
{
  self->settings = settings;
  self->found = found;
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
  forget_position (self);
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
  if (!gst_emotion_analysis_inherit (self->next, self->current))
    self->first_pts = gst_emotion_clock_pts (&self->clock, self->clock.position);
  gst_emotion_analysis_free (self->current);
  self->current = g_steal_pointer (&self->next);
  GST_DEBUG_OBJECT (self->owner, "from frame %" G_GUINT64_FORMAT " on heard with %s",
                    self->clock.position, self->current->model_name);
  gst_emotion_analysis_configure (self->current, self->settings);
  self->origin = self->clock.position;
}

static GstClockTime
to_time (const GstEmotionStream *self, guint64 n_frames)
{
  return gst_util_uint64_scale (n_frames, GST_SECOND, self->clock.rate);
}

static void
tell_window (GstEmotionStream *self, GstEmotionVoice *voice, const EmotionResult *result,
             GstClockTime cost)
{
  guint64 start = self->origin + result->start;
  guint64 fresh = start + result->length - result->fresh;
  const EmotionModel *model = self->current->model;
  self->covered = start + result->length;

  voice->before = voice->told;
  voice->told = result->label < 0
                    ? 0
                    : g_quark_from_string (emotion_model_get_label (model, (guint)result->label));
  emotion_tally_add (&voice->tally, result->label, gst_emotion_clock_pts (&self->clock, fresh),
                     to_time (self, result->fresh));
  self->found (self->owner, &(GstEmotionFinding){
                                .analysis = self->current,
                                .voice = voice,
                                .result = result,
                                .timestamp = gst_emotion_clock_pts (&self->clock, start),
                                .duration = to_time (self, result->length),
                                .start = self->before + (double)start / self->clock.rate,
                                .cost = cost,
                            });
}

static void
tell_windows (GstEmotionStream *self)
{
  for (guint i = 0; i < self->current->n_voices; i++) {
    GstEmotionVoice *voice = &self->current->voices[i];
    EmotionResult result;
    gint64 begin = g_get_monotonic_time ();
    while (emotion_detector_pull (voice->detector, &result)) {
      self->at_boundary = TRUE;
      tell_window (self, voice, &result, (guint64)(g_get_monotonic_time () - begin) * GST_USECOND);
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
    for (guint i = 0; i < self->current->n_voices; i++) {
      const GstEmotionVoice *voice = &self->current->voices[i];
      const float *frames = gst_emotion_reader_get (&self->reader, voice->channel, done, taken);
      /* The voices have the same windows, hence take the same number of frames. */
      taken = emotion_detector_push (voice->detector, frames, taken);
    }
    done += taken;
    self->clock.position += taken;
    tell_windows (self);
  }
}

/* Gets ready to hear what begins at `pts`. */
static void
follow (GstEmotionStream *self, GstClockTime pts, gboolean discont)
{
  if (!gst_emotion_clock_follow (&self->clock, pts, discont)) {
    GST_INFO_OBJECT (self->owner,
                     "%" GST_TIME_FORMAT " does not follow what ended at %" GST_TIME_FORMAT
                     ": the windows start anew",
                     GST_TIME_ARGS (pts),
                     GST_TIME_ARGS (gst_emotion_clock_pts (&self->clock, self->clock.position)));
    /* Less than half an interval is not worth a result of its own; the summary has it anyway. */
    if (to_time (self, self->clock.position - self->covered) >= self->current->interval / 2)
      gst_emotion_stream_finish (self);
    gst_emotion_stream_restart (self);
    gst_emotion_clock_follow (&self->clock, pts, discont);
  }
  if (!self->begun) {
    self->begun = TRUE;
    self->first_pts = gst_emotion_clock_pts (&self->clock, 0);
  }
}

/* `audio` NULL: zeros. */
static void
push_frames (GstEmotionStream *self, const GstAudioInfo *info, const GstAudioBuffer *audio,
             gsize n_frames)
{
  for (gsize done = 0; done < n_frames;) {
    gsize block = gst_emotion_reader_read (&self->reader, info, audio, done, n_frames);
    push_block (self, block);
    done += block;
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
  follow (self, GST_BUFFER_PTS (buffer), GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DISCONT));
  push_frames (self, info, gap ? NULL : &audio, n_frames);
  if (!gap)
    gst_audio_buffer_unmap (&audio);
  return TRUE;
}

void
gst_emotion_stream_push_gap (GstEmotionStream *self, const GstAudioInfo *info, GstClockTime pts,
                             GstClockTime duration)
{
  if (duration > self->current->window) {
    gst_emotion_stream_finish (self);
    gst_emotion_stream_restart (self);
    return;
  }
  /* What was heard of it already, as RTP tells of lost packets twice, is no jump back. */
  GstClockTime now = gst_emotion_clock_pts (&self->clock, self->clock.position),
               end = pts + duration;
  if (GST_CLOCK_TIME_IS_VALID (now) && pts < now)
    pts = MIN (now, end);
  if (pts == end)
    return;
  follow (self, pts, FALSE);
  push_frames (self, info, NULL, gst_emotion_clock_frames_until (&self->clock, pts, end - pts));
}

void
gst_emotion_stream_finish (GstEmotionStream *self)
{
  for (guint i = 0; i < self->current->n_voices; i++)
    emotion_detector_finish (self->current->voices[i].detector);
  tell_windows (self);
}

void
gst_emotion_stream_summarize (GstEmotionStream *self)
{
  for (guint i = 0; i < self->current->n_voices; i++) {
    const GstEmotionVoice *voice = &self->current->voices[i];
    EmotionResult summary;
    if (emotion_detector_summarize (voice->detector, &summary))
      self->found (self->owner, &(GstEmotionFinding){
                                    .analysis = self->current,
                                    .voice = voice,
                                    .result = &summary,
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
  self->begun = FALSE;
}

void
gst_emotion_stream_forget_told (GstEmotionStream *self)
{
  for (guint i = 0; i < self->current->n_voices; i++)
    self->current->voices[i].told = 0;
}

void
gst_emotion_stream_forget_adaptation (GstEmotionStream *self)
{
  gst_emotion_analysis_forget_adaptation (self->current);
}
