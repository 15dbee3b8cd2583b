/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the file names of well-known speech emotion corpora tell:
 *
 *   ravdess  03-01-06-01-02-01-12   Livingstone & Russo 2018, PLoS ONE 13(5): e0196391
 *   emodb    03a01Fa                Burkhardt et al. 2005, Interspeech
 *   cremad   1001_DFA_ANG_XX        Cao et al. 2014, IEEE Trans. Affective Computing 5(4)
 *   savee    DC_a01 or DC/a01       Haq & Jackson 2010, Machine Audition
 *   tess     OAF_back_angry         Pichora-Fuller & Dupuis 2020, doi:10.5683/SP2/E8H2MF
 *   nemo     EB0_anger_1            Christop 2024, LREC-COLING
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  TRAINING_NAME_UNKNOWN,    /* formed like none of them */
  TRAINING_NAME_IMPOSSIBLE, /* formed like one, with a code that it does not have: see `why` */
  TRAINING_NAME_LEFT_OUT,   /* of one, but no recording of speech alone: see `why` */
  TRAINING_NAME_CLIP,
} TrainingNameKind;

/* What is not told is "". */
typedef struct {
  TrainingNameKind kind;
  const char *corpus; /* NULL when UNKNOWN */
  char emotion[16];   /* neutral calm happy sad angry fearful disgust surprised boredom */
  char speaker[16];   /* CORPUS_CODE */
  char sex[8];        /* female or male */
  char intensity[16];
  char statement[32]; /* the corpus' code of what is said */
  char why[96];
} TrainingName;

/* Reads the name of the file `path` without its suffix and, where a scheme needs it, of its folder.
 * Fields other than `kind`, `corpus` and `why` are told for TRAINING_NAME_CLIP only. Any thread. */
void training_name_parse (const char *path, TrainingName *name);

/* Whether `text` is one of the emotions above or another word by which corpora call one. */
gboolean training_name_is_emotion (const char *text);

/* What that word means, of size `size`: one of the emotions above where it is a word for one, else
 * itself; "" when it is no word for an emotion. */
void training_name_emotion (const char *text, char *meaning, gsize size);

G_END_DECLS
