/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GstEmotionClock: computes the time of each frame of a stream, and decides whether a buffer
 * continues the one before. Times come from an anchor (a frame and its PTS) and a count of frames,
 * so that rounding errors do not add up. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct {
  guint rate;               /* Hz */
  guint64 position;         /* number of frames since the reset */
  guint64 anchor_frame;     /* the number of a frame ... */
  GstClockTime anchor_pts;  /* ... and its PTS, or NONE if unknown */
  guint64 drifted_frame;    /* the anchor from the next window on ... */
  GstClockTime drifted_pts; /* ... if the timestamps have drifted; else NONE */
  GstClockTimeDiff ahead;   /* of the last PTS over the time by anchor and count */
  guint64 last_frame;       /* the first frame of the last buffer ... */
  GstClockTime last_pts;    /* ... and its PTS, or NONE */
  GstClockTimeDiff jump;    /* size of a jump of the PTS that may be permanent, or 0 ... */
  GstClockTime jump_pts;    /* ... and the PTS at which it began */
} GstEmotionClock;

/* The next frame has number 0, and its time is unknown. */
void gst_emotion_clock_reset (GstEmotionClock *clock, guint rate);

/* Decides whether a buffer with this PTS (or GST_CLOCK_TIME_NONE) continues the stream. If so, sets
 * `missing` to the number of frames lost before it; add these to `position` first. If not, returns
 * FALSE: reset the clock and call again.
 *
 * Timestamps ahead of the count mean a hole of up to `max_hole`: at once with `discont`, otherwise
 * after they have stayed ahead for a second. Timestamps that run backwards do not continue the
 * stream if `discont` is set, if they jump by more than `max_hole`, or if they stay so for a
 * second. Timestamps that only fall behind the count are a drift or a burst. */
gboolean gst_emotion_clock_follow (GstEmotionClock *clock, GstClockTime pts, gboolean discont,
                                   GstClockTime max_hole, guint64 *missing);

/* A gap event confirms the time after a jump forward, which could have been jitter until then.
 * Returns the number of missing frames; add them to `position`. */
guint64 gst_emotion_clock_settle (GstEmotionClock *clock);

/* A window has ended. Later ones use the newest timestamps. */
void gst_emotion_clock_end_window (GstEmotionClock *clock);

/* The PTS of `frame`, or GST_CLOCK_TIME_NONE. */
GstClockTime gst_emotion_clock_pts (const GstEmotionClock *clock, guint64 frame);

/* The PTS of the next frame according to the newest timestamps, or GST_CLOCK_TIME_NONE. */
GstClockTime gst_emotion_clock_next (const GstEmotionClock *clock);

G_END_DECLS
