"""What pictures a model takes, declared in `image_input.json` beside it (docs/images.md).

    {"labels": ["flower", "temple"],
     "pixels": {"width": 32, "height": 32, "layout": "NCHW", "mean": [0.5], "std": [0.25]}}

A picture that needs more than size, order and scale is prepared by a Python file beside the model:

    {"prepare": "digit_grid.py", "parameters": {...}, "options": {"polarity": ["dark on light"]}}
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from scoring.errors import ModelBroken
from scoring.models.manifest import verified_record

#: The declaration's name, beside the model file or inside the model folder.
DECLARATION = "image_input.json"

#: A file beside the declaration, never a path.
PYTHON_FILE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\.py")


class Pixels(BaseModel):
    """A model's pixels.

    Attributes:
        width: in pixels.
        height: in pixels.
        mode: RGB, or L for shades of gray.
        fit: how a picture of another shape gets there: stretched; scaled until it covers the
            whole, and what stands out cut off evenly; or scaled until all of it is inside, with
            black around it.
        layout: one picture's axes after the batch's: NHWC has the channels last, NCHW first,
            flat is a row of height * width * channels numbers in the order of NHWC.
        scale: what a pixel's 0 to 255 is divided by.
        mean: subtracted after that, one for each channel or one for all.
        std: what that is divided by, likewise.
        dtype: the numbers' type.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    width: int = Field(gt=0, le=10_000)
    height: int = Field(gt=0, le=10_000)
    mode: Literal["RGB", "L"] = "RGB"
    fit: Literal["stretch", "cover", "contain"] = "cover"
    layout: Literal["NHWC", "NCHW", "flat"] = "NHWC"
    scale: float = Field(default=255.0, gt=0, allow_inf_nan=False)
    mean: list[float] = [0.0]
    std: list[float] = [1.0]
    dtype: Literal["float32", "float64", "uint8"] = "float32"

    @property
    def channels(self) -> int:
        """3 for RGB, 1 for gray."""
        return len(self.mode)

    @model_validator(mode="after")
    def _fits(self) -> Pixels:
        for name in ("mean", "std"):
            if len(getattr(self, name)) not in (1, self.channels):
                raise ValueError(f"{name} needs 1 number or {self.channels}, one for each channel")
        if min(self.std) <= 0:
            raise ValueError("std must be above 0")
        if self.dtype == "uint8" and (self.scale, self.mean, self.std) != (1.0, [0.0], [1.0]):
            raise ValueError("uint8 are the pixels as they are: it needs scale 1, no mean, no std")
        return self


class Declaration(BaseModel):
    """What a model takes and answers.

    Attributes:
        summary: one sentence on what the model tells of a picture.
        pixels: what is made of a picture; or else:
        prepare: a Python file beside the model that makes it (`Preparation`).
        parameters: what that file is given.
        options: what a request may say of its pictures, and the words for each.
        labels: the classes, in the order of the model's outputs. A scikit-learn classifier knows
            its own; where both say it they must agree.
        output: what the model's numbers are: a probability for each class, logits that become
            probabilities by softmax, or values that are answered as they are.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    summary: str = "Tells what a picture shows."
    pixels: Pixels | None = None
    prepare: str | None = None
    parameters: dict[str, Any] = {}
    options: dict[str, list[str]] = {}
    labels: list[str | int] | None = None
    output: Literal["probabilities", "logits", "values"] = "probabilities"

    @field_validator("prepare")
    @classmethod
    def _is_a_file_beside(cls, value: str | None) -> str | None:
        if value is not None and not PYTHON_FILE.fullmatch(value):
            raise ValueError("the name of a Python file beside this one, such as my_input.py")
        return value

    @model_validator(mode="after")
    def _one_way(self) -> Declaration:
        if (self.pixels is None) == (self.prepare is None):
            raise ValueError('needs either "pixels" or "prepare"')
        if self.pixels is not None and (self.parameters or self.options):
            raise ValueError('"parameters" and "options" are for the file named in "prepare"')
        if any(not words for words in self.options.values()):
            raise ValueError("every option needs at least one word")
        if self.labels is not None and len(set(self.labels)) != len(self.labels):
            raise ValueError("labels must differ")
        return self


def read_declaration(model: Path) -> tuple[Declaration, bytes]:
    """Return the declaration beside a model, and the Python file that it names, or nothing.

    Raises:
        ModelBroken: there is none, it cannot be used, or the manifest does not vouch for it.
    """
    folder = model if model.is_dir() else model.parent
    path = folder / DECLARATION
    if not path.exists():
        raise ModelBroken(
            f"No {DECLARATION} beside {model.name}. It says what pictures the model takes: size, "
            "channels, scale; docs/images.md shows one. training/digits.py writes its own: train "
            "again where the model is older."
        )
    try:
        declaration = Declaration.model_validate_json(_vouched_for(path))
    except ValidationError as error:
        said = "; ".join(
            f"{'.'.join(map(str, one['loc'])) or 'it'}: {one['msg']}" for one in error.errors()
        )
        raise ModelBroken(f"{DECLARATION} beside {model.name} cannot be used: {said}.") from None
    source = b"" if declaration.prepare is None else _vouched_for(folder / declaration.prepare)
    return declaration, source


def _vouched_for(path: Path) -> bytes:
    """Return a file's content; where there is a manifest, exactly what it describes."""
    if not path.is_file() or path.is_symlink():
        raise ModelBroken(f"{path.name} beside the model is not there, or is no plain file.")
    record, content = verified_record(path), path.read_bytes()
    if record is not None and hashlib.sha256(content).hexdigest() != record.sha256:
        raise ModelBroken(f"{path.name} was changed while it was read. Start the service again.")
    return content
