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

#: Longest side in pixels that is looked at; a digit keeps its shape far below it.
WORKING_SIDE = 128

#: Pictures smaller than this have no specks to remove, only pixels to lose.
SPECKLED_SIDE = 32

#: Share of the shorter side that counts as the picture's edge, where paper is expected.
EDGE = 0.06

#: Least difference between ink and paper, of 255. Below it a picture is called empty.
LEAST_CONTRAST = 24

#: Pixels per cell and side in the fine grid, as in the data the digits were made from.
FINE = 4

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
    if min(gray.size) >= SPECKLED_SIDE:
        gray = gray.filter(ImageFilter.MedianFilter(3))
    values = np.asarray(gray, dtype=np.float64)
    difference = values - _paper(values)
    sign = POLARITIES.get(polarity or "") or (1 if difference.max() > -difference.min() else -1)
    ink = np.clip(sign * difference, 0, None)
    if ink.max() < LEAST_CONTRAST:
        raise ValueError(
            "is empty: no part of it stands out from its ground. "
            "Send one digit, dark on light or light on dark."
        )
    return _cells(_fine(ink, grid), grid)


def _paper(values: Array) -> Array:
    """Return the ground's brightness everywhere, from a plane through the picture's edge.

    A plane follows light that comes from one side; pixels of the edge that differ much from
    the others are ink and do not count.
    """
    height, width = values.shape
    ring = max(1, round(min(height, width) * EDGE))
    edge = np.ones(values.shape, dtype=bool)
    edge[ring:-ring, ring:-ring] = False
    y, x = np.mgrid[0:height, 0:width] / max(height, width)
    plane = np.stack([np.ones_like(x), x, y], axis=-1)
    distance = np.abs(values - np.median(values[edge]))
    edge &= distance <= max(8.0, 2.5 * float(np.median(distance[edge])))
    fit, *_ = np.linalg.lstsq(plane[edge], values[edge], rcond=None)
    return np.asarray(plane @ fit)


def _threshold(ink: Array) -> float:
    """Return the value that parts ink from paper best (Otsu, 1979)."""
    counts, edges = np.histogram(ink, bins=64)
    middle = (edges[:-1] + edges[1:]) / 2
    below, mass = np.cumsum(counts)[:-1], np.cumsum(counts * middle)
    above = counts.sum() - below
    # Classes without pixels part nothing; the first and last bin are never empty.
    between = (mass[-1] * below - mass[:-1] * counts.sum()) ** 2 / np.maximum(below * above, 1)
    return float(middle[int(np.argmax(between))])


def _fine(ink: Array, grid: Grid) -> Array:
    """Return the digit alone, as high as the grid, in its middle: the fine grid, from 0 to 1."""
    threshold = _threshold(ink)
    rows, columns = np.nonzero(ink > threshold)
    box = ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
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
    weak, strong = 0.1, 50.0
    for _ in range(30):
        weight = (weak + strong) / 2
        if np.clip(share * weight, 0, 1).mean() < grid.ink:
            weak = weight
        else:
            strong = weight
    return np.asarray(np.clip(share * strong, 0, 1).ravel() * grid.levels)
