"""Handwriting on any ground, brought into the small grid that a digit classifier reads.

A scan or photograph differs from the classifier's training data in everything but the digit:
size, place, pen, paper, light. Each step takes one difference away; what is aimed at is written
beside the model (`Grid`), not here.

`digits.py` copies this file beside the model it trains, and the service runs it there: model and
preparation go together, whatever the version. It may import numpy and Pillow, no file of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

Array = npt.NDArray[np.float64]
Shades = npt.NDArray[np.uint8]

#: Longest side in pixels that is looked at; a digit keeps its shape far below it.
WORKING_SIDE = 128

#: Pictures smaller than this have no specks to remove, only pixels to lose.
SPECKLED_SIDE = 32

#: Share of the shorter side that counts as the picture's edge, where paper is expected.
EDGE = 0.06

#: Least difference between ink and paper, of 255. Below it a picture is called empty.
LEAST_CONTRAST = 24

#: Of the histogram that the threshold is sought in.
BINS = 64

#: Pixels per cell and side in the fine grid, as in the data the digits were made from.
FINE = 4

#: How much lighter or heavier than written a stroke is made at most.
WEAKEST, STRONGEST = 0.1, 50.0

#: Width of the blur in pixels of the fine grid: a pen's edge, not a stair.
PEN_BLUR = 0.8

#: How the ink may be told to differ from the paper.
POLARITIES = {"dark on light": -1, "light on dark": 1}


@dataclass(frozen=True)
class Grid:
    """What the classifier was trained on.

    Attributes:
        height: cells from top to bottom; the digit fills them.
        width: cells from left to right.
        levels: value of a cell full of ink; an empty one is 0.
        stretch: how much wider than written a digit is.
        widest: share of the width that a digit fills at most.
        ink: share of the whole grid that is ink, on average.
    """

    height: int
    width: int
    levels: int
    stretch: float
    widest: float
    ink: float


def prepare(
    picture: Image.Image, parameters: Mapping[str, float], options: Mapping[str, str]
) -> Array:
    """Return a picture's cells; the service calls this.

    Args:
        picture: mode RGB, upright.
        parameters: those of `Grid`.
        options: `polarity`, one of `POLARITIES`, or nothing.

    Raises:
        ValueError: the picture is empty.
    """
    return to_grid(picture, Grid(**parameters), options.get("polarity"))  # type: ignore[arg-type]


def to_grid(picture: Image.Image, grid: Grid, polarity: str | None = None) -> Array:
    """Return the digit in a picture as (height * width,) cells, row by row.

    Args:
        picture: one digit, of any size, dark on light or light on dark.
        grid: what to bring it to.
        polarity: one of `POLARITIES`; found out when not given.

    Raises:
        ValueError: the picture is empty: nothing stands out from its ground.
    """
    gray = picture.convert("L")
    gray.thumbnail((WORKING_SIDE, WORKING_SIDE), Image.Resampling.BOX)
    shades = np.asarray(gray)
    values = (_median(shades) if min(gray.size) >= SPECKLED_SIDE else shades).astype(np.float64)
    difference = values - _paper(values)
    sign = POLARITIES.get(polarity or "") or (1 if difference.max() > -difference.min() else -1)
    ink = np.clip(sign * difference, 0, None)
    if ink.max() < LEAST_CONTRAST:
        raise ValueError(
            "is empty: no part of it stands out from its ground. "
            "Send one digit, dark on light or light on dark."
        )
    return _cells(_fine(ink, grid), grid)


def _median(shades: Shades) -> Shades:
    """Return the median of each pixel and its eight neighbours, as Pillow's `MedianFilter(3)`.

    The columns of three are sorted once for the three windows they are in; the median of nine is
    that of the greatest low, the middle middle and the least high one (Paeth, Graphics Gems, 1990).
    """
    page = np.pad(shades, 1, mode="edge")
    top, middle, bottom = page[:-2], page[1:-1], page[2:]
    low, high = np.minimum(top, middle), np.maximum(top, middle)
    rest = np.minimum(high, bottom)
    lows, middles, highs = np.minimum(low, rest), np.maximum(low, rest), np.maximum(high, bottom)
    return _middle(
        np.maximum(np.maximum(lows[:, :-2], lows[:, 1:-1]), lows[:, 2:]),
        _middle(middles[:, :-2], middles[:, 1:-1], middles[:, 2:]),
        np.minimum(np.minimum(highs[:, :-2], highs[:, 1:-1]), highs[:, 2:]),
    )


def _middle(a: Shades, b: Shades, c: Shades) -> Shades:
    middle: Shades = np.maximum(np.minimum(a, b), np.minimum(np.maximum(a, b), c))
    return middle


def _paper(values: Array) -> Array:
    """Return the ground's brightness everywhere, from a plane through the picture's edge.

    A plane follows light that comes from one side; pixels of the edge that differ much from
    the others are ink and do not count.
    """
    height, width = values.shape
    ring = max(1, round(min(height, width) * EDGE))
    edge = np.ones(values.shape, dtype=bool)
    edge[ring:-ring, ring:-ring] = False
    rows, columns = np.nonzero(edge)
    found = values[rows, columns]
    distance = np.abs(found - np.median(found))
    paper = distance <= max(8.0, 2.5 * float(np.median(distance)))
    side = max(height, width)
    x, y = columns[paper] / side, rows[paper] / side
    points = np.stack([np.ones_like(x), x, y])
    # Three unknowns: their normal equations. Least squares of least norm where a line has no slope.
    level, right, down = np.linalg.pinv(points @ points.T) @ (points @ found[paper])
    return np.asarray(
        level + right / side * np.arange(width) + (down / side * np.arange(height))[:, None]
    )


def _threshold(ink: Array) -> float:
    """Return the value that parts ink from paper best (Otsu, 1979)."""
    least, most = float(ink.min()), float(ink.max())
    width = (most - least) / BINS
    bins = np.minimum((ink.ravel() - least) / width, BINS - 1).astype(np.intp)
    counts = np.bincount(bins, minlength=BINS)
    middle = least + (np.arange(BINS) + 0.5) * width
    below, mass = np.cumsum(counts)[:-1], np.cumsum(counts * middle)
    above = counts.sum() - below
    # Classes without pixels part nothing; the first and last bin are never empty.
    between = (mass[-1] * below - mass[:-1] * counts.sum()) ** 2 / np.maximum(below * above, 1)
    return float(middle[int(np.argmax(between))])


def _fine(ink: Array, grid: Grid) -> Array:
    """Return the digit alone, as high as the grid, in its middle: the fine grid, from 0 to 1."""
    threshold = _threshold(ink)
    written = ink > threshold
    rows, columns = np.flatnonzero(written.any(axis=1)), np.flatnonzero(written.any(axis=0))
    box = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    strokes = Image.fromarray((np.clip(box / (2 * threshold), 0, 1) * 255).astype(np.uint8))
    height, widest = grid.height * FINE, round(grid.width * FINE * grid.widest)
    width = max(1, round(strokes.width * grid.stretch * height / strokes.height))
    if width > widest:
        # Squeezed up to the training data's limit, then made smaller as a whole.
        height = min(height, max(1, round(height * 1.6 * widest / width)))
        width = widest
    shrinks = width < strokes.width
    resampling = Image.Resampling.BOX if shrinks else Image.Resampling.BICUBIC
    page = Image.new("L", (grid.width * FINE, grid.height * FINE))
    place = ((page.width - width) // 2, (page.height - height) // 2)
    page.paste(strokes.resize((width, height), resampling), place)
    return np.asarray(page.filter(ImageFilter.GaussianBlur(PEN_BLUR)), dtype=np.float64) / 255


def _cells(fine: Array, grid: Grid) -> Array:
    """Return the cells, with the stroke made as heavy as the training data's."""
    share = fine.reshape(grid.height, FINE, grid.width, FINE).mean(axis=(1, 3))
    # With the k heaviest cells full, a weight of (wanted - k) / (the others' sum) makes the ink
    # wanted; the least k is right whose next cell is not over full with it.
    heaviest = np.sort(share, axis=None)[::-1]
    wanted = grid.ink * heaviest.size
    others = heaviest.sum() - np.cumsum(heaviest) + heaviest
    weights = (wanted - np.arange(heaviest.size)) / np.maximum(others, 1e-12)
    fits = np.flatnonzero(heaviest * weights <= 1)
    weight = min(max(float(weights[fits[0]]), WEAKEST), STRONGEST) if fits.size else STRONGEST
    return np.asarray(np.clip(share * weight, 0, 1).ravel() * grid.levels)
