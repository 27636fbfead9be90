"""Handwriting brought into the classifier's grid."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
from digit_grid import Grid, _cells, _median, prepare
from digits import PREPROCESSING, split
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFilter, ImageOps
from sklearn.datasets import load_digits


@pytest.fixture(scope="module")
def model(digits_model: Path) -> Any:
    return joblib.load(digits_model / "model.joblib")


def read(model: Any, picture: Image.Image, polarity: str | None = None) -> int:
    options = {} if polarity is None else {"polarity": polarity}
    cells = prepare(picture.convert("RGB"), PREPROCESSING, options)
    assert cells.shape == (64,)
    assert 0 <= cells.min() <= cells.max() <= 16
    return int(model.predict([cells])[0])


@pytest.mark.parametrize("digit", range(10))
def test_drawn_digits_are_read(model: Any, digit_pictures: dict[int, Path], digit: int) -> None:
    """A drawn digit is read as it is, turned to its negative, blurred, enlarged and shrunk."""
    with Image.open(digit_pictures[digit]) as file:
        picture = file.convert("L")
    side = max(picture.size)
    variants = [
        picture,
        ImageOps.invert(picture),
        picture.filter(ImageFilter.GaussianBlur(side / 200)),
        picture.resize((picture.width * 2, picture.height * 2)),
        picture.resize((max(picture.width // 3, 28), max(picture.height // 3, 28))),
        ImageOps.autocontrast(picture),
    ]
    assert [read(model, variant) for variant in variants] == [digit] * len(variants)


@pytest.mark.parametrize(("side", "inverted"), [(8, False), (12, True), (64, False), (300, True)])
def test_pictures_of_held_out_digits_are_read(model: Any, side: int, inverted: bool) -> None:
    """Digits the model never saw, made into pictures of any size, are read 95 times in 100."""
    _, digits, _, labels = split()
    pictures = []
    for cells in digits:
        small = Image.fromarray((cells.reshape(8, 8) * 255 / 16).astype(np.uint8))
        page = Image.new("L", (round(side * 1.4), round(side * 1.3)))
        page.paste(small.resize((side, side)), (round(side * 0.2), round(side * 0.15)))
        pictures.append(ImageOps.invert(page) if inverted else page)
    right = [read(model, picture) == label for picture, label in zip(pictures, labels, strict=True)]
    assert np.mean(right) >= 0.95


def test_polarity_can_be_said(model: Any, digit_pictures: dict[int, Path]) -> None:
    """Said wrongly, the paper is taken for the ink; said rightly, it is as found out."""
    with Image.open(digit_pictures[6]) as file:
        picture = file.convert("L")
    assert read(model, picture, "dark on light") == 6
    with pytest.raises(ValueError, match="empty"):
        read(model, picture, "light on dark")


@pytest.mark.parametrize("value", [0, 128, 255])
def test_an_even_picture_is_empty(model: Any, value: int) -> None:
    """Where nothing is written no label is made up."""
    with pytest.raises(ValueError, match="is empty"):
        read(model, Image.new("L", (60, 40), value))


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (500, 1), (2, 3), (3000, 2)])
def test_odd_sizes_are_no_server_error(model: Any, size: tuple[int, int]) -> None:
    """A line or a dot is read as something or called empty."""
    values = np.random.default_rng(0).integers(0, 255, (size[1], size[0]), dtype=np.uint8)
    try:
        assert read(model, Image.fromarray(values)) in range(10)
    except ValueError as error:
        assert "empty" in str(error)  # noqa: PT017 - either outcome is right


def test_the_grid_is_the_training_datas() -> None:
    """Ink and height are as in scikit-learn's digits, whose pictures all fill their 8 rows."""
    data = load_digits().images
    grid = Grid(**PREPROCESSING)  # type: ignore[arg-type]
    assert data.mean() / 16 == pytest.approx(grid.ink, abs=0.001)
    assert (data.max(axis=2) > 0).all()


@pytest.mark.parametrize("size", [(32, 32), (96, 128), (33, 70)])
def test_the_median_is_pillows(size: tuple[int, int]) -> None:
    """Pillow's own filter, edges included, is the oracle of the quicker one."""
    shades = np.random.default_rng(0).integers(0, 255, size, dtype=np.uint8)
    expected = np.asarray(Image.fromarray(shades).filter(ImageFilter.MedianFilter(3)))
    assert (_median(shades) == expected).all()


@given(st.integers(0, 10_000), st.floats(0.05, 0.6))
def test_the_stroke_is_made_as_heavy_as_wanted(seed: int, ink: float) -> None:
    """The mean of the cells is the ink asked for, wherever a weight can make it so."""
    rng = np.random.default_rng(seed)
    fine = np.clip(rng.normal(0.2, 0.4, (32, 32)), 0, 1)
    grid = Grid(**(PREPROCESSING | {"ink": ink}))  # type: ignore[arg-type]
    # The weight is computed, not searched: only rounding is left.
    assert _cells(fine, grid).mean() / 16 == pytest.approx(ink, rel=1e-9)
