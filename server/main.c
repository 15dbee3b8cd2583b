/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* emotion-server: emotions of speech for browsers and programs. */
#include <glib-unix.h>
#include <gst/gst.h>
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#ifdef HAVE_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

#include "config.h"
#include "http.h"

#define LAST_ANSWERS (2 * G_USEC_PER_SEC) /* us that clients have to read their last answers */
#define LAST_CHECKS 20                    /* ms between looks whether they have */

static void
notify (const char *state)
{
#ifdef HAVE_SYSTEMD
  sd_notify (0, state);
#else
  (void)state;
#endif
}

/* Each client needs a descriptor, and the usual limit is 1024. */
static void
raise_limit (void)
{
  struct rlimit limit;
  if (getrlimit (RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit (RLIMIT_NOFILE, &limit);
  }
}

/* Threads come and go with the clients. With an arena for each, the memory grows for a long time. */
static void
share_memory (void)
{
#ifdef M_ARENA_MAX
  mallopt (M_ARENA_MAX, 2);
#endif
}

/* libsoup warns of clients that have left, and GStreamer of damaged files: no fault of this server,
 * and everybody could fill the log. */
static void
ignore_warning (const char *domain, GLogLevelFlags level, const char *text, gpointer data)
{
  (void)domain;
  (void)text;
  (void)level;
  (void)data;
}

/* libsoup gives GObject the length of a body as the client tells it. */
static void
ignore_length (const char *domain, GLogLevelFlags level, const char *text, gpointer data)
{
  if (!strstr (text, "'content-length'"))
    g_log_default_handler (domain, level, text, data);
}

static gboolean
quit (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_CONTINUE;
}

typedef struct {
  ServerHttp *http;
  GMainLoop *loop;
  gint64 end; /* us, monotonic */
} LastAnswers;

static gboolean
quit_after_answers (gpointer data)
{
  const LastAnswers *last = data;
  if (!server_http_is_idle (last->http) && g_get_monotonic_time () < last->end)
    return G_SOURCE_CONTINUE;
  g_main_loop_quit (last->loop);
  return G_SOURCE_REMOVE;
}

static void
run_loop (ServerHttp *http)
{
  GMainLoop *loop = g_main_loop_new (NULL, FALSE);
  const guint signals[] = {g_unix_signal_add (SIGINT, quit, loop),
                           g_unix_signal_add (SIGTERM, quit, loop)};
  char *address = server_http_describe (http);
  g_print ("emotion-server listens: open %s in a browser (Ctrl-C ends it)\n", address);
  g_free (address);
  notify ("READY=1");
  g_main_loop_run (loop);
  notify ("STOPPING=1");
  server_http_stop (http);
  LastAnswers last = {http, loop, g_get_monotonic_time () + LAST_ANSWERS};
  g_timeout_add (LAST_CHECKS, quit_after_answers, &last);
  g_main_loop_run (loop);
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    g_source_remove (signals[i]);
  g_main_loop_unref (loop);
}

static gboolean
run (const ServerConfig *config, GError **error)
{
  ServerModels *models = server_models_new ((const char *const *)config->model_folders, error);
  if (!models)
    return FALSE;
  ServerHub *hub = server_hub_new (config, models);
  ServerJobs *jobs = server_jobs_new (config);
  ServerHttp *http = server_http_new (hub, jobs, error);
  if (http)
    run_loop (http);
  if (http)
    server_http_disconnect (http);
  server_jobs_free (jobs);
  if (http)
    server_http_free (http);
  server_hub_free (hub);
  server_models_free (models);
  return http != NULL;
}

int
main (int argc, char **argv)
{
  GError *error = NULL;
  gboolean version = FALSE;
  int status = EXIT_SUCCESS;
  setlocale (LC_CTYPE, "");
  raise_limit ();
  share_memory ();
  g_log_set_handler ("libsoup", G_LOG_LEVEL_WARNING, ignore_warning, NULL);
  g_log_set_handler ("GStreamer", G_LOG_LEVEL_WARNING, ignore_warning, NULL);
  g_log_set_handler ("GLib-GObject", G_LOG_LEVEL_WARNING, ignore_length, NULL);
  ServerConfig *config = server_config_new (&argc, &argv, &version, &error);
  if (config && version)
    g_print ("emotion-server %s\n", EMOTION_VERSION);
  else if (config)
    run (config, &error);
  if (error) {
    g_printerr ("emotion-server: %s\n", error->message);
    status = error->domain == G_OPTION_ERROR ? 2 : EXIT_FAILURE;
    g_error_free (error);
  }
  server_config_free (config);
  return status;
}
