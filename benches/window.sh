#!/usr/bin/env bash
# How quickly the real window answers, and how much memory it takes, while much goes on in it: 1,000 and then 10,000
# images of 100 KB are uploaded to practice storage, and the gallery of the 10,000 is scrolled through.
# usage: benches/window.sh [FILES…]      FILES: how many images in each round [1000 10000]
# Needs Xvfb, dbus-daemon, python3 with msgpack and Pillow, and 2.5 GB of disk under TMPDIR.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cargo build --release --locked --features inspection
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
export XDG_RUNTIME_DIR=$home BRIMFUL_HOME=$home/brimful EGUI_INSPECTION=127.0.0.1:5734 PYTHONPATH=.ci
unset WAYLAND_DISPLAY
xvfb-run -a -s "-screen 0 1280x800x24" dbus-run-session -- bash -c '
  "${CARGO_TARGET_DIR:-target}/release/brimful" & pid=$!
  "${PYTHON:-python3}" benches/window.py "$EGUI_INSPECTION" $pid "$@"; code=$?
  kill $pid; wait $pid 2>/dev/null; exit $code' -- "$@"
