/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pictures of a sound: peaks of its waveform, and its spectrogram. Both are of bounded size:
 * when one is full, neighbours are merged and its interval doubles. Any thread. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define SERVER_SOUND_RATE 16000
#define SERVER_SOUND_BANDS 128
#define SERVER_SOUND_MIN_DB (-80)
#define SERVER_SOUND_MAX_PEAKS 65536
#define SERVER_SOUND_MAX_COLUMNS 4096

typedef struct _ServerSound ServerSound;

ServerSound *server_sound_new (gboolean peaks, gboolean spectrogram);
void server_sound_free (ServerSound *self);                      /* NULL is fine */
gboolean server_sound_has_peaks (const ServerSound *self);       /* NULL: FALSE */
gboolean server_sound_has_spectrogram (const ServerSound *self); /* NULL: FALSE */
gsize server_sound_get_size (ServerSound *self);

/* Elements that a sound passes through to be drawn, ending with a sink; a new bin. */
GstElement *server_sound_make_sink (ServerSound *self);

/* Takes a message of that sink; FALSE for others. */
gboolean server_sound_take_message (ServerSound *self, GstMessage *message);

/* Appends the peaks from `*position` (s) on to `text`, as the members start, interval and peaks of
 * a JSON object, and moves the position; FALSE if there are fewer than `min` of them. */
gboolean server_sound_write_peaks (ServerSound *self, double *position, guint min, GString *text);

/* The spectrogram as a JSON object; free with g_free(). */
char *server_sound_write_spectrogram (ServerSound *self);

G_END_DECLS
