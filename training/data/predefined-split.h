/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Predefined splits: a metadata column marks the test clips of a corpus. */
#pragma once

#include "corpus.h"

G_BEGIN_DECLS

/* Whether a field of that column marks test clips: test..., tst, eval..., ignoring case. */
gboolean training_predefined_split_is_test (const char *text);

/* Whether there are both test clips and other clips. */
gboolean training_predefined_split_is_there (const TrainingCorpus *corpus);

/* FALSE with TRAINING_ERROR_DATA when there is no such column, when it does not separate test clips
 * from others, or when it has a word that does not mean training (train..., trn), development
 * (dev..., val...) or test. */
gboolean training_predefined_split_check (const TrainingCorpus *corpus, GError **error);

G_END_DECLS
