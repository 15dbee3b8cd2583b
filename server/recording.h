/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The analysis of one file or live session: its state, and a log of results. Analysing threads
 * append; readers on the main thread follow, each at its own pace. */
#pragma once

#include "models.h"
#include "result.h"
#include "sound.h"

G_BEGIN_DECLS

/* Windows of a recording, unless the longest sound has more with the model's own interval: a document
 * of more would hold up the other clients. */
#define SERVER_MAX_WINDOWS 20000

typedef enum {
  SERVER_RECORDING_QUEUED,
  SERVER_RECORDING_RUNNING,
  SERVER_RECORDING_DONE,
  SERVER_RECORDING_FAILED,
} ServerRecordingState;

typedef enum { SERVER_RECORDING_FILE, SERVER_RECORDING_LIVE } ServerRecordingKind;

typedef struct _ServerRecording ServerRecording;

/* The fields are constant after server_recording_new(), except where a comment says otherwise. */
struct _ServerRecording {
  char *id;   /* random, unguessable */
  char *name; /* UTF-8, from the client; only for display */
  ServerRecordingKind kind;
  const ServerModel *model;
  double interval; /* from window to window; s */
  char *priors;    /* "model", "equal" or a list such as "neutral=0.7" */
  ServerSound *sound;
  gint64 created;    /* us since 1970 */
  guint max_windows; /* the oldest are dropped beyond */

  /*< private >*/
  GMutex lock; /* of the rest but `followers` */
  ServerRecordingState state;
  GError *error;
  GPtrArray *windows; /* of ServerResult */
  guint n_dropped;    /* windows dropped from the front */
  ServerResult *summary;
  double duration, total; /* s; total NAN if unknown */
  gint64 started, ended;  /* us since 1970; 0 before */
  gboolean dispatching;   /* the followers are about to be called */
  GSList *followers;      /* main thread only */
};

/* Takes `sound` (may be NULL). Reference counting from any thread. */
ServerRecording *server_recording_new (ServerRecordingKind kind, const ServerModel *model,
                                       double interval, const char *name, const char *priors,
                                       ServerSound *sound);
ServerRecording *server_recording_ref (ServerRecording *self);
void server_recording_unref (ServerRecording *self);

/* From any thread; followers are called soon after on the main thread. */
void server_recording_start (ServerRecording *self);
void server_recording_set_total (ServerRecording *self, double total);
void server_recording_add (ServerRecording *self, ServerResult *result); /* takes it */
/* Ends with success if `error` is NULL, and takes it otherwise. Only the first end counts. */
void server_recording_end (ServerRecording *self, GError *error);

/* Limits the windows for sound of at most `max_duration` s, and returns the longest sound that fits. */
double server_recording_limit (ServerRecording *self, double max_duration);

/* For what readers learn from elsewhere, such as the place in the queue. */
void server_recording_touch (ServerRecording *self);

gboolean server_recording_has_ended (ServerRecording *self);
gint64 server_recording_get_end (ServerRecording *self); /* us since 1970; 0 before */
gsize server_recording_get_size (ServerRecording *self); /* bytes in memory */

/* Calls `func` on the main thread after changes; several changes may share a call. Main thread. */
typedef void (*ServerRecordingFunc) (ServerRecording *self, gpointer data);
void server_recording_follow (ServerRecording *self, ServerRecordingFunc func, gpointer data);
void server_recording_unfollow (ServerRecording *self, ServerRecordingFunc func, gpointer data);

/* The windows from `*position` on, which counts all windows so far, and moves the position behind
 * them; an array that owns references of ServerResult. */
GPtrArray *server_recording_get_windows (ServerRecording *self, guint *position);

/* NULL before the end of the sound. Free with server_result_unref(). */
ServerResult *server_recording_get_summary (ServerRecording *self);

/* The state, and copies the error of a failed recording (`error` may be NULL). */
ServerRecordingState server_recording_get_state (ServerRecording *self, GError **error);

/* Length of the sound so far, and of all of it (NAN if unknown); s. */
void server_recording_get_times (ServerRecording *self, double *duration, double *total);

/* Adds the members of the recording to an object, without windows. `ahead`: analyses before it in
 * the queue. */
void server_recording_describe (ServerRecording *self, guint ahead, gint64 keep_us,
                                JsonObject *object);

G_END_DECLS
