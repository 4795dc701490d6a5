"""Measures the running window; started by benches/window.sh.

usage: window.py HOST:PORT PID [FILES…]

An answer is the time from moving the pointer or turning the wheel (over the inspection port) until the window's thread
has run a whole frame of the interface for it. It is done at random moments, so that it meets the window in the middle
of anything, also of painting: where there is no graphics card, the processor does that too.
"""

import io
import pathlib
import random
import re
import shutil
import statistics
import sys
import tempfile
import time

from PIL import Image
from driver import Window

BYTES = 100_000


def images(folder, count):
    """`count` different JPEGs of 100 KB: a few real pictures, each time with other bytes in a comment."""
    rng = random.Random(7)
    bases = []
    for seed in range(24):
        noise = Image.frombytes("RGB", (60, 45), random.Random(seed).randbytes(60 * 45 * 3))
        file = io.BytesIO()
        noise.resize((1200, 900), Image.BICUBIC).save(file, "JPEG", quality=82)
        bases.append(file.getvalue())
    for number in range(count):
        base = bases[number % len(bases)]
        filler = max(BYTES - len(base), 8)
        comment = b""
        while filler > 0:
            part = min(filler, 60_000)
            comment += b"\xff\xfe" + (part + 2).to_bytes(2, "big") + rng.randbytes(part)
            filler -= part
        (folder / f"picture-{number:05}.jpg").write_bytes(base[:2] + comment + base[2:])


def memory_mb(pid, what):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(rf"{what}:\s+(\d+)", status)[1]) / 1000


def slow_frames():
    import os

    home = pathlib.Path(os.environ["BRIMFUL_HOME"])
    return sum(log.read_text(errors="replace").count("slow frame") for log in home.rglob("*log*") if log.is_file())


class Answers:
    def __init__(self, window):
        self.window = window
        self.times = []

    def ask(self, request):
        begun = time.perf_counter()
        answer = self.window.ask(request)
        self.times.append((time.perf_counter() - begun) * 1000)
        return answer

    def nudge(self):
        """Moves the pointer a little, and waits until the window has taken it in."""
        time.sleep(random.uniform(0.01, 0.07))
        at = [640.0 + random.uniform(-3, 3), 4.0]
        self.ask({"ApplyEvents": [[{"PointerMoved": at}]]})

    def until(self, text, seconds):
        """Moves the pointer at random moments until something on screen says `text`."""
        deadline = time.time() + seconds
        while time.time() < deadline:
            for _ in range(5):
                self.nudge()
            if any(text in label or text in value for _, label, value, _ in self.window.widgets()):
                return
        raise SystemExit(f"{text!r} did not come in {seconds} s")

    def scroll(self, seconds):
        """Turns the wheel about as often as a person can, down and now and then up again."""
        plain = [False] * 5
        self.window.ask({"ApplyEvents": [[{"PointerMoved": [640.0, 500.0]}]]})
        end = time.time() + seconds
        while time.time() < end:
            way = 300.0 if random.random() < 0.15 else -300.0
            self.ask({"ApplyEvents": [[{"MouseWheel": ["Point", [0.0, way], "Move", "Wheel", plain]}]]})
            time.sleep(random.uniform(0.02, 0.08))

    def line(self, what):
        ordered = sorted(self.times)
        late = sum(t > 50 for t in ordered)
        return (
            f"{what:<34} answers: {len(ordered):4}  median {statistics.median(ordered):5.1f} ms"
            f"  95 % {ordered[int(len(ordered) * 0.95)]:5.1f}  worst {ordered[-1]:5.1f}  above 50 ms: {late}"
        )


def main(address, pid, *counts):
    window = Window(address)
    window.set_up_public_bucket("bench-of-the-window")
    time.sleep(1)
    idle = Answers(window)
    for _ in range(50):
        idle.nudge()
    print(idle.line("idle"), f"memory {memory_mb(pid, 'VmRSS'):.0f} MB", flush=True)
    for count in [int(count) for count in counts] or [1_000, 10_000]:
        folder = pathlib.Path(tempfile.mkdtemp()) / f"set-{count}"
        folder.mkdir()
        images(folder, count)
        window.events({"Paste": str(folder)})
        planning = Answers(window)
        planning.until(f"Upload {count:,} files", 120)
        print(planning.line(f"planning {count:,}"), flush=True)
        window.click(f"Upload {count:,} files")
        begun = time.time()
        sending = Answers(window)
        sending.until(f"{count:,} files uploaded", 600)
        print(sending.line(f"uploading {count:,} in {time.time() - begun:.1f} s"), flush=True)
        print(f"{'':<34} memory: now {memory_mb(pid, 'VmRSS'):.0f} MB, at most {memory_mb(pid, 'VmHWM'):.0f} MB")
        window.click(f"set-{count}")
        time.sleep(2)
        scrolling = Answers(window)
        scrolling.scroll(30)
        print(scrolling.line(f"scrolling through {count:,}"))
        print(f"{'':<34} memory: now {memory_mb(pid, 'VmRSS'):.0f} MB, at most {memory_mb(pid, 'VmHWM'):.0f} MB")
        print(f"{'':<34} frames of the window's thread above 50 ms: {slow_frames()}", flush=True)
        shutil.rmtree(folder.parent)
        window.click("bench-of-the-window")
        time.sleep(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
