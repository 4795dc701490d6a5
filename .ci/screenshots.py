"""Drives the running window over egui's inspection port and keeps pictures of it.

usage: screenshots.py HOST:PORT FOLDER      (started by .ci/screenshots)
"""

import math
import pathlib
import random
import sys
import tempfile
import time

from PIL import Image, ImageDraw, ImageFilter
from driver import Window

BUCKET = "harbour-photos-2026"


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

    def picture(name):
        window.away()
        window.shot(out / f"{name}.png")

    window.set_up_public_bucket(BUCKET, picture)
    window.events({"Paste": "\n".join(str(path) for path in sorted(files.iterdir()))})
    window.find("Nothing has been sent yet")
    time.sleep(2)
    picture("plan")
    window.click("Upload 10 files")
    window.find("10 files uploaded")
    window.find("lake-morning.jpg")
    time.sleep(3)
    window.click("lake-morning.jpg")
    time.sleep(8)
    picture("gallery")
    window.click("Check")
    window.fill("What to check", "Lake-Morning.jpg")
    window.key("Enter")
    window.find("The way to the file")
    time.sleep(2)
    picture("check")
    window.click("Check many…")
    window.click("Start checking")
    window.find("11 files checked")
    time.sleep(2)
    picture("check-many")


if __name__ == "__main__":
    main(*sys.argv[1:])
