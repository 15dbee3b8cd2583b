#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sends a file to emotion-server and prints the emotion of each window as it comes, then that of the whole.

analyze.py [--url URL] [--token TOKEN] [--model NAME] FILE
Needs only Python's standard library."""
import argparse
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request


def describe(answer):
    reason = f" ({answer['reason']})" if "reason" in answer else ""
    return f"{answer['emotion']}{reason} {answer.get('confidence', 0):.0%}"


def open_stream(options):
    query = {"stream": "1", "name": os.path.basename(options.file)}
    if options.model:
        query["model"] = options.model
    headers = {"Content-Type": "application/octet-stream", "Content-Length": str(os.path.getsize(options.file))}
    if options.token:
        headers["Authorization"] = "Bearer " + options.token
    url = options.url.rstrip("/") + "/api/analyze?" + urllib.parse.urlencode(query)
    file = open(options.file, "rb")  # sent in pieces
    return urllib.request.urlopen(urllib.request.Request(url, file, headers, method="POST"))


def print_lines(stream):
    """Returns whether the analysis was complete."""
    for text in stream:
        line = json.loads(text)
        if line["type"] == "window":
            print(f"{line['start']:.1f} s + {line['duration']:.1f} s: {describe(line)}", flush=True)
        elif line["type"] == "summary":
            print(f"whole, {line['duration']:.1f} s: {describe(line)}")
        elif line["type"] == "error":
            print(f"analyze.py: {line['detail']}. {line['fix']}", file=sys.stderr)
        elif line["type"] == "done":
            return True
    return False


def main():
    parser = argparse.ArgumentParser(description="Prints the emotions of a file, by emotion-server.")
    parser.add_argument("--url", default="http://127.0.0.1:8765", help="of the server (default: %(default)s)")
    parser.add_argument("--token", default=os.environ.get("EMOTION_TOKEN"), help="default: $EMOTION_TOKEN")
    parser.add_argument("--model", help="default: that of the server")
    parser.add_argument("file")
    options = parser.parse_args()
    try:
        with open_stream(options) as stream:
            return 0 if print_lines(stream) else 1
    except urllib.error.HTTPError as error:
        problem = json.loads(error.read()) if "json" in error.headers.get("Content-Type", "") else {}
        print(f"analyze.py: {problem.get('detail', error)}. {problem.get('fix', '')}", file=sys.stderr)
    except (OSError, ValueError) as error:
        print(f"analyze.py: {error}", file=sys.stderr)
    return 1


sys.exit(main())
