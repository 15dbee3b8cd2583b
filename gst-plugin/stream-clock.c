/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "stream-clock.h"

/* How far a PTS may be off before audio is missing, and how long it must stay so where upstream does
 * not say DISCONT: the defaults of GstAudioStreamAlign. */
#define ALIGNMENT_THRESHOLD (40 * GST_MSECOND)
#define DISCONT_WAIT_SECONDS 1
/* The threshold where upstream says DISCONT, and the smallest drift: containers that round their
 * timestamps to a millisecond are off by this much. */
#define ROUNDING (1 * GST_MSECOND)

void
gst_emotion_clock_reset (GstEmotionClock *clock, guint rate)
{
  *clock = (GstEmotionClock){
      .rate = rate,
      .anchor_pts = GST_CLOCK_TIME_NONE,
      .drifted_pts = GST_CLOCK_TIME_NONE,
      .last_pts = GST_CLOCK_TIME_NONE,
  };
}

static void
anchor (GstEmotionClock *clock, GstClockTime pts)
{
  clock->anchor_frame = clock->position;
  clock->anchor_pts = clock->last_pts = pts;
}

/* The timestamps are `ahead` of the count, which is no jump. */
static void
accept (GstEmotionClock *clock, GstClockTime pts, GstClockTimeDiff ahead)
{
  clock->ahead = ahead;
  clock->jump = 0;
  if (ABS (ahead) <= ROUNDING)
    return;
  clock->drifted_frame = clock->position;
  clock->drifted_pts = pts;
}

/* Whether the timestamps have been off by about `step` long enough. One that shrinks is jitter that
 * goes back, or a burst that makes up for a stall. */
static gboolean
lasts (GstEmotionClock *clock, GstClockTimeDiff step)
{
  gboolean opposite = (step < 0) != (clock->jump < 0);
  if (clock->jump == 0 || opposite || ABS (step) + ALIGNMENT_THRESHOLD < ABS (clock->jump)) {
    clock->jump = step;
    clock->jump_frame = clock->position;
  }
  return clock->position - clock->jump_frame >= (guint64)DISCONT_WAIT_SECONDS * clock->rate;
}

static gboolean
follow_forward (GstEmotionClock *clock, GstClockTimeDiff step, gboolean discont,
                GstClockTime max_hole, guint64 *missing)
{
  if ((GstClockTime)step > max_hole)
    return FALSE;
  if (!discont && !lasts (clock, step))
    return TRUE;
  if (!discont) /* what has come since the jump may be jitter */
    step = MIN (step, clock->jump);
  *missing = gst_util_uint64_scale_round ((guint64)step, clock->rate, GST_SECOND);
  clock->jump = 0;
  return TRUE;
}

/* The timestamps themselves run backwards, by more than a window or not. */
static gboolean
follow_backward (GstEmotionClock *clock, GstClockTimeDiff step, gboolean discont,
                 GstClockTime max_hole)
{
  return !discont && (GstClockTime)-step <= max_hole && !lasts (clock, step);
}

gboolean
gst_emotion_clock_follow (GstEmotionClock *clock, GstClockTime pts, gboolean discont,
                          GstClockTime max_hole, guint64 *missing)
{
  *missing = 0;
  if (clock->position == 0) {
    anchor (clock, pts);
    return TRUE;
  }

  GstClockTime expected = gst_emotion_clock_pts (clock, clock->position);
  clock->drifted_pts = GST_CLOCK_TIME_NONE;
  if (!GST_CLOCK_TIME_IS_VALID (pts) || !GST_CLOCK_TIME_IS_VALID (expected)) {
    if (!discont && !GST_CLOCK_TIME_IS_VALID (expected))
      anchor (clock, pts);
    return !discont;
  }

  /* A jump is away from where the count is as well as from where the last PTS was: a drift may have
   * gone far from the count until the next window, and jitter goes to and fro. */
  GstClockTimeDiff ahead = GST_CLOCK_DIFF (expected, pts), step = ahead - clock->ahead;
  GstClockTimeDiff threshold = discont ? ROUNDING : ALIGNMENT_THRESHOLD;
  gboolean back = clock->jump < 0 || GST_CLOCK_DIFF (clock->last_pts, pts) < 0;
  clock->last_pts = pts;
  if (ABS (ahead) <= threshold || ABS (step) <= threshold)
    accept (clock, pts, ahead);
  else if (step > 0)
    return follow_forward (clock, step, discont, max_hole, missing);
  else if (back && step < -(GstClockTimeDiff)ALIGNMENT_THRESHOLD)
    return follow_backward (clock, step, discont, max_hole);
  else /* more audio than time has passed, as in a burst that a receiver has stored */
    accept (clock, pts, ahead);
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

GstClockTime
gst_emotion_clock_next (const GstEmotionClock *clock)
{
  GstClockTime counted = gst_emotion_clock_pts (clock, clock->position);
  if (!GST_CLOCK_TIME_IS_VALID (counted))
    return GST_CLOCK_TIME_NONE;
  return (GstClockTime)MAX ((GstClockTimeDiff)counted + clock->ahead, 0);
}
