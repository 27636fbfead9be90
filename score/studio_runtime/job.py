"""What passes between the server's worker and the process of the script.

The job goes there pickled, by the worker, which is trusted. What comes back is never unpickled:
one line of JSON, the header, and the JSON text of the outputs.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import pandas as pd

#: What is said on the socket between them, one byte each: here is a job, nobody waits for its
#: answer any more, it is done.
JOB, GIVE_UP, DONE = b"j", b"g", b"d"

Kind = Literal["done", "checked", "script", "entry", "memory", "limit"]


@dataclass(frozen=True)
class Job:
    """One call of the script.

    Attributes:
        frames: what `azureml_main` is called with; None asks only whether it can be called.
        outputs: the names of the tables that it may return.
        as_list: answer lists of rows, not tables.
        typed: their values are typed, not strings.
        details: tables say names and types.
        underscore: how duplicates of column names are numbered.
        pictures: whether the pictures are asked for.
        concat: as one.
    """

    frames: list[pd.DataFrame | None] | None
    outputs: list[str] = field(default_factory=list)
    as_list: bool = False
    typed: bool = False
    details: bool = False
    underscore: bool = False
    pictures: bool = False
    concat: bool = False


@dataclass(frozen=True)
class Header:
    """How it ended.

    Attributes:
        kind: `done`, `checked`, or whose fault it was.
        text: for the client.
        log: for the log only.
        count: of `checked` the tables it takes, of `limit` the limit.
        tables: how many of them are in the outputs.
        setting: of `limit`.
        pictures: PNG files as base64.
        warnings: for the client and the log.
    """

    kind: Kind
    text: str = ""
    log: str = ""
    count: int = 0
    tables: int = 0
    setting: str = ""
    pictures: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Report:
    """How the process ended, as its parent saw it.

    Attributes:
        late: it was ended for taking too long.
        code: its exit code; negative for a signal.
        stdout, stderr: what it printed, cut.
    """

    late: bool
    code: int
    stdout: str
    stderr: str


def pack(header: Header, outputs: bytes = b"") -> bytes:
    """Return header and outputs as they are written."""
    return json.dumps(asdict(header)).encode() + b"\n" + outputs


def unpack(content: bytes) -> tuple[Header, bytes] | None:
    """Return header and outputs; None when the script's process ended without them."""
    line, end, outputs = content.partition(b"\n")
    return (Header(**json.loads(line)), outputs) if end else None


def read_report(content: bytes) -> Report:
    """Return the report that the parent of the script's process wrote."""
    fields: dict[str, Any] = json.loads(content)
    return Report(**fields)
