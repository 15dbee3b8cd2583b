#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sends live sound to emotion-server and prints the emotion of each window as it comes.

live.py FILE.wav                                       at the pace of real time
arecord -q -t raw -f S16_LE -r 16000 | live.py         raw 16-bit samples of the standard input
gst-launch-1.0 -q autoaudiosrc ! audioconvert ! audioresample ! audio/x-raw,format=S16LE,rate=16000,channels=1 \\
  ! fdsink | live.py
Needs only Python's standard library: it has a small WebSocket client (RFC 6455) of its own."""
import argparse
import base64
import json
import os
import socket
import ssl
import struct
import sys
import threading
import time
import urllib.parse
import wave

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
FRAME = 0.1  # s
FIRST = 0.02  # s of the first frame, so that the others end just after the windows, and the results come at once


class WebSocket:
    def __init__(self, url, token):
        parts = urllib.parse.urlsplit(url)
        secure = parts.scheme in ("https", "wss")
        raw = socket.create_connection((parts.hostname, parts.port or (443 if secure else 80)))
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = ssl.create_default_context().wrap_socket(raw, server_hostname=parts.hostname) if secure else raw
        self.file = self.socket.makefile("rb")
        self.lock = threading.Lock()
        headers = [f"GET {parts.path.rstrip('/')}/api/live HTTP/1.1", f"Host: {parts.netloc}", "Connection: Upgrade",
                   "Upgrade: websocket", "Sec-WebSocket-Version: 13",
                   "Sec-WebSocket-Key: " + base64.b64encode(os.urandom(16)).decode()]
        if token:
            headers.append("Authorization: Bearer " + token)
        self.socket.sendall("\r\n".join(headers + ["", ""]).encode())
        status = self.file.readline().split(b" ", 2)
        answer = {}
        while line := self.file.readline().strip():
            name, text = line.decode().split(":", 1)
            answer[name.lower()] = text.strip()
        if status[1:2] != [b"101"]:
            body = self.file.read(int(answer.get("content-length", 0)))
            is_problem = answer.get("content-type") == "application/problem+json"
            raise OSError(json.loads(body)["detail"] if is_problem else b" ".join(status).decode().strip())

    def send(self, opcode, data):
        mask = os.urandom(4)
        n = len(data)
        size = bytes([0x80 | n]) if n < 126 else struct.pack(">BH", 0xFE, n) if n < 65536 else struct.pack(">BQ", 0xFF, n)
        key = int.from_bytes((mask * (n // 4 + 1))[:n], "big")
        masked = (int.from_bytes(data, "big") ^ key).to_bytes(n, "big")
        with self.lock:
            self.socket.sendall(bytes([0x80 | opcode]) + size + mask + masked)

    def _read(self, n):
        data = self.file.read(n)
        if len(data) < n:
            raise OSError("the server has cut the connection")
        return data

    def messages(self):
        """Text messages as objects; ends with a close of code 1000, others raise OSError."""
        while True:
            opcode, n = self._read(2)
            if n == 126:
                n, = struct.unpack(">H", self._read(2))
            elif n == 127:
                n, = struct.unpack(">Q", self._read(8))
            data = self._read(n)
            if opcode & 15 == TEXT:
                yield json.loads(data)
            elif opcode & 15 == PING:
                self.send(PONG, data)
            elif opcode & 15 == CLOSE:
                self.send(CLOSE, data[:2])
                code = struct.unpack(">H", data[:2])[0] if data else 1005
                if code == 1000:
                    return
                raise OSError(f"the server has closed the connection ({code} {data[2:].decode()})")


def open_sound(options):
    """Rate, channels, and a function that returns the next seconds of 16-bit samples; b"" at the end."""
    if options.file is None:
        size = options.channels * 2
        return options.rate, options.channels, lambda s: sys.stdin.buffer.read(int(options.rate * s) * size)
    sound = wave.open(options.file)
    if sound.getsampwidth() != 2:
        raise OSError(f"{options.file}: not 16 bits; gst-launch-1.0 with fdsink can send any file")
    rate, start = sound.getframerate(), time.monotonic()

    def read(seconds):
        samples = sound.readframes(int(rate * seconds))
        time.sleep(max(0, start + sound.tell() / rate - time.monotonic()))  # until their last one would be spoken
        return samples
    return rate, sound.getnchannels(), read


def send_sound(client, read, channels):
    try:
        seconds = FIRST
        while samples := read(seconds):
            seconds = FRAME
            client.send(BINARY, samples[:len(samples) // (2 * channels) * 2 * channels])
        client.send(TEXT, json.dumps({"type": "stop"}).encode())
    except OSError:
        pass  # the server's last message says why


def print_message(message):
    kind = message["type"]
    if kind == "window":
        delay = f", {1000 * message['behind']:.0f} ms behind" if "behind" in message else ""
        end = message["start"] + message["duration"]
        print(f"{end:.1f} s: {message['emotion']} {message['confidence']:.0%}{delay}", flush=True)
    elif kind == "change":
        print(f"    {message['previous']} -> {message['emotion']}", flush=True)
    elif kind == "summary":
        print(f"whole, {message['duration']:.1f} s: {message['emotion']} {message['confidence']:.0%}")
    elif kind == "error":
        print(f"live.py: {message['detail']}. {message['fix']}", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description="Prints the emotions of live sound, by emotion-server.")
    parser.add_argument("--url", default="http://127.0.0.1:8765", help="of the server (default: %(default)s)")
    parser.add_argument("--token", default=os.environ.get("EMOTION_TOKEN"), help="default: $EMOTION_TOKEN")
    parser.add_argument("--model", help="default: that of the server")
    parser.add_argument("--rate", type=int, default=16000, help="of raw samples in Hz (default: %(default)s)")
    parser.add_argument("--channels", type=int, default=1, help="of raw samples (default: %(default)s)")
    parser.add_argument("file", nargs="?", help="WAV file; default: raw 16-bit samples of the standard input")
    options = parser.parse_args()
    try:
        rate, channels, read = open_sound(options)
        client = WebSocket(options.url, options.token)
        start = {"type": "start", "rate": rate, "channels": channels}
        if options.model:
            start["model"] = options.model
        client.send(TEXT, json.dumps(start).encode())
        threading.Thread(target=send_sound, args=(client, read, channels), daemon=True).start()
        for message in client.messages():
            print_message(message)
        return 0
    except (OSError, EOFError, ValueError, wave.Error) as error:
        print(f"live.py: {error}", file=sys.stderr)
        return 1


sys.exit(main())
