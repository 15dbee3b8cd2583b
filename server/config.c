/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <gio/gio.h>
#include <gst/gst.h>
#include <string.h>

#define DEFAULT_LISTEN "127.0.0.1:8765"
#define MIN_TOKEN 16 /* characters */
#define MIB (1024 * 1024)

typedef struct {
  char *listen, *token_file;
  gint upload, duration, time_limit, jobs, queue, live, keep, memory;
} Options;

static gboolean refuse (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
refuse (GError **error, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, text);
  g_free (text);
  return FALSE;
}

/* ADDRESS:PORT, [ADDRESS]:PORT or PORT */
static gboolean
parse_listen (ServerConfig *self, const char *text, GError **error)
{
  const char *colon = strrchr (text, ':');
  guint64 port;
  if (!g_ascii_string_to_unsigned (colon ? colon + 1 : text, 10, 0, 65535, &port, NULL))
    return refuse (error, "--listen %s: use ADDRESS:PORT, such as 0.0.0.0:8765", text);
  char *host = colon ? g_strndup (text, (gsize)(colon - text)) : g_strdup ("127.0.0.1");
  gsize length = strlen (host);
  if (host[0] == '[' && host[length - 1] == ']') {
    memmove (host, host + 1, length - 2);
    host[length - 2] = '\0';
  }
  if (strcmp (host, "localhost") == 0) {
    g_free (host);
    host = g_strdup ("127.0.0.1");
  }
  self->address = host;
  self->port = (guint16)port;
  GInetAddress *address = g_inet_address_new_from_string (host);
  if (!address)
    return refuse (error, "--listen %s: '%s' is no IP address", text, host);
  self->loopback = g_inet_address_get_is_loopback (address);
  g_object_unref (address);
  return TRUE;
}

static gboolean
read_token (ServerConfig *self, const char *path, GError **error)
{
  char *text;
  if (!g_file_get_contents (path, &text, NULL, error)) {
    g_prefix_error (error, "--token-file: ");
    return FALSE;
  }
  self->token = g_strdup (g_strstrip (text));
  g_free (text);
  if (strlen (self->token) < MIN_TOKEN)
    return refuse (error,
                   "--token-file %s: a token needs at least %d characters; make one with "
                   "openssl rand -hex 16",
                   path, MIN_TOKEN);
  return TRUE;
}

static gboolean
check_ranges (const Options *options, GError **error)
{
  const struct {
    const char *name;
    gint value, min, max;
  } ranges[] = {
      {"--max-upload", options->upload, 1, 1024 * 1024},
      {"--max-duration", options->duration, 1, 7 * 24 * 60},
      {"--time-limit", options->time_limit, 1, 24 * 3600},
      {"--jobs", options->jobs, 1, 1024},
      {"--queue", options->queue, 0, 10000},
      {"--max-live", options->live, 0, 100000},
      {"--keep", options->keep, 0, 7 * 24 * 60},
      {"--keep-memory", options->memory, 1, 1024 * 1024},
  };
  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
    if (ranges[i].value < ranges[i].min || ranges[i].value > ranges[i].max)
      return refuse (error, "%s %d: must be from %d to %d", ranges[i].name, ranges[i].value,
                     ranges[i].min, ranges[i].max);
  return TRUE;
}

static gboolean
apply (ServerConfig *self, const Options *options, GError **error)
{
  if (!check_ranges (options, error) ||
      !parse_listen (self, options->listen ? options->listen : DEFAULT_LISTEN, error) ||
      (options->token_file && !read_token (self, options->token_file, error)))
    return FALSE;
  if (!self->certificate != !self->key)
    return refuse (error, "--tls-certificate and --tls-key: give both or none");
  if (!self->loopback && !self->token && !self->certificate)
    return refuse (error,
                   "--listen %s: others can connect to this address; give --token-file FILE, or "
                   "--tls-certificate and --tls-key, too",
                   options->listen);
  self->max_upload = (guint64)options->upload * MIB;
  self->max_duration = 60.0 * options->duration;
  self->time_limit = options->time_limit;
  self->n_jobs = (guint)options->jobs;
  self->n_queued = (guint)options->queue;
  self->max_live = (guint)options->live;
  self->keep = (gint64)options->keep * 60 * G_USEC_PER_SEC;
  self->keep_memory = (gsize)options->memory * MIB;
  return TRUE;
}

