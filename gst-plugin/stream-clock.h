/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GstEmotionClock: the times of a stream's frames, from an anchor (one frame and its PTS) and a
 * count of frames, so that no rounding adds up; and whether a buffer follows the one before. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct {
  guint rate;               /* Hz */
  guint64 position;         /* frames counted since the reset */
  guint64 anchor_frame;     /* the frame ... */
  GstClockTime anchor_pts;  /* ... that has this PTS; NONE when unknown */
  guint64 drifted_frame;    /* what becomes the anchor at the next window ... */
  GstClockTime drifted_pts; /* ... when the timestamps have drifted; else NONE */
  GstClockTimeDiff ahead;   /* how far the last PTS was ahead of the anchored count */
  guint64 last_frame;       /* the first of the last buffer ... */
  GstClockTime last_pts;    /* ... and its PTS, or NONE */
  GstClockTimeDiff jump; /* how far the PTS have jumped from there, if that may last; else 0 ... */
  GstClockTime jump_pts; /* ... from this PTS on */
} GstEmotionClock;

/* The next frame is number 0 and its time unknown. */
void gst_emotion_clock_reset (GstEmotionClock *clock, guint rate);

/* Whether what begins at `pts` (or GST_CLOCK_TIME_NONE) follows the frames counted so far, after
 * `missing` frames that were lost; count these first. FALSE where it does not: then reset the clock and
 * call again.
 *
 * Timestamps ahead of the count are a hole, up to `max_hole`: at once if upstream says `discont`,
 * otherwise if they stay ahead for a second. Timestamps that run backwards do not follow if `discont`,
 * by more than `max_hole`, or if they stay so for a second. Timestamps that only fall behind the count
 * are a drift or a burst. */
gboolean gst_emotion_clock_follow (GstEmotionClock *clock, GstClockTime pts, gboolean discont,
                                   GstClockTime max_hole, guint64 *missing);

/* How many frames are missing by a jump forward that was not sure to last yet, now that upstream gives
 * the time after it; count them. */
guint64 gst_emotion_clock_settle (GstEmotionClock *clock);

/* A window has ended: the ones to come are timed by the newest timestamps. */
void gst_emotion_clock_end_window (GstEmotionClock *clock);

/* The PTS of `frame`, or GST_CLOCK_TIME_NONE. */
GstClockTime gst_emotion_clock_pts (const GstEmotionClock *clock, guint64 frame);

/* The PTS that the next frame should have by the newest timestamps, or GST_CLOCK_TIME_NONE. */
GstClockTime gst_emotion_clock_next (const GstEmotionClock *clock);

G_END_DECLS
