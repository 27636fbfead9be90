"""The sample: one request that a service is tried with, of whatever kind it takes."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from deploy.errors import UsageError

ROOT = Path(__file__).resolve().parents[2]

#: One request and answer for each of the project's own doors.
CONTRACT = ROOT / "clients" / "contract"

#: Files beside an entry script that are its sample: `NAME.sample.json` goes before the others.
BESIDE = ("{stem}.sample.json", "sample.json", "sample_request.json", "sample-request.json")

#: Seconds to wait for an answer: what ACI allows at most.
TIMEOUT_SECONDS = 60


@dataclass(frozen=True)
class Sample:
    """A request.

    Attributes:
        body: the JSON body; None where there is none, or it is no JSON.
        origin: where it comes from, for messages; empty where nobody gave a request.
        given: the operator chose it, so the service has to answer it.
        content: a body that is no JSON.
        files: fields of a form and the files in them.
        headers: HTTP headers beside the content type.
        query: of a GET, what follows the question mark.
    """

    body: Any
    origin: str
    given: bool = False
    content: Path | None = None
    files: tuple[tuple[str, Path], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    query: str = ""

    @property
    def is_get(self) -> bool:
        """Whether it asks with GET, for want of a body."""
        return self.body is None and self.content is None and not self.files

    def send(self, url: str, key: str = "") -> requests.Response:
        """Send it; `key` goes into the Authorization header."""
        headers = {**self.headers, **({"Authorization": f"Bearer {key}"} if key else {})}
        if self.files:
            parts = [(name, (file.name, file.read_bytes(), _kind(file)))
                     for name, file in self.files]  # fmt: skip
            return requests.post(url, files=parts, headers=headers, timeout=TIMEOUT_SECONDS)
        if self.content is not None:
            headers.setdefault("Content-Type", _kind(self.content))
            data = self.content.read_bytes()
            return requests.post(url, data=data, headers=headers, timeout=TIMEOUT_SECONDS)
        if self.body is None:
            asked = f"{url}?{self.query}" if self.query else url
            return requests.get(asked, headers=headers, timeout=TIMEOUT_SECONDS)
        return requests.post(url, json=self.body, headers=headers, timeout=TIMEOUT_SECONDS)

    def curl(self, url: str, *, key: bool) -> str:
        """Return the command that sends it; the key is left for the reader to fill in."""
        authorization = " -H 'Authorization: Bearer <key>'" if key else ""
        authorization += "".join(f" -H '{name}: {value}'" for name, value in self.headers.items())
        if self.files:
            form = "".join(f" -F '{name}=@{file};type={_kind(file)}'" for name, file in self.files)
            return f"curl {url}{authorization}{form}"
        if self.content is not None:
            kind = _kind(self.content)
            return (
                f"curl {url}{authorization} -H 'Content-Type: {kind}' --data-binary @{self.content}"
            )
        if self.body is None:
            asked = f"'{url}?{self.query}'" if self.query else url
            return f"curl {asked}{authorization}"
        # A quote inside single quotes, as sh wants it.
        body = json.dumps(self.body).replace("'", "'\\''")
        return f"curl {url}{authorization} -H 'Content-Type: application/json' -d '{body}'"

    def __str__(self) -> str:
        """Say what is sent, as a message shows it."""
        if self.files:
            return " ".join(f"{name}=@{file.name}" for name, file in self.files)
        if self.content is not None:
            return f"@{self.content.name}"
        return f"GET {self.query}".strip() if self.body is None else json.dumps(self.body)[:200]


def _kind(file: Path) -> str:
    return mimetypes.guess_type(file.name)[0] or "application/octet-stream"


def swagger_of(url: str, key: str = "") -> dict[str, Any] | None:
    """Return a service's Swagger 2.0 document; None when it gives no JSON object."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    answer = requests.get(f"{url}/swagger.json", headers=headers, timeout=TIMEOUT_SECONDS)
    try:
        document = strict_json(answer.text)
    except ValueError:
        return None
    return document if answer.ok and isinstance(document, dict) else None


def strict_json(text: str) -> Any:
    """Return what a JSON text says.

    Raises:
        ValueError: it is none; the literals NaN and Infinity, which Python reads, are none either.
    """

    def refuse(literal: str) -> None:
        raise ValueError(f"it has {literal}")

    return json.loads(text, parse_constant=refuse)


def find_sample(entry: Path, swagger: dict[str, Any] | None, chosen: Path | None) -> Sample:
    """Return the request to try a service with.

    It is the one chosen, the example in the script's own Swagger, a file beside the script, or,
    for an entry script of this project as it came, the one of its contract. Without any it is
    a GET without an origin: nobody knows what the script takes.

    Args:
        entry: the entry script.
        swagger: the running service's Swagger 2.0 document.
        chosen: what `--sample` says: a file, `FIELD=@FILE` for a form, or `GET` with a query.

    Raises:
        UsageError: the chosen file is not there or no JSON.
    """
    if chosen:
        return _chosen(str(chosen))
    definitions = (swagger or {}).get("definitions", {})
    example = definitions.get("ServiceInput", {}).get("example")
    if example:
        return Sample(example, "the example in its Swagger")
    for name in BESIDE:
        beside = entry.parent / name.format(stem=entry.stem)
        if beside.is_file():
            return _recorded(beside)
    recorded = CONTRACT / entry.stem / "request.json"
    if recorded.is_file() and is_own_door(entry):
        return _recorded(recorded)
    return Sample(None, "")


def is_own_door(entry: Path) -> bool:
    """Tell whether an entry script is one of this project's, as it came: by content, not name."""
    own = ROOT / "score" / entry.name
    try:
        return own.is_file() and own.read_bytes() == entry.read_bytes()
    except OSError:
        return False


def _chosen(text: str) -> Sample:
    if text == "GET" or text.startswith("GET?"):
        return Sample(None, text, given=True, query=text[4:])
    name, separator, rest = text.partition("=@")
    file = Path(rest if separator else text)
    if not file.is_file():
        raise UsageError(f"--sample {text}: there is no file {file}.")
    if separator:
        return Sample(None, text, given=True, files=((name, file),))
    kind = mimetypes.guess_type(file.name)[0] or ""
    if kind and "json" not in kind and not kind.startswith("text/plain"):
        return Sample(None, str(file), given=True, content=file)
    return _recorded(file, given=True)


def _recorded(file: Path, *, given: bool = False) -> Sample:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return Sample(None, str(file), given=given, content=file)
    except OSError as error:
        raise UsageError(f"--sample {file}: {error}. Name a file with JSON.") from None
    try:
        return Sample(json.loads(text), str(file), given=given)
    except ValueError as error:
        raise UsageError(f"--sample {file}: {error}. Name a file with JSON.") from None
