/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train-data.h"

#include <string.h>

#include "ordinary.h"
#include "training/base/error.h"
#include "training/base/options.h"
#include "training/data/predefined-split.h"
#include "training/data/rejects.h"

#define MAX_DUPLICATES 20 /* printed without --verbose */

/* Lists the rejects on stderr and for the report. */
static void
report_rejects (const TrainingOptions *o, const GPtrArray *rejects, const TrainingCorpus *corpus,
                GPtrArray *all)
{
  training_rejects_print (rejects, "emotion-train", o->verbose, "--verbose lists all");
  for (guint i = 0; i < rejects->len; i++) {
    const TrainingReject *one = rejects->pdata[i];
    TrainingReject *added = training_rejects_add (
        all, one->reason, training_sources_without_folders (one->text, corpus));
    added->label = g_strdup (one->label);
    added->label_text = g_strdup (one->label_text);
    added->augmented = one->augmented;
  }
}

static void
report_duplicates (const TrainingDataset *data, gboolean all)
{
  guint n = 0;
  for (guint c = 0; c < data->n_source_clips; c++) {
    const TrainingDatasetClip *clip = &data->clips[c];
    if (clip->duplicate_of < 0 || (++n > MAX_DUPLICATES && !all))
      continue;
    const TrainingDatasetClip *first = &data->clips[clip->duplicate_of];
    g_printerr ("emotion-train: duplicate left out: %s has the same samples as %s", clip->path,
                first->path);
    if (clip->label == first->label)
      g_printerr ("\n");
    else
      g_printerr (", but is labelled '%s' instead of '%s': one label is wrong\n",
                  data->labels[clip->label], data->labels[first->label]);
  }
  if (n > MAX_DUPLICATES && !all)
    g_printerr ("emotion-train: and %u more duplicates; --verbose lists all\n", n - MAX_DUPLICATES);
}

/* A summary of the data, for --verbose. */
static void
print_data (const TrainingDataset *data)
{
  for (guint corpus = 0; corpus < data->n_corpora; corpus++) {
    GString *text = g_string_new (NULL);
    guint n_clips = 0;
    for (guint k = 0; k < data->n_labels; k++) {
      guint n = 0;
      for (guint c = 0; c < data->n_source_clips; c++)
        n += data->clips[c].corpus == corpus && data->clips[c].label == k;
      if (n > 0)
        g_string_append_printf (text, "%s%s %u", text->len ? ", " : "", data->labels[k], n);
      n_clips += n;
    }
    g_printerr ("emotion-train: %s: %u clips: %s\n", data->corpora[corpus], n_clips, text->str);
    g_string_free (text, TRUE);
  }
  guint n_speakers;
  g_free (training_dataset_name_speakers (data, &n_speakers));
  g_printerr ("emotion-train: %u speakers, %u augmented clips, %u windows of %u features\n",
              n_speakers, data->n_clips - data->n_source_clips, data->n_rows,
              data->features->n_features);
}

static void
print_cache_use (const TrainingOptions *o, const TrainingDataset *data)
{
  const TrainingCacheUse *use = &data->cache_use;
  if (o->verbose && o->feature_cache)
    g_printerr ("emotion-train: feature cache %s: %u of %u clips found, augmented ones included\n",
                o->feature_cache, use->n_found, data->n_clips);
  if (use->n_damaged > 0)
    g_printerr ("emotion-train: feature cache %s: %u damaged file(s) replaced\n", o->feature_cache,
                use->n_damaged);
  if (use->problem)
    g_printerr ("emotion-train: warning: the feature cache is incomplete: %s\n", use->problem);
}

static void
print_missing_split (const TrainingCorpus *corpus)
{
  guint n = 0;
  for (guint i = 0; i < corpus->clips->len; i++)
    n += ((TrainingClip *)corpus->clips->pdata[i])->split == NULL;
  if (n > 0)
    g_printerr ("emotion-train: %u of %u clips have no entry in the column split: they are used "
                "for training\n",
                n, corpus->clips->len);
}

static TrainingDataset *
extract (const TrainingOptions *o, const TrainingCorpus *corpus, GPtrArray *rejects, GError **error)
{
  const TrainingExtraction extraction = training_options_get_extraction (o);
  report_rejects (o, corpus->rejects, corpus, rejects);
  TrainingDataset *data = training_dataset_extract (corpus, &extraction, error);
  if (!data)
    return NULL;
  report_rejects (o, data->rejects, corpus, rejects);
  training_clip_report_print (&data->report, "emotion-train");
  if (rejects->len > 0) {
    char *reasons = training_rejects_sum_up (rejects);
    guint n_augmented = 0;
    for (guint i = 0; i < rejects->len; i++)
      n_augmented += ((TrainingReject *)rejects->pdata[i])->augmented;
    g_printerr ("emotion-train: %u of %u rows", rejects->len - n_augmented,
                corpus->clips->len + corpus->rejects->len);
    if (n_augmented > 0)
      g_printerr (" and %u augmented clips", n_augmented);
    g_printerr (" left out: %s\n", reasons);
    g_free (reasons);
  }
  if (!training_rejects_check (rejects, data->labels, data->n_source_clips, error)) {
    training_dataset_free (data);
    return NULL;
  }
  if (!o->allow_duplicates)
    report_duplicates (data, o->verbose);
  const guint n_shared =
      strcmp (o->protocol, "split") == 0 ? training_dataset_count_shared (data) : 0;
  if (strcmp (o->protocol, "split") == 0)
    print_missing_split (corpus);
  if (n_shared > 0)
    g_printerr ("emotion-train: warning: %u speaker(s) have both test clips and other clips: the "
                "figures will be optimistic, and the model will not adapt to speakers\n",
                n_shared);
  if (!data->speakers_known)
    g_printerr ("emotion-train: warning: there is no speaker column, so the figures will be "
                "optimistic; name it with --group-column\n");
  else if (data->n_speakers == data->n_source_clips)
    g_printerr (
        "emotion-train: warning: each speaker has only one clip; if this is not the speaker "
        "column, the figures will be optimistic: name the right one with --group-column\n");
  print_cache_use (o, data);
  if (o->verbose)
    print_data (data);
  return data;
}

