/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The errors of the server. Each has an HTTP status, a code for programs and an advice; clients get
 * them as problem details (RFC 9457). */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define SERVER_PROBLEM (server_problem_quark ())

typedef enum {
  SERVER_PROBLEM_BAD_REQUEST,
  SERVER_PROBLEM_BAD_OPTION,
  SERVER_PROBLEM_UNAUTHORIZED,
  SERVER_PROBLEM_FORBIDDEN_ORIGIN,
  SERVER_PROBLEM_FORBIDDEN_HOST,
  SERVER_PROBLEM_NOT_FOUND,
  SERVER_PROBLEM_UNKNOWN_MODEL,
  SERVER_PROBLEM_METHOD_NOT_ALLOWED,
  SERVER_PROBLEM_NOT_ACCEPTABLE,
  SERVER_PROBLEM_TIMEOUT,
  SERVER_PROBLEM_GONE,
  SERVER_PROBLEM_TOO_LARGE,
  SERVER_PROBLEM_TOO_LONG,
  SERVER_PROBLEM_NO_AUDIO,
  SERVER_PROBLEM_UNDECODABLE,
  SERVER_PROBLEM_MISSING_DECODER,
  SERVER_PROBLEM_BUSY,
  SERVER_PROBLEM_TOO_SLOW,
  SERVER_PROBLEM_TIME_LIMIT,
  SERVER_PROBLEM_STOPPED,
  SERVER_PROBLEM_INTERNAL,
} ServerProblem;

GQuark server_problem_quark (void);

/* The HTTP status of an error; 500 for errors of other domains. */
guint server_problem_get_status (const GError *error);

/* The code for programs, such as "too-large". */
const char *server_problem_get_code (const GError *error);

/* Adds the members title, status, code, detail and fix. */
void server_problem_describe (const GError *error, JsonObject *object);

G_END_DECLS
