#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sends live speech to emotion-server and prints the results as they come, with their delay.

live.py [--url URL] [--token-file FILE] [--model NAME] FILE.wav | --raw RATE
FILE.wav is sent as fast as it plays. --raw reads 16-bit mono samples from the standard input,
until their end or Ctrl-C:
    arecord -q -t raw -f S16_LE -r 16000 -c 1 | live.py --raw 16000
    gst-launch-1.0 -q autoaudiosrc ! audioconvert ! audioresample !
        audio/x-raw,format=S16LE,rate=16000,channels=1 ! fdsink | live.py --raw 16000
Needs the Python standard library only."""
import argparse
import asyncio
import base64
import hashlib
import http.client
import io
import itertools
import json
import os
import signal
import ssl
import stat
import struct
import sys
import urllib.parse
import wave

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10  # kinds of WebSocket frames


def fail(text):
    sys.exit(f"live.py: {text}")


def fail_with(problem):
    """A problem of the server says what is wrong, and what to do."""
    fail(f"{problem['detail']}. {problem['fix']}")


def make_frame(kind, payload):
    """A frame of a client, which is masked (RFC 6455)."""
    size, mask = len(payload), os.urandom(4)
    head = bytes([0x80 | kind])
    if size < 126:
        head += bytes([0x80 | size])
    elif size < 65536:
        head += b"\xfe" + struct.pack(">H", size)
    else:
        head += b"\xff" + struct.pack(">Q", size)
    masks = (mask * (size // 4 + 1))[:size]
    masked = int.from_bytes(payload, "big") ^ int.from_bytes(masks, "big")
    return head + mask + masked.to_bytes(size, "big")


async def read_message(reader, writer):
    """The next message of the server; None at the end. emotion-server sends each in one frame."""
    while True:
        kind, size = await reader.readexactly(2)
        if size > 125:
            size = int.from_bytes(await reader.readexactly(2 if size == 126 else 8), "big")
        payload = await reader.readexactly(size)
        if kind & 15 == TEXT:
            return json.loads(payload)
        if kind & 15 == PING:
            writer.write(make_frame(PONG, payload))
        elif kind & 15 == CLOSE:
            writer.write(make_frame(CLOSE, payload))
            return None


async def connect(url, token):
    """Opens the WebSocket; a refusal ends the program."""
    secure = url.scheme == "https"
    reader, writer = await asyncio.open_connection(
        url.hostname, url.port or (443 if secure else 80), ssl=ssl.create_default_context() if secure else None)
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [f"GET {url.path.rstrip('/')}/api/live HTTP/1.1", f"Host: {url.netloc}", "Connection: Upgrade",
             "Upgrade: websocket", f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
    status, _, head = (await reader.readuntil(b"\r\n\r\n")).partition(b"\r\n")
    headers = http.client.parse_headers(io.BytesIO(head))
    accept = hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
    if headers["Sec-WebSocket-Accept"] == base64.b64encode(accept).decode():
        return reader, writer
    if headers.get_content_type() == "application/problem+json":
        fail_with(json.loads(await reader.readexactly(int(headers["Content-Length"]))))
    fail(f"{url.geturl()} answers {status.decode(errors='replace')}; is it emotion-server?")


def get_sizes(rate):
    """Samples of each message: 20 ms, then 100 ms. A window needs some ms of sound behind it, so it should
    not end exactly with a message."""
    return itertools.chain([rate // 50], itertools.repeat(rate // 10))


async def read_wav(file):
    """Messages, each at the time when a microphone would have it."""
    clock = asyncio.get_running_loop().time
    start, rate = clock(), file.getframerate()
    for size in get_sizes(rate):
        samples = file.readframes(size)
        if not samples:
            return
        await asyncio.sleep(start + file.tell() / rate - clock())
        yield samples


async def read_raw(rate):
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    for size in get_sizes(rate):
        try:
            yield await reader.readexactly(2 * size)
        except asyncio.IncompleteReadError as error:  # the last ones
            yield error.partial[:len(error.partial) // 2 * 2]
            return


async def send(sound, writer):
    try:
        async for samples in sound:
            writer.write(make_frame(BINARY, samples))
            await writer.drain()
    finally:  # also after Ctrl-C
        if not writer.is_closing():
            writer.write(make_frame(TEXT, b'{"type": "stop"}'))


def describe(result):
    reason = f" ({result['reason']})" if "reason" in result else ""  # for "none"
    return f"{result['emotion']} {result['confidence']:.0%}{reason}"


def show(message):
    if message["type"] == "window":
        end = message["start"] + message["duration"]
        delay = f", {message['behind'] * 1000:.0f} ms after its end" if "behind" in message else ""
        print(f"{message['start']:7.1f} - {end:.1f} s: {describe(message)}{delay}", flush=True)
    elif message["type"] == "change":
        print(f"change: {message['previous']} -> {message['emotion']}", flush=True)
    elif message["type"] == "summary":
        print(f"all {message['duration']:.1f} s: {describe(message)}")
    elif message["type"] == "error":
        fail_with(message)


async def run(options, token, file):
    reader, writer = await connect(options.url, token)
    start = {"type": "start", "rate": file.getframerate() if file else options.raw,
             "channels": file.getnchannels() if file else 1, "format": "S16LE"}
    if options.model:
        start["model"] = options.model
    writer.write(make_frame(TEXT, json.dumps(start).encode()))
    sender = asyncio.create_task(send(read_wav(file) if file else read_raw(options.raw), writer))
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, sender.cancel)
    last = None
    while message := await read_message(reader, writer):
        show(message)
        last = message["type"]
    writer.close()
    sender.cancel()
    await asyncio.gather(sender, return_exceptions=True)
    if last != "summary":
        fail("the server ended the session without a summary; was there sound?")


def http_url(text):
    url = urllib.parse.urlsplit(text)
    if url.scheme not in ("http", "https") or not url.hostname or url.port == 0:
        raise ValueError(text)
    return url


def read_arguments():
    parser = argparse.ArgumentParser(description="Sends live speech to emotion-server.")
    parser.add_argument("--url", type=http_url, default="http://127.0.0.1:8765", help="default: %(default)s")
    parser.add_argument("--token-file", help="file with the token of the server")
    parser.add_argument("--model", help="default: the server's")
    sound = parser.add_mutually_exclusive_group(required=True)
    sound.add_argument("file", nargs="?", metavar="FILE.wav", help="with 16-bit samples")
    sound.add_argument("--raw", type=int, metavar="RATE", help="16-bit mono samples come from the standard input")
    return parser.parse_args()


def open_wav(path):
    file = wave.open(path)
    if file.getsampwidth() != 2:
        raise wave.Error(f"{8 * file.getsampwidth()}-bit samples")
    return file


def main():
    options = read_arguments()
    token = file = None
    try:
        if options.token_file:
            with open(options.token_file) as token_file:
                token = token_file.read().strip()
        if options.file:
            file = open_wav(options.file)
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}")
    except (wave.Error, EOFError) as error:
        fail(f"{options.file} is not a WAV file with 16-bit samples ({str(error) or 'too short'}); convert it")
    mode = os.fstat(sys.stdin.fileno()).st_mode
    if options.raw and not stat.S_ISFIFO(mode) and not stat.S_ISSOCK(mode):
        fail("--raw reads from a pipe only; call it as in: arecord ... | live.py --raw 16000")
    try:
        asyncio.run(run(options, token, file))
    except EOFError:
        fail(f"{options.url.geturl()} closed the connection; try again later")
    except OSError as error:
        fail(f"{options.url.geturl()}: {error.strerror or type(error).__name__}; is the server up?")


main()
