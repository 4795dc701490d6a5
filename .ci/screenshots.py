"""Drives the running window over egui's inspection port and keeps pictures of it.

usage: screenshots.py HOST:PORT FOLDER      (started by .ci/screenshots)
"""

import math
import pathlib
import random
import socket
import struct
import sys
import tempfile
import time

import msgpack
from PIL import Image, ImageDraw, ImageFilter

BUCKET = "harbour-photos-2026"


class Window:
    def __init__(self, address):
        host, port = address.rsplit(":", 1)
        deadline = time.time() + 60
        while True:
            try:
                self.socket = socket.create_connection((host, int(port)), timeout=60)
                break
            except OSError:
                if time.time() > deadline:
                    raise SystemExit("the window did not open its inspection port")
                time.sleep(0.5)
        self.take(8)

    def take(self, count):
        data = b""
        while len(data) < count:
            more = self.socket.recv(count - len(data))
            if not more:
                raise SystemExit("the window closed")
            data += more
        return data

    def ask(self, request):
        body = msgpack.packb(request, use_bin_type=True, use_single_float=True)
        self.socket.sendall(struct.pack(">I", len(body)) + body)
        (length,) = struct.unpack(">I", self.take(4))
        answer = msgpack.unpackb(self.take(length), raw=False, strict_map_key=False)
        if isinstance(answer, dict) and "Error" in answer:
            raise SystemExit(f"the window answered {answer['Error']}")
        return answer

    def widgets(self):
        update = self.ask("GetTree")["Tree"][2]
        for _, (role, _, _, flags, facts) in update[0] if update else []:
            if facts.get("bounds") and not flags & 1:
                yield role, facts.get("label") or "", str(facts.get("value") or ""), facts["bounds"]

    def find(self, name, seconds=60):
        deadline = time.time() + seconds
        while time.time() < deadline:
            found = [w for w in self.widgets() if name in (w[1], w[2])]
            found = found or [w for w in self.widgets() if name.lower() in f"{w[1]} {w[2]}".lower()]
            acting = [w for w in found if w[0] not in ("label", "genericContainer", "pane", "window", "unknown")]
            if found:
                return (acting or found)[0]
            time.sleep(0.2)
        raise SystemExit(f"nothing is called {name!r}; there are {sorted({w[1] for w in self.widgets()})}")

    def events(self, *events):
        self.ask({"ApplyEvents": [list(events)]})
        self.ask({"Settle": [30]})

    def click(self, name):
        _, _, _, (x0, y0, x1, y1) = self.find(name)
        at = [(x0 + x1) / 2, (y0 + y1) / 2]
        plain = [False] * 5
        self.events({"PointerMoved": at})
        for down in (True, False):
            self.events({"PointerButton": [at, "Primary", down, plain]})

    def key(self, name, ctrl=False):
        for down in (True, False):
            self.events({"Key": [name, None, down, False, [False, ctrl, False, False, ctrl]]})

    def fill(self, name, text):
        self.click(name)
        self.key("A", ctrl=True)
        self.events({"Text": text})

    def away(self):
        self.events({"PointerMoved": [640.0, 2.0]})
        time.sleep(0.8)

    def shot(self, path):
        self.ask({"Settle": [100]})
        pathlib.Path(path).write_bytes(self.ask({"GetScreenshot": [None]})["Screenshot"][1])
        print(path)


def landscape(seed, size):
    """A quiet picture of hills under a sky, different for each seed."""
    rng = random.Random(seed)
    width, height = size
    hue = rng.random()
    tone = lambda shift, light: tuple(
        int(255 * min(1, light * (0.62 + 0.38 * math.sin(2 * math.pi * (hue + shift + part / 3))))) for part in range(3)
    )
    picture = Image.new("RGB", size)
    draw = ImageDraw.Draw(picture)
    top, bottom = tone(0.05, 1.0), tone(0.22, 1.1)
    for y in range(height):
        part = y / height
        draw.line([(0, y), (width, y)], fill=tuple(int(a + (b - a) * part) for a, b in zip(top, bottom)))
    x, y, r = rng.uniform(0.2, 0.8) * width, rng.uniform(0.15, 0.4) * height, height * rng.uniform(0.05, 0.09)
    draw.ellipse((x - r, y - r, x + r, y + r), fill=(255, 244, 220))
    for layer in range(5):
        base, swing = height * (0.45 + 0.12 * layer), height * 0.07
        phases = [(rng.uniform(1, 4), rng.uniform(0, 7), rng.uniform(0.3, 1)) for _ in range(3)]
        ridge = [
            (x, base - swing * sum(a * math.sin(f * 2 * math.pi * x / width + p) for f, p, a in phases))
            for x in range(0, width + 8, 8)
        ]
        draw.polygon([(0, height), *ridge, (width, height)], fill=tone(0.3 + 0.05 * layer, 0.85 - 0.14 * layer))
    return picture.filter(ImageFilter.GaussianBlur(0.8))


def main(address, folder):
    out = pathlib.Path(folder)
    names = "harbour-dawn lake-morning ridges-fog dunes-evening snow-pass bay-calm hills-spring coast-north".split()
    sizes = [(1440, 960), (1200, 900), (960, 1200), (1440, 810)]
    files = pathlib.Path(tempfile.mkdtemp())
    for index, name in enumerate(names):
        landscape(index + 3, sizes[index % 4]).save(files / f"{name}.jpg", quality=88)
    landscape(40, (1200, 900)).save(files / "team-header.png", "JPEG", quality=88)
    (files / "banner.png").write_text("<!doctype html><title>502</title><p>Bad gateway")

    window = Window(address)
    window.find("Start practising")
    window.away()
    window.shot(out / "start.png")
    window.click("Start practising")
    window.click("Set up a bucket")
    window.click("Images for a website")
    window.click("Continue")
    window.fill("Bucket name", BUCKET)
    window.click("Continue")
    window.find("Who may see")
    window.click("Anyone on the internet can view")
    window.away()
    window.shot(out / "visibility.png")
    window.click("Continue")
    window.click("Continue")
    window.find("CreateBucket")
    window.away()
    window.shot(out / "set-up.png")
    window.click("Set up the bucket")
    time.sleep(2)
    window.click("Continue")
    window.find("Open the gallery")
    window.away()
    window.shot(out / "proof.png")
    window.click("Open the gallery")
    window.find("Filter by name")
    window.events({"Paste": "\n".join(str(path) for path in sorted(files.iterdir()))})
    window.find("Nothing has been sent yet")
    time.sleep(2)
    window.away()
    window.shot(out / "plan.png")
    window.click("Upload 10 files")
    window.find("10 files uploaded")
    window.find("lake-morning.jpg")
    time.sleep(3)
    window.click("lake-morning.jpg")
    time.sleep(8)
    window.away()
    window.shot(out / "gallery.png")


if __name__ == "__main__":
    main(*sys.argv[1:])
