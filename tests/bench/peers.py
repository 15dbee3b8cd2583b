#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Compares the CPU time of the element with other programs that analyse speech, over the same audio in the
same run: openSMILE (SMILExtract), aubio, librosa, and the elements spectrum, webrtcdsp and audiornnoise of
GStreamer. It runs those that it finds. They do different work: the last column says what.

Each program analyses a short and a long file in turn. The speed is the difference of the lengths over the
difference of the CPU times, so that start and end of a program do not count. Prints the median and the
spread of all rounds.

usage: peers.py [--rounds N] [--json FILE] [--smile FILE] [--smile-config DIR] BUILD"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

SHORT, LONG = 15, 75  # s
LIBROSA = """
import sys, librosa
y, rate = librosa.load(sys.argv[1], sr=None)
librosa.feature.mfcc(y=y, sr=rate, hop_length=160, n_fft=1024)
librosa.feature.rms(y=y, hop_length=160, frame_length=1024)
librosa.feature.spectral_contrast(y=y, sr=rate, hop_length=160, n_fft=1024)
librosa.yin(y, fmin=60, fmax=500, sr=rate, hop_length=160, frame_length=1024)
"""


class Program:
    """`command` has FILE in the place of the sound, at `rate` Hz."""

    def __init__(self, name, work, command, rate=16000):
        self.name, self.work, self.command, self.rate = name, work, command, rate
        self.speeds = []

    def measure(self, path):
        """s of CPU, or None if it fails."""
        command = [word.replace("FILE", path) for word in self.command]
        try:
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                     stderr=subprocess.DEVNULL)
        except OSError:
            return None
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        return used.ru_utime + used.ru_stime if child.returncode == 0 else None


def has_element(name):
    return subprocess.run(["gst-inspect-1.0", "--exists", name], check=False).returncode == 0


def launch(*elements):
    command = ["gst-launch-1.0", "-q", "filesrc", "location=FILE", "!", "wavparse"]
    for element in elements:
        command += ["!", *element.split()]
    return command + ["!", "fakesink", "sync=false"]


def find_opensmile(smile, config, folder):
    """openSMILE with its functionals for windows of 3 s each second, as ours."""
    smile = smile or shutil.which("SMILExtract")
    if not smile:
        return
    places = [config] if config else [os.path.join(os.path.dirname(os.path.realpath(smile)), *up, "config")
                                      for up in ([], [".."], ["..", ".."], ["..", "..", ".."])]
    config = next((place for place in places if os.path.isdir(place)), None)
    if not config:
        print("# SMILExtract without its folder of configurations: --smile-config", file=sys.stderr)
        return
    windows = os.path.join(folder, "windows.conf.inc")
    with open(windows, "w", encoding="ascii") as out:
        out.write("frameMode = fixed\nframeSize = 3\nframeStep = 1\nframeCenterSpecial = left\n")
    # emobase knows no other windows than the whole file, and has other names for its outputs.
    for name, path, options in (
            ("ComParE 2016", "compare16/ComParE_2016.conf", ["-frameModeFunctionalsConf", windows]),
            ("eGeMAPS 2", "egemaps/v02/eGeMAPSv02.conf", ["-frameModeFunctionalsConf", windows]),
            ("emobase", "emobase/emobase.conf", [])):
        output = os.path.join(folder, "smile.csv" if options else "smile.arff")
        yield Program(f"openSMILE {name}",
                      "features, 3 s / 1 s" if options else "features of the whole file",
                      [smile, "-C", os.path.join(config, path), "-I", "FILE", "-loglevel", "0",
                       "-csvoutput" if options else "-O", output, *options])


