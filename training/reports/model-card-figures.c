/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model-card-figures.h"

#include <math.h>
#include <string.h>

#include "figures-file.h"
#include "training/base/markdown.h"

#define N_FAILURES 5
#define MIN_FAILURE 0.05 /* fraction of a label's clips */

static JsonObject *
protocol_of (JsonObject *metrics, const char *name)
{
  return training_json_object (training_json_object (metrics, "protocols"), name);
}

const char *
training_card_protocol (JsonObject *metrics)
{
  return protocol_of (metrics, "strict") ? "strict" : "random";
}

static void
put_row (GString *text, const char *what, JsonObject *figures)
{
  static const char *const columns[] = {"accuracy", "f1_weighted", "ece", "brier"};
  if (!figures)
    return;
  JsonArray *interval = training_json_array (figures, "uar_interval");
  g_string_append_printf (text, "| %s | ", what);
  training_markdown_put_number (text, "%.3f", training_json_number (figures, "balanced_accuracy"));
  if (isfinite (training_json_number_at (interval, 0))) {
    training_markdown_put_number (text, " [%.3f", training_json_number_at (interval, 0));
    training_markdown_put_number (text, "-%.3f]", training_json_number_at (interval, 1));
  }
  g_string_append (text, " |");
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    training_markdown_put_number_cell (text, "%.3f", training_json_number (figures, columns[i]));
  training_markdown_put_number_cell (text, "%.0f", training_json_number (figures, "n"));
  g_string_append_c (text, '\n');
}

void
training_card_put_figures (GString *text, JsonObject *metrics)
{
  const gboolean held = strcmp (training_card_protocol (metrics), "strict") == 0;
  JsonObject *strict = protocol_of (metrics, training_card_protocol (metrics));
  JsonObject *adaptive = protocol_of (metrics, "adaptive");
  const char *groups = json_object_get_string_member (metrics, "intervals_over");
  g_string_append_printf (
      text, "| | UAR [95 %% over %s] | accuracy | weighted F1 | ECE | Brier | n |\n", groups);
  training_markdown_put_rule (text, 7);
  put_row (text, held ? "strict, clips" : "random, clips: SPEAKERS NOT HELD OUT", strict);
  put_row (text, held ? "strict, windows with speech" : "random, windows: SPEAKERS NOT HELD OUT",
           training_json_object (strict, "windows"));
  put_row (text, "adaptive, clips", adaptive);
  put_row (text, "adaptive, windows with speech", training_json_object (adaptive, "windows"));
  if (strcmp (json_object_get_string_member (metrics, "protocol"), "split") != 0)
    put_row (text, "hold-out, clips", training_json_object (metrics, "test_metrics"));
  if (held)
    put_row (text, "random folds, clips: SPEAKER-DEPENDENT control, optimistic",
             protocol_of (metrics, "random"));
  g_string_append_c (text, '\n');
}

static double
recall_of (JsonObject *figures, const char *label)
{
  JsonObject *report = training_json_object (figures, "classification_report");
  return training_json_number (training_json_object (report, label), "recall");
}

/* The fraction of a label's clips with that prediction; NaN for a label without clips. */
static double
fraction_of (JsonObject *figures, guint truth, guint prediction, guint n_labels)
{
  JsonArray *row =
      training_json_array_at (training_json_array (figures, "confusion_matrix"), truth);
  double sum = 0;
  for (guint k = 0; k < n_labels; k++)
    sum += training_json_number_at (row, k);
  return training_json_number_at (row, prediction) / sum;
}

void
training_card_put_labels (GString *text, JsonObject *metrics, const char *const *labels,
                          const char *const *texts)
{
  JsonObject *strict = protocol_of (metrics, training_card_protocol (metrics));
  JsonObject *adaptive = protocol_of (metrics, "adaptive");
  const guint n = g_strv_length ((char **)labels);
  g_string_append_printf (
      text,
      "Recall, and predictions in per cent of the clips of each label (%s, clips):\n\n"
      "| true label | recall |%s",
      training_card_protocol (metrics), adaptive ? " adaptive |" : "");
  for (guint k = 0; k < n; k++)
    training_markdown_put_cell (text, texts[k]);
  g_string_append_c (text, '\n');
  training_markdown_put_rule (text, n + (adaptive ? 3 : 2));
  for (guint truth = 0; truth < n; truth++) {
    g_string_append_c (text, '|');
    training_markdown_put_cell (text, texts[truth]);
    training_markdown_put_number_cell (text, "%.2f", recall_of (strict, labels[truth]));
    if (adaptive)
      training_markdown_put_number_cell (text, "%.2f", recall_of (adaptive, labels[truth]));
    for (guint k = 0; k < n; k++)
      training_markdown_put_number_cell (text, "%.0f", 100 * fraction_of (strict, truth, k, n));
    g_string_append_c (text, '\n');
  }
  g_string_append_c (text, '\n');
}

