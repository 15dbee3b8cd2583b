/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The writers of the documents but JSON. All append to `text`. */
#pragma once

#include "recording.h"

G_BEGIN_DECLS

/* A state of a recording. */
typedef struct {
  ServerRecording *recording;
  GPtrArray *windows;    /* of ServerResult */
  ServerResult *summary; /* NULL before the end */
} ServerDocument;

/* A number in the C locale; nothing for NAN. */
void server_put_number (GString *text, const char *format, double number);

/* What people read for an emotion, or for the reason of none. */
const char *server_emotion_text (const ServerModel *model, const char *emotion, const char *reason);

/* A row for each window, with the columns of emotion-predict --csv --timeline (RFC 4180). */
void server_write_csv (const ServerDocument *self, GString *text);

/* WebVTT: a cue for each segment, none where nobody speaks. */
void server_write_vtt (const ServerDocument *self, GString *text);

/* EmotionML 1.0 (W3C Recommendation, 2014): an emotion for each window. */
void server_write_emotionml (const ServerDocument *self, GString *text);

/* A page with the summary, the segments and the windows. */
void server_write_html (const ServerDocument *self, GString *text);

G_END_DECLS
