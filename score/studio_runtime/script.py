"""The user's script: found, compiled, and asked how many tables it takes."""

from __future__ import annotations

import inspect
import os
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

from scoring.errors import ModelBroken, ModelNotFound
from scoring.models.discovery import tree

SCRIPT, BUNDLE, CONFIG = "script.py", "bundle.zip", "studio.yml"
FUNCTION = "azureml_main"

#: The name of the module that the script becomes; pickles made in it find their classes there.
MODULE = "studio_script"

#: Of an exception's text, how much is answered.
SHOWN_CHARACTERS = 2000


class BadEntry(Exception):
    """The script has no `azureml_main` that can be called with two tables."""


@dataclass(frozen=True)
class Files:
    """What is hosted.

    Attributes:
        script: the script.
        bundle: the zip of modules and data; it need not be there.
        config: what the deployer says about it; it need not be there.
    """

    script: Path
    bundle: Path
    config: Path

    @classmethod
    def of(cls, folder: Path) -> Files:
        """Return the files of a folder."""
        return cls(folder / SCRIPT, folder / BUNDLE, folder / CONFIG)


def find_files(environ: Mapping[str, str], beside: Path) -> Files:
    """Return the script and what lies beside it.

    Args:
        environ: AZUREML_MODEL_DIR is searched, in every layout that Azure has.
        beside: the entry script's folder, where it may lie too.

    Raises:
        ModelNotFound: there is no script.py, or more than one.
    """
    given = environ.get("AZUREML_MODEL_DIR", "")
    place = Path(given).absolute() if given else None
    if place is not None and place.is_file():
        place = place.parent
    found = sorted(place.rglob(SCRIPT)) if place is not None else []
    # A script's own folder may hold other files of that name, deeper down.
    nearest = min((len(path.parts) for path in found), default=0)
    found = [path for path in found if len(path.parts) == nearest]
    if len(found) > 1:
        raise ModelNotFound(
            f"{len(found)} files {SCRIPT} in {given}; set AZUREML_MODEL_DIR to the folder of one."
            f"\n{tree(Path(given))}"
        )
    if not found and (beside / SCRIPT).is_file():
        found = [beside / SCRIPT]
    if not found:
        shown = f"\n{tree(place)}" if place is not None and place.is_dir() else ""
        raise ModelNotFound(
            f"No {SCRIPT} in AZUREML_MODEL_DIR={given or '(not set)'} nor in {beside}. Put the "
            f"script there, with {BUNDLE} and {CONFIG} if it has them.{shown}"
        )
    return Files.of(found[0].parent)


def compile_script(file: Path) -> CodeType:
    """Return the compiled script.

    Raises:
        ModelBroken: it is no Python of this version; the message names the line.
    """
    try:
        return compile(file.read_bytes(), str(file), "exec", dont_inherit=True)
    except SyntaxError as error:
        raise ModelBroken(
            f"{file}:{error.lineno}: {error.msg}. A script for Python 2 is brought here by "
            "`python -m deploy studio SCRIPT --fix`."
        ) from None
    except ValueError as error:  # a null byte
        raise ModelBroken(f"{file}: {error}") from None


def tables_taken(function: Any) -> int:
    """Return how many tables `azureml_main` is called with: 0, 1 or 2.

    Raises:
        BadEntry: there is no such function, or it needs more than two tables.
    """
    if not callable(function):
        raise BadEntry(f"the script defines no function {FUNCTION}(dataframe1, dataframe2)")
    if inspect.iscoroutinefunction(function) or inspect.isgeneratorfunction(function):
        raise BadEntry(f"{FUNCTION} must be a plain function, neither async nor a generator")
    count = 0
    for parameter in inspect.signature(function).parameters.values():
        optional = parameter.default is not parameter.empty
        if parameter.kind is parameter.VAR_POSITIONAL:
            return 2
        if parameter.kind is parameter.VAR_KEYWORD:
            continue
        if parameter.kind is parameter.KEYWORD_ONLY or count == 2:
            if not optional:
                raise BadEntry(
                    f"{FUNCTION} requires a parameter {parameter.name!r}; it gets two tables at "
                    "most, by position: give the others defaults"
                )
            continue
        count += 1
    return count


def failure_text(error: BaseException, folders: Callable[[str], str | None]) -> str:
    """Return a script's error in one line, as the old service had it in its log.

    Args:
        error: what the script raised.
        folders: file to the name it is told by; None for files that are not the user's.
    """
    what = f"{type(error).__name__}: {error}".rstrip(": ")
    if len(what) > SHOWN_CHARACTERS:
        what = f"{what[:SHOWN_CHARACTERS]}..."
    if isinstance(error, SyntaxError) and error.filename and folders(error.filename):
        return f"at line {error.lineno} of {folders(error.filename)}: '{what}'"
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        name = folders(frame.filename)
        if name is not None:
            place = "" if name == SCRIPT else f" of {name}"
            return f"at line {frame.lineno}{place} in function {frame.name}: '{what}'"
    return f"'{what}'"


def user_file(script: str, bundle: str) -> Callable[[str], str | None]:
    """Return what names a file of the user's: script.py, or a path within the bundle."""

    def name(file: str) -> str | None:
        if file == script:
            return SCRIPT
        inside = os.path.realpath(file).startswith(os.path.realpath(bundle) + os.sep)
        return os.path.relpath(os.path.realpath(file), os.path.realpath(bundle)) if inside else None

    return name
