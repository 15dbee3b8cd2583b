/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "problem.h"

G_DEFINE_QUARK (server - problem, server_problem)

typedef struct {
  guint status;
  const char *code, *title, *fix;
} Kind;

static const Kind kinds[] = {
    [SERVER_PROBLEM_BAD_REQUEST] = {400, "bad-request", "Bad Request",
                                    "Send what /openapi.json describes."},
    [SERVER_PROBLEM_BAD_OPTION] = {400, "bad-option", "Bad Request",
                                   "Correct the option; /openapi.json lists all of them."},
    [SERVER_PROBLEM_UNAUTHORIZED] = {401, "unauthorized", "Unauthorized",
                                     "Send the header Authorization: Bearer TOKEN, with the token "
                                     "in the server's token file."},
    [SERVER_PROBLEM_FORBIDDEN_ORIGIN] = {403, "forbidden-origin", "Forbidden",
                                         "Use this server's own page. If the page is served under "
                                         "another name, start the server with --host NAME."},
    [SERVER_PROBLEM_FORBIDDEN_HOST] = {403, "forbidden-host", "Forbidden",
                                       "Use http://localhost and the port, or start the server "
                                       "with --host NAME."},
    [SERVER_PROBLEM_NOT_FOUND] = {404, "not-found", "Not Found",
                                  "Check the address; /openapi.json lists all of them."},
    [SERVER_PROBLEM_UNKNOWN_MODEL] = {404, "unknown-model", "Not Found",
                                      "Use a name of the list at /api/models."},
    [SERVER_PROBLEM_METHOD_NOT_ALLOWED] = {405, "method-not-allowed", "Method Not Allowed",
                                           "/openapi.json lists the methods of each address."},
    [SERVER_PROBLEM_NOT_ACCEPTABLE] = {406, "not-acceptable", "Not Acceptable",
                                       "Accept application/json, text/csv, text/vtt, "
                                       "application/emotionml+xml or text/html."},
    [SERVER_PROBLEM_TIMEOUT] = {408, "timeout", "Request Timeout",
                                "Send the data without long pauses."},
    [SERVER_PROBLEM_GONE] = {410, "gone", "Gone", "Analyse the file again."},
    [SERVER_PROBLEM_TOO_LARGE] = {413, "too-large", "Content Too Large",
                                  "Send only the audio, compressed, or start the server with a "
                                  "larger --max-upload."},
    [SERVER_PROBLEM_TOO_LONG] = {413, "too-long", "Content Too Large",
                                 "Cut the recording, choose a longer interval, or start the "
                                 "server with a larger --max-duration."},
    [SERVER_PROBLEM_NO_AUDIO] = {422, "no-audio", "Unprocessable Content",
                                 "Send a file with sound of at least 25 ms."},
    [SERVER_PROBLEM_UNDECODABLE] = {422, "undecodable", "Unprocessable Content",
                                    "Check that the file plays, or convert it, for example with "
                                    "ffmpeg -i IN OUT.flac."},
    [SERVER_PROBLEM_MISSING_DECODER] = {422, "missing-decoder", "Unprocessable Content",
                                        "Install the package on the server, or convert the file."},
    [SERVER_PROBLEM_BUSY] = {429, "busy", "Too Many Requests",
                             "Try again after the time in the header Retry-After."},
    [SERVER_PROBLEM_TOO_SLOW] = {503, "too-slow", "Service Unavailable",
                                 "Send the sound in real time, or start fewer sessions."},
    [SERVER_PROBLEM_TIME_LIMIT] = {503, "time-limit", "Service Unavailable",
                                   "Send a shorter file, or start the server with a larger "
                                   "--time-limit."},
    [SERVER_PROBLEM_STOPPED] = {503, "stopped", "Service Unavailable",
                                "Try again when the server is up."},
    [SERVER_PROBLEM_INTERNAL] = {500, "internal", "Internal Server Error",
                                 "Look into the server's log."},
};

static const Kind *
find_kind (const GError *error)
{
  const gboolean known = error->domain == SERVER_PROBLEM && error->code >= 0 &&
                         error->code < (int)G_N_ELEMENTS (kinds);
  return &kinds[known ? error->code : SERVER_PROBLEM_INTERNAL];
}

guint
server_problem_get_status (const GError *error)
{
  return find_kind (error)->status;
}

const char *
server_problem_get_code (const GError *error)
{
  return find_kind (error)->code;
}

void
server_problem_describe (const GError *error, JsonObject *object)
{
  const Kind *kind = find_kind (error);
  char *detail = g_utf8_make_valid (error->message, -1);
  json_object_set_string_member (object, "title", kind->title);
  json_object_set_int_member (object, "status", kind->status);
  json_object_set_string_member (object, "code", kind->code);
  json_object_set_string_member (object, "detail", detail);
  json_object_set_string_member (object, "fix", kind->fix);
  g_free (detail);
}
