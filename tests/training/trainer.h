/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs emotion-train as a user does, on synthetic speakers, for its tests. */
#pragma once

#include <json-glib/json-glib.h>

#include "run.h"

extern char *trainer_program;
extern char *trainer_corpus; /* the folder of the synthetic clips and their metadata.csv */

/* Creates the clips and stores the program's path; and the reverse. */
void trainer_begin (const char *program);
void trainer_end (void);

/* Takes the program's path from the arguments that GLib's test framework left, creates the clips,
 * runs the tests; returns the status for main(). */
int trainer_run_tests (int argc, char **argv);

/* The fixture of each test. */
typedef struct {
  char *folder;   /* for the program's output */
  char *metadata; /* of the synthetic clips, in their folder */
} Trainer;

void trainer_set_up (Trainer *self, gconstpointer data);
void trainer_tear_down (Trainer *self, gconstpointer data);

#define TRAINER_TEST(name, function)                                                               \
  g_test_add ("/training/train/" name, Trainer, NULL, trainer_set_up, function, trainer_tear_down)

#define RUN(...) run_program (trainer_program, __VA_ARGS__, NULL)

/* The fastest training. */
#define QUICK "-q", "--skip-search", "--candidates", "lda", "--cv-folds", "2"

/* The same without the parts that need more evaluations. */
#define QUICKEST QUICK, "--no-adaptation", "--no-random"

/* Trains quickly on the synthetic clips with metadata of this text, "test.csv" in the test's
 * folder. */
Run trainer_run_text (const Trainer *self, const char *metadata);

/* Fails unless the program succeeded. Both functions free the run. */
void assert_ran (Run run);
/* Fails unless the program ended with `status`, printed `words` on stderr and nothing on stdout. */
void assert_failed (Run run, int status, const char *words);

/* The content of a file; free with g_free(). */
char *read_file (const char *folder, const char *name, gsize *size);

/* training_metrics.json in `folder`; free with json_object_unref(). */
JsonObject *load_metrics (const char *folder);

/* Members of an object, which must exist: an object at `a`, or at `b` in that (NULL: none); the
 * length of an array; a number. */
JsonObject *object_at (JsonObject *root, const char *a, const char *b);
guint length_of (JsonObject *root, const char *array);
double number_at (JsonObject *root, const char *name);

/* An array of strings joined by commas, or "none" for null; free with g_free(). */
char *list_at (JsonObject *root, const char *name);
