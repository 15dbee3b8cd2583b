/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Faults of a clip that can be told from its samples and its file, and a report of those of a corpus. */
#pragma once

#include <json-glib/json-glib.h>

#include "decode.h"

G_BEGIN_DECLS

typedef enum {
  TRAINING_FAULT_SILENT,     /* no channel leaves its level by more than two steps of 16 bits */
  TRAINING_FAULT_NOT_FINITE, /* some of its samples, which count as 0 */
  TRAINING_FAULT_TRUNCATED,  /* see file-end.h */
  TRAINING_FAULT_CLIPPED, /* 0.5 % of a channel's samples are in runs at the peak of a side, or 3 % within 2 dB */
  TRAINING_FAULT_SHORT, /* shorter than a window */
  TRAINING_N_FAULTS,
} TrainingFault;

/* A clip that comes block by block; begins with zeros, and ends with training_clip_check_finish(). */
typedef struct {
  struct _TrainingChannelCheck *channels;
  guint n_channels, rate;
  guint64 n_frames, n_not_finite;
} TrainingClipCheck;

void training_clip_check_add (TrainingClipCheck *self, const TrainingAudio *block);

/* A bit for each TrainingFault of the clip decoded from `path`; `window` in ns. */
guint training_clip_check_finish (TrainingClipCheck *self, const char *path, guint64 window);

/* Of a corpus: how many clips have each fault, and the names of the first. */
typedef struct {
  guint n_clips;
  guint n[TRAINING_N_FAULTS];
  GString *names[TRAINING_N_FAULTS];
} TrainingClipReport;

/* `faults` are bits. Begins with zeros. */
void training_clip_report_add (TrainingClipReport *self, const char *name, guint faults);

/* On stderr, if there are any faults: each with its number of clips and their first names. */
void training_clip_report_print (const TrainingClipReport *self, const char *program);

/* {"n": clips, "silent": clips, "not_finite": ..., ...}, a number of clips for each fault. */
JsonObject *training_clip_report_to_json (const TrainingClipReport *self);

void training_clip_report_clear (TrainingClipReport *self);

G_END_DECLS
