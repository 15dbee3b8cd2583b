/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rows of the benchmark, by job. Each function measures one round and adds its values to the
 * report. */
#pragma once

#include "audio.h"
#include "core/emotion.h"
#include "report.h"

G_BEGIN_DECLS

#define BENCH_SECOND G_GUINT64_CONSTANT (1000000000) /* ns */
#define BENCH_CHUNK_MS 20                            /* of each push */

typedef struct {
  const char *model_path;
  const char *corpora; /* the folder, which need not exist */
  const char *tools;   /* the folder of emotion-predict and the other programs; it need not exist */
  gboolean quick;      /* short sounds and few streams: to try the program, not to measure */
  EmotionModel *model; /* keeps the model in memory */
  BenchAudio speech, silence, noise; /* 16 kHz mono */
  BenchAudio stereo;                 /* speech, 48 kHz stereo */
  BenchAudio voice;                  /* a short synthetic clip */
  BenchReport *report;
} Bench;

/* One stream: speech, silence, noise, 48 kHz stereo, a short interval; and the stages of the work. */
void bench_streams (Bench *bench);

/* The time that buffers take which complete a window. */
void bench_latency (Bench *bench);

/* Memory and start of one more stream, and the load of a model. */
void bench_memory (Bench *bench);
void bench_starts (Bench *bench);

/* descriptors-1 as a clip with its steps, and each feature set as a live stream. */
void bench_descriptors (Bench *bench);
void bench_live_sets (Bench *bench);

/* The programs, over corpora. They add nothing without corpus or program. */
void bench_features_program (Bench *bench);
void bench_predict_program (Bench *bench);
void bench_train_program (Bench *bench);

/* The largest number of streams in real time, and its trials: doubled from `first` until a result
 * is late or `most` are reached, then bisected. Each trial lasts `seconds`. */
void bench_live (Bench *bench, guint first, guint most, double seconds);

/* The work that the guard of instructions counts, by name: "speech", "silence", "stereo" or
 * "descriptors"; FALSE for another name. callgrind collects inside bench_count() only. */
gboolean bench_count (const char *model, const char *work);

G_END_DECLS
