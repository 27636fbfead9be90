"""The sample: one request that a service accepts, and whether its answer is right."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from deploy.errors import UsageError
from deploy.findings import Finding, fault, notice
from deploy.smoke.expected import Expected, mismatch

#: One request and answer for each of the project's own doors.
CONTRACT = Path(__file__).resolve().parents[2] / "clients" / "contract"

#: Seconds to wait for an answer: what ACI allows at most.
TIMEOUT_SECONDS = 60


@dataclass(frozen=True)
class Sample:
    """A request.

    Attributes:
        body: the JSON body; None for a door that is only asked with GET.
        origin: where it comes from, for messages.
    """

    body: Any
    origin: str

    def send(self, url: str, key: str = "") -> requests.Response:
        """Send it; `key` goes into the Authorization header."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        if self.body is None:
            return requests.get(url, headers=headers, timeout=TIMEOUT_SECONDS)
        return requests.post(url, json=self.body, headers=headers, timeout=TIMEOUT_SECONDS)

    def curl(self, url: str, *, key: bool) -> str:
        """Return the command that sends it; the key is left for the reader to fill in."""
        authorization = " -H 'Authorization: Bearer <key>'" if key else ""
        if self.body is None:
            return f"curl {url}{authorization}"
        # A quote inside single quotes, as sh wants it.
        body = json.dumps(self.body).replace("'", "'\\''")
        return f"curl {url}{authorization} -H 'Content-Type: application/json' -d '{body}'"


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
    """Return the request to send: the one chosen, the Swagger's example, or the contract's.

    The live document comes before the contract, which knows the project's own models only.

    Args:
        entry: the entry script; the contract's folders are called after it.
        swagger: the running service's Swagger 2.0 document.
        chosen: a file with a request.

    Raises:
        UsageError: the chosen file is not there or no JSON.
    """
    if chosen:
        return _recorded(chosen)
    definitions = (swagger or {}).get("definitions", {})
    example = definitions.get("ServiceInput", {}).get("example")
    if example:
        return Sample(example, "the example in its Swagger")
    recorded = CONTRACT / entry.stem / "request.json"
    if recorded.is_file():
        return _recorded(recorded)
    return Sample(None, "a plain GET; --sample FILE sends more")


def _recorded(file: Path) -> Sample:
    try:
        return Sample(json.loads(file.read_text(encoding="utf-8")), str(file))
    except (OSError, ValueError) as error:
        raise UsageError(f"--sample {file}: {error}. Name a file with JSON.") from None


def check_answer(answer: requests.Response, expected: Expected, where: object) -> list[Finding]:
    """Return a fault when the sample was not answered as the model answers it.

    Where the model could not be asked, that is said.
    """
    if answer.status_code != requests.codes.ok:
        problem = f"The sample was answered {answer.status_code}: {answer.text[:300]}"
        return [fault(where, problem, "Make entry script and sample fit: --sample FILE.")]
    try:
        difference = mismatch(answer.json(), expected)
    except ValueError:
        difference = f"the answer is not JSON: {answer.text[:100]}"
    if not difference and expected.values is None:
        fix = "Look at the answer yourself, or give --sample FILE with rows of the model's columns."
        return [notice(where, f"The sample's answer was {expected}.", fix)]
    if not difference:
        return []
    return [fault(where, f"Wrong answer: {difference}.", "Look at run(): it changes the rows.")]
