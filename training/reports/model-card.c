/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model-card.h"

#include <string.h>

#include "figures-file.h"
#include "model-card-figures.h"
#include "train-settings.h"
#include "training/base/error.h"
#include "training/base/markdown.h"
#include "training/base/output.h"

#define TO_BE_FILLED_IN "**to be filled in**"

typedef struct {
  GString *text;
  const TrainingOptions *o;
  const TrainingResults *results;
  JsonObject *metrics;
} Card;

static const TrainingDataset *
data_of (const Card *card)
{
  return card->results->split->data;
}

/* The display texts of the labels. */
static const char *const *
texts_of (const Card *card)
{
  const TrainingDataset *data = data_of (card);
  return (const char *const *)(data->label_texts ? data->label_texts : data->labels);
}

static void
put_head (const Card *card)
{
  const TrainingDataset *data = data_of (card);
  GString *text = card->text;
  char *chosen = training_choice_describe (&card->results->final);
  char *name = g_path_get_basename (card->o->model_name);
  g_string_append (text, "# Model card: ");
  training_markdown_put (text, name);
  g_string_append (text, "\n\nA speech emotion model for the GStreamer element `emotiondetect`. "
                         "Made by: " TO_BE_FILLED_IN ".\n\nemotion-train " EMOTION_VERSION
                         " wrote this card with the figures of the training. Complete the fields "
                         "marked " TO_BE_FILLED_IN ": the trainer cannot know them.\n\n");
  g_string_append_printf (text, "- Labels (%u):", data->n_labels);
  for (guint k = 0; k < data->n_labels; k++) {
    g_string_append (text, k ? ", " : " ");
    training_markdown_put (text, texts_of (card)[k]);
  }
  g_string_append_printf (text, ".\n- Classifier: `%s` on the feature set %s", chosen,
                          data->features->name);
  training_markdown_put_number (text, ", windows of %g s", card->o->window);
  training_markdown_put_number (text, ", one every %g s", card->o->interval);
  g_string_append (text, emotion_model_adapts (card->results->final.model)
                             ? ". It adapts to the speaker of a stream.\n"
                             : ". It does not adapt to the speaker of a stream.\n");
  g_string_append (text, "- Licence: ");
  if (card->o->licence)
    training_markdown_put (text, card->o->licence);
  else
    g_string_append (text, TO_BE_FILLED_IN " (it depends on the licences of the training data)");
  g_string_append (text, ".\n\n");
  g_free (chosen);
  g_free (name);
}

/* Whether the clip belongs to a training corpus. */
static gboolean
is_of (const Card *card, guint clip, guint corpus)
{
  return data_of (card)->clips[clip].corpus == corpus &&
         card->results->split->group_of_clip[clip] != G_MAXUINT;
}

static guint
count_speakers (const Card *card, guint corpus)
{
  const TrainingDataset *data = data_of (card);
  gboolean *seen = g_new0 (gboolean, data->n_speakers);
  guint n = 0;
  for (guint c = 0; c < data->n_source_clips; c++)
    if (is_of (card, c, corpus) && !seen[data->clips[c].speaker]) {
      seen[data->clips[c].speaker] = TRUE;
      n++;
    }
  g_free (seen);
  return n;
}

static guint
count_clips (const Card *card, guint corpus, guint label)
{
  const TrainingDataset *data = data_of (card);
  guint n = 0;
  for (guint c = 0; c < data->n_source_clips; c++)
    n += is_of (card, c, corpus) && data->clips[c].label == label;
  return n;
}

static void
put_corpora (const Card *card)
{
  const TrainingDataset *data = data_of (card);
  GString *text = card->text;
  g_string_append (text, "| corpus | speakers | clips |");
  for (guint k = 0; k < data->n_labels; k++)
    training_markdown_put_cell (text, texts_of (card)[k]);
  g_string_append (text, " language, kind of speech, source |\n");
  training_markdown_put_rule (text, 4 + data->n_labels);
  for (guint corpus = 0; corpus < data->n_corpora; corpus++) {
    guint n = 0;
    g_string_append_c (text, '|');
    training_markdown_put_cell (text, card->o->sources.names ? card->o->sources.names[corpus]
                                                             : data->corpora[corpus]);
    for (guint k = 0; k < data->n_labels; k++)
      n += count_clips (card, corpus, k);
    if (data->speakers_known)
      g_string_append_printf (text, " %u |", count_speakers (card, corpus));
    else
      g_string_append (text, " unknown |");
    g_string_append_printf (text, " %u |", n);
    for (guint k = 0; k < data->n_labels; k++)
      g_string_append_printf (text, " %u |", count_clips (card, corpus, k));
    g_string_append (text, " " TO_BE_FILLED_IN " |\n");
  }
}

static void
put_names (const Card *card, const char *before, const char *member)
{
  JsonArray *names = training_json_array (training_json_object (card->metrics, "settings"), member);
  if (!names)
    return;
  g_string_append (card->text, before);
  for (guint i = 0; i < json_array_get_length (names); i++) {
    g_string_append (card->text, i ? ", " : " ");
    training_markdown_put (card->text, json_array_get_string_element (names, i));
  }
  g_string_append_c (card->text, '.');
}

static guint
length_of (const Card *card, const char *member)
{
  JsonArray *array = training_json_array (card->metrics, member);
  return array ? json_array_get_length (array) : 0;
}

