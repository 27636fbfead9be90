"""From pictures to the array that a model takes, as its declaration says."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from scoring.errors import ClientError, ModelBroken
from scoring.images.declaration import Declaration, Pixels
from scoring.parameters.choice import Choice
from scoring.parameters.nested import Nested
from scoring.problems import Problems, describe, key_path

NO_OPTIONS = "nothing: this model has no options"

#: Makes one picture's array, from a picture in mode RGB and the request's options.
Prepare = Callable[[Image.Image, Mapping[str, str]], npt.NDArray[Any]]


def preparation(declaration: Declaration, source: bytes) -> Prepare:
    """Return what makes one picture's array.

    Args:
        declaration: of the model.
        source: the Python file that it names. Its `prepare(picture, parameters, options)` takes a
            picture in mode RGB and two dictionaries, and returns an array that is as large for
            every picture; a ValueError says what is wrong with the picture.

    Raises:
        ModelBroken: the file cannot be run, or has no `prepare`.
    """
    if declaration.pixels is not None:
        pixels = declaration.pixels
        return lambda picture, _options: to_array(picture, pixels)
    name = str(declaration.prepare)
    module = types.ModuleType(f"image_input_{name.removesuffix('.py')}")
    # Where a dataclass looks for the module that it is defined in.
    sys.modules[module.__name__] = module
    try:
        # As much ours as the model itself, whose pickle runs code as well.
        exec(compile(source, name, "exec"), module.__dict__)  # noqa: S102
    except Exception as error:
        raise ModelBroken(f"{name} cannot be run: {type(error).__name__}: {error}") from error
    prepare = getattr(module, "prepare", None)
    if not callable(prepare):
        raise ModelBroken(f"{name} has no function prepare(picture, parameters, options).")
    return lambda picture, options: np.asarray(prepare(picture, declaration.parameters, options))


def prepared(prepare: Prepare, picture: Image.Image, where: str, options: Mapping[str, str]) -> Any:
    """Return one picture's array.

    Raises:
        ClientError: the preparation refuses the picture.
    """
    try:
        return prepare(picture, options)
    except ValueError as error:
        raise ClientError(f"{where} {error}") from None


def to_array(picture: Image.Image, pixels: Pixels) -> npt.NDArray[Any]:
    """Return a picture's array, (height, width, channels) and as the layout says.

    Args:
        picture: mode RGB, any size.
        pixels: what the model takes.
    """
    size = (pixels.width, pixels.height)
    if pixels.fit == "stretch":
        fitted = picture.resize(size, Image.Resampling.BILINEAR, reducing_gap=3)
    elif pixels.fit == "cover":
        fitted = ImageOps.fit(picture, size, Image.Resampling.BILINEAR)
    else:
        fitted = ImageOps.pad(picture, size, Image.Resampling.BILINEAR)
    values = np.asarray(fitted.convert(pixels.mode)).reshape(*size[::-1], pixels.channels)
    if pixels.dtype != "uint8":
        scaled = (values / pixels.scale - np.array(pixels.mean)) / np.array(pixels.std)
        values = scaled.astype(pixels.dtype)
    if pixels.layout == "NCHW":
        return np.ascontiguousarray(values.transpose(2, 0, 1))
    return values.ravel() if pixels.layout == "flat" else values


def options_of(declaration: Declaration, data: Mapping[str, Any]) -> dict[str, str]:
    """Return what a request's `data` says of its pictures.

    Raises:
        InvalidInput: `data` says something else, or something unknown.
    """
    if not declaration.options:
        problems = Problems("data")
        for name, value in data.items():
            problems.add("data", key_path("data", name), NO_OPTIONS, describe(value))
        problems.raise_any()
        return {}
    words = {name: Choice(list(words)) for name, words in declaration.options.items()}
    options: dict[str, str] = Nested(words, optional=list(words)).convert(dict(data), "data")
    return options
