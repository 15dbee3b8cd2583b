/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "corpus.h"

#include <string.h>

#include "label-text.h"
#include "rejects.h"
#include "training/base/error.h"
#include "training/base/shuffle.h"

static void
clip_free (gpointer data)
{
  TrainingClip *clip = data;
  g_free (clip->path);
  g_free (clip->id);
  g_free (clip->file);
  g_free (clip->label);
  g_free (clip->label_text);
  g_free (clip->speaker);
  g_free (clip->statement);
  g_free (clip->split);
  g_free (clip);
}

GPtrArray *
training_corpus_new_clips (void)
{
  return g_ptr_array_new_with_free_func (clip_free);
}

void
training_corpus_free (TrainingCorpus *corpus)
{
  if (!corpus)
    return;
  g_strfreev (corpus->names);
  g_strfreev (corpus->metadata_paths);
  g_strfreev (corpus->audio_roots);
  g_ptr_array_unref (corpus->clips);
  g_ptr_array_unref (corpus->rejects);
  g_free (corpus);
}

char *
training_corpus_resolve (const TrainingCorpus *corpus, const TrainingClip *clip)
{
  const char *path = clip->file ? clip->file : clip->path;
  if (g_path_is_absolute (path) || strstr (path, "://"))
    return g_strdup (path);
  return g_build_filename (corpus->audio_roots[clip->corpus], path, NULL);
}

void
training_corpus_set_label (char **label, char **label_text, const char *text)
{
  char *clean = training_label_clean (text), *folded = training_label_fold (text);
  char *lower = g_utf8_strdown (clean, -1);
  g_free (*label);
  g_free (*label_text);
  *label_text = strcmp (lower, folded) == 0 ? NULL : g_steal_pointer (&clean);
  *label = folded;
  g_free (clean);
  g_free (lower);
}

gboolean
training_corpus_check_labels (const TrainingCorpus *corpus, GError **error)
{
  GHashTable *texts = g_hash_table_new (g_str_hash, g_str_equal); /* label -> its first text */
  gboolean ok = TRUE;
  for (guint i = 0; i < corpus->clips->len && ok; i++) {
    const TrainingClip *clip = corpus->clips->pdata[i];
    const char *text = clip->label_text ? clip->label_text : clip->label;
    const char *first = g_hash_table_lookup (texts, clip->label);
    char *key = training_label_key (text), *first_key = training_label_key (first ? first : text);
    ok = strcmp (key, first_key) == 0 && strcmp (clip->label, "none") != 0;
    if (!ok && first)
      g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_METADATA,
                   "%s:%u: the labels '%s' and '%s' would have the same name %s in a model: rename "
                   "one with --label-map",
                   corpus->metadata_paths[clip->corpus], clip->line, first, text, clip->label);
    else if (!ok)
      g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_METADATA,
                   "%s:%u: the label '%s' is reserved for windows without a prediction: rename it "
                   "with --label-map",
                   corpus->metadata_paths[clip->corpus], clip->line, text);
    g_hash_table_insert (texts, clip->label, (gpointer)(first ? first : text));
    g_free (key);
    g_free (first_key);
  }
  g_hash_table_unref (texts);
  return ok;
}

gboolean
training_corpus_check_losses (const TrainingCorpus *corpus, GError **error)
{
  GHashTable *labels = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < corpus->clips->len; i++)
    if (((TrainingClip *)corpus->clips->pdata[i])->label)
      g_hash_table_add (labels, ((TrainingClip *)corpus->clips->pdata[i])->label);
  char **names = (char **)g_hash_table_get_keys_as_array (labels, NULL);
  const gboolean ok = training_rejects_check (corpus->rejects, names, corpus->clips->len, error);
  g_free (names);
  g_hash_table_unref (labels);
  return ok;
}

static void
prefix (char **text, const char *name)
{
  if (!*text)
    return;
  char *full = g_strconcat (name, "/", *text, NULL);
  g_free (*text);
  *text = full;
}

/* Adds the corpus name to clips, speakers and statements of a corpus that joins a pool. */
static void
prefix_all (TrainingCorpus *corpus)
{
  for (guint i = 0; corpus->n_corpora == 1 && i < corpus->clips->len; i++) {
    TrainingClip *clip = corpus->clips->pdata[i];
    prefix (&clip->id, corpus->names[0]);
    prefix (&clip->speaker, corpus->names[0]);
    prefix (&clip->statement, corpus->names[0]);
  }
}

