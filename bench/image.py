"""image.py under azmlinfsrv: a 100 KB JPEG of 640 x 480 pixels.

python -m bench.image
"""

from __future__ import annotations

import argparse
import io
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from bench import machine
from bench.load import load, medians
from deploy.servers.azmlinfsrv import Server

ROOT = Path(__file__).resolve().parent.parent
ENTRY = ROOT / "score" / "image.py"
MODEL = ROOT / "models" / "digits" / "1"

TARGET_BYTES = 100_000


def photograph() -> bytes:
    """Return a JPEG of a drawn 4 on noisy paper, as near to 100 KB as the quality allows."""
    noise = np.random.default_rng(0).normal(205, 9, (480, 640, 3))
    image = Image.fromarray(np.clip(noise, 0, 255).astype(np.uint8))
    pen = ImageDraw.Draw(image)
    pen.line([(310, 100), (240, 270), (400, 268)], fill=(30, 30, 60), width=22, joint="curve")
    pen.line([(345, 180), (335, 390)], fill=(30, 30, 60), width=22)
    files = []
    for quality in range(50, 100):
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=quality)
        files.append(buffer.getvalue())
    return min(files, key=lambda content: abs(len(content) - TARGET_BYTES))


def main() -> None:
    """Measure in several rounds and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5, help="of load in each round")
    args = parser.parse_args()
    picture = photograph()
    print(machine.describe())
    print(f"\nimage.py under azmlinfsrv, 1 worker, 1 connection; medians of {args.rounds} rounds")
    print(f"{'picture':>22} {'requests/s':>12} {'p50 ms':>9} {'p99 ms':>9}")
    with Server(ENTRY, MODEL) as server:
        url, kind = server.score_url, "image/jpeg"
        load(url, picture, seconds=1, content_type=kind)  # warm up
        m = medians(
            [
                load(url, picture, seconds=args.seconds, content_type=kind)
                for _ in range(args.rounds)
            ]
        )
    name = f"640x480 JPEG, {len(picture) / 1000:.0f} KB"
    print(f"{name:>22} {m.requests_per_second:>12.1f} {m.p50_ms:>9.2f} {m.p99_ms:>9.2f}")


if __name__ == "__main__":
    main()
