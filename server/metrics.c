/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "metrics.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define KINDS 2 /* of recordings */

static const double bounds[] = {0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5};
static const char *const kind_names[KINDS] = {"file", "live"};

struct _ServerMetrics {
  GHashTable *requests; /* labels of a series -> guint64 count, both owned */
  GHashTable *seconds;  /* labels of a series -> double, both owned */
  guint64 n_windows[KINDS];
  guint64 lateness[G_N_ELEMENTS (bounds) + 1]; /* the last: above all bounds */
  double lateness_sum;
  gint64 start; /* s since 1970 */
};

ServerMetrics *
server_metrics_new (void)
{
  ServerMetrics *self = g_new0 (ServerMetrics, 1);
  self->requests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->seconds = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->start = g_get_real_time () / G_USEC_PER_SEC;
  return self;
}

void
server_metrics_free (ServerMetrics *self)
{
  g_hash_table_unref (self->requests);
  g_hash_table_unref (self->seconds);
  g_free (self);
}

/* Takes the key; the value is 8 bytes, 0 at first. */
static gpointer
find_series (GHashTable *table, char *key)
{
  gpointer value = g_hash_table_lookup (table, key);
  if (value) {
    g_free (key);
    return value;
  }
  value = g_malloc0 (8);
  g_hash_table_insert (table, key, value);
  return value;
}

void
server_metrics_count_request (ServerMetrics *self, const char *route, guint status)
{
  guint64 *count =
      find_series (self->requests, g_strdup_printf ("route=\"%s\",code=\"%u\"", route, status));
  (*count)++;
}

void
server_metrics_count_window (ServerMetrics *self, const ServerRecording *recording,
                             const ServerResult *window)
{
  double *seconds =
      find_series (self->seconds, g_strdup_printf ("source=\"%s\",emotion=\"%s\"",
                                                   kind_names[recording->kind], window->emotion));
  guint i = 0;
  self->n_windows[recording->kind]++;
  *seconds += recording->interval;
  if (isnan (window->behind))
    return;
  while (i < G_N_ELEMENTS (bounds) && window->behind > bounds[i])
    i++;
  self->lateness[i]++;
  self->lateness_sum += window->behind;
}

static void
write_head (GString *text, const char *name, const char *type, const char *help)
{
  g_string_append_printf (text, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void
write_number (GString *text, const char *name, const char *labels, double value)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd (digits, sizeof digits, "%.15g", value);
  if (labels)
    g_string_append_printf (text, "%s{%s} %s\n", name, labels, digits);
  else
    g_string_append_printf (text, "%s %s\n", name, digits);
}

static void
write_one (GString *text, const char *name, const char *type, const char *help, double value)
{
  write_head (text, name, type, help);
  write_number (text, name, NULL, value);
}

static void
write_lateness (const ServerMetrics *self, GString *text)
{
  static const char name[] = "emotion_window_lateness_seconds";
  guint64 n = 0;
  write_head (text, name, "histogram",
              "Time from the arrival of a live window's last sample to its result.");
  for (guint i = 0; i < G_N_ELEMENTS (bounds); i++) {
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    n += self->lateness[i];
    g_string_append_printf (text, "%s_bucket{le=\"%s\"} %" G_GUINT64_FORMAT "\n", name,
                            g_ascii_formatd (digits, sizeof digits, "%g", bounds[i]), n);
  }
  n += self->lateness[G_N_ELEMENTS (bounds)];
  g_string_append_printf (text, "%s_bucket{le=\"+Inf\"} %" G_GUINT64_FORMAT "\n", name, n);
  write_number (text, "emotion_window_lateness_seconds_sum", NULL, self->lateness_sum);
  write_number (text, "emotion_window_lateness_seconds_count", NULL, (double)n);
}

static guint
count_files (const char *path)
{
  guint n = 0;
  DIR *dir = opendir (path);
  while (dir && readdir (dir))
    n++;
  if (dir)
    closedir (dir);
  return n > 2 ? n - 2 : 0; /* . and .. */
}

static double
get_resident_size (void)
{
  unsigned long size = 0, resident = 0;
  FILE *file = fopen ("/proc/self/statm", "r");
  if (file && fscanf (file, "%lu %lu", &size, &resident) != 2)
    resident = 0;
  if (file)
    fclose (file);
  return (double)resident * (double)sysconf (_SC_PAGESIZE);
}

static void
write_process (const ServerMetrics *self, GString *text)
{
  struct timespec cpu = {0};
  struct rlimit limit = {0};
  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &cpu);
  getrlimit (RLIMIT_NOFILE, &limit);
  write_one (text, "process_cpu_seconds_total", "counter", "Processor time.",
             (double)cpu.tv_sec + (double)cpu.tv_nsec / 1e9);
  write_one (text, "process_resident_memory_bytes", "gauge", "Resident memory.",
             get_resident_size ());
  write_one (text, "process_open_fds", "gauge", "Open file descriptors.",
             count_files ("/proc/self/fd"));
  write_one (text, "process_max_fds", "gauge", "Limit of open file descriptors.",
             (double)limit.rlim_cur);
  write_one (text, "process_threads", "gauge", "Threads.", count_files ("/proc/self/task"));
  write_one (text, "process_start_time_seconds", "gauge", "Start of the server since 1970.",
             (double)self->start);
}

void
server_metrics_write (ServerMetrics *self, const ServerGauges *gauges, GString *text)
{
  GHashTableIter iter;
  gpointer key, value;
  write_head (text, "emotion_build_info", "gauge", "The version of the server.");
  write_number (text, "emotion_build_info", "version=\"" EMOTION_VERSION "\"", 1);
  write_head (text, "emotion_http_requests_total", "counter", "Answered requests.");
  g_hash_table_iter_init (&iter, self->requests);
  while (g_hash_table_iter_next (&iter, &key, &value))
    write_number (text, "emotion_http_requests_total", key, (double)*(guint64 *)value);
  write_head (text, "emotion_windows_total", "counter", "Analysed windows.");
  for (guint i = 0; i < KINDS; i++) {
    char *labels = g_strdup_printf ("source=\"%s\"", kind_names[i]);
    write_number (text, "emotion_windows_total", labels, (double)self->n_windows[i]);
    g_free (labels);
  }
  write_head (text, "emotion_label_seconds_total", "counter", "Time with each predicted emotion.");
  g_hash_table_iter_init (&iter, self->seconds);
  while (g_hash_table_iter_next (&iter, &key, &value))
    write_number (text, "emotion_label_seconds_total", key, *(double *)value);
  write_lateness (self, text);
  write_head (text, "emotion_jobs", "gauge", "Files under analysis, and waiting.");
  write_number (text, "emotion_jobs", "state=\"running\"", gauges->n_running);
  write_number (text, "emotion_jobs", "state=\"queued\"", gauges->n_queued);
  write_one (text, "emotion_live_clients", "gauge", "Live sessions.", gauges->n_live);
  write_one (text, "emotion_results", "gauge", "Kept results.", gauges->n_results);
  write_one (text, "emotion_results_bytes", "gauge", "Memory of kept results.",
             (double)gauges->results_size);
  write_process (self, text);
}
