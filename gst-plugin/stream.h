/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GstEmotionStream: buffers of one stream in, results with their times out.
 *
 * Of the streaming thread alone; gst_emotion_stream_push() neither allocates nor locks. */
#pragma once

#include "analysis.h"
#include "sample-reader.h"
#include "stream-clock.h"

G_BEGIN_DECLS

/* Called for each result: `timestamp` is that of its start or GST_CLOCK_TIME_NONE, `duration` in ns
 * of audio. */
typedef void (*GstEmotionReportFunc) (gpointer owner, const EmotionResult *result, gboolean summary,
                                      GstClockTime timestamp, GstClockTime duration);

typedef struct {
  GstEmotionReportFunc report;
  gpointer owner;
  GstEmotionAnalysis *current; /* NULL before gst_emotion_stream_setup() */
  GstEmotionAnalysis *next;    /* takes over at the next boundary */
  gboolean at_boundary;        /* no sample was heard since the last result */
  guint64 origin;              /* the clock's number of current's first frame */
  gboolean begun;              /* a sample was heard since the reset ... */
  GstClockTime first_pts;      /* ... and the first that the summary covers had this PTS */
  GstEmotionClock clock;
  GstEmotionReader reader;
} GstEmotionStream;

void gst_emotion_stream_init (GstEmotionStream *self, GstEmotionReportFunc report, gpointer owner);
void gst_emotion_stream_clear (GstEmotionStream *self);

/* From here on the stream is at `rate` Hz and heard by `analysis`, which it then owns. */
void gst_emotion_stream_setup (GstEmotionStream *self, GstEmotionAnalysis *analysis, guint rate);

/* Lets `analysis`, which the stream then owns, take over at the end of a window, or before the
 * first sample. */
void gst_emotion_stream_replace (GstEmotionStream *self, GstEmotionAnalysis *analysis);

/* Hears `buffer`; one that does not follow the last starts anew. FALSE if it cannot be mapped. */
gboolean gst_emotion_stream_push (GstEmotionStream *self, const GstAudioInfo *info,
                                  GstBuffer *buffer);

/* Reports the last window; restart before more is pushed. */
void gst_emotion_stream_finish (GstEmotionStream *self);

/* Reports the decision over the whole since the reset, or since the model was changed, if anything
 * was heard. */
void gst_emotion_stream_summarize (GstEmotionStream *self);

/* The next sample does not follow the last, but is of the same stream. */
void gst_emotion_stream_restart (GstEmotionStream *self);

/* The next sample begins a stream. */
void gst_emotion_stream_reset (GstEmotionStream *self);

G_END_DECLS
