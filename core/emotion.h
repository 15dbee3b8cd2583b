/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libemotion: the emotion of speech, from samples. It needs GLib, FFTW and speexdsp, and no GStreamer.
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
 * Compile with `pkg-config --cflags --libs emotion-0`. examples/raw-file.c is a whole program.
 *
 * Stability: emotion-0 is the name of the ABI. While it has a 0, a new minor version may break the API; the
 * shared library then gets another soname. A model file is refused by a version that would read it
 * otherwise.
 *
 * Threads: an object may be used by one thread at a time. Exceptions are EmotionModel and EmotionFeatureSet,
 * which never change and may be shared by any number of threads. Functions without an object may be called
 * from any thread.
 *
 * Errors: functions with a GError set it when they return NULL or FALSE, in the domain EMOTION_ERROR. Its
 * message is one line: what failed, where, and what to do. Pointers that may be NULL say so. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define EMOTION_API __attribute__ ((visibility ("default")))

/* --- Version --- */

/* Of the headers. */
#define EMOTION_VERSION_MAJOR 0
#define EMOTION_VERSION_MINOR 1
#define EMOTION_VERSION_MICRO 0

/* Whether the headers are of that version or a later one. */
#define EMOTION_CHECK_VERSION(major, minor, micro)                                                 \
  (EMOTION_VERSION_MAJOR > (major) ||                                                              \
   (EMOTION_VERSION_MAJOR == (major) && EMOTION_VERSION_MINOR > (minor)) ||                        \
   (EMOTION_VERSION_MAJOR == (major) && EMOTION_VERSION_MINOR == (minor) &&                        \
    EMOTION_VERSION_MICRO >= (micro)))

/* The version of the library that runs; each pointer may be NULL. */
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

/* Where windows lie, in ns of stream time. */
typedef struct {
  guint64 window;     /* EMOTION_MIN_WINDOW .. EMOTION_MAX_WINDOW */
  guint64 interval;   /* EMOTION_MIN_INTERVAL .. window */
  guint64 min_window; /* shortest early partial window, up to EMOTION_MAX_WINDOW; >= window: none */
} EmotionWindowing;

/* Checks that `windowing` lies in the ranges above; EMOTION_ERROR_INVALID otherwise. */
EMOTION_API gboolean emotion_windowing_check (const EmotionWindowing *windowing, GError **error);

/* Sound and speech in a window, in frames of 25 ms each 10 ms. */
typedef struct {
  guint n_frames; /* frames in the window */
  guint n_speech; /* of these, frames taken for speech */
  double level;   /* dBFS, RMS over the window, re a full-scale square wave; floor -120 */
} EmotionActivity;

/* --- Features --- */

/* A named, versioned list of features: "speech-1", "speech-2", "descriptors-1". Sets are constants. */
typedef struct _EmotionFeatureSet EmotionFeatureSet;

/* The set called `name`, or NULL when this version of the library has none of that name. */
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
  const float *vector; /* as many finite numbers as the set has features, until the next call */
} EmotionWindow;

/* EmotionExtractor: samples of one stream in, one feature vector per window out. EmotionDetector has one of
 * its own.
 *
 * Input is interleaved float at the stream's own rate, full scale +-1. The channels are mixed, and the mix
 * is resampled to 16 kHz with the filter's delay removed. Samples that are not finite, or beyond 1e6, count
 * as 0.
 *
 * Window k covers [k * interval, k * interval + window), counted from the stream's first sample.
 * Before the first full window a `partial` one that starts at 0 comes at each multiple of the
 * interval that is at least min_window and less than the window. emotion_extractor_finish() adds a
 * last one anchored to the stream's end, as long as the window if the stream is, unless a full
 * window ended there already.
 *
 * Only new and free allocate; push, pull, finish and reset neither allocate, lock nor print. The vectors do
 * not depend on how the samples are cut into pushes. */
typedef struct _EmotionExtractor EmotionExtractor;

/* A new extractor of audio with `rate` Hz and `channels` channels, or NULL with EMOTION_ERROR_INVALID naming
 * the value out of range. */
