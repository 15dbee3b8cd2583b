/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libemotion: the emotion of speech, from samples. It needs GLib, FFTW and speexdsp, but not
 * GStreamer.
 *
 *   EmotionModel *model = emotion_model_load ("universal.emotion", &error);
 *   EmotionDetectorConfig config;
 *   emotion_detector_config_init (&config);
 *   config.rate = 48000, config.channels = 2;
 *   EmotionDetector *detector = emotion_detector_new (model, &config, &error);
 *   for each block of n interleaved frames:
 *     while (n > 0) {
 *       gsize taken = emotion_detector_push (detector, frames, n);
 *       frames += taken * channels, n -= taken;
 *       while (emotion_detector_pull (detector, &result))
 *         use (&result);
 *     }
 *   emotion_detector_finish (detector), and pull the last windows; then
 *   emotion_detector_summarize (detector, &result).
 *
 * Compile with `pkg-config --cflags --libs emotion-0`. examples/raw-file.c is a complete program.
 *
 * Stability: emotion-0 is the name of the ABI. While the major version is 0, a new minor version
 * may break the API; the shared library then has another soname. A version rejects a model file
 * that it would interpret differently.
 *
 * Threads: an object may be used by one thread at a time. Exceptions are EmotionModel and
 * EmotionFeatureSet, which never change and may be shared by any number of threads. Functions
 * without an object may be called from any thread.
 *
 * Errors: functions with a GError set it when they return NULL or FALSE, in the domain
 * EMOTION_ERROR. The message is one line: what failed, where, and what to do. Pointers that may be
 * NULL are documented. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define EMOTION_API __attribute__ ((visibility ("default")))

/* --- Version --- */

/* Of the headers. */
#define EMOTION_VERSION_MAJOR 0
#define EMOTION_VERSION_MINOR 1
#define EMOTION_VERSION_MICRO 0

/* Whether the headers have this version or a later one. */
#define EMOTION_CHECK_VERSION(major, minor, micro)                                                 \
  (EMOTION_VERSION_MAJOR > (major) ||                                                              \
   (EMOTION_VERSION_MAJOR == (major) && EMOTION_VERSION_MINOR > (minor)) ||                        \
   (EMOTION_VERSION_MAJOR == (major) && EMOTION_VERSION_MINOR == (minor) &&                        \
    EMOTION_VERSION_MICRO >= (micro)))

/* The version of the library at run time. Each pointer may be NULL. */
EMOTION_API void emotion_get_version (guint *major, guint *minor, guint *micro);

/* --- Errors --- */

#define EMOTION_ERROR (emotion_error_quark ())

typedef enum {
  EMOTION_ERROR_NOT_FOUND,   /* a file does not exist */
  EMOTION_ERROR_IO,          /* a file exists and cannot be read or written */
  EMOTION_ERROR_CORRUPT,     /* truncated, damaged or impossible content */
  EMOTION_ERROR_UNSUPPORTED, /* well formed, but made for another version of this software */
  EMOTION_ERROR_INVALID,     /* a value given by the caller is out of its range */
} EmotionError;

EMOTION_API GQuark emotion_error_quark (void);

/* --- Audio and windows --- */

/* Limits of streams. */
#define EMOTION_MIN_RATE 8000   /* Hz */
#define EMOTION_MAX_RATE 192000 /* Hz */
#define EMOTION_MAX_CHANNELS 64

#define EMOTION_MIN_WINDOW (100 * G_GUINT64_CONSTANT (1000000))   /* ns */
#define EMOTION_MAX_WINDOW (60 * G_GUINT64_CONSTANT (1000000000)) /* ns */
#define EMOTION_MIN_INTERVAL (10 * G_GUINT64_CONSTANT (1000000))  /* ns */

