/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Renames the labels of a corpus, so that corpora can be pooled or compared.
 *
 * A label map is a UTF-8 text file with one rule per line:
 *
 *   calm=neutral           renames the label calm to neutral
 *   boredom=               drops rows with the label boredom
 *   emodb/fear=fearful     applies to the corpus emodb only, with precedence over general rules
 *   very angry=angry       matches a text of the metadata, in any case, or a label (very_angry)
 *
 * Blank lines and lines that start with # are skipped. Rules apply to the labels of the metadata,
 * never to the result of another rule. */
#pragma once

#include "corpus.h"

G_BEGIN_DECLS

/* Applies the map at `path`. `n_dropped` gets the number of dropped rows. FALSE with
 * TRAINING_ERROR_METADATA, and `corpus` unchanged, for a file that cannot be read, a line that is
 * not a rule, an unknown corpus or label (the message lists the known ones), or when no row is
 * left. */
gboolean training_label_map_apply (const char *path, TrainingCorpus *corpus, guint *n_dropped,
                                   GError **error);

G_END_DECLS