def find_programs(build, options, folder):
    model = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../models/universal.emotion")
    detect = f"emotiondetect model={model}"
    yield Program("emotiondetect, 16 kHz", "features and emotion, 3 s / 1 s", launch(detect))
    yield Program("emotiondetect, 48 kHz", "the same", launch(detect), rate=48000)
    features = os.path.join(build, "training", "emotion-features")
    if os.access(features, os.X_OK):
        yield Program("emotion-features speech-2", "features as CSV, 3 s / 1 s",
                      [features, "--features", "speech-2", "-o", os.path.join(folder, "ours.csv"), "FILE"])
    yield from find_opensmile(options.smile, options.smile_config, folder)
    if shutil.which("aubiopitch"):
        yield Program("aubio yinfft", "pitch each 10 ms",
                      ["aubiopitch", "-i", "FILE", "-p", "yinfft", "-B", "1024", "-H", "160"])
    if subprocess.run([sys.executable, "-c", "import librosa"], check=False, stderr=subprocess.DEVNULL).returncode == 0:
        yield Program("librosa", "MFCC, RMS, contrast, YIN each 10 ms", [sys.executable, "-c", LIBROSA, "FILE"])
    if has_element("spectrum"):
        yield Program("GStreamer spectrum", "as it is set: 128 bands each 100 ms", launch("audioconvert", "spectrum"))
    if has_element("webrtcdsp"):
        yield Program("GStreamer webrtcdsp", "noise suppression and gain, 16 kHz",
                      launch("webrtcdsp echo-cancel=false"))
    if has_element("audiornnoise"):
        yield Program("GStreamer audiornnoise", "noise suppression, 48 kHz",
                      launch("audioconvert", "audiornnoise"), rate=48000)


def save_sounds(build, folder):
    """The WAV files by rate and length."""
    bench = os.path.join(build, "tests", "bench", "emotion-bench")
    sounds = {}
    for rate, option in ((16000, "--save-16k"), (48000, "--save-48k")):
        for seconds in (SHORT, LONG):
            path = os.path.join(folder, f"speech-{rate}-{seconds}.wav")
            source = subprocess.run([bench, option, path, "--seconds", str(seconds)], check=True,
                                    stdout=subprocess.PIPE, text=True).stdout.strip()
            sounds[rate, seconds] = path
    print(f"speech: {source}\n")
    return sounds


def run_round(programs, sounds):
    """One value of each program, in turn; returns those that ran."""
    ran = []
    for program in programs:
        costs = [program.measure(sounds[program.rate, seconds]) for seconds in (SHORT, LONG)]
        if None in costs or costs[1] <= costs[0]:
            print(f"# {program.name} does not run here", file=sys.stderr)
            continue
        program.speeds.append((LONG - SHORT) / (costs[1] - costs[0]))
        ran.append(program)
    return ran


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--smile", metavar="FILE", help="SMILExtract (default: in PATH)")
    parser.add_argument("--smile-config", metavar="DIR", help="its folder config (default: near it)")
    parser.add_argument("build", metavar="BUILD")
    options = parser.parse_args()
    build = os.path.abspath(options.build)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GST_PLUGIN_PATH"] = os.path.join(build, "gst-plugin")
        os.environ["GST_REGISTRY"] = os.path.join(folder, "registry.bin")
        sounds = save_sounds(build, folder)
        programs = list(find_programs(build, options, folder))
        programs = run_round(programs, sounds)  # a warm-up, which does not count
        for program in programs:
            program.speeds.clear()
        for _ in range(options.rounds):
            programs = run_round(programs, sounds)
    print(f"{'program':<28} {'median':>7}  {'min':>7} .. {'max':<7} x real time   work")
    for program in programs:
        print(f"{program.name:<28} {statistics.median(program.speeds):7.0f}  {min(program.speeds):7.0f} .. "
              f"{max(program.speeds):<7.0f}               {program.work}")
    if options.json:
        with open(options.json, "w", encoding="utf-8") as out:
            json.dump([{"program": program.name, "work": program.work,
                        "median": statistics.median(program.speeds), "values": program.speeds}
                       for program in programs], out, indent=1)


if __name__ == "__main__":
    main()