/* Positions of windows, in ns of stream time. */
typedef struct {
  guint64 window;     /* EMOTION_MIN_WINDOW .. EMOTION_MAX_WINDOW */
  guint64 interval;   /* EMOTION_MIN_INTERVAL .. window */
  guint64 min_window; /* shortest early partial window, up to EMOTION_MAX_WINDOW; >= window: none */
} EmotionWindowing;

/* Checks that `windowing` lies in the ranges above; EMOTION_ERROR_INVALID otherwise. */
EMOTION_API gboolean emotion_windowing_check (const EmotionWindowing *windowing, GError **error);

/* Activity in a window, in frames of 25 ms, one every 10 ms. */
typedef struct {
  guint n_frames; /* number of frames in the window */
  guint n_speech; /* of these, frames with speech */
  double level;   /* dBFS, RMS over the window, re a full-scale square wave; floor -120 */
} EmotionActivity;

/* --- Features --- */

/* A named, versioned list of features: "speech-1", "speech-2", "descriptors-1". Sets are constants.
 */
typedef struct _EmotionFeatureSet EmotionFeatureSet;

/* The set named `name`, or NULL if this version of the library has no such set. */
EMOTION_API const EmotionFeatureSet *emotion_feature_set_find (const char *name);

EMOTION_API const char *emotion_feature_set_get_name (const EmotionFeatureSet *set);
EMOTION_API guint emotion_feature_set_get_n_features (const EmotionFeatureSet *set);

/* The names of all features in order, NULL-terminated; free with g_strfreev(). */
EMOTION_API char **emotion_feature_set_names (const EmotionFeatureSet *set);

/* One window of a stream and its features. */
typedef struct {
  guint64 start;    /* in frames (samples per channel) of the input, from the stream's first */
  guint64 length;   /* in frames of the input */
  gboolean early;   /* partial, before the first full window */
  gboolean partial; /* shorter than the window: early, or the whole of a short stream */
  EmotionActivity activity;
  const float *vector; /* n_features finite numbers, valid until the next call */
} EmotionWindow;

/* EmotionExtractor: samples of one stream in, one feature vector per window out. An EmotionDetector
 * contains one.
 *
 * Input is interleaved float at the stream's own rate, full scale +-1. The channels are mixed, and
 * the mix is resampled to 16 kHz with the filter's delay removed. Samples that are not finite or
 * beyond +-1e6 count as 0.
 *
 * Window k covers [k * interval, k * interval + window), counted from the stream's first sample.
 * Before the first full window there are early, `partial` windows: they start at 0 and end at each
 * multiple of the interval that is at least min_window and less than the window.
 * emotion_extractor_finish() adds a last window that ends at the end of the stream, unless a full
 * window ended there already. It is as long as the window, or as the stream if that is shorter.
 *
 * Only new and free allocate; push, pull, finish and reset do not allocate, lock or print. The
 * vectors do not depend on how the samples are divided into pushes. */
typedef struct _EmotionExtractor EmotionExtractor;

/* A new extractor for audio of `rate` Hz and `channels` channels, or NULL with
 * EMOTION_ERROR_INVALID, whose message names the value out of range. */
EMOTION_API EmotionExtractor *emotion_extractor_new (const EmotionFeatureSet *set, guint rate,
                                                     guint channels,
                                                     const EmotionWindowing *windowing,
                                                     GError **error);
/* The same with a single window: the whole stream, of any length up to `max_frames` frames. */
EMOTION_API EmotionExtractor *emotion_extractor_new_clip (const EmotionFeatureSet *set, guint rate,
                                                          guint channels, guint64 max_frames,
                                                          GError **error);
EMOTION_API void emotion_extractor_free (EmotionExtractor *self); /* NULL is fine */

/* Sets the positions of the channels, from the next sample on: one bit per channel, in order, as in
 * SMPTE ST 2036-2 and GStreamer's channel-mask: 0 front left, 1 front right, 2 front centre, 3 LFE,
 * ... More than two channels are then mixed to stereo by ITU-R BS.775-3, and the two sides are
 * averaged. With any other number of bits, such as none (the default), all channels have equal
 * weight. */