EMOTION_API EmotionExtractor *emotion_extractor_new (const EmotionFeatureSet *set, guint rate,
                                                     guint channels,
                                                     const EmotionWindowing *windowing,
                                                     GError **error);
/* The same with one window: the whole stream, of up to `max_frames` frames, whatever its length. */
EMOTION_API EmotionExtractor *emotion_extractor_new_clip (const EmotionFeatureSet *set, guint rate,
                                                          guint channels, guint64 max_frames,
                                                          GError **error);
EMOTION_API void emotion_extractor_free (EmotionExtractor *self); /* NULL is fine */

/* Where the channels are, from the next sample on: a bit for each of them, in order, as in SMPTE ST 2036-2
 * and GStreamer's channel-mask: 0 front left, 1 front right, 2 front centre, 3 LFE, ... Of more than two
 * channels the mix is then the mean of the downmix to stereo by ITU-R BS.775-3. With another number of bits,
 * such as none, as in a new extractor, all channels count alike. */
EMOTION_API void emotion_extractor_set_positions (EmotionExtractor *self, guint64 positions);

/* Takes up to `n_frames` interleaved frames and returns how many it took: fewer when a window got
 * ready, and none while one waits to be pulled or after finish. */
EMOTION_API gsize emotion_extractor_push (EmotionExtractor *self, const float *frames,
                                          gsize n_frames);

/* The next ready window; FALSE when there is none. Pull until FALSE after each push and after
 * finish. */
EMOTION_API gboolean emotion_extractor_pull (EmotionExtractor *self, EmotionWindow *window);

/* The stream has ended: makes ready what is left. Pull until FALSE, then reset before pushing
 * again. */
EMOTION_API void emotion_extractor_finish (EmotionExtractor *self);

/* Forgets all samples: the next one pushed is the first of a new stream. */
EMOTION_API void emotion_extractor_reset (EmotionExtractor *self);

/* Frames pushed since the last reset. */
EMOTION_API guint64 emotion_extractor_get_position (const EmotionExtractor *self);

/* Input samples since the last reset that counted as 0. */
EMOTION_API guint64 emotion_extractor_get_bad_samples (const EmotionExtractor *self);

/* --- Models --- */

#define EMOTION_MAX_LABELS 64
#define EMOTION_MAX_HOLD 3600.0 /* s, of smoothing and hold time */

/* EmotionModel: what turns feature vectors into probabilities of labels, with its provenance. Immutable and
 * reference-counted. */
typedef struct _EmotionModel EmotionModel;

/* Gates of the decision, chosen when the model is trained. */
typedef struct {
  double confidence;       /* 0..1; below it the label is none */
  double min_speech_ratio; /* 0..1; windows with a smaller fraction of speech frames: none */
  double silence;          /* dBFS; windows below it: none */
} EmotionThresholds;

/* How the scores of a stream's windows become labels where nobody says otherwise: chosen in training for a
 * small rate of emotions on ordinary, mostly neutral speech. See EmotionDecisionConfig. */
typedef struct {
  double smoothing;    /* s, 0 .. EMOTION_MAX_HOLD */
  double hysteresis;   /* 0..1 */
  double hold_time;    /* s, 0 .. EMOTION_MAX_HOLD */
  const float *priors; /* n_labels, > 0; NULL: all labels are equally probable */
} EmotionDecisionDefaults;

/* Reads `path`. Two loads of the same bytes give the same object while one of them lives.
 * NOT_FOUND, IO, CORRUPT (with the place) or UNSUPPORTED. At most 64 MiB are read. */
EMOTION_API EmotionModel *emotion_model_load (const char *path, GError **error);

/* Reads a model from memory; `origin` names it in messages. */
EMOTION_API EmotionModel *emotion_model_parse (const char *data, gsize size, const char *origin,
                                               GError **error);

/* A new reference; any thread. */
EMOTION_API EmotionModel *emotion_model_ref (EmotionModel *self);
/* Gives a reference back; the last one frees the model. Any thread; NULL is fine. */
EMOTION_API void emotion_model_unref (EmotionModel *self);

