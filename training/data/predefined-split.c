/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "predefined-split.h"

#include "rejects.h"
#include "training/base/error.h"

static gboolean
begins_with (const char *text, const char *const *words)
{
  char *folded = g_ascii_strdown (text, -1);
  gboolean found = FALSE;
  for (; *words && !found; words++)
    found = g_str_has_prefix (g_strstrip (folded), *words);
  g_free (folded);
  return found;
}

gboolean
training_predefined_split_is_test (const char *text)
{
  return text && begins_with (text, (const char *const[]){"test", "tst", "eval", NULL});
}

static gboolean
is_learnt_from (const char *text)
{
  return begins_with (text, (const char *const[]){"train", "trn", "dev", "val", NULL});
}

gboolean
training_predefined_split_is_there (const TrainingCorpus *corpus)
{
  guint n[2] = {0};
  for (guint i = 0; i < corpus->clips->len; i++) {
    const char *split = ((TrainingClip *)corpus->clips->pdata[i])->split;
    if (split)
      n[training_predefined_split_is_test (split)]++;
  }
  return n[0] > 0 && n[1] > 0;
}

gboolean
training_predefined_split_check (const TrainingCorpus *corpus, GError **error)
{
  gboolean any = FALSE;
  for (guint i = 0; i < corpus->clips->len; i++) {
    const TrainingClip *clip = corpus->clips->pdata[i];
    any |= clip->split != NULL;
    if (!clip->split || training_predefined_split_is_test (clip->split) ||
        is_learnt_from (clip->split))
      continue;
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                 "%s:%u: unknown split '%s': use train, dev or test",
                 corpus->metadata_paths[clip->corpus], clip->line, clip->split);
    return FALSE;
  }
  if (any && training_predefined_split_is_there (corpus))
    return TRUE;
  const guint n_lost = corpus->rejects->len;
  char *lost = n_lost == 0
                   ? NULL
                   : g_strdup_printf ("; %u rows were left out, the first problem: %s", n_lost,
                                      ((TrainingReject *)corpus->rejects->pdata[0])->text);
  g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA, "%s%s",
               any ? "--protocol split: the column split must have both test clips and train or "
                     "dev clips; all clips are of one kind"
                   : "--protocol split needs a column split (or partition, subset, ...) with "
                     "train, dev or test for each clip",
               lost ? lost : "");
  g_free (lost);
  return FALSE;
}
