/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The figures of a model card, from those of training_metrics.json. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* "strict", or "random" where no speakers were held out. */
const char *training_card_protocol (JsonObject *metrics);

/* Append the table of UAR and others by protocol; recall and confusions by label; what is measured beside
 * (speakers, mostly neutral streams, decision, what is no speech, intensity); the confusions that are worst. `labels`
 * and what people call them, `texts`, are in the order of the metrics, NULL-terminated. */
void training_card_put_figures (GString *text, JsonObject *metrics);
void training_card_put_labels (GString *text, JsonObject *metrics, const char *const *labels,
                               const char *const *texts);
void training_card_put_others (GString *text, JsonObject *metrics);
void training_card_put_failures (GString *text, JsonObject *metrics, const char *const *texts);

G_END_DECLS
