"""The one verdict: whether the answer to a sample is what was expected.

`check`, `up`, `smoke` and `serve` ask here, so that they never judge one answer differently.
"""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import requests

from deploy.errors import UsageError
from deploy.smoke.compare import differences
from deploy.smoke.expected import Expected, mismatch, read_again

#: How much of a text a message shows.
SHOWN = 300

#: A key under which scripts answer that they failed, with 200.
ERROR_KEY = re.compile(r"errors?|exception|traceback|error_?message", re.IGNORECASE)

#: What Python and the usual libraries say when they raise; a KeyError says the key in quotes.
SOUNDS_LIKE_ERROR = re.compile(
    r"error|exception|traceback|is not defined|has no attribute|no module named|subscriptable"
    r"|not supported|unsupported|invalid|cannot|could not|can't|must be|missing|required"
    r"|unexpected|expect(s|ed|ing)|not found|no such|out of (range|bounds)|not in index|shape"
    r"|division by zero|object is|^'[^']*'$|^\"[^\"]*\"$",
    re.IGNORECASE,
)

#: The constant by which an entry script says that it answers what its model predicts, unchanged.
DECLARATION = "UNCHANGED"


class Outcome(Enum):
    """What became of a sample."""

    RIGHT = "right"
    NOT_COMPARED = "not compared"
    DIFFERENT = "different"
    UNEXPECTED = "unexpected"
    SAYS_ERROR = "says error"
    KEY_REFUSED = "key refused"
    FAILED = "failed"


@dataclass(frozen=True)
class Promise:
    """What the answer has to be.

    Attributes:
        expected: what the model itself predicts.
        unchanged: the script declares that it answers that as it is.
        answer: the answer that the operator gave; None when there is none.
        hands_errors_on: the script returns what it caught as its answer.
    """

    expected: Expected
    unchanged: bool = False
    answer: Any = None
    hands_errors_on: bool = False


@dataclass(frozen=True)
class Verdict:
    """What became of a sample, and the sentence that says so.

    Attributes:
        outcome: what became of it.
        text: for the operator.
    """

    outcome: Outcome
    text: str


def judge(answer: requests.Response, promise: Promise) -> Verdict:
    """Return what an answer is worth; any body with 200 is an answer."""
    status = answer.status_code
    if status in {401, 403}:
        text = f"answered {status}: the key is not accepted. `keys` shows the valid ones."
        return Verdict(Outcome.KEY_REFUSED, text)
    if status != requests.codes.ok:
        return Verdict(Outcome.FAILED, f"answered {status}: {answer.text[:SHOWN]}")
    try:
        body = answer.json()
    except ValueError:
        body = None if promise.answer is None else answer.text
    if promise.answer is not None:
        return _against(promise.answer, body)
    error = said_error(body, hands_on=promise.hands_errors_on)
    if error:
        return Verdict(Outcome.SAYS_ERROR, f"answered {status}, but with an error: {error}")
    if body is None:
        kind = answer.headers.get("content-type", "no type")
        text = f"not compared with the model's own prediction: {kind} is not JSON"
        return Verdict(Outcome.NOT_COMPARED, text)
    difference = mismatch(body, promise.expected)
    if difference:
        return Verdict(Outcome.DIFFERENT, difference)
    right = Outcome.NOT_COMPARED if promise.expected.values is None else Outcome.RIGHT
    return Verdict(right, str(promise.expected))


def _against(wanted: Any, body: Any) -> Verdict:
    found = differences(wanted, body)
    if not found:
        return Verdict(Outcome.RIGHT, "the answer that was expected")
    # A script that answers json.dumps(...) is expected as what the text says.
    if not differences(wanted, read_again(body)):
        return Verdict(Outcome.RIGHT, "the answer that was expected")
    return Verdict(Outcome.UNEXPECTED, f"not the answer expected: {'; '.join(found[:3])[:SHOWN]}")


def said_error(body: Any, *, hands_on: bool) -> str:
    """Return the error that an answer of 200 tells; empty when it tells none.

    Args:
        body: the answer.
        hands_on: the script returns what it caught, so a bare text is that.
    """
    value = read_again(body)
    if isinstance(value, dict):
        told = [v for key, v in value.items() if ERROR_KEY.fullmatch(str(key)) and v]
        texts = [v for v in told if isinstance(v, str | dict | list)]
        return str(texts[0])[:SHOWN] if texts else ""
    heard = hands_on and isinstance(value, str) and SOUNDS_LIKE_ERROR.search(value)
    return str(value)[:SHOWN] if heard else ""


def declares_unchanged(tree: ast.Module) -> bool:
    """Tell whether an entry script says `UNCHANGED = True`: it answers what its model predicts."""
    return any(
        isinstance(node, ast.Assign)
        and any(isinstance(t, ast.Name) and t.id == DECLARATION for t in node.targets)
        and isinstance(node.value, ast.Constant)
        and node.value.value is True
        for node in tree.body
    )


def hands_errors_on(tree: ast.Module) -> bool:
    """Tell whether run() answers with what an `except ... as error` caught."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef) or node.name != "run":
            continue
        for handler in (n for n in ast.walk(node) if isinstance(n, ast.ExceptHandler) and n.name):
            used = any(isinstance(n, ast.Name) and n.id == handler.name
                       for statement in handler.body for n in ast.walk(statement))  # fmt: skip
            if used and not any(isinstance(n, ast.Raise) for n in ast.walk(handler)):
                return True
    return False


def promise_of(entry: Path, expected: Expected, answer: Any = None) -> Promise:
    """Return what an entry script's answer has to be, as its file says; it is not run."""
    try:
        tree = ast.parse(entry.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return Promise(expected, answer=answer)
    return Promise(expected, declares_unchanged(tree), answer, hands_errors_on(tree))


def expected_answer(file: Path | None) -> Any:
    """Return the answer that the operator expects; None when no file was given.

    Raises:
        UsageError: the file is not there or no JSON.
    """
    if file is None:
        return None
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise UsageError(f"--expect {file}: {error}. Name a file with JSON.") from None
