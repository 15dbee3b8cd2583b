/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GstEmotionStream: buffers and gaps of one stream in, results with their times out.
 *
 * Of the streaming thread alone; gst_emotion_stream_push() neither allocates nor locks. */
#pragma once

#include "analysis.h"
#include "sample-reader.h"
#include "stream-clock.h"

G_BEGIN_DECLS

/* A result of one channel. */
typedef struct {
  const GstEmotionAnalysis *analysis;
  const GstEmotionChannel *channel; /* whose last_reported is the result's label already */
  const EmotionResult *output;      /* of the channel's detector */
  gboolean summary;                 /* of all since the reset, or since the model was changed */
  GstClockTime timestamp;           /* of the start, or GST_CLOCK_TIME_NONE */
  GstClockTime duration;            /* ns of audio */
  double start, length;             /* s of audio: before it, and its own */
  GstClockTime cost;                /* ns that it took to compute after the last sample */
} GstEmotionResult;

typedef void (*GstEmotionResultFunc) (gpointer owner, const GstEmotionResult *result);

typedef struct {
  GstEmotionResultFunc on_result;
  gpointer owner;                     /* a GObject, named in the log */
  const GstEmotionSettings *settings; /* for analyses that take over */
  GstEmotionAnalysis *current;        /* NULL before gst_emotion_stream_setup() */
  GstEmotionAnalysis *next;           /* takes over at the next boundary */
  gboolean at_boundary;               /* no sample was analysed since the last result */
  guint64 origin;                     /* the clock's number of current's first frame ... */
  guint64 covered;                    /* ... and of the first that no result has covered */
  gboolean begun;                     /* a sample was analysed since the reset ... */
  GstClockTime first_pts;             /* ... and the first that the summary covers had this PTS */
  GstClockTime earliest;              /* no window starts before: where the last one did, or NONE */
  double before;                      /* s of audio since the reset, before the clock's */
  gboolean in_gap;    /* the result of a gap longer than a window is being reported */
  gboolean silent;    /* it was reported, and no sound came since */
  gboolean cut_frame; /* a buffer ended within a frame that the next one did not continue */
  GstEmotionClock clock;
  GstEmotionReader reader;
} GstEmotionStream;

/* `settings` must outlive the stream. */
void gst_emotion_stream_init (GstEmotionStream *self, const GstEmotionSettings *settings,
                              GstEmotionResultFunc on_result, gpointer owner);
void gst_emotion_stream_clear (GstEmotionStream *self);

/* From here on the stream is at `rate` Hz and analysed by `analysis`, which it then owns. */
void gst_emotion_stream_setup (GstEmotionStream *self, GstEmotionAnalysis *analysis, guint rate);

/* Lets `analysis`, which the stream then owns, take over at the end of a window, or before the
 * first sample. */
void gst_emotion_stream_replace (GstEmotionStream *self, GstEmotionAnalysis *analysis);

/* Analyses `buffer`, after silence in place of what is missing before it. A buffer that does not follow
 * starts anew, after a result for what was analysed since the last one if that is half an interval or
 * more. Unless the status is OK, nothing of the buffer was analysed. */
GstEmotionReadStatus gst_emotion_stream_push (GstEmotionStream *self, const GstAudioInfo *info,
                                              GstBuffer *buffer);

/* Nothing comes from `pts` on, for `duration` ns; 0 where it is not known for how long. Analyses silence;
 * of more than a window, one result is reported, and the next sample starts anew. */
void gst_emotion_stream_push_gap (GstEmotionStream *self, const GstAudioInfo *info,
                                  GstClockTime pts, GstClockTime duration);

/* Reports the last window; restart before more is pushed. */
void gst_emotion_stream_finish (GstEmotionStream *self);

/* Reports the decision over the whole since the reset, or since the model was changed, if anything
 * was analysed. */
void gst_emotion_stream_summarize (GstEmotionStream *self);

/* The next sample does not follow the last, but is of the same stream. */
void gst_emotion_stream_restart (GstEmotionStream *self);

/* As gst_emotion_analysis_reset(). */
void gst_emotion_stream_reset (GstEmotionStream *self);

/* Forgets what was reported last: the next label but none is a change. */
void gst_emotion_stream_forget_last_reported (GstEmotionStream *self);

/* Forgets what the adaptation has learnt. */
void gst_emotion_stream_forget_adaptation (GstEmotionStream *self);

G_END_DECLS