/* The range of UAR over speakers. */
static void
put_speakers (GString *text, JsonObject *metrics)
{
  JsonObject *speakers = training_json_object (protocol_of (metrics, "strict"), "per_speaker");
  GList *names = speakers ? json_object_get_members (speakers) : NULL;
  const char *worst = NULL, *best = NULL;
  double low = INFINITY, high = -INFINITY;
  for (GList *at = names; at; at = at->next) {
    const double uar = training_json_number (training_json_object (speakers, at->data), "uar");
    if (uar < low) {
      low = uar;
      worst = at->data;
    }
    if (uar > high) {
      high = uar;
      best = at->data;
    }
  }
  if (worst && best) {
    training_markdown_put_number (text, "- By speaker, strict: UAR %.2f (", low);
    training_markdown_put (text, worst);
    training_markdown_put_number (text, ") to %.2f (", high);
    training_markdown_put (text, best);
    g_string_append (text, ").\n");
  }
  g_list_free (names);
}

static void
put_neutral (GString *text, JsonObject *neutral)
{
  JsonObject *strict = training_json_object (neutral, "strict");
  JsonObject *adaptive = training_json_object (neutral, "adaptive");
  if (!neutral)
    return;
  g_string_append (text, "- Streams with ");
  training_markdown_put_number (text, "%g % neutral clips",
                                100 * training_json_number (neutral, "share"));
  training_markdown_put_number (text, ", strict / adaptive: UAR %.3f",
                                training_json_number (strict, "uar"));
  training_markdown_put_number (text, " / %.3f", training_json_number (adaptive, "uar"));
  training_markdown_put_number (text, ", accuracy %.3f", training_json_number (strict, "accuracy"));
  training_markdown_put_number (text, " / %.3f.\n", training_json_number (adaptive, "accuracy"));
}

static void
put_fraction (GString *text, const char *before, JsonObject *object, const char *member)
{
  g_string_append (text, before);
  training_markdown_put_percent (text, training_json_number (object, member));
}

static void
put_decision (GString *text, JsonObject *decision)
{
  if (!decision) {
    g_string_append (
        text,
        "- Decision settings: equal priors, no smoothing, hysteresis or hold time. Real speech is "
        "mostly neutral: expect many false emotions, or train with `--ordinary`.\n");
    return;
  }
  JsonObject *ordinary = training_json_object (decision, "ordinary");
  JsonObject *emotional = training_json_object (decision, "emotional");
  training_markdown_put_number (
      text, "- Decision settings: prior of neutral %.4f",
      training_json_number (training_json_object (decision, "priors"), "neutral"));
  training_markdown_put_number (text, ", smoothing %g s",
                                training_json_number (decision, "smoothing"));
  training_markdown_put_number (text, ", hysteresis %g",
                                training_json_number (decision, "hysteresis"));
  training_markdown_put_number (text, ", hold time %g s.\n",
                                training_json_number (decision, "hold_time"));
  put_fraction (text, "- Ordinary speech, speakers held out: ", ordinary, "emotions");
  put_fraction (text, " of the windows get an emotion (", training_json_object (ordinary, "plain"),
                "emotions");
  g_string_append (text, " with equal priors and no smoothing).\n");
  if (!emotional)
    return;
  put_fraction (text, "- Held-out speakers, emotional clips among neutral ones: ", emotional,
                "noticed");
  put_fraction (text, " of the emotional windows get an emotion and ", emotional, "right");
  put_fraction (text, " the right one; ", emotional, "neutral_with_emotion");
  g_string_append (text, " of the neutral windows get an emotion.\n");
}

void
training_card_put_others (GString *text, JsonObject *metrics)
{
  JsonObject *outlier = training_json_object (metrics, "outlier");
  JsonObject *intensity = training_json_object (metrics, "intensity");
  put_speakers (text, metrics);
  put_neutral (text, protocol_of (metrics, "mostly_neutral"));
  put_decision (text, training_json_object (metrics, "decision"));
  if (outlier) {
    put_fraction (text, "- Rejected as non-speech: ", outlier, "speech_lost");
    put_fraction (text, " of the windows of held-out speakers, ", outlier, "sounds_refused");
    g_string_append (text, " of held-out music, noise and tones.\n");
  }
  if (intensity) {
    training_markdown_put_number (text, "- Intensity (weak or strong): UAR %.3f",
                                  training_json_number (intensity, "uar"));
    training_markdown_put_number (text, ", correlation %.3f.\n",
                                  training_json_number (intensity, "correlation"));
  }
  g_string_append_c (text, '\n');
}

void
training_card_put_failures (GString *text, JsonObject *metrics, const char *const *texts)
{
  JsonObject *figures = protocol_of (metrics, training_card_protocol (metrics));
  const guint n = g_strv_length ((char **)texts);
  gboolean *listed = g_new0 (gboolean, (gsize)n * n);
  guint n_listed = 0;
  for (; n_listed < N_FAILURES; n_listed++) {
    double max = MIN_FAILURE;
    guint worst = 0;
    for (guint i = 0; i < n * n; i++) {
      const double fraction = fraction_of (figures, i / n, i % n, n);
      if (i / n != i % n && !listed[i] && fraction > max) {
        max = fraction;
        worst = i;
      }
    }
    if (max <= MIN_FAILURE)
      break;
    listed[worst] = TRUE;
    g_string_append (text, n_listed ? ", " : "Most frequent confusions: ");
    training_markdown_put (text, texts[worst / n]);
    g_string_append (text, " predicted as ");
    training_markdown_put (text, texts[worst % n]);
    training_markdown_put_number (text, " (%.0f %)", 100 * max);
  }
  g_string_append (text, n_listed ? ". " : "");
  g_free (listed);
}
