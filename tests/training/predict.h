/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs emotion-predict as a user does, on synthetic voices with a model of random weights. */
#pragma once

#include <json-glib/json-glib.h>

#include "run.h"

extern char *predict_program;

typedef struct {
  char *folder, *model;
  char *low, *high; /* voices of 2.3 s and 0.7 s with different rates */
} Fixture;

void predict_set_up (Fixture *fixture, gconstpointer data);
void predict_tear_down (Fixture *fixture, gconstpointer data);

#define PREDICT_TEST(name, function)                                                               \
  g_test_add ("/training/emotion-predict/" name, Fixture, NULL, predict_set_up, function,          \
              predict_tear_down)
#define RUN(...) run_program (predict_program, __VA_ARGS__, NULL)

/* Takes the program's path from the arguments that GLib's test framework left, and runs the tests;
 * returns the status for main(). */
int predict_run_tests (int argc, char **argv);

/* The array that the program printed; free with json_array_unref(). */
JsonArray *predict_parse (const Run *run);

/* The probability of `label` among the topk of the entry `index`, which must exist. */
double predict_probability (JsonArray *array, guint index, const char *label);
