"""The running window as a person has it: finds things by name, clicks, types, pastes, looks.

Needs a build with the `inspection` feature, started with EGUI_INSPECTION=HOST:PORT.
"""

import pathlib
import socket
import struct
import time

import msgpack


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

    def set_up_public_bucket(self, bucket, on_step=lambda step: None):
        """From the start screen to the gallery of a new bucket that anyone may view."""
        self.find("Start practising")
        on_step("start")
        self.click("Start practising")
        self.click("Set up a bucket")
        self.click("Images for a website")
        self.click("Continue")
        self.fill("Bucket name", bucket)
        self.click("Continue")
        self.find("Who may see")
        self.click("Anyone on the internet can view")
        on_step("visibility")
        self.click("Continue")
        self.click("Continue")
        self.find("CreateBucket")
        on_step("set-up")
        self.click("Set up the bucket")
        time.sleep(2)
        self.click("Continue")
        self.find("Open the gallery")
        on_step("proof")
        self.click("Open the gallery")
        self.find("Filter by name")

    def shot(self, path):
        self.ask({"Settle": [100]})
        pathlib.Path(path).write_bytes(self.ask({"GetScreenshot": [None]})["Screenshot"][1])
        print(path)
