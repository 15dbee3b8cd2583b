# SPDX-License-Identifier: LGPL-2.1-or-later
"""Media files that are broken, that lie, that are much longer than they are large, and that lead elsewhere."""
import struct
import subprocess
import zlib

REVERSED = bytes(int(f"{i:08b}"[::-1], 2) for i in range(256))


def encode(path, clip, *encoder):
    """Encodes a clip with elements of GStreamer; its bytes, or None without such an encoder."""
    run = subprocess.run(["gst-launch-1.0", "-q", "filesrc", f"location={clip}", "!", "decodebin", "!", "audioconvert",
                          "!", "audioresample", "!", *encoder, "!", "filesink", f"location={path}"],
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open(path, "rb") as file:
        return file.read() if run.returncode == 0 else None


def wav(samples=bytes(32000), channels=1, rate=16000, bits=16, kind=1, size=None, block=None):
    """A WAV file; `size` is what its header says."""
    block = channels * bits // 8 if block is None else block
    size = len(samples) if size is None else size
    form = struct.pack("<HHIIHH", kind, channels & 0xffff, rate, rate * block & 0xffffffff, block & 0xffff, bits)
    return (b"RIFF" + struct.pack("<I", min(36 + size, 0xffffffff)) + b"WAVEfmt " + struct.pack("<I", len(form)) +
            form + b"data" + struct.pack("<I", size) + samples)


def _crc(data, polynomial, bits):
    value = 0
    for byte in data:
        value ^= byte << bits - 8
        for _ in range(8):
            value = value << 1 ^ (polynomial if value >> bits - 1 else 0)
            value &= (1 << bits) - 1
    return value


def _flac_number(n):
    """A number as FLAC writes it, in the manner of UTF-8."""
    return chr(n).encode("utf-8", "surrogatepass")


def flac_silence(seconds):
    """Silence in FLAC at 8 kHz: 14 bytes for 8 s."""
    rate, block = 8000, 65535
    n = seconds * rate // block
    info = struct.pack(">HH", block, block) + bytes(6) + \
        ((rate << 44) | (0 << 41) | (15 << 36) | n * block).to_bytes(8, "big") + bytes(16)
    comments = b"\x84\0\0\x08" + bytes(8)
    parts = [b"fLaC\0" + len(info).to_bytes(3, "big") + info + comments]
    for i in range(n):
        head = b"\xff\xf8\x74\x08" + _flac_number(i) + struct.pack(">H", block - 1)
        frame = head + bytes([_crc(head, 0x07, 8)]) + bytes(3)
        parts.append(frame + struct.pack(">H", _crc(frame, 0x8005, 16)))
    return b"".join(parts)


def _ogg_page(packets, serial, number, granule, flags):
    lacing = b"".join(b"\xff" * (len(p) // 255) + bytes([len(p) % 255]) for p in packets)
    page = b"OggS" + struct.pack("<BBqIIIB", 0, flags, granule, serial, number, 0, len(lacing)) + lacing + \
        b"".join(packets)
    # The checksum is that of zlib with the bits the other way round and without its complements.
    crc = zlib.crc32(page.translate(REVERSED), 0xffffffff) ^ 0xffffffff
    crc = int.from_bytes(crc.to_bytes(4, "little").translate(REVERSED), "big")
    return page[:22] + struct.pack("<I", crc) + page[26:]


def opus_silence(seconds):
    """Silence in Ogg Opus: a byte for 60 ms."""
    head = b"OpusHead\x01\x01\0\0" + struct.pack("<IhB", 48000, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 0) + struct.pack("<I", 0)
    pages = [_ogg_page([head], 7, 0, 0, 2), _ogg_page([tags], 7, 1, 0, 0)]
    packet = b"\x18"  # SILK, narrow band, 60 ms, mono, and nothing in it
    n = int(seconds / (255 * 0.06))
    for i in range(n):
        pages.append(_ogg_page([packet] * 255, 7, i + 2, (i + 1) * 255 * 2880, 4 if i == n - 1 else 0))
    return b"".join(pages)


def png(width, height):
    """A black picture."""
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    packer = zlib.compressobj(9)
    row = bytes(1 + width // 8)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)) +
            chunk(b"IDAT", data) + chunk(b"IEND", b""))


def _atom(name, data):
    return struct.pack(">I", len(data) + 8) + name + data


def reference_movie(uri):
    """A QuickTime file that consists of another one's address."""
    reference = _atom(b"rdrf", struct.pack(">I4sI", 0, b"url ", len(uri) + 1) + uri.encode() + b"\0")
    return _atom(b"ftyp", b"qt  \0\0\0\0qt  ") + _atom(b"moov", _atom(b"rmra", _atom(b"rmda", reference)))


def _element(name, data):
    return bytes.fromhex(name) + struct.pack(">Q", len(data) | 1 << 56) + data


def linked_matroska(uri):
    """A Matroska file without sound that names other files as its continuation."""
    head = _element("1a45dfa3", _element("4282", b"matroska") + _element("4287", b"\4") + _element("4285", b"\2"))
    name = uri.encode()
    info = _element("1549a966", _element("2ad7b1", b"\x0f\x42\x40") + _element("3eb923", b"1" * 16) +
                    _element("3e83bb", name) + _element("3c83ab", name) + _element("7384", name))
    return head + _element("18538067", info)


def wrong_data_reference(data, uri):
    """An MP4 file whose samples are said to be in another file."""
    place = data.find(b"dref")
    assert place > 0
    entry = _atom(b"url ", bytes(4) + uri.encode() + b"\0")
    # The reference takes the place of the sound's own name for itself; the sizes around it stay.
    return data[:place] + b"dref" + struct.pack(">II", 0, 1) + entry + data[place + 12 + len(entry):]


def references(uri, host, port):
    """Texts that lead to a URI, by name."""
    rtsp = f"rtsp://{host}:{port}/x"
    sdp = (f"v=0\r\no=- 0 0 IN IP4 {host}\r\ns=x\r\nc=IN IP4 {host}\r\nt=0 0\r\na=control:{rtsp}\r\n"
           f"m=audio {port} RTP/AVP 0\r\na=control:{rtsp}\r\na=rtpmap:0 PCMU/8000\r\n")
    texts = {
        "m3u": f"{uri}\n",
        "m3u8": f"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:4\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:4,\n{uri}\n"
                f"#EXT-X-ENDLIST\n",
        "m3u8-key": f'#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-KEY:METHOD=AES-128,URI="{uri}"\n#EXTINF:4,\n{uri}\n',
        "m3u8-master": f"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=100000\n{uri}\n",
        "mpd": f'<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
               f'mediaPresentationDuration="PT4S" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011">'
               f'<Location>{uri}</Location><Period><AdaptationSet mimeType="audio/mp4"><Representation id="1" '
               f'bandwidth="1000"><BaseURL>{uri}</BaseURL><SegmentList duration="4"><SegmentURL media="{uri}"/>'
               f'</SegmentList></Representation></AdaptationSet></Period></MPD>\n',
        "smooth": f'<?xml version="1.0"?>\n<SmoothStreamingMedia MajorVersion="2" MinorVersion="0" Duration="40000000">'
                  f'<StreamIndex Type="audio" Chunks="1" Url="{uri}"><QualityLevel Index="0" Bitrate="64000" '
                  f'FourCC="AACL" SamplingRate="16000" Channels="1" BitsPerSample="16" PacketSize="4" AudioTag="255" '
                  f'CodecPrivateData="1408"/><c d="40000000"/></StreamIndex></SmoothStreamingMedia>\n',
        "sdp": sdp,
        "rtsp": f"[RTSPtext]\nRTSPtext\n{rtsp}\n",
        "rtsp-text": f"RTSPtext\r\n{rtsp}\r\n",
        "xges": f"<ges version='0.7'>\n<project properties='properties;' metadatas='metadatas;'>\n<ressources>\n"
                f"<asset id='{uri}' extractable-type-name='GESUriClip' properties='properties, "
                f"supported-formats=(int)2, duration=(guint64)4000000000;'/>\n</ressources>\n<timeline>\n<track "
                f"caps='audio/x-raw' track-type='2' track-id='0'/>\n<layer priority='0'>\n<clip id='0' asset-id='{uri}'"
                f" type-name='GESUriClip' layer-priority='0' track-types='2' start='0' duration='4000000000' inpoint='0'"
                f" rate='0'/>\n</layer>\n</timeline>\n</project>\n</ges>\n",
        "smil": f'<?xml version="1.0"?>\n<smil><head/><body><audio src="{uri}"/><ref src="{uri}"/></body></smil>\n',
        "pls": f"[playlist]\nNumberOfEntries=1\nFile1={uri}\nLength1=-1\nVersion=2\n",
        "asx": f'<asx version="3.0"><entry><ref href="{uri}"/></entry><entryref href="{uri}"/></asx>\n',
        "ram": f"{uri}\n{uri}\n",
        "xspf": f'<?xml version="1.0"?>\n<playlist version="1" xmlns="http://xspf.org/ns/0/"><trackList><track>'
                f'<location>{uri}</location></track></trackList></playlist>\n',
        "cue": f'FILE "{uri}" WAVE\n  TRACK 01 AUDIO\n    INDEX 01 00:00:00\n',
        "asf-reference": f"[Reference]\r\nRef1={uri}\r\nRef2={uri}\r\n",
        "uri-list": f"# a list\r\n{uri}\r\n{uri}\r\n",
        "svg": f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
               f'<image xlink:href="{uri}"/></svg>\n',
        "xml-entity": f'<?xml version="1.0"?>\n<!DOCTYPE MPD [<!ENTITY x SYSTEM "{uri}">]>\n'
                      f'<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static">&x;</MPD>\n',
        "html": f'<html><audio src="{uri}" autoplay></audio></html>\n',
        "concat": f"ffconcat version 1.0\nfile '{uri}'\n",
    }
    files = {name: text.encode() for name, text in texts.items()}
    files["reference-movie"] = reference_movie(uri)
    files["matroska"] = linked_matroska(uri)
    return files
