"""One request, in a process of its own: the script is imported, called, and its result written.

The process was forked from a warm one and ends with the request, so nothing that a script
does (modules, globals, files, `sys.exit`) is there at the next.
"""

from __future__ import annotations

import base64
import os
import pickle
import shutil
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import numpy as np
from scoring.outputs.encoding import encode

from studio_runtime import bundle, isolation, results, script
from studio_runtime.config import Limits
from studio_runtime.images import TooManyPictures, concatenated, pictures
from studio_runtime.job import Header, Job, pack


@dataclass(frozen=True)
class Place:
    """What a process of a script needs to know.

    Attributes:
        code: the compiled script.
        file: where it lies.
        bundle: the unpacked bundle; None without.
        limits: what it may use.
        baseline: address space before it starts.
    """

    code: CodeType
    file: str
    bundle: Path | None
    limits: Limits
    baseline: int


def work(place: Place, folder: Path, job_file: int, result_file: int) -> None:
    """Do one job and write its result.

    Args:
        place: what is hosted.
        folder: private to this request; empty.
        job_file: descriptor of the pickled `Job`.
        result_file: descriptor that takes header and outputs.
    """
    _enter(folder)
    bundled = folder / "work" / bundle.FOLDER
    if place.bundle is not None:
        # A copy: what the script writes there is gone with the request.
        shutil.copytree(place.bundle, bundled)
        sys.path.append(str(bundled))
    with os.fdopen(job_file, "rb") as file:
        # Written by the server's worker, not by the client.
        job: Job = pickle.load(file)  # noqa: S301
    isolation.limit(place.limits, place.baseline)
    name = script.user_file(place.file, str(bundled))
    process = os.getpid()
    content = _guarded(lambda: _call(place, job), name)
    if os.getpid() != process:  # the script forked, and its child came this way too
        return
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    with os.fdopen(result_file, "wb") as file:
        file.write(content)


def _enter(folder: Path) -> None:
    working, temporary = folder / "work", folder / "tmp"
    for path in (working, temporary):
        path.mkdir()
    os.chdir(working)
    os.environ["TMPDIR"] = tempfile.tempdir = str(temporary)
    # It would take /dev/shm, which outlives the request.
    os.environ["JOBLIB_TEMP_FOLDER"] = str(temporary)
    # Python's own generator is seeded anew after a fork, numpy's is not.
    np.random.seed()
    for descriptor, stream in ((1, "stdout"), (2, "stderr")):
        text = open(  # noqa: SIM115 - open until the process ends
            descriptor, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False
        )
        setattr(sys, stream, text)


def _guarded(call: Callable[[], bytes], name: Callable[[str], str | None]) -> bytes:
    """Return what `call` returns, or the header that says how it failed."""
    try:
        return call()
    except MemoryError:
        return pack(Header("memory", log=traceback.format_exc()))
    except TooManyPictures as error:
        what, limit, setting = error.args
        return pack(Header("limit", what, count=limit, setting=setting))
    except script.BadEntry as error:
        return pack(Header("entry", str(error)))
    except results.NoTable as error:
        return pack(Header("script", str(error)))
    except BaseException as error:  # noqa: BLE001 - SystemExit too: the script's, not ours
        text = script.failure_text(error, name)
        return pack(Header("script", text, log=traceback.format_exc()))


def _call(place: Place, job: Job) -> bytes:
    module = ModuleType(script.MODULE)
    module.__file__ = place.file
    sys.modules[script.MODULE] = module
    sys.argv = [place.file]
    exec(place.code, module.__dict__)  # noqa: S102 - the deployer's script: what this is for
    function: Any = getattr(module, script.FUNCTION, None)
    taken = script.tables_taken(function)
    if job.frames is None:
        return pack(Header("checked", count=taken))
    # Where the service names one input only, the second parameter is None, as in Studio.
    frames = results.returned_frames(function(*[*job.frames, None, None][:taken]))
    if len(frames) > len(job.outputs):
        text = "azureml_main returned two tables; this service answers one (second_output)"
        return pack(Header("script", text))
    naming = results.UNDERSCORE if job.underscore else results.BRACKETS
    tables = [results.to_table(frame, naming) for frame in frames]
    outputs = encode(
        {
            output: table.as_list(typed=job.typed)
            if job.as_list
            else table.as_table(details=job.details)
            for output, table in zip(job.outputs, tables, strict=False)
        }
    )
    done = Header("done", tables=len(tables))
    if job.pictures:
        found, warnings = pictures(Path.cwd(), place.limits)
        done = replace(done, pictures=_encoded(found, job.concat), warnings=warnings)
    return pack(done, outputs)


def _encoded(found: Sequence[bytes], concat: bool) -> list[str]:
    if concat and found:
        found = [concatenated(found)]
    return [base64.b64encode(content).decode() for content in found]
