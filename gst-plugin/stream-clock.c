/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "stream-clock.h"

/* A PTS that is off by more than this means a jump, and without DISCONT a jump must last for this
 * time. The values are the defaults of GstAudioStreamAlign. */
#define ALIGNMENT_THRESHOLD (40 * GST_MSECOND)
#define DISCONT_WAIT (1 * GST_SECOND)
/* The threshold with DISCONT, and the smallest drift. Containers that round timestamps to a
 * millisecond are off by this much. */
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
  clock->anchor_pts = pts;
}

/* The timestamps are `ahead` of the count, and this is not a jump. */
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

/* Whether the timestamps have been off by about `step` for long enough. A step that shrinks is
 * jitter, or a burst after a stall. */
static gboolean
lasts (GstEmotionClock *clock, GstClockTime pts, GstClockTimeDiff step)
{
  gboolean opposite = (step < 0) != (clock->jump < 0);
  if (clock->jump == 0 || opposite || ABS (step) + ALIGNMENT_THRESHOLD < ABS (clock->jump)) {
    clock->jump = step;
    clock->jump_pts = pts;
  }
  return GST_CLOCK_DIFF (clock->jump_pts, pts) >= (GstClockTimeDiff)DISCONT_WAIT;
}

/* The end of the last buffer according to its PTS, or GST_CLOCK_TIME_NONE. */
static GstClockTime
end_of_last (const GstEmotionClock *clock)
{
  if (!GST_CLOCK_TIME_IS_VALID (clock->last_pts))
    return GST_CLOCK_TIME_NONE;
  guint64 n = clock->position - clock->last_frame;
  return clock->last_pts + gst_util_uint64_scale (n, GST_SECOND, clock->rate);
}

/* How far `pts` is ahead of the end of the last buffer. */
static GstClockTimeDiff
ahead_of_last (const GstEmotionClock *clock, GstClockTime pts)
{
  GstClockTime end = end_of_last (clock);
  return GST_CLOCK_TIME_IS_VALID (end) ? GST_CLOCK_DIFF (end, pts) : 0;
}

/* The timestamps are ahead by `step`, after one jump or several. */
static gboolean
follow_forward (GstEmotionClock *clock, GstClockTime pts, GstClockTimeDiff step, gboolean discont,
                GstClockTime max_hole, guint64 *missing)
{
  if (ahead_of_last (clock, pts) > (GstClockTimeDiff)max_hole)
    return FALSE;
  if (!discont && !lasts (clock, pts, step))
    return TRUE;
  if (!discont) /* the changes since the first jump may be jitter */
    step = MIN (step, clock->jump);
  *missing = gst_util_uint64_scale_round ((guint64)step, clock->rate, GST_SECOND);
  clock->jump = 0;
  return TRUE;
}

/* The timestamps run backwards. */
static gboolean
follow_backward (GstEmotionClock *clock, GstClockTime pts, GstClockTimeDiff step, gboolean discont,
                 GstClockTime max_hole)
{
  return !discont && -step <= (GstClockTimeDiff)max_hole && !lasts (clock, pts, step);
}

/* gst_emotion_clock_follow() if the time of the next frame by the count is known: `expected`. */
static gboolean
compare (GstEmotionClock *clock, GstClockTime expected, GstClockTime pts, gboolean discont,
         GstClockTime max_hole, guint64 *missing)
{
  /* A jump is off from the count and also from the last PTS. Off from the count alone is a drift
   * that the next window will correct; off from the last PTS alone is jitter. */
  GstClockTimeDiff ahead = GST_CLOCK_DIFF (expected, pts), step = ahead - clock->ahead;
  GstClockTimeDiff threshold = discont ? ROUNDING : ALIGNMENT_THRESHOLD;
  gboolean known = GST_CLOCK_TIME_IS_VALID (clock->last_pts);
  gboolean back = clock->jump < 0 || (known && GST_CLOCK_DIFF (clock->last_pts, pts) < 0);
  if (ABS (ahead) <= threshold || ABS (step) <= threshold)
    accept (clock, pts, ahead);
  else if (step > 0)
    return follow_forward (clock, pts, step, discont, max_hole, missing);
  else if (back && step < -(GstClockTimeDiff)ALIGNMENT_THRESHOLD)
    return follow_backward (clock, pts, step, discont, max_hole);
  else /* more audio than time: a burst, after a receiver has held data back */
    accept (clock, pts, ahead);
  return TRUE;
}

gboolean
gst_emotion_clock_follow (GstEmotionClock *clock, GstClockTime pts, gboolean discont,
                          GstClockTime max_hole, guint64 *missing)
{
  GstClockTime expected = gst_emotion_clock_pts (clock, clock->position);
  gboolean follows = TRUE;
  *missing = 0;
  clock->drifted_pts = GST_CLOCK_TIME_NONE;
  if (clock->position == 0)
    anchor (clock, pts);
  else if (GST_CLOCK_TIME_IS_VALID (pts) && GST_CLOCK_TIME_IS_VALID (expected))
    follows = compare (clock, expected, pts, discont, max_hole, missing);
  else if (discont)
    follows = FALSE;
  else if (!GST_CLOCK_TIME_IS_VALID (expected))
    anchor (clock, pts);
  clock->last_pts = pts;
  clock->last_frame = clock->position + *missing;
  return follows;
}

guint64
gst_emotion_clock_settle (GstEmotionClock *clock)
{
  GstClockTime next = gst_emotion_clock_next (clock), end = end_of_last (clock);
  if (clock->jump <= 0 || !GST_CLOCK_TIME_IS_VALID (next) || !GST_CLOCK_TIME_IS_VALID (end))
    return 0;
  guint64 missing =
      end > next ? gst_util_uint64_scale_round (end - next, clock->rate, GST_SECOND) : 0;
  clock->jump = 0;
  clock->last_frame += missing;
  return missing;
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
