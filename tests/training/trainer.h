/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Running emotion-train as a user does, on made voices, for its tests. */
#pragma once

#include <json-glib/json-glib.h>

#include "run.h"

extern char *trainer_program;
extern char *trainer_corpus; /* the folder of the made voices and their metadata.csv */

/* Makes the voices and remembers the program; the other way. */
void trainer_begin (const char *program);
void trainer_end (void);

/* Takes the program's path from the arguments that GLib's test framework left, makes the voices,
 * runs the tests; the status for main(). */
int trainer_run_tests (int argc, char **argv);

/* What each test starts with. */
typedef struct {
  char *folder;   /* for what the program writes */
  char *metadata; /* of the voices, in their folder */
} Trainer;

void trainer_set_up (Trainer *self, gconstpointer data);
void trainer_tear_down (Trainer *self, gconstpointer data);

#define TRAINER_TEST(name, function)                                                               \
  g_test_add ("/training/train/" name, Trainer, NULL, trainer_set_up, function, trainer_tear_down)

#define RUN(...) run_program (trainer_program, __VA_ARGS__, NULL)

/* The quickest training there is. */
#define QUICK "-q", "--skip-search", "--candidates", "lda", "--cv-folds", "2"

/* The same without what needs more evaluations. */
#define QUICKEST QUICK, "--no-adaptation", "--no-random"

/* Trains quickly with metadata of this text, "test.csv" in the test's folder, on the voices. */
Run trainer_run_text (const Trainer *self, const char *metadata);

/* The program ended well. Both free the run. */
void assert_ran (Run run);
/* The program ended with `status`, said `words` on stderr and nothing on stdout. */
void assert_failed (Run run, int status, const char *words);

/* The content of a file; free with g_free(). */
char *read_file (const char *folder, const char *name, gsize *size);

/* training_metrics.json in `folder`; free with json_object_unref(). */
JsonObject *load_metrics (const char *folder);

/* Members of an object, which must be there: an object at `a`, or at `b` (NULL: none) in that; the
 * length of an array; a number. */
JsonObject *object_at (JsonObject *root, const char *a, const char *b);
guint length_of (JsonObject *root, const char *array);
double number_at (JsonObject *root, const char *name);

/* An array of texts with commas between them, or "none" for null; free with g_free(). */
char *list_at (JsonObject *root, const char *name);
