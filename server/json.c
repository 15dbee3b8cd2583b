/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "json.h"

JsonObject *
server_json_new (const char *type)
{
  JsonObject *object = json_object_new ();
  json_object_set_string_member (object, "type", type);
  return object;
}

char *
server_json_write (JsonObject *object)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, object);
  char *text = json_to_string (node, FALSE);
  json_node_unref (node);
  return text;
}
