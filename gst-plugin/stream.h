/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GstEmotionStream: turns the buffers and gaps of a stream into results with their times. Of the
 * streaming thread alone; gst_emotion_stream_push() neither allocates nor locks. */
#pragma once

#include "analysis.h"
#include "sample-reader.h"
#include "stream-clock.h"

G_BEGIN_DECLS

/* The result of one channel: of a window, or of the stream so far. */
typedef struct {
  const GstEmotionAnalysis *analysis;
  const GstEmotionChannel *channel; /* its last_reported is the label of this result already */
  const EmotionResult *output;      /* of the channel's detector */
  gboolean summary;                 /* of all since the last reset or change of the model */
  GstClockTime timestamp;           /* PTS of the start, or GST_CLOCK_TIME_NONE */
  GstClockTime duration;            /* ns of audio */
  double start, length;             /* s of audio before the window, and in it; not in a summary */
  GstClockTime cost;                /* ns of computation after the last sample; not in a summary */
} GstEmotionResult;

typedef void (*GstEmotionResultFunc) (gpointer owner, const GstEmotionResult *result);

typedef struct {
  GstEmotionResultFunc on_result;
  gpointer owner;                     /* a GObject, which the log names */
  const GstEmotionSettings *settings; /* for analyses that take over */
  GstEmotionAnalysis *current;        /* NULL before gst_emotion_stream_setup() */
  GstEmotionAnalysis *next;           /* takes over at the next boundary */
  gboolean at_boundary;               /* no sample since the last result */
  guint64 origin;                     /* number of the first frame of `current` by the clock ... */
  guint64 covered;                    /* ... and of the first frame after the last result */
  gboolean begun;                     /* a sample has been analysed since the reset ... */
  GstClockTime first_pts;             /* ... and this is the start of the summary */
  GstClockTime earliest; /* start of the last window, or NONE: no later one starts before */
  double before;         /* s of audio from the reset to the clock's frame 0 */
  gboolean in_gap;       /* the result of a gap longer than a window is on its way */
  gboolean silent;       /* that result was the last one, and no buffer came since */
  gboolean cut_frame;    /* a buffer ended within a frame, and the next did not continue it */
  GstEmotionClock clock;
  GstEmotionReader reader;
} GstEmotionStream;

/* The settings must outlive the stream. */
void gst_emotion_stream_init (GstEmotionStream *self, const GstEmotionSettings *settings,
                              GstEmotionResultFunc on_result, gpointer owner);
void gst_emotion_stream_clear (GstEmotionStream *self);

/* Uses `analysis`, which the stream owns then, at once; the next sample has `rate` Hz. */
void gst_emotion_stream_setup (GstEmotionStream *self, GstEmotionAnalysis *analysis, guint rate);

/* Uses `analysis`, which the stream owns then, from the end of the current window on. */
void gst_emotion_stream_replace (GstEmotionStream *self, GstEmotionAnalysis *analysis);

/* Analyses `buffer`, after silence in place of missing samples before it. If the buffer does not
 * continue the stream, the windows start anew; before that, the samples since the last result give
 * one more if they are half an interval or longer. Unless the status is OK, nothing of the buffer
 * is analysed. */
GstEmotionReadStatus gst_emotion_stream_push (GstEmotionStream *self, const GstAudioInfo *info,
                                              GstBuffer *buffer);

/* There are no samples from `pts` on for `duration` ns; 0: for an unknown time. Analyses silence in
 * their place. A gap longer than a window gives one result, and the windows start anew after it. */
void gst_emotion_stream_push_gap (GstEmotionStream *self, const GstAudioInfo *info,
                                  GstClockTime pts, GstClockTime duration);

/* Reports the last window. The stream must be restarted or reset before the next push. */
void gst_emotion_stream_finish (GstEmotionStream *self);

/* Reports the decision over all since the last reset or change of the model, if anything was
 * analysed. */
void gst_emotion_stream_summarize (GstEmotionStream *self);

/* The next sample does not follow the last one, but belongs to the same stream. */
void gst_emotion_stream_restart (GstEmotionStream *self);

/* Begins a new stream, as gst_emotion_analysis_reset(). */
void gst_emotion_stream_reset (GstEmotionStream *self);

/* Forgets the label reported last: the next label other than none is a change. */
void gst_emotion_stream_forget_last_reported (GstEmotionStream *self);

/* Forgets what the adaptation has learnt. */
void gst_emotion_stream_forget_adaptation (GstEmotionStream *self);

G_END_DECLS
