/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The models that the server offers: the files NAME.emotion of the model folders. */
#pragma once

#include <gst/gst.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Immutable. Strings of labels are interned. */
typedef struct {
  char *name; /* file name without .emotion */
  char *path;
  const char **labels, **label_texts; /* n_labels each, NULL-terminated */
  guint n_labels;
  double window, interval; /* s */
  GstStructure *info;      /* the element's property model-info */
  char *card;              /* path of its card, or NULL */
  GstElement *keeper;      /* keeps the model in memory */
} ServerModel;

typedef struct _ServerModels ServerModels;

/* Loads all models of `folders` (NULL-terminated; NULL: $EMOTIONDETECT_MODEL_PATH and the installed
 * folder) and $EMOTIONDETECT_MODEL. A file that cannot be used gives a warning. NULL with an error
 * if none can be used. */
ServerModels *server_models_new (const char *const *folders, GError **error);
void server_models_free (ServerModels *self);

/* The model `name`, or the default model for NULL. NULL with SERVER_PROBLEM_UNKNOWN_MODEL. */
const ServerModel *server_models_find (const ServerModels *self, const char *name, GError **error);
const GPtrArray *server_models_list (const ServerModels *self); /* of ServerModel */

/* Checks priors as given by a client: "equal", or a list such as "neutral=0.7,sad=0.1". Returns the
 * value of the element's property; NULL with SERVER_PROBLEM_BAD_OPTION. */
GstStructure *server_model_parse_priors (const ServerModel *self, const char *text, GError **error);

/* Adds the members labels and label_texts. */
void server_model_describe_labels (const ServerModel *self, JsonObject *object);

void server_model_describe (const ServerModels *models, const ServerModel *self,
                            JsonObject *object);

G_END_DECLS
