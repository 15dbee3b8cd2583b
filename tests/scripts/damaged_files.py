# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sound files of many formats, and ways to damage them; the same seed gives the same files."""
import array
import functools
import math
import random
import subprocess
import wave

# Name: the arguments of ffmpeg or sox that write it.
FORMATS = {
    "pcm.wav": ["ffmpeg", "-c:a", "pcm_s16le"],
    "mulaw.wav": ["ffmpeg", "-c:a", "pcm_mulaw"],
    "adpcm.wav": ["ffmpeg", "-c:a", "adpcm_ms"],
    "ima.wav": ["ffmpeg", "-c:a", "adpcm_ima_wav"],
    "pcm.aiff": ["ffmpeg", "-c:a", "pcm_s16be"],
    "mulaw.aifc": ["ffmpeg", "-f", "aiff", "-ar", "8000", "-c:a", "pcm_mulaw"],
    "mulaw.au": ["ffmpeg", "-c:a", "pcm_mulaw"],
    "pcm.caf": ["ffmpeg", "-c:a", "pcm_s16le"],
    "pcm.w64": ["ffmpeg", "-c:a", "pcm_s16le"],
    "pcm.voc": ["sox"],
    "full-rate.gsm": ["sox", "-r", "8000", "-c", "1", "-e", "gsm-full-rate"],
    "lossless.flac": ["ffmpeg", "-c:a", "flac"],
    "lossless.wv": ["ffmpeg", "-c:a", "wavpack"],
    "lossless.tta": ["ffmpeg", "-c:a", "tta"],
    "vorbis.ogg": ["ffmpeg", "-c:a", "libvorbis"],
    "opus.ogg": ["ffmpeg", "-ar", "48000", "-c:a", "libopus"],
    "flac.ogg": ["ffmpeg", "-c:a", "flac"],
    "speex.spx": ["ffmpeg", "-f", "ogg", "-c:a", "libspeex"],
    "layer3.mp3": ["ffmpeg", "-c:a", "libmp3lame"],
    "layer2.mp2": ["ffmpeg", "-c:a", "mp2"],
    "aac.m4a": ["ffmpeg", "-c:a", "aac"],
    "alac.m4a": ["ffmpeg", "-c:a", "alac"],
    "adts.aac": ["ffmpeg", "-c:a", "aac", "-f", "adts"],
    "aac.3gp": ["ffmpeg", "-c:a", "aac"],
    "dolby.ac3": ["ffmpeg", "-ar", "48000", "-c:a", "ac3"],
    "opus.webm": ["ffmpeg", "-ar", "48000", "-c:a", "libopus"],
    "pcm.mka": ["ffmpeg", "-c:a", "pcm_s16le"],
    "pcm.avi": ["ffmpeg", "-c:a", "pcm_s16le"],
    "aac.flv": ["ffmpeg", "-c:a", "aac"],
    "aac.ts": ["ffmpeg", "-c:a", "aac", "-f", "mpegts"],
    "windows.wma": ["ffmpeg", "-c:a", "wmav2"],
}


@functools.lru_cache
def make_voice(rate, seconds):
    """Pulses at 130 Hz through a resonance, in syllables."""
    samples, a, b = array.array("h"), 0.0, 0.0
    for i in range(int(rate * seconds)):
        pulse = 1.0 if i * 130 // rate != (i - 1) * 130 // rate else 0.0
        a, b = pulse + 1.88 * math.cos(2 * math.pi * 700 / rate) * a - 0.8836 * b, a
        loud = max(0.0, math.sin(2 * math.pi * 3 * i / rate))
        samples.append(int(4000 * loud * max(-8, min(8, a))))
    return samples.tobytes()


def write_voice(path, rate=16000, channels=1, seconds=1.5):
    """The same voice in all channels."""
    voice = make_voice(rate, seconds)
    with wave.open(path, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"".join(voice[i:i + 2] * channels for i in range(0, len(voice), 2)))


def write_formats(folder):
    """Writes a voice in each format that this system can write; returns name: content."""
    voice = f"{folder}/voice.wav"
    write_voice(voice)
    contents = {}
    for name, (program, *arguments) in FORMATS.items():
        path = f"{folder}/whole-{name}"
        command = ["sox", voice, *arguments, path]
        if program == "ffmpeg":
            command = ["ffmpeg", "-loglevel", "error", "-i", voice, *arguments, path]
        if subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode == 0:
            with open(path, "rb") as file:
                contents[name] = file.read()
    return contents


def cut_end(chance, data):
    return data[:chance.randrange(len(data))]


def cut_middle(chance, data):
    start = chance.randrange(len(data))
    return data[:start] + data[start + chance.randrange(1, 5000):]


def flip_bits(chance, data):
    data = bytearray(data)
    for _ in range(chance.choice([1, 5, 50, 500])):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def clear(chance, data):
    start = chance.randrange(len(data))
    size = min(chance.randrange(1, 5000), len(data) - start)
    return data[:start] + bytes(size) + data[start + size:]


def insert_noise(chance, data):
    start = chance.randrange(len(data))
    return data[:start] + chance.randbytes(chance.randrange(1, 5000)) + data[start:]


def change_header(chance, data):
    """Wrong sizes and counts: changes words of the beginning."""
    data = bytearray(data)
    for _ in range(chance.randrange(1, 4)):
        word = chance.choice([b"\0\0\0\0", b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\0\0\0\x80",
                              chance.randbytes(4)])
        start = chance.randrange(min(len(data), 200))
        data[start:start + 4] = word
    return bytes(data)


DAMAGES = [cut_end, cut_middle, flip_bits, clear, insert_noise, change_header]


def write_damaged(folder, contents, n, seed):
    """Writes n damaged files, cycling through the formats; returns their paths."""
    chance, paths, names = random.Random(seed), [], sorted(contents)
    for i in range(n):
        name = names[i % len(names)]
        kind = chance.randrange(len(DAMAGES) + 1)
        if kind < len(DAMAGES):
            data = DAMAGES[kind](chance, contents[name])
        else:
            data = contents[name] + contents[chance.choice(names)]
        paths.append(f"{folder}/damaged-{i:04}-{name}")
        with open(paths[-1], "wb") as file:
            file.write(data)
    return paths