EMOTION_API void emotion_extractor_set_positions (EmotionExtractor *self, guint64 positions);

/* Takes up to `n_frames` interleaved frames and returns how many it took. It takes fewer when a
 * window becomes ready, and none while a window is ready or after finish. */
EMOTION_API gsize emotion_extractor_push (EmotionExtractor *self, const float *frames,
                                          gsize n_frames);

/* Sets `window` to the next ready window; FALSE if there is none. Pull until FALSE after each push
 * and after finish. */
EMOTION_API gboolean emotion_extractor_pull (EmotionExtractor *self, EmotionWindow *window);

/* Ends the stream and analyses the remaining samples. Pull until FALSE, then reset before the next
 * push. */
EMOTION_API void emotion_extractor_finish (EmotionExtractor *self);

/* Discards all samples: the next one is the first of a new stream. */
EMOTION_API void emotion_extractor_reset (EmotionExtractor *self);

/* Frames pushed since the last reset. */
EMOTION_API guint64 emotion_extractor_get_position (const EmotionExtractor *self);

/* Input samples since the last reset that counted as 0. */
EMOTION_API guint64 emotion_extractor_get_bad_samples (const EmotionExtractor *self);

/* --- Models --- */

#define EMOTION_MAX_LABELS 64
#define EMOTION_MAX_HOLD 3600.0 /* s, of smoothing and hold time */

/* EmotionModel: computes probabilities of labels from feature vectors; includes its provenance.
 * Immutable and reference-counted. */
typedef struct _EmotionModel EmotionModel;

/* Gates of the decision, selected during training. */
typedef struct {
  double confidence;       /* 0..1; no label below this confidence */
  double min_speech_ratio; /* 0..1; no label below this fraction of speech frames */
  double silence;          /* dBFS; no label below this level */
} EmotionThresholds;

/* Default parameters of the decision. Training selects them for a small rate of emotions on
 * ordinary, mostly neutral speech. See EmotionDecisionConfig. */
typedef struct {
  double smoothing;    /* s, 0 .. EMOTION_MAX_HOLD */
  double hysteresis;   /* 0..1 */
  double hold_time;    /* s, 0 .. EMOTION_MAX_HOLD */
  const float *priors; /* n_labels, > 0; NULL: equal priors */
} EmotionDecisionDefaults;

/* Reads the model file `path`. Loading the same bytes again returns the same object while it lives.
 * Errors: NOT_FOUND, IO, CORRUPT (with the position) or UNSUPPORTED. A file has at most 64 MiB. */
EMOTION_API EmotionModel *emotion_model_load (const char *path, GError **error);

/* Reads a model from memory; `origin` names it in messages. */
EMOTION_API EmotionModel *emotion_model_parse (const char *data, gsize size, const char *origin,
                                               GError **error);

/* A new reference; any thread. */
EMOTION_API EmotionModel *emotion_model_ref (EmotionModel *self);
/* Drops a reference; the last one frees the model. Any thread; NULL is fine. */
EMOTION_API void emotion_model_unref (EmotionModel *self);

/* The model owns the results of these functions. */
EMOTION_API guint
emotion_model_get_n_labels (const EmotionModel *self); /* 2 .. EMOTION_MAX_LABELS */
/* Label `index` (below n_labels), [a-z][a-z0-9_-]*. */
EMOTION_API const char *emotion_model_get_label (const EmotionModel *self, guint index);
/* The label's spelling in the training data, in UTF-8, if it differs ("wütend" for wutend); else
 * the label. */
EMOTION_API const char *emotion_model_get_label_text (const EmotionModel *self, guint index);
EMOTION_API const EmotionFeatureSet *emotion_model_get_features (const EmotionModel *self);
EMOTION_API const EmotionWindowing *emotion_model_get_windowing (const EmotionModel *self);
EMOTION_API const EmotionThresholds *emotion_model_get_thresholds (const EmotionModel *self);
/* Never NULL. A model without its own defaults has: no smoothing, hysteresis 0.1, hold time 1 s,
 * equal priors. */
