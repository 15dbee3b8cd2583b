/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A small corpus of synthetic speakers: pulses through a resonance. Pitch, level and brightness
 * depend on the label, base pitch and resonance on the speaker. Seeded, so it is the same every
 * time. */
#pragma once

#include <glib.h>

#define SYNTHETIC_SPEAKERS 5
#define SYNTHETIC_LABELS 3
#define SYNTHETIC_CLIPS 3 /* per speaker and label */
#define SYNTHETIC_ALL (SYNTHETIC_SPEAKERS * SYNTHETIC_LABELS * SYNTHETIC_CLIPS)

/* "angry", "calm", "happy"; NULL-terminated. */
extern const char *const synthetic_labels[];

/* The name of a speaker: "s0", "s1"... */
char *synthetic_speaker_name (guint speaker);

/* The file name of a clip; clips of 1.5 to 4 s at 16 kHz. */
char *synthetic_clip_name (guint speaker, guint label, guint clip);

/* Writes all clips into `folder`. */
void synthetic_speakers_write (const char *folder);

/* The metadata of the first speakers: "file_path,emotion,speaker\n" and a row per clip; free with
 * g_string_free(). */
GString *synthetic_speakers_metadata (guint n_speakers);