/* The faults of clips that were used. */
static void
put_faults (const Card *card)
{
  JsonObject *report = training_json_object (card->metrics, "data_report");
  JsonObjectIter iter;
  const char *fault;
  JsonNode *node;
  gboolean any = FALSE;
  json_object_iter_init_ordered (&iter, report);
  while (json_object_iter_next_ordered (&iter, &fault, &node)) {
    const gint64 n = json_node_get_int (node);
    if (n == 0 || strcmp (fault, "n") == 0)
      continue;
    char **words = g_strsplit (fault, "_", -1), *text = g_strjoinv (" ", words);
    g_string_append_printf (card->text, "%s %" G_GINT64_FORMAT " %s",
                            any ? "," : " Faulty clips, which were kept:", n, text);
    g_strfreev (words);
    g_free (text);
    any = TRUE;
  }
  if (any)
    g_string_append_c (card->text, '.');
}

static void
put_data (const Card *card)
{
  g_string_append (card->text, "## Data\n\n");
  put_corpora (card);
  g_string_append_printf (card->text,
                          "\nLeft out: %u duplicate(s), %u row(s) that could not be used.",
                          length_of (card, "duplicates"), length_of (card, "left_out"));
  put_faults (card);
  put_names (card, " Augmented clips, for training only:", "augment");
  put_names (card, " Auxiliary corpora, for the variation within a label:", "background");
  put_names (card, " Ordinary speech, for the decision settings:", "ordinary");
  g_string_append (card->text, "\n\n");
}

/* The evaluation procedure. */
static void
put_protocol (const Card *card)
{
  const TrainingResults *results = card->results;
  GString *text = card->text;
  const char *unit = data_of (card)->speakers_known ? "speakers" : "clips";
  const gboolean predefined = results->split->test != 0;
  if (results->shares_speakers)
    g_string_append (text,
                     "**Speakers were not held out: the same speakers may be in training and test, "
                     "so these figures are optimistic.** Expect lower figures on new speakers.\n");
  else if (predefined)
    g_string_append (
        text, "The figures are of the test clips of a predefined split, whose speakers have no "
              "other clips. strict (speaker-independent) evaluates each clip alone; adaptive "
              "(speaker-adapted) processes a speaker's clips as one stream in random order.\n");
  else
    g_string_append_printf (
        text,
        "Speakers held out, %u folds: the model for each clip was selected, calibrated and fitted "
        "without the clip's speaker. strict (speaker-independent) evaluates each clip alone; "
        "adaptive (speaker-adapted) processes a speaker's clips as one stream in random order.\n",
        results->n_outer_folds);
  if (predefined)
    g_string_append_printf (text,
                            "The model was selected from %u candidate(s), calibrated and fitted on "
                            "the clips outside the test split, of %u %s. ",
                            results->plan.candidates->len, results->split->n_speakers, unit);
  else
    g_string_append_printf (text,
                            "Each fold selected from %u candidate(s). The model itself was then "
                            "fitted on all %u %s and has no figures of its own; an evaluation on "
                            "clips of these corpora would be optimistic. ",
                            results->plan.candidates->len, results->split->n_speakers, unit);
  training_markdown_put_number (text, "Chance UAR: %.3f.\n\n", 1.0 / data_of (card)->n_labels);
}

static void
put_uses (const Card *card)
{
  GString *text = card->text;
  g_string_append (text, "## Use\n\n**Known failures.** ");
  training_card_put_failures (text, card->metrics, texts_of (card));
  g_string_append (
      text,
      "Expect much lower figures for another language, microphone or speaking style. "
      "Others: " TO_BE_FILLED_IN ".\n\n"
      "**Intended use.** " TO_BE_FILLED_IN " (for models of acted speech: demonstration, teaching, "
      "research, a starting point for training).\n\n"
      "**Not for.** Decisions about people. The output is a category of vocal expression, "
      "acted where the corpora are, not a person's inner state. In the European Union, inferring "
      "emotions at the workplace or in education is prohibited, and elsewhere the persons "
      "exposed must be informed (Regulation 2024/1689, Art. 5(1)(f), Art. 50(3)).\n\n");
}

static void
put_making (const Card *card)
{
  char *command = training_settings_to_command (card->o);
  g_string_append_printf (card->text,
                          "## How it was made\n\n"
                          "```sh\n"
                          "%s\n"
                          "```\n"
                          "With the same build, the same data and options give an identical model "
                          "file. All figures and settings are in `%s`.\n\n"
                          "| | |\n"
                          "|---|---|\n"
                          "| data hash | `%s` |\n"
                          "| model hash | `%s` |\n"
                          "| seed | %u |\n"
                          "| program | gst-emotiondetect %s |\n",
                          command, card->o->metrics_name, data_of (card)->hash,
                          emotion_model_get_hash (card->results->final.model), card->results->seed,
                          EMOTION_VERSION);
  g_free (command);
}

static char *
write_text (const TrainingOptions *o, const TrainingResults *results, JsonObject *metrics)
{
  const Card card = {g_string_new (NULL), o, results, metrics};
  put_head (&card);
  put_data (&card);
  g_string_append (card.text, "## Figures\n\n");
  put_protocol (&card);
  training_card_put_figures (card.text, metrics);
  training_card_put_labels (card.text, metrics, (const char *const *)data_of (&card)->labels,
                            texts_of (&card));
  training_card_put_others (card.text, metrics);
  put_uses (&card);
  put_making (&card);
  return g_string_free (card.text, FALSE);
}

gboolean
training_model_card_write (const TrainingOptions *o, const TrainingResults *results,
                           const char *metrics_path, const char *path, GError **error)
{
  GError *cause = NULL;
  JsonParser *parser = json_parser_new_immutable ();
  gboolean ok = json_parser_load_from_file (parser, metrics_path, &cause);
  if (ok) {
    char *text = write_text (o, results, json_node_get_object (json_parser_get_root (parser)));
    ok = training_output_save (path, text, strlen (text), error);
    g_free (text);
  } else {
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_METADATA, "%s: cannot read the metrics: %s",
                 metrics_path, cause->message);
    g_error_free (cause);
  }
  g_object_unref (parser);
  return ok;
}
