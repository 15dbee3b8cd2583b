/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "usage.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
read_clock (clockid_t clock)
{
  struct timespec time;
  clock_gettime (clock, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

double
bench_thread_cpu (void)
{
  return read_clock (CLOCK_THREAD_CPUTIME_ID);
}

double
bench_process_cpu (void)
{
  return read_clock (CLOCK_PROCESS_CPUTIME_ID);
}

double
bench_clock (void)
{
  return read_clock (CLOCK_MONOTONIC);
}

double
bench_machine_cpu (void)
{
  FILE *file = fopen ("/proc/stat", "r");
  guint64 user = 0, nice = 0, system = 0;
  if (file != NULL &&
      fscanf (file, "cpu %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, &user,
              &nice, &system) != 3)
    user = nice = system = 0;
  if (file != NULL)
    fclose (file);
  return (double)(user + nice + system) / (double)sysconf (_SC_CLK_TCK);
}

gsize
bench_malloced (void)
{
  struct mallinfo2 info = mallinfo2 ();
  return info.uordblks + info.hblkhd;
}

gsize
bench_resident (void)
{
  FILE *file = fopen ("/proc/self/statm", "r");
  gsize total = 0, resident = 0;
  if (file != NULL && fscanf (file, "%zu %zu", &total, &resident) != 2)
    resident = 0;
  if (file != NULL)
    fclose (file);
  return resident * (gsize)sysconf (_SC_PAGESIZE);
}

gsize
bench_available (void)
{
  char *text = NULL;
  guint64 kilobytes = 0;
  if (g_file_get_contents ("/proc/meminfo", &text, NULL, NULL)) {
    const char *line = strstr (text, "MemAvailable:");
    if (line != NULL)
      kilobytes = g_ascii_strtoull (line + strlen ("MemAvailable:"), NULL, 10);
  }
  g_free (text);
  return (gsize)kilobytes * 1024;
}

static double
to_seconds (struct timeval time)
{
  return (double)time.tv_sec + 1e-6 * (double)time.tv_usec;
}

gboolean
bench_run_program (const char *const *argv, BenchUsage *usage)
{
  extern char **environ;
  posix_spawn_file_actions_t actions;
  pid_t pid;
  int status;
  struct rusage used;

  posix_spawn_file_actions_init (&actions);
  posix_spawn_file_actions_addopen (&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  double start = bench_clock ();
  int failed = posix_spawnp (&pid, argv[0], &actions, NULL, (char *const *)argv, environ);
  posix_spawn_file_actions_destroy (&actions);
  if (failed != 0) {
    fprintf (stderr, "%s: %s\n", argv[0], g_strerror (failed));
    return FALSE;
  }
  while (wait4 (pid, &status, 0, &used) < 0)
    if (errno != EINTR)
      return FALSE;
  usage->elapsed = bench_clock () - start;
  usage->cpu = to_seconds (used.ru_utime) + to_seconds (used.ru_stime);
  usage->resident = (gsize)used.ru_maxrss * 1024;
  return WIFEXITED (status) && WEXITSTATUS (status) == 0;
}