static gboolean
parse (ServerConfig *self, int *argc, char ***argv, Options *options, gboolean *version,
       GError **error)
{
  const GOptionEntry entries[] = {
      {"listen", 'l', 0, G_OPTION_ARG_STRING, &options->listen,
       "Address and port to listen on (default: " DEFAULT_LISTEN ", which only this machine can "
       "reach)",
       "ADDRESS:PORT"},
      {"token-file", 0, 0, G_OPTION_ARG_FILENAME, &options->token_file,
       "File with the token that clients must know", "FILE"},
      {"tls-certificate", 0, 0, G_OPTION_ARG_FILENAME, &self->certificate,
       "Certificate for https (PEM)", "FILE"},
      {"tls-key", 0, 0, G_OPTION_ARG_FILENAME, &self->key, "Private key of the certificate (PEM)",
       "FILE"},
      {"host", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->hosts,
       "Further name under which browsers reach the server, such as that of a proxy; may be given "
       "more than once",
       "NAME"},
      {"models", 'm', 0, G_OPTION_ARG_FILENAME_ARRAY, &self->model_folders,
       "Folder with models (default: $EMOTIONDETECT_MODEL_PATH and the installed folder); may be "
       "given more than once",
       "DIR"},
      {"max-upload", 0, 0, G_OPTION_ARG_INT, &options->upload,
       "Largest upload in MiB (default: 1024)", "N"},
      {"max-duration", 0, 0, G_OPTION_ARG_INT, &options->duration,
       "Longest sound of a file in minutes (default: 180)", "N"},
      {"time-limit", 0, 0, G_OPTION_ARG_INT, &options->time_limit,
       "Longest time to receive or to analyse a file in seconds (default: 600)", "N"},
      {"jobs", 0, 0, G_OPTION_ARG_INT, &options->jobs,
       "Files that are analysed at the same time (default: one for each processor)", "N"},
      {"queue", 0, 0, G_OPTION_ARG_INT, &options->queue,
       "Further files that may wait (default: 14)", "N"},
      {"max-live", 0, 0, G_OPTION_ARG_INT, &options->live,
       "Live sessions at the same time (default: 500)", "N"},
      {"keep", 0, 0, G_OPTION_ARG_INT, &options->keep,
       "Minutes to keep a result for the page (default: 30)", "N"},
      {"keep-memory", 0, 0, G_OPTION_ARG_INT, &options->memory,
       "Memory for kept results in MiB; the oldest go first (default: 256)", "N"},
      {"version", 0, 0, G_OPTION_ARG_NONE, version, "Print the version, and exit", NULL},
      G_OPTION_ENTRY_NULL};
  GOptionContext *context = g_option_context_new (NULL);
  g_option_context_set_summary (
      context,
      "Recognises the emotion of speech for browsers and programs: files that they send, and live\n"
      "sound. Open the printed address in a browser. It needs no configuration.");
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_group (context, gst_init_get_option_group ());
  gboolean ok = g_option_context_parse (context, argc, argv, error);
  if (ok && *argc > 1)
    ok = refuse (error, "%s: emotion-server takes only options; see emotion-server --help",
                 (*argv)[1]);
  g_option_context_free (context);
  return ok;
}

ServerConfig *
server_config_new (int *argc, char ***argv, gboolean *version, GError **error)
{
  ServerConfig *self = g_new0 (ServerConfig, 1);
  Options options = {.upload = 1024,
                     .duration = 180,
                     .time_limit = 600,
                     .jobs = (gint)g_get_num_processors (),
                     .queue = 14,
                     .live = 500,
                     .keep = 30,
                     .memory = 256};
  const gboolean ok = parse (self, argc, argv, &options, version, error) &&
                      (*version || apply (self, &options, error));
  g_free (options.listen);
  g_free (options.token_file);
  if (ok)
    return self;
  server_config_free (self);
  return NULL;
}

void
server_config_free (ServerConfig *self)
{
  if (!self)
    return;
  g_free (self->address);
  g_free (self->token);
  g_free (self->certificate);
  g_free (self->key);
  g_strfreev (self->hosts);
  g_strfreev (self->model_folders);
  g_free (self);
}
