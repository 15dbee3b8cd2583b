/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rejects.h"

#include "training/base/error.h"

#define MAX_PRINTED 10 /* printed by default */

static void
reject_free (gpointer data)
{
  TrainingReject *self = data;
  g_free (self->text);
  g_free (self->label);
  g_free (self->label_text);
  g_free (self);
}

GPtrArray *
training_rejects_new (void)
{
  return g_ptr_array_new_with_free_func (reject_free);
}

TrainingReject *
training_rejects_add (GPtrArray *list, const char *reason, char *text)
{
  TrainingReject *self = g_new0 (TrainingReject, 1);
  self->reason = g_intern_string (reason);
  self->text = text;
  g_ptr_array_add (list, self);
  return self;
}

void
training_rejects_print (const GPtrArray *list, const char *program, gboolean all, const char *hint)
{
  const guint max = all ? list->len : MIN (list->len, MAX_PRINTED);
  for (guint i = 0; i < max; i++)
    g_printerr ("%s: left out: %s\n", program, ((TrainingReject *)list->pdata[i])->text);
  if (max < list->len)
    g_printerr ("%s: left out: and %u more%s%s\n", program, list->len - max, hint ? "; " : "",
                hint ? hint : "");
}

typedef struct {
  const char *reason;
  guint n, first;
} Count;

static int
compare_counts (gconstpointer a, gconstpointer b)
{
  const Count *x = a, *y = b;
  return x->n != y->n ? (x->n < y->n ? 1 : -1) : (x->first < y->first ? -1 : x->first > y->first);
}

/* Reasons, the most frequent first; of one label only unless that is NULL. */
static GArray *
count_reasons (const GPtrArray *list, const char *label)
{
  GArray *counts = g_array_new (FALSE, FALSE, sizeof (Count));
  for (guint i = 0; i < list->len; i++) {
    const TrainingReject *one = list->pdata[i];
    guint k = 0;
    if (label && (one->augmented || g_strcmp0 (one->label, label) != 0))
      continue;
    while (k < counts->len && g_array_index (counts, Count, k).reason != one->reason)
      k++;
    if (k == counts->len)
      g_array_append_vals (counts, &(Count){one->reason, 0, i}, 1);
    g_array_index (counts, Count, k).n++;
  }
  g_array_sort (counts, compare_counts);
  return counts;
}

static char *
describe_counts (const GArray *counts)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < counts->len; i++)
    g_string_append_printf (text, "%s%u %s", i ? ", " : "", g_array_index (counts, Count, i).n,
                            g_array_index (counts, Count, i).reason);
  return g_string_free (text, FALSE);
}

char *
training_rejects_sum_up (const GPtrArray *list)
{
  GArray *counts = count_reasons (list, NULL);
  char *text = describe_counts (counts);
  g_array_unref (counts);
  return text;
}

JsonObject *
training_rejects_to_json (const GPtrArray *list)
{
  JsonObject *object = json_object_new ();
  GArray *counts = count_reasons (list, NULL);
  for (guint i = 0; i < counts->len; i++)
    json_object_set_int_member (object, g_array_index (counts, Count, i).reason,
                                g_array_index (counts, Count, i).n);
  g_array_unref (counts);
  return object;
}

static gboolean
check_label (const GPtrArray *list, const TrainingReject *lost, GError **error)
{
  GArray *counts = count_reasons (list, lost->label);
  char *reasons = describe_counts (counts);
  g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_METADATA,
               "label '%s' loses all its rows (%s), the first problem: %s. Fix these rows, or drop "
               "the label with the rule '%s=' in a --label-map",
               lost->label_text ? lost->label_text : lost->label, reasons, lost->text,
               lost->label_text ? lost->label_text : lost->label);
  g_free (reasons);
  g_array_unref (counts);
  return FALSE;
}

gboolean
training_rejects_check (const GPtrArray *list, char *const *labels, guint n_left, GError **error)
{
  guint n_lost = 0;
  const TrainingReject *first = NULL, *label_lost = NULL;
  for (guint i = 0; i < list->len; i++) {
    const TrainingReject *one = list->pdata[i];
    n_lost += !one->augmented;
    first = first || one->augmented ? first : one;
    if (!label_lost && !one->augmented && one->label &&
        !g_strv_contains ((const char *const *)labels, one->label))
      label_lost = one;
  }
  if (n_lost > n_left) {
    char *reasons = training_rejects_sum_up (list);
    g_set_error (
        error, TRAINING_ERROR, TRAINING_ERROR_METADATA,
        "%u of %u rows cannot be used (%s), the first problem: %s. That is more than half: fix the "
        "metadata (or --audio-root, if files are missing), or remove these rows",
        n_lost, n_lost + n_left, reasons, first->text);
    g_free (reasons);
    return FALSE;
  }
  return !label_lost || check_label (list, label_lost, error);
}
