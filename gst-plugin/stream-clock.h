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
} GstEmotionClock;

/* The next frame is number 0 and its time unknown. */
void gst_emotion_clock_reset (GstEmotionClock *clock, guint rate);

/* TRUE if what begins at `pts` (or GST_CLOCK_TIME_NONE), said by upstream not to follow if
 * `discont`, follows the frames counted so far; otherwise reset the clock and call again. */
gboolean gst_emotion_clock_follow (GstEmotionClock *clock, GstClockTime pts, gboolean discont);

/* A window has ended: the ones to come are timed by the newest timestamps. */
void gst_emotion_clock_end_window (GstEmotionClock *clock);

/* The PTS of `frame`, or GST_CLOCK_TIME_NONE. */
GstClockTime gst_emotion_clock_pts (const GstEmotionClock *clock, guint64 frame);

/* How many frames are missing until `duration` ns after `pts`, or after the frames counted so far
 * if `pts` or the time of these is unknown. */
guint64 gst_emotion_clock_frames_until (const GstEmotionClock *clock, GstClockTime pts,
                                        GstClockTime duration);

G_END_DECLS
