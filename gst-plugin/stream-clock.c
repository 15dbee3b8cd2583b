/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "stream-clock.h"

/* How far a PTS may be off before audio must have been lost; the default alignment threshold of
 * GstAudioStreamAlign. */
#define JUMP (40 * GST_MSECOND)
/* The same where upstream says DISCONT, and at once what no drift is: containers that round their
 * timestamps to a millisecond are off by this much. */
#define JITTER (1 * GST_MSECOND)

void
gst_emotion_clock_reset (GstEmotionClock *clock, guint rate)
{
  *clock = (GstEmotionClock){
      .rate = rate,
      .anchor_pts = GST_CLOCK_TIME_NONE,
      .drifted_pts = GST_CLOCK_TIME_NONE,
  };
}

gboolean
gst_emotion_clock_follow (GstEmotionClock *clock, GstClockTime pts, gboolean discont)
{
  if (clock->position == 0) {
    clock->anchor_pts = pts;
    return TRUE;
  }

  GstClockTime expected = gst_emotion_clock_pts (clock, clock->position);
  clock->drifted_pts = GST_CLOCK_TIME_NONE;
  if (!GST_CLOCK_TIME_IS_VALID (pts) || !GST_CLOCK_TIME_IS_VALID (expected)) {
    if (discont)
      return FALSE;
    clock->drifted_frame = clock->position;
    clock->drifted_pts = pts;
    return TRUE;
  }

  /* A jump is away from where the count is as well as from where the last PTS was: a drift may have
   * gone far from the count until the next window, and jitter goes to and fro. */
  GstClockTimeDiff ahead = GST_CLOCK_DIFF (expected, pts), step = ahead - clock->ahead;
  GstClockTimeDiff tolerance = discont ? JITTER : JUMP;
  if (ABS (ahead) > tolerance && ABS (step) > tolerance)
    return FALSE;
  clock->ahead = ahead;
  if (ABS (ahead) > JITTER) {
    clock->drifted_frame = clock->position;
    clock->drifted_pts = pts;
  }
  return TRUE;
}

void
gst_emotion_clock_end_window (GstEmotionClock *clock)
{
  if (!GST_CLOCK_TIME_IS_VALID (clock->drifted_pts))
    return;
  clock->anchor_frame = clock->drifted_frame;
  clock->anchor_pts = clock->drifted_pts;
  clock->drifted_pts = GST_CLOCK_TIME_NONE;
  clock->ahead = 0;
}

GstClockTime
gst_emotion_clock_pts (const GstEmotionClock *clock, guint64 frame)
{
  if (!GST_CLOCK_TIME_IS_VALID (clock->anchor_pts))
    return GST_CLOCK_TIME_NONE;
  if (frame >= clock->anchor_frame)
    return clock->anchor_pts +
           gst_util_uint64_scale (frame - clock->anchor_frame, GST_SECOND, clock->rate);
  GstClockTime before =
      gst_util_uint64_scale (clock->anchor_frame - frame, GST_SECOND, clock->rate);
  return clock->anchor_pts > before ? clock->anchor_pts - before : 0;
}

guint64
gst_emotion_clock_frames_until (const GstEmotionClock *clock, GstClockTime pts,
                                GstClockTime duration)
{
  GstClockTime now = gst_emotion_clock_pts (clock, clock->position);
  GstClockTime missing = duration;
  if (GST_CLOCK_TIME_IS_VALID (pts) && GST_CLOCK_TIME_IS_VALID (now))
    missing = pts + duration > now ? pts + duration - now : 0;
  return gst_util_uint64_scale_round (missing, clock->rate, GST_SECOND);
}
