/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The figures of a model card, from training_metrics.json. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* "strict", or "random" if no speakers were held out. */
const char *training_card_protocol (JsonObject *metrics);

/* Append tables: UAR and other figures by protocol; recall and confusions by label; other figures
 * (speakers, mostly neutral streams, decision, outlier gate, intensity); the worst confusions.
 * `labels` and their display texts `texts` are in the order of the metrics, NULL-terminated. */
void training_card_put_figures (GString *text, JsonObject *metrics);
void training_card_put_labels (GString *text, JsonObject *metrics, const char *const *labels,
                               const char *const *texts);
void training_card_put_others (GString *text, JsonObject *metrics);
void training_card_put_failures (GString *text, JsonObject *metrics, const char *const *texts);

G_END_DECLS
