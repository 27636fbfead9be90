"""The sample: one request a service accepts, and what the model itself says to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from math import isclose
from pathlib import Path
from typing import Any

import requests

from deploy.errors import UsageError
from deploy.findings import Finding, fault
from deploy.models import ModelSource

#: One request and answer for each of the project's own doors.
CONTRACT = Path(__file__).resolve().parent.parent / "clients" / "contract"

#: Seconds to wait for an answer: what ACI allows at most.
TIMEOUT_SECONDS = 60

#: A container's arithmetic may differ in the last digits from this machine's.
RELATIVE_TOLERANCE = 1e-6


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
        document = answer.json()
    except ValueError:
        return None
    return document if answer.ok and isinstance(document, dict) else None


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


def own_predictions(models: list[ModelSource], body: Any) -> list[Any] | None:
    """Return what the model itself predicts for the rows in a request, without the service.

    None where that cannot be asked from outside: several models, a format other than joblib,
    a request without rows, a model without named features.
    """
    files = [f for m in models for f in m.files() if f.suffix in {".joblib", ".pkl"}]
    rows = next(_tables(body), None)
    if len(files) != 1 or not rows:
        return None
    import joblib
    import pandas as pd

    model = joblib.load(files[0])
    names = list(getattr(model, "feature_names_in_", []))
    frame = pd.DataFrame(rows) if isinstance(rows[0], dict) else pd.DataFrame(rows, columns=names)
    if not hasattr(model, "predict") or not names or set(frame.columns) != set(names):
        return None
    predicted: list[Any] = model.predict(frame[names]).tolist()
    return predicted


def mismatch(answer: Any, expected: list[Any] | None) -> str:
    """Return how an answer differs from the model's own predictions; empty when it does not."""
    if expected is None:
        return ""
    lists = [value for value in _lists(answer) if len(value) == len(expected)]
    if any(all(map(_same, value, expected)) for value in lists):
        return ""
    return f"the model itself predicts {expected[:3]}, the service answered {str(answer)[:200]}"


def check_answer(
    answer: requests.Response, expected: list[Any] | None, where: object
) -> list[Finding]:
    """Return a fault when the sample was not answered as the model answers it."""
    if answer.status_code != requests.codes.ok:
        problem = f"The sample was answered {answer.status_code}: {answer.text[:300]}"
        return [fault(where, problem, "Make entry script and sample fit: --sample FILE.")]
    try:
        difference = mismatch(answer.json(), expected)
    except ValueError:
        difference = f"the answer is not JSON: {answer.text[:100]}"
    if not difference:
        return []
    return [fault(where, f"Wrong answer: {difference}.", "Look at run(): it changes the rows.")]


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return isclose(one, other, rel_tol=RELATIVE_TOLERANCE, abs_tol=1e-9)
    return bool(one == other)


def _tables(value: Any) -> Iterator[list[Any]]:
    """Yield each list of records or of lists inside a JSON value."""
    if isinstance(value, list) and value and isinstance(value[0], dict | list):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _tables(inner)


def _lists(value: Any) -> Iterator[list[Any]]:
    if isinstance(value, list):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _lists(inner)