EMOTION_API const EmotionDecisionDefaults *emotion_model_get_decision (const EmotionModel *self);
/* Key and value strings (corpus, licence, protocol, uar...), NULL-terminated. */
EMOTION_API const char *const *emotion_model_get_provenance (const EmotionModel *self);
/* SHA-256 of the content, 64 hex digits. For a model that was neither read nor written, the first
 * call takes as long as writing it. */
EMOTION_API const char *emotion_model_get_hash (const EmotionModel *self);
/* Whether the model can adapt to a stream. */
EMOTION_API gboolean emotion_model_adapts (const EmotionModel *self);

/* --- Decision --- */

/* The reason why the label is none, or PREDICTED. */
typedef enum {
  EMOTION_REASON_PREDICTED,
  EMOTION_REASON_SILENCE,             /* level below the silence threshold */
  EMOTION_REASON_NO_SPEECH,           /* too few speech frames */
  EMOTION_REASON_OUT_OF_DISTRIBUTION, /* unlike the training data: music, noise, tones */
  EMOTION_REASON_LOW_CONFIDENCE,      /* no label reaches the confidence threshold */
} EmotionReason;

/* A lower-case word for messages: "answered", "silence", "no-speech", "out-of-distribution",
 * "low-confidence". */
EMOTION_API const char *emotion_reason_to_string (EmotionReason reason);

/* Parameters of the decision, which turns the posteriors of a stream's windows into one steady
 * label.
 *
 * Hysteresis and hold time apply to each change from one label to another, however low the
 * posteriors are. While the posterior of the current label is below the confidence threshold, the
 * label is none; but another label still has to be ahead of the current one by the hysteresis for
 * the hold time. The current label is cleared when no label has reached the threshold for the hold
 * time, and at once in silence or without speech. After that, the next label is used at once. */
typedef struct {
  /* NAN stands for the model's value, also in `thresholds`. */
  double smoothing;  /* s, time constant of the exponential mean of log-posteriors; 0: none */
  double hysteresis; /* 0..1, required lead in probability of a new label over the current one */
  double hold_time;  /* s, time for which a new label must be ahead */
  EmotionThresholds thresholds;
  /* Prior probability of each label: >= 0, with a positive sum, which need not be 1. n_priors is
   * the model's number of labels, or 0 for the model's priors. */
  guint n_priors;
  double priors[EMOTION_MAX_LABELS];
} EmotionDecisionConfig;

/* Sets all members to the model's values. */
EMOTION_API void emotion_decision_config_init (EmotionDecisionConfig *config);

/* --- Detector --- */

typedef struct {
  guint rate; /* Hz */
  guint channels;
  guint64 positions;   /* of the channels, see emotion_extractor_set_positions(); 0: none */
  guint64 window;      /* ns; 0: the model's */
  guint64 interval;    /* ns; 0: the model's. Limited to the window. */
  guint64 min_window;  /* ns; 0: the model's. From the window's length on: no early windows. */
  gboolean adaptation; /* adapt to the stream, if the model supports it */
  EmotionDecisionConfig decision;
} EmotionDetectorConfig;

/* Sets the defaults: 16 kHz mono, no positions, the model's windows and decision, adaptation on. */
EMOTION_API void emotion_detector_config_init (EmotionDetectorConfig *config);

