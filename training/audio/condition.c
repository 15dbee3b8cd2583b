/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "condition.h"

#include <string.h>

#include "core/features/extractor.h"
#include "training/base/options.h"

static void
clear_condition (gpointer data)
{
  g_free (((TrainingCondition *)data)->name);
}

/* Appends the numbers of a list such as "20,10,5". */
static gboolean
parse_numbers (const char *option, const char *text, double min, double max, GArray *numbers,
               GError **error)
{
  char **items = g_strsplit (text, ",", -1);
  gboolean ok = items[0] != NULL;
  for (guint i = 0; items[i] && ok; i++) {
    char *end, *item = g_strstrip (items[i]);
    const double number = g_ascii_strtod (item, &end);
    ok = end != item && *end == '\0' && number >= min && number <= max;
    g_array_append_val (numbers, number);
  }
  g_strfreev (items);
  if (!ok)
    training_bad_option (error, "--%s %s: must be numbers from %g to %g, separated by ','", option,
                         text, min, max);
  return ok;
}

/* Adds one condition per number; `format` makes its name and takes the number only. */
static gboolean
add (GArray *conditions, const char *option, const char *text, TrainingCondition template,
     const char *before, const char *after, double min, double max, GError **error)
{
  if (!text)
    return TRUE;
  GArray *numbers = g_array_new (FALSE, FALSE, sizeof (double));
  const gboolean ok = parse_numbers (option, text, min, max, numbers, error);
  for (guint i = 0; i < numbers->len && ok; i++) {
    TrainingCondition condition = template;
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    const double value = g_array_index (numbers, double, i);
    condition.name =
        g_strconcat (before, g_ascii_formatd (number, sizeof number, "%g", value), after, NULL);
    if (condition.altered)
      condition.augmentation.value = value;
    else
      condition.window = value;
    g_array_append_val (conditions, condition);
  }
  g_array_unref (numbers);
  return ok;
}

static gboolean
add_augmentation (GArray *conditions, const char *option, const char *text,
                  TrainingAugmentationKind kind, gboolean babble, const char *before,
                  const char *after, GError **error)
{
  const TrainingCondition template = {
      .altered = TRUE, .babble = babble, .augmentation = {.kind = kind}};
  double min, max;
  training_augmentation_get_range (kind, &min, &max);
  return add (conditions, option, text, template, before, after, min, max, error);
}

static gboolean
add_noise (GArray *conditions, const TrainingSweep *sweep, GError **error)
{
  const char *noise = sweep->noise ? sweep->noise : "white";
  const gboolean pink = strcmp (noise, "pink") == 0, babble = strcmp (noise, "babble") == 0;
  if (!pink && !babble && strcmp (noise, "white") != 0)
    return training_bad_option (error, "--noise %s: use one of white, pink, babble", noise);
  if (sweep->noise && !sweep->snr)
    return training_bad_option (error, "--noise needs --snr LIST, for example --snr 20,10");
  return add_augmentation (conditions, "snr", sweep->snr,
                           pink ? TRAINING_AUGMENT_PINK : TRAINING_AUGMENT_NOISE, babble,
                           pink     ? "pink noise, SNR "
                           : babble ? "babble, SNR "
                                    : "white noise, SNR ",
                           " dB", error);
}

GArray *
training_conditions_new (const TrainingSweep *sweep, GError **error)
{
  const TrainingCondition plain = {.name = g_strdup ("as recorded")};
  GArray *conditions = g_array_new (FALSE, FALSE, sizeof (TrainingCondition));
  g_array_set_clear_func (conditions, clear_condition);
  g_array_append_val (conditions, plain);
  if (!add_noise (conditions, sweep, error) ||
      !add_augmentation (conditions, "bandwidth", sweep->bandwidth, TRAINING_AUGMENT_BAND, FALSE,
                         "up to ", " kHz", error) ||
      !add_augmentation (conditions, "gain", sweep->gain, TRAINING_AUGMENT_GAIN, FALSE, "gain ",
                         " dB", error) ||
      !add (conditions, "window", sweep->window, (TrainingCondition){0}, "windows of ", " s",
            (double)EMOTION_MIN_WINDOW / 1e9, (double)EMOTION_MAX_WINDOW / 1e9, error))
    g_clear_pointer (&conditions, g_array_unref);
  return conditions;
}
