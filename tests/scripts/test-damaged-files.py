#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs every program on damaged files of many formats, and on WAVs of 1 to 64 channels: none hangs or
crashes, a batch continues, and the bad files are named. With EMOTION_TEST_LONG 2000 damaged files, otherwise
one of each format.

usage: test-damaged-files.py MODEL PREDICT FEATURES PLOT TRAIN EVALUATE MONITOR"""
import csv
import os
import shutil
import subprocess
import sys
import tempfile

from damaged_files import write_damaged, write_formats, write_voice

MODEL, PREDICT, FEATURES, PLOT, TRAIN, EVALUATE, MONITOR = sys.argv[1:]
LONG = bool(os.environ.get("EMOTION_TEST_LONG"))
N_DAMAGED = 2000 if LONG else 31
BATCH = 31
# Without data, a file is abandoned after 2 s and its decoder after another 5 s.
ENVIRONMENT = dict(os.environ, EMOTIONDETECT_TIMEOUT="2", EMOTIONDETECT_MODEL=MODEL)
# Demuxers of other projects report damaged headers as critical warnings, which users' programs survive.
ENVIRONMENT.pop("G_DEBUG", None)


def run(arguments, n_files):
    """Runs a program that must end by itself; returns its status, output and errors."""
    try:
        result = subprocess.run(arguments, env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True,
                                timeout=60 + 10 * n_files, check=False)
    except subprocess.TimeoutExpired:
        sys.exit(f"hangs: {' '.join(arguments)}")
    errors = result.stderr.decode(errors="replace")
    if result.returncode not in (0, 1):
        sys.exit(f"status {result.returncode}: {' '.join(arguments)}\n{errors}")
    return result.returncode, result.stdout.decode(errors="replace"), errors


def check_batch(name, status, answered, errors, files):
    """Each file has a prediction or an error that names it, and the status is consistent."""
    for file in files:
        failed = f"{file}: " in errors
        if (file in answered) == failed:
            sys.exit(f"{name}: {file} has {'both' if failed else 'neither'} answer and error\n{errors}")
    bad = len(set(files) - answered)
    if (bad > 0) != (status != 0):
        sys.exit(f"{name}: status {status}, but {bad} of {len(files)} files failed\n{errors}")
    return bad


def predict(files):
    status, out, errors = run([PREDICT, "--csv", *files], len(files))
    rows = list(csv.reader(out.splitlines()))
    return check_batch("emotion-predict", status, {row[0] for row in rows[1:]}, errors, files)


def extract(files):
    status, out, errors = run([FEATURES, *files], len(files))
    rows = list(csv.reader(out.splitlines()))
    return check_batch("emotion-features", status, {row[0] for row in rows[1:]}, errors, files)


def train(folder, good, files):
    """A training and an evaluation skip bad files and use the good ones."""
    metadata = f"{folder}/metadata.csv"
    with open(metadata, "w", encoding="utf-8") as file:
        file.write("file_path,emotion,speaker\n")
        for i, path in enumerate([*good, *files]):
            file.write(f"{os.path.relpath(path, folder)},{'happy' if i % 2 else 'sad'},s{i // 2 % 4}\n")
    data = ["--metadata", metadata, "--audio-root", folder]
    run([TRAIN, *data, "--candidates", "lda", "--skip-search", "--output-dir", f"{folder}/model"], 2 * len(files))
    run([EVALUATE, "--model", MODEL, *data], len(files))


def try_damaged(folder):
    contents = write_formats(folder)
    if len(contents) < 20:
        sys.exit(f"only {len(contents)} formats can be written here")
    files = write_damaged(folder, contents, N_DAMAGED, 1)
    good = f"{folder}/voice.wav"
    n_bad = [0, 0]
    for first in range(0, len(files), BATCH):
        batch = [*files[first:first + BATCH], good]
        n_bad[0] += predict(batch)
        n_bad[1] += extract(batch)
    for i, file in enumerate(files if LONG else files[::8]):
        run([MONITOR, file], 1)
        run([PLOT, "timeline" if i % 2 else "waveform", file, "-o", f"{folder}/plot.png"], 1)
    copies = [shutil.copy(good, f"{folder}/good-{i}.wav") for i in range(8)]
    train(folder, copies, files if LONG else files[:12])
    print(f"{len(files)} damaged files of {len(contents)} formats: no hang, no crash; "
          f"emotion-predict refused {n_bad[0]}, emotion-features {n_bad[1]}")


def add_mask(path, channels):
    """Converts a PCM WAV to WAVE_FORMAT_EXTENSIBLE with a mask of positions."""
    with open(path, "rb") as file:
        data = file.read()
    mask = (1 << min(channels, 18)) - 1
    extension = (22).to_bytes(2, "little") + (16).to_bytes(2, "little") + mask.to_bytes(4, "little") + \
        bytes.fromhex("0100000000001000800000aa00389b71")
    with open(path, "wb") as file:
        file.write(data[:16] + (40).to_bytes(4, "little") + (0xfffe).to_bytes(2, "little") + data[22:36]
                   + extension + data[36:])


def try_channels(folder):
    """Every number of channels, with and without positions, gets a prediction."""
    files = []
    for channels in range(1, 65):
        for masked in (False, True):
            path = f"{folder}/{channels}-{'masked' if masked else 'plain'}.wav"
            write_voice(path, 8000, channels, 0.5)
            if masked:
                add_mask(path, channels)
            files.append(path)
    for bad in (predict(files), extract(files)):
        if bad:
            sys.exit(f"{bad} of {len(files)} counts of channels failed")
    for file in files if LONG else files[4::60]:
        status, _, errors = run([MONITOR, file], 1)
        if status:
            sys.exit(errors)
    print("1 to 64 channels, with and without positions")


def main():
    for program in ("ffmpeg", "sox"):
        if not shutil.which(program):
            print(f"no {program}, which writes the files")
            sys.exit(77)
    with tempfile.TemporaryDirectory() as folder:
        try_channels(folder)
        try_damaged(folder)


main()