/* Moves `from`'s texts to the end of `list`. */
static void
append_list (char ***list, guint n, char ***from, guint n_from)
{
  *list = g_renew (char *, *list, n + n_from + 1);
  memcpy (*list + n, *from, sizeof **list * (n_from + 1));
  g_clear_pointer (from, g_free);
}

gboolean
training_corpus_pool (TrainingCorpus *into, TrainingCorpus *from, GError **error)
{
  const guint n = into->n_corpora, n_from = from->n_corpora;
  for (guint i = 0; i < n_from; i++)
    if (g_strv_contains ((const char *const *)into->names, from->names[i])) {
      g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_METADATA,
                   "%s: two corpora are called '%s': give each its own name with --corpus",
                   from->metadata_paths[i], from->names[i]);
      return FALSE;
    }
  prefix_all (into);
  prefix_all (from);
  for (guint i = 0; i < from->clips->len; i++)
    ((TrainingClip *)from->clips->pdata[i])->corpus += n;
  for (guint i = 0; i < from->rejects->len; i++)
    ((TrainingReject *)from->rejects->pdata[i])->corpus += n;
  append_list (&into->names, n, &from->names, n_from);
  append_list (&into->metadata_paths, n, &from->metadata_paths, n_from);
  append_list (&into->audio_roots, n, &from->audio_roots, n_from);
  into->n_corpora += n_from;
  g_ptr_array_extend_and_steal (into->clips, g_steal_pointer (&from->clips));
  g_ptr_array_extend_and_steal (into->rejects, g_steal_pointer (&from->rejects));
  g_free (from);
  return TRUE;
}

typedef struct {
  double place; /* position in its label's shuffled order, 0..1 */
  guint clip;
} Ranked;

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const Ranked *x = a, *y = b;
  if (x->place != y->place)
    return x->place < y->place ? -1 : 1;
  return x->clip < y->clip ? -1 : 1;
}

static int
compare_clips (gconstpointer a, gconstpointer b)
{
  const Ranked *x = a, *y = b;
  return x->clip < y->clip ? -1 : x->clip > y->clip;
}

/* Each clip with its position among the clips of its label, in random order. */
static Ranked *
rank_clips (const TrainingCorpus *corpus, guint32 seed)
{
  const guint n = corpus->clips->len;
  Ranked *ranked = g_new (Ranked, n);
  GHashTable *counts = g_hash_table_new (g_str_hash, g_str_equal);
  GRand *random = g_rand_new_with_seed (seed);
  for (guint i = 0; i < n; i++)
    ranked[i].clip = i;
  training_shuffle (ranked, n, sizeof *ranked, random);
  for (guint pass = 0; pass < 2; pass++) /* counts, then fractions of the label's total */
    for (guint i = 0; i < n; i++) {
      const char *label = ((TrainingClip *)corpus->clips->pdata[ranked[i].clip])->label;
      const guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, label));
      if (pass == 0) {
        ranked[i].place = count + 0.5;
        g_hash_table_insert (counts, (gpointer)label, GUINT_TO_POINTER (count + 1));
      } else {
        /* The first clip of a label always stays, so that no label is lost. */
        ranked[i].place = ranked[i].place < 1 ? 0 : ranked[i].place / count;
      }
    }
  g_rand_free (random);
  g_hash_table_unref (counts);
  return ranked;
}

void
training_corpus_limit (TrainingCorpus *corpus, guint n, guint32 seed)
{
  if (n >= corpus->clips->len)
    return;
  Ranked *ranked = rank_clips (corpus, seed);
  qsort (ranked, corpus->clips->len, sizeof *ranked, compare_places);
  qsort (ranked, n, sizeof *ranked, compare_clips);
  GPtrArray *kept = training_corpus_new_clips ();
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (kept, g_steal_pointer (&corpus->clips->pdata[ranked[i].clip]));
  for (guint i = 0; i < corpus->clips->len; i++)
    g_clear_pointer (&corpus->clips->pdata[i], clip_free);
  g_ptr_array_set_free_func (corpus->clips, NULL);
  g_ptr_array_unref (corpus->clips);
  corpus->clips = kept;
  g_free (ranked);
}