static guint
count_statements (const TrainingCorpus *corpus)
{
  GHashTable *statements = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < corpus->clips->len; i++) {
    const char *statement = ((TrainingClip *)corpus->clips->pdata[i])->statement;
    if (statement)
      g_hash_table_add (statements, (gpointer)statement);
  }
  const guint n = g_hash_table_size (statements);
  g_hash_table_unref (statements);
  return n;
}

/* Checks that the columns required by options exist. */
static gboolean
check_columns (const TrainingOptions *o, const TrainingCorpus *corpus, GError **error)
{
  gboolean has_speaker = FALSE;
  for (guint i = 0; i < corpus->clips->len && !has_speaker; i++)
    has_speaker = ((TrainingClip *)corpus->clips->pdata[i])->speaker != NULL;
  const gboolean split = strcmp (o->protocol, "split") == 0;
  const gboolean holds_speakers =
      o->protocol_given && !split && strcmp (o->protocol, "random") != 0;
  if (split && !training_predefined_split_check (corpus, error))
    return FALSE;
  if (!o->protocol_given && training_predefined_split_is_there (corpus))
    g_printerr ("emotion-train: the column split is not used; --protocol split trains on its train "
                "and dev clips and evaluates on its test clips\n");
  if (!has_speaker && holds_speakers)
    return training_bad_option (error,
                                "--protocol %s holds speakers out, but there is no speaker column: "
                                "name it with --group-column, or use --protocol random",
                                o->protocol);
  if (!has_speaker && o->repeat_statement)
    return training_bad_option (error, "--repeat-statement holds speakers out, but there is no "
                                       "speaker column: name it with --group-column");
  const guint n_statements = o->repeat_statement ? count_statements (corpus) : 2;
  if (n_statements < 2)
    return training_bad_option (error,
                                "--repeat-statement: %s, and two are required: add a column "
                                "statement with the spoken sentence, or remove the option",
                                n_statements == 0 ? "no clip has a statement"
                                                  : "all clips have the same statement");
  return TRUE;
}

/* Reads the ordinary speech and checks everything that is known before the work. */
static TrainingCorpus *
read_ordinary (const TrainingOptions *o, const TrainingCorpus *corpus, GError **error)
{
  gboolean has_neutral = FALSE;
  for (guint i = 0; i < corpus->clips->len && !has_neutral; i++)
    has_neutral = strcmp (((TrainingClip *)corpus->clips->pdata[i])->label, "neutral") == 0;
  if (!has_neutral) {
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                 "--ordinary: the data have no label neutral; rename a label with --label-map");
    return NULL;
  }
  TrainingCorpus *ordinary = training_ordinary_read (o->ordinary, "emotion-train", error);
  return ordinary;
}

gboolean
training_data_read (TrainingData *self, const TrainingOptions *o, GError **error)
{
  *self = (TrainingData){.rejects = training_rejects_new ()};
  self->corpus = training_sources_read (&o->sources, "emotion-train", error);
  if (self->corpus && o->sample_limit > 0)
    training_corpus_limit (self->corpus, (guint)o->sample_limit, (guint32)o->random_state);
  if (!self->corpus || !training_corpus_check_losses (self->corpus, error) ||
      !check_columns (o, self->corpus, error))
    return FALSE;
  return !o->ordinary || (self->ordinary = read_ordinary (o, self->corpus, error)) != NULL;
}

gboolean
training_data_extract (TrainingData *self, const TrainingOptions *o, GError **error)
{
  self->dataset = extract (o, self->corpus, self->rejects, error);
  if (!self->dataset || !o->auxiliary)
    return self->dataset != NULL;
  const TrainingExtraction extraction = training_options_get_extraction (o);
  self->auxiliary =
      training_auxiliary_read (o->auxiliary, "emotion-train", &extraction, self->dataset, error);
  return self->auxiliary != NULL;
}

void
training_data_clear (TrainingData *self)
{
  training_auxiliary_free (self->auxiliary);
  training_dataset_free (self->dataset);
  training_corpus_free (self->ordinary);
  training_corpus_free (self->corpus);
  g_ptr_array_unref (self->rejects);
}