/* What these return is owned by the model. */
EMOTION_API guint
emotion_model_get_n_labels (const EmotionModel *self); /* 2 .. EMOTION_MAX_LABELS */
/* Label `index` (below n_labels), [a-z][a-z0-9_-]*. */
EMOTION_API const char *emotion_model_get_label (const EmotionModel *self, guint index);
/* What people call it, in UTF-8, where the data did not use the label itself ("wütend" of wutend); else
 * the label. */
EMOTION_API const char *emotion_model_get_label_text (const EmotionModel *self, guint index);
EMOTION_API const EmotionFeatureSet *emotion_model_get_features (const EmotionModel *self);
EMOTION_API const EmotionWindowing *emotion_model_get_windowing (const EmotionModel *self);
EMOTION_API const EmotionThresholds *emotion_model_get_thresholds (const EmotionModel *self);
/* Never NULL. Of a model without its own: no smoothing, hysteresis 0.1, hold time 1 s, equal priors. */
EMOTION_API const EmotionDecisionDefaults *emotion_model_get_decision (const EmotionModel *self);
/* Key and value strings (corpus, licence, protocol, uar...), NULL-terminated. */
EMOTION_API const char *const *emotion_model_get_provenance (const EmotionModel *self);
/* SHA-256 of the content, 64 hex digits. The first call for a model that was neither read nor written costs as
 * much as writing it. */
EMOTION_API const char *emotion_model_get_hash (const EmotionModel *self);
/* Whether the model can adapt to a stream. */
EMOTION_API gboolean emotion_model_adapts (const EmotionModel *self);

/* --- Decision --- */

/* Why the label is none, or PREDICTED. */
typedef enum {
  EMOTION_REASON_PREDICTED,
  EMOTION_REASON_SILENCE,             /* level below the silence threshold */
  EMOTION_REASON_NO_SPEECH,           /* too few speech frames */
  EMOTION_REASON_OUT_OF_DISTRIBUTION, /* unlike the speech that the model was trained on: music, noise,
                                       * tones */
  EMOTION_REASON_LOW_CONFIDENCE,      /* no label reaches the confidence threshold */
} EmotionReason;

/* A lower-case word for messages: "answered", "silence", "no-speech", "out-of-distribution",
 * "low-confidence". */
EMOTION_API const char *emotion_reason_to_string (EmotionReason reason);

/* How the posteriors of a stream's windows become one steady label.
 *
 * Hysteresis and hold time apply to each change from one label to another, however low the posteriors are.
 * While the posterior of the current label is below the confidence threshold the label is none, but
 * another label still has to be ahead of the current one by the hysteresis for the hold time. The current
 * label is forgotten once no label has reached the threshold for the hold time, and at once in silence or
 * without speech; after that the next label is taken at once. */
typedef struct {
  /* A member that is NAN stands for the model's own, as in `thresholds`. */
  double smoothing;  /* s, time constant of the exponential mean of log-posteriors; 0: none */
  double hysteresis; /* 0..1, how much more probable a new label must be than the current one */
  double hold_time;  /* s, how long a new label must have been ahead before it is taken */
  EmotionThresholds thresholds;
  /* Prior probability of each label: >= 0 with a positive sum, which need not be 1. As many as the model
   * has labels, or 0 of them: the model's own. */
  guint n_priors;
  double priors[EMOTION_MAX_LABELS];
} EmotionDecisionConfig;

/* Everything as the model has it. */
EMOTION_API void emotion_decision_config_init (EmotionDecisionConfig *config);

/* --- Detector --- */

typedef struct {
  guint rate; /* Hz */
  guint channels;
  guint64 positions;   /* of the channels, as in emotion_extractor_set_positions(); 0: none */
  guint64 window;      /* ns; 0: the model's */
  guint64 interval;    /* ns; 0: the model's. A longer one than the window is cut to it. */
  guint64 min_window;  /* ns; 0: the model's. As long as the window or more: no early windows. */
  gboolean adaptation; /* to the stream, if the model can */
  EmotionDecisionConfig decision;
} EmotionDetectorConfig;

/* 16 kHz mono, no positions, the model's windows, adaptation, the model's decision. */
EMOTION_API void emotion_detector_config_init (EmotionDetectorConfig *config);

