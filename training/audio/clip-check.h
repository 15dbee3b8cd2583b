/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Detects faults of a clip from its samples and its file, and reports the faults of a corpus. */
#pragma once

#include <json-glib/json-glib.h>

#include "decode.h"

G_BEGIN_DECLS

typedef enum {
  TRAINING_FAULT_SILENT,     /* no channel varies by more than two steps of 16 bits */
  TRAINING_FAULT_NOT_FINITE, /* has NaN or infinite samples, which count as 0 */
  TRAINING_FAULT_TRUNCATED,  /* see file-end.h */
  /* 0.5 % of a channel's samples are in runs at the peak of a side, or 3 % within 2 dB. */
  TRAINING_FAULT_CLIPPED,
  TRAINING_FAULT_SHORT, /* shorter than a window */
  TRAINING_N_FAULTS,
} TrainingFault;

/* Checks a clip block by block. Initialise with zeros; end with training_clip_check_finish(). */
typedef struct {
  struct _TrainingChannelCheck *channels;
  guint n_channels, rate;
  guint64 n_frames, n_not_finite;
} TrainingClipCheck;

void training_clip_check_add (TrainingClipCheck *self, const TrainingAudio *block);

/* Returns a bit for each TrainingFault of the clip decoded from `path`; `window` in ns. */
guint training_clip_check_finish (TrainingClipCheck *self, const char *path, guint64 window);

/* Of a corpus: the number of clips with each fault, and the first names. */
typedef struct {
  guint n_clips;
  guint n[TRAINING_N_FAULTS];
  GString *names[TRAINING_N_FAULTS];
} TrainingClipReport;

/* `faults` are bits. Initialise the report with zeros. */
void training_clip_report_add (TrainingClipReport *self, const char *name, guint faults);

/* Prints on stderr each fault found, with its number of clips and the first names. */
void training_clip_report_print (const TrainingClipReport *self, const char *program);

/* {"n": clips, "silent": clips, "not_finite": ..., ...}: the number of clips with each fault. */
JsonObject *training_clip_report_to_json (const TrainingClipReport *self);

void training_clip_report_clear (TrainingClipReport *self);

G_END_DECLS
