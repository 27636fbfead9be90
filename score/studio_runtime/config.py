"""`studio.yml`: what the deployer may say about a script; every line may be left out.

profile: classic            # or designer; without it both, told apart by the names
names: {inputs: [scores, prices], outputs: [result]}
mapping: connected          # an input alone is the first parameter, whichever it is
schema: {input1: {age: Int32, name: String}}
duplicates: underscore      # a_1 in place of "a (1)"
second_output: true         # classic only; the designer always has it
require_no_network: true
limits: {seconds: 10, memory_bytes: 1000000000}
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PositiveFloat,
    PositiveInt,
    ValidationError,
    field_validator,
)
from scoring.errors import ModelBroken

Profile = Literal["classic", "designer"]
ColumnType = Literal["Int32", "Int64", "Double", "Boolean", "String", "DateTime"]
Name = Annotated[str, Field(min_length=1)]

MIB = 2**20


class Strict(BaseModel):
    """Base of what is read from studio.yml: an unknown key is a fault, not a silent default."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Limits(Strict):
    """What one request may use.

    Attributes:
        seconds: from the start of the script to its end.
        memory_bytes: address space beyond that of the warmed interpreter.
        file_bytes: any one file that the script writes.
        queue_seconds: how long a request waits for its turn.
        running: scripts that run at once, over all workers of the service.
        body_bytes, rows, columns, cells: of the request; the last three of each table.
        bundle_bytes, unpacked_bytes, bundle_files: of bundle.zip.
        images, image_bytes, image_pixels: pictures that are answered, the size of each file, and
            the width times height of all together.
        output_bytes: of what the script prints, standard output and standard error each.
    """

    seconds: PositiveFloat = 30
    memory_bytes: PositiveInt = 4096 * MIB
    file_bytes: PositiveInt = 1024 * MIB
    queue_seconds: PositiveFloat = 30
    running: PositiveInt = Field(default_factory=lambda: 2 * (os.cpu_count() or 1))
    body_bytes: PositiveInt = 4 * MIB
    rows: PositiveInt = 100_000
    columns: PositiveInt = 1_000
    cells: PositiveInt = 1_000_000
    bundle_bytes: PositiveInt = 64 * MIB
    unpacked_bytes: PositiveInt = 256 * MIB
    bundle_files: PositiveInt = 2_000
    images: PositiveInt = 16
    image_bytes: PositiveInt = 4 * MIB
    image_pixels: PositiveInt = 25_000_000
    output_bytes: PositiveInt = 64 * 1024


class Names(Strict):
    """What the two inputs and the outputs are called in a request, in the script's order."""

    inputs: tuple[Name, ...] = Field(min_length=1, max_length=2)
    outputs: tuple[Name, ...] = Field(min_length=1, max_length=3)

    @field_validator("inputs", "outputs")
    @classmethod
    def _different(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(names)) < len(names):
            raise ValueError("a name is there twice")
        return names


CLASSIC = Names(inputs=("input1", "input2"), outputs=("output1", "output2", "output3"))
DESIGNER = Names(
    inputs=("WebServiceInput0", "WebServiceInput1"),
    outputs=("WebServiceOutput0", "WebServiceOutput1", "WebServiceOutput2"),
)


class Config(Strict):
    """What studio.yml says; see the top of this file."""

    profile: Profile | None = None
    names: Names | None = None
    mapping: Literal["fixed", "connected"] = "fixed"
    schemas: dict[str, dict[str, ColumnType]] = Field(default_factory=dict, alias="schema")
    duplicates: Literal["brackets", "underscore"] = "brackets"
    second_output: bool = False
    require_no_network: bool = False
    limits: Limits = Field(default_factory=Limits)

    def profiles(self) -> dict[Profile, Names]:
        """Return the profiles that are answered, with their names."""
        if self.names is not None:
            return {self.profile or "classic": self.names}
        both: dict[Profile, Names] = {"classic": CLASSIC, "designer": DESIGNER}
        return {self.profile: both[self.profile]} if self.profile else both


def load_config(file: Path) -> Config:
    """Return what a studio.yml says; the defaults where there is none.

    Raises:
        ModelBroken: it is no YAML, or a line of it is not known; all faults are listed.
    """
    if not file.is_file():
        return Config()
    try:
        # JSON's way of reading, strict but for lists, which are YAML's only sequence.
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        config = Config.model_validate(_tuples(content or {}))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ModelBroken(f"{file} is no YAML: {error}") from None
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()
        )
        raise ModelBroken(f"{file}: {faults}. docs/from-studio.md lists what it may say.") from None
    known = [name for names in config.profiles().values() for name in names.inputs]
    for name in config.schemas:
        if name not in known:
            raise ModelBroken(f"{file}: schema.{name} is no input; there are {', '.join(known)}.")
    return config


def _tuples(value: object) -> object:
    if isinstance(value, dict):
        return {key: _tuples(inner) for key, inner in value.items()}
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