/* What was found in a window, or in a summary in all windows. */
typedef struct {
  guint64 start;  /* first frame of the window, at the input's rate, from the stream's first */
  guint64 length; /* frames of the input */
  guint64 fresh;  /* of these, the frames at the end that no result before has covered */
  gboolean partial;
  gint label;           /* index, or -1 for none */
  double confidence;    /* 0..1, probability of the label after priors and smoothing; of the most
                         * probable one if none */
  EmotionReason reason; /* why none */
  double speech_ratio;  /* 0..1, fraction of frames with speech */
  double level;         /* dBFS */
  double intensity;     /* 0..1, of the emotion, whichever it is; NAN: not known, or no speech */
  /* -1..1, expected by the scores (Russell and Mehrabian 1977); NAN where not all labels have them, or no
   * speech */
  double valence, arousal;
  /* Calibrated posteriors of this window alone, at equal priors, n_labels, until the next call. */
  const double *scores;
  const float *features; /* the vector before scaling, until the next call; NULL in a summary */
  guint64 n_windows;     /* 1, or in a summary the windows that counted */
} EmotionResult;

/* EmotionDetector: extractor, model and decision of one stream: samples in, labels out. Only new and free
 * allocate; nothing else allocates, locks or prints. */
typedef struct _EmotionDetector EmotionDetector;

/* A new detector that refers to `model`, or NULL with EMOTION_ERROR_INVALID. */
EMOTION_API EmotionDetector *
emotion_detector_new (EmotionModel *model, const EmotionDetectorConfig *config, GError **error);
EMOTION_API void emotion_detector_free (EmotionDetector *self); /* NULL is fine */

EMOTION_API EmotionModel *emotion_detector_get_model (EmotionDetector *self); /* no new reference */

/* As emotion_extractor_push(): returns how many frames it took, fewer when a result got ready. */
EMOTION_API gsize emotion_detector_push (EmotionDetector *self, const float *frames,
                                         gsize n_frames);
/* The next result; FALSE when there is none. Pull until FALSE after each push and after finish. */
EMOTION_API gboolean emotion_detector_pull (EmotionDetector *self, EmotionResult *result);
/* The stream has ended: makes ready what is left. */
EMOTION_API void emotion_detector_finish (EmotionDetector *self);

/* Decides by `config` from the next result on; what went before stays. */
EMOTION_API void emotion_detector_configure (EmotionDetector *self,
                                             const EmotionDecisionConfig *config);

/* The decision over all windows so far: the mean of their log-posteriors, weighted by speech frames, with
 * the priors. FALSE when there was no window. `label` is -1 only where no window had any speech; no other
 * gate applies. */
EMOTION_API gboolean emotion_detector_summarize (EmotionDetector *self, EmotionResult *result);

/* The next frame pushed does not follow the last: forgets samples and labels, and counts frames from
 * 0 again. The decision over all windows takes in what was left, as at the end of a stream, and goes on. */
EMOTION_API void emotion_detector_restart (EmotionDetector *self);

/* Makes a new detector go on with the summary and the adaptation of `before`, which is restarted;
 * FALSE without effect if it has another model. */
EMOTION_API gboolean emotion_detector_inherit (EmotionDetector *self, EmotionDetector *before);

/* Another piece of the same stream starts, a file of the same speaker say: forgets samples, windows,
 * labels and the summary, but not what the adaptation has learnt. */
EMOTION_API void emotion_detector_begin_clip (EmotionDetector *self);

/* Forgets what the adaptation has learnt, and nothing else. */
EMOTION_API void emotion_detector_reset_adaptation (EmotionDetector *self);

/* Switches the adaptation off or on from the next result on; what it has learnt is kept, and off it
 * learns nothing. */
EMOTION_API void emotion_detector_set_adaptation (EmotionDetector *self, gboolean adaptation);

/* A new stream starts: forgets everything. */
EMOTION_API void emotion_detector_reset (EmotionDetector *self);

/* Frames pushed since the last reset, restart or begin_clip. */
EMOTION_API guint64 emotion_detector_get_position (const EmotionDetector *self);
/* Of these, samples that counted as 0, as they were not finite or beyond 1e6. */
EMOTION_API guint64 emotion_detector_get_bad_samples (const EmotionDetector *self);

G_END_DECLS