/* The result for one window or, in a summary, for all windows. */
typedef struct {
  guint64 start;  /* first frame of the window, at the input's rate, from the stream's first */
  guint64 length; /* frames of the input */
  guint64 fresh;  /* of these, frames at the end that no earlier result has covered */
  gboolean partial;
  gint label; /* index, or -1 for none */
  /* 0..1, after priors and smoothing: of `label` or, if none, of the best label */
  double confidence;
  EmotionReason reason; /* why the label is none */
  double speech_ratio;  /* 0..1, fraction of frames with speech */
  double level;         /* dBFS */
  double intensity;     /* 0..1, of the emotion, whatever its label; NAN: unknown, or no speech */
  /* -1..1, expected values under the scores (Russell and Mehrabian 1977); NAN if a label has no
   * values, or without speech */
  double valence, arousal;
  /* n_labels calibrated posteriors of this window alone, at equal priors, valid until the next
   * call. */
  const double *scores;
  const float *features; /* unscaled vector, valid until the next call; NULL in a summary */
  guint64 n_windows;     /* 1; in a summary, the number of windows that counted */
} EmotionResult;

/* EmotionDetector: extractor, model and decision for one stream: samples in, labels out. Only new
 * and free allocate; no other function allocates, locks or prints. */
typedef struct _EmotionDetector EmotionDetector;

/* A new detector, or NULL with EMOTION_ERROR_INVALID. It takes a reference to `model`. */
EMOTION_API EmotionDetector *
emotion_detector_new (EmotionModel *model, const EmotionDetectorConfig *config, GError **error);
EMOTION_API void emotion_detector_free (EmotionDetector *self); /* NULL is fine */

/* The model, owned by the detector: no new reference. */
EMOTION_API EmotionModel *emotion_detector_get_model (EmotionDetector *self);

/* Like emotion_extractor_push(): returns how many frames it took, fewer when a result becomes
 * ready. */
EMOTION_API gsize emotion_detector_push (EmotionDetector *self, const float *frames,
                                         gsize n_frames);
/* Sets `result` to the next result; FALSE if there is none. Pull until FALSE after each push and
 * after finish. */
EMOTION_API gboolean emotion_detector_pull (EmotionDetector *self, EmotionResult *result);
/* Ends the stream and analyses the remaining samples. Pull until FALSE. */
EMOTION_API void emotion_detector_finish (EmotionDetector *self);

/* Uses `config` from the next result on. The state of the decision is kept. */
EMOTION_API void emotion_detector_configure (EmotionDetector *self,
                                             const EmotionDecisionConfig *config);

/* The utterance-level decision over all windows so far: the mean of their log-posteriors, weighted
 * by speech frames, with the priors. FALSE if there was no window. `label` is -1 only if no window
 * had any speech; no other gate applies. */
EMOTION_API gboolean emotion_detector_summarize (EmotionDetector *self, EmotionResult *result);

/* Marks a gap before the next frame: discards samples and labels, and counts frames from 0 again.
 * The remaining samples are analysed as at the end of a stream, for the utterance-level decision,
 * which continues. */
EMOTION_API void emotion_detector_restart (EmotionDetector *self);

/* Continues the summary and the adaptation of `before` in a new detector, and restarts `before`.
 * FALSE without effect if it has another model. */
EMOTION_API gboolean emotion_detector_inherit (EmotionDetector *self, EmotionDetector *before);

/* Starts another clip of the same stream, e.g. a file of the same speaker. Discards samples,
 * windows, labels and the summary, but keeps the adaptation's estimate. */
EMOTION_API void emotion_detector_begin_clip (EmotionDetector *self);

/* Discards the adaptation's estimate and nothing else. */
EMOTION_API void emotion_detector_reset_adaptation (EmotionDetector *self);

/* Switches the adaptation off or on from the next result on. The estimate is kept, but not updated
 * while off. */
EMOTION_API void emotion_detector_set_adaptation (EmotionDetector *self, gboolean adaptation);

/* Starts a new stream: discards everything. */
EMOTION_API void emotion_detector_reset (EmotionDetector *self);

/* Frames pushed since the last reset, restart or begin_clip. */
EMOTION_API guint64 emotion_detector_get_position (const EmotionDetector *self);
/* Samples since then that counted as 0 because they were not finite or beyond +-1e6. */
EMOTION_API guint64 emotion_detector_get_bad_samples (const EmotionDetector *self);

G_END_DECLS
