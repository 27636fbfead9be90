"""Draw the test pictures: digits as a pen would write them, on ten different grounds.

python tests/data/draw_digits.py tests/data/digits

Nothing is copied from anywhere: a digit is a few points, a pen goes smoothly through them. The
pictures differ in what scans and photographs differ in: size, place, pen, polarity, paper,
light from one side, noise, slant and file format.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

Points = npt.NDArray[np.float64]

#: For each digit the pen's strokes, each a list of points (x, y) from 0 to 1; y goes down.
STROKES: dict[int, list[list[tuple[float, float]]]] = {
    0: [[(0.5, 0), (0.2, 0.2), (0.15, 0.5), (0.25, 0.85), (0.5, 1), (0.75, 0.85), (0.85, 0.5),
         (0.78, 0.18), (0.5, 0)]],
    1: [[(0.25, 0.3), (0.42, 0.15), (0.55, 0)], [(0.55, 0), (0.54, 0.5), (0.52, 1)]],
    2: [[(0.2, 0.22), (0.35, 0.02), (0.65, 0.02), (0.78, 0.22), (0.65, 0.5), (0.4, 0.78), (0.2, 1)],
        [(0.2, 1), (0.5, 0.97), (0.85, 1)]],
    3: [[(0.22, 0.12), (0.5, 0), (0.76, 0.16), (0.7, 0.38), (0.45, 0.48)],
        [(0.45, 0.48), (0.75, 0.58), (0.8, 0.82), (0.5, 1), (0.2, 0.88)]],
    4: [[(0.5, 0), (0.36, 0.3), (0.15, 0.62)], [(0.15, 0.62), (0.5, 0.62), (0.88, 0.6)],
        [(0.66, 0.3), (0.63, 0.65), (0.6, 1)]],
    5: [[(0.78, 0), (0.5, 0.01), (0.3, 0.02)], [(0.3, 0.02), (0.27, 0.2), (0.25, 0.42)],
        [(0.25, 0.42), (0.55, 0.37), (0.78, 0.55), (0.75, 0.85), (0.5, 1), (0.2, 0.92)]],
    6: [[(0.66, 0), (0.42, 0.2), (0.25, 0.5), (0.24, 0.8), (0.42, 1), (0.68, 0.95), (0.78, 0.75),
         (0.62, 0.56), (0.4, 0.6), (0.27, 0.74)]],
    7: [[(0.15, 0.03), (0.5, 0.02), (0.82, 0)], [(0.82, 0), (0.62, 0.4), (0.42, 1)],
        [(0.3, 0.5), (0.55, 0.48), (0.78, 0.46)]],
    8: [[(0.52, 0.46), (0.3, 0.32), (0.32, 0.08), (0.55, 0), (0.74, 0.12), (0.7, 0.32), (0.5, 0.46),
         (0.28, 0.64), (0.26, 0.88), (0.5, 1), (0.74, 0.88), (0.72, 0.64), (0.52, 0.46)]],
    9: [[(0.74, 0.24), (0.58, 0.02), (0.34, 0.06), (0.25, 0.28), (0.38, 0.48), (0.6, 0.44),
         (0.74, 0.24)], [(0.74, 0.24), (0.72, 0.6), (0.6, 1)]],
}  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """What a digit is written on and with.

    Attributes:
        size: width and height in pixels.
        box: left, top, width and height of the digit, as shares of the size.
        pen: width of the stroke, as a share of the digit's height.
        ink: gray value of the ink.
        paper: gray value of the paper.
        shade: how much darker the right edge is than the left.
        noise: standard deviation of every pixel.
        slant: how far the top leans to the right, as a share of the digit's height.
        name: of the file; its ending says the format.
    """

    size: tuple[int, int]
    box: tuple[float, float, float, float]
    pen: float
    ink: int
    paper: int
    name: str
    shade: float = 0
    noise: float = 0
    slant: float = 0


SHEETS = {
    0: Sheet((400, 500), (0.3, 0.2, 0.4, 0.6), 0.10, 20, 245, "0-scan.png"),
    1: Sheet((640, 480), (0.4, 0.2, 0.25, 0.6), 0.09, 40, 215, "1-photo.jpg", 60, 6, 0.1),
    2: Sheet((64, 64), (0.2, 0.12, 0.6, 0.76), 0.13, 255, 0, "2-small.png"),
    3: Sheet((900, 700), (0.55, 0.1, 0.2, 0.35), 0.12, 30, 230, "3-corner.jpg", noise=5),
    4: Sheet((300, 300), (0.25, 0.2, 0.5, 0.6), 0.11, 235, 25, "4-chalkboard.jpg", 10, 6),
    5: Sheet((1200, 900), (0.35, 0.2, 0.3, 0.6), 0.08, 60, 200, "5-large.jpg", 70, 3, 0.1),
    6: Sheet((200, 260), (0.2, 0.15, 0.6, 0.7), 0.14, 0, 255, "6-marker.png"),
    7: Sheet((480, 640), (0.25, 0.25, 0.45, 0.5), 0.07, 50, 225, "7-pencil.jpg", 40, 7),
    8: Sheet((28, 28), (0.18, 0.1, 0.64, 0.8), 0.12, 255, 0, "8-tiny.png"),
    9: Sheet((500, 500), (0.3, 0.15, 0.4, 0.7), 0.10, 30, 190, "9-shaded.jpg", 80, 4, 0.08),
}

#: Drawn this many times larger, then made smaller: a smooth edge.
OVERSAMPLING = 3


def draw(digit: int, sheet: Sheet) -> Image.Image:
    """Return one digit on its sheet, mode L."""
    width, height = (side * OVERSAMPLING for side in sheet.size)
    mask = Image.new("L", (width, height))
    brush = ImageDraw.Draw(mask)
    left, top, across, down = sheet.box
    radius = max(1.0, sheet.pen * down * height / 2)
    for stroke in STROKES[digit]:
        for x, y in _curve(np.array(stroke)):
            x = left + across * x + sheet.slant * down * (0.5 - y) * height / width
            center = (x * width, (top + down * y) * height)
            brush.circle(center, radius, fill=255)
    cover = np.asarray(mask.resize(sheet.size, Image.Resampling.BOX), dtype=np.float64) / 255
    light = sheet.paper - sheet.shade * np.linspace(0, 1, sheet.size[0])
    # Shade falls on ink as well, but there is less light there to lose.
    ink = sheet.ink - sheet.shade * np.linspace(0, 1, sheet.size[0]) * sheet.ink / 255
    noise = np.random.default_rng(digit).normal(0, sheet.noise, cover.shape)
    pixels = light * (1 - cover) + ink * cover + noise
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _curve(points: Points) -> Points:
    """Return many points on a smooth curve through a few (Catmull-Rom), about a pixel apart."""
    if len(points) == 2:
        points = np.array([points[0], points.mean(axis=0), points[1]])
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, 1, 200)[:, None]
    pieces = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        bend = 2 * a - 5 * b + 4 * c - d, 3 * b - a - 3 * c + d
        pieces.append((2 * b + (c - a) * t + bend[0] * t**2 + bend[1] * t**3) / 2)
    return np.vstack(pieces)


def main(folder: Path) -> None:
    """Write every picture into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for digit, sheet in SHEETS.items():
        draw(digit, sheet).save(folder / sheet.name, quality=85)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
