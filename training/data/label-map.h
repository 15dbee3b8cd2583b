/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Other names for the labels of a corpus, so that corpora can be pooled or compared.
 *
 * A label map is a text file in UTF-8 with a rule a line:
 *
 *   calm=neutral           the label calm is called neutral
 *   boredom=               rows with the label boredom are dropped
 *   emodb/fear=fearful     the rule is for the corpus emodb only, and goes before one for all
 *
 *   very angry=angry       any text as in the metadata, in any case, or as a model has it (very_angry)
 *
 * Blank lines and those that start with # are skipped. Each rule sees the labels of the metadata:
 * none is applied to what another has made. */
#pragma once

#include "corpus.h"

G_BEGIN_DECLS

/* Applies the map at `path`; `n_dropped` gets the number of rows dropped. FALSE with
 * TRAINING_ERROR_METADATA, and `corpus` as it was, for a file that cannot be read, a line that is no
 * rule, a corpus or label that there is not (the message lists those that there are) or when no row
 * is left. */
gboolean training_label_map_apply (const char *path, TrainingCorpus *corpus, guint *n_dropped,
                                   GError **error);

G_END_DECLS
