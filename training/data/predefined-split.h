/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Predefined splits: a column of the metadata that says which clips a corpus is tested on. */
#pragma once

#include "corpus.h"

G_BEGIN_DECLS

/* Whether a field of that column stands for the test clips: test..., tst, eval... without case. */
gboolean training_predefined_split_is_test (const char *text);

/* Whether there are test clips and others. */
gboolean training_predefined_split_is_there (const TrainingCorpus *corpus);

/* FALSE with TRAINING_ERROR_DATA where there is no such column, it does not tell test clips from others, or it
 * has a word that stands for neither training (train..., trn), development (dev..., val...) nor test. */
gboolean training_predefined_split_check (const TrainingCorpus *corpus, GError **error);

G_END_DECLS
