"""The examples for Studio scripts, served and called as their pages say."""

from __future__ import annotations

import base64
import io
import json
import re
import shlex
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from deploy.servers.azmlinfsrv import Server
from tests.docs.documented import blocks
from tests.score.studio_client import post, refused, table

ROOT = Path(__file__).resolve().parents[2]
STUDIO = ROOT / "examples" / "studio"
NAMES = sorted(path.parent.name for path in STUDIO.glob("*/script.py"))


def answer_of(start_server: Callable[..., Server], name: str) -> Any:
    """Serve an example and run the page's curl against it; return the answer."""
    lines = [
        line
        for language, text in blocks(STUDIO / name / "README.md")
        for line in text.splitlines()
        if language == "sh"
    ]
    (serve,) = [shlex.split(line) for line in lines if line.startswith("make serve")]
    options = dict(option.split("=") for option in serve[2:])
    server = start_server(ROOT / options["ENTRY"], ROOT / options["MODEL_DIR"])
    (curl,) = [line for line in lines if line.startswith("curl")]
    curl = curl.replace("http://127.0.0.1:5001", server.url).replace("curl", "curl -sS", 1)
    done = subprocess.run(["bash", "-euc", curl], cwd=ROOT, capture_output=True, check=True)
    return json.loads(done.stdout)["Results"]


def numbers(table: Any) -> Any:
    """Return a table with its numbers as floats, to be compared nearly."""
    text = json.dumps(table)
    return [float(number) for number in re.findall(r"-?\d+\.\d+", text)]


@pytest.mark.needs("curl")
@pytest.mark.parametrize("name", NAMES)
def test_the_example_is_answered_as_it_says(start_server: Callable[..., Server], name: str) -> None:
    """The same columns and types, the same texts, and numbers as far as machines agree."""
    expected = json.loads((STUDIO / name / "answer.json").read_text())["Results"]
    answer = answer_of(start_server, name)
    pictures = answer.pop("output2", {}).get("Graphics Device", [])
    if name == "feature_importance":
        check_importances(answer)
    else:
        # Sums of a machine's own order of operations differ in the last digits.
        assert numbers(answer) == pytest.approx(numbers(expected), rel=1e-9)
        plain = [re.sub(r"-?\d+\.\d+", "0", json.dumps(one)) for one in (answer, expected)]
        assert plain[0] == plain[1]
    assert len(pictures) == (1 if name in ("feature_importance", "scatter_matrix") else 0)
    for picture in pictures:
        with Image.open(io.BytesIO(base64.b64decode(picture))) as image:
            # Not a blank sheet.
            assert len(image.convert("RGB").getcolors(maxcolors=1 << 24) or []) > 50


def check_importances(answer: Any) -> None:
    """Ranks and sum; the forest's numbers are each machine's own."""
    value = answer["output1"]["value"]
    importances = [float(row[1]) for row in value["Values"]]
    assert value["Values"][0][0] == "worst concave points"
    assert importances == sorted(importances, reverse=True)
    assert len(importances) == 30
    assert sum(importances) == pytest.approx(1)


def test_the_bundle_is_what_lies_beside_it() -> None:
    """bundle.zip has the files of bundle/, as they are."""
    folder = STUDIO / "join" / "bundle"
    with zipfile.ZipFile(STUDIO / "join" / "bundle.zip") as archive:
        packed = {name: archive.read(name).decode() for name in archive.namelist()}
    assert packed == {path.name: path.read_text() for path in folder.iterdir() if path.is_file()}


@pytest.fixture(scope="module")
def expressions(start_server: Callable[..., Server]) -> Server:
    """The service that computes expressions."""
    return start_server(ROOT / "score" / "studio.py", STUDIO / "expressions")


HOSTILE = [
    "9**9**9",
    "9**9999999",
    '"a"*10**9',
    '10**9*"a"*1',
    '"%1000000000d" % 1',
    '__import__("os")',
    "().__class__",
    "[x for x in (1,)]",
    "lambda: 1",
    "(-8) ** 0.5",
    "1/0",
    "abs(" * 100 + "1" + ")" * 100,
    "1" * 501,
    "round(1, ndigits=1)",
    "open('/etc/passwd')",
    "1e308 * 10 ** 400",
    "",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_hostile_is_refused(expressions: Server, text: str) -> None:
    """With 400 and the reason; none of it takes the time limit."""
    body = {"Inputs": {"WebServiceInput0": [{"expression": text}]}}
    status, code, _, message = refused(post(expressions, body))
    assert (status, code) == (400, "ModuleExecutionError")
    assert "ValueError" in message


INTEGERS = st.integers(-20, 20).map(str)


@given(
    st.recursive(
        INTEGERS,
        lambda inner: st.tuples(
            inner, st.sampled_from(["+", "-", "*", "/", "//", "%", "<", "=="]), inner
        ).map(lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"),
        max_leaves=8,
    )
)
def test_what_is_computed_is_what_python_computes(text: str) -> None:
    """The oracle is `eval`, for texts that this test made itself."""
    scope: dict[str, Any] = {}
    exec((STUDIO / "expressions" / "script.py").read_text(), scope)  # noqa: S102 - ours
    try:
        expected = eval(text)  # noqa: S307 - see above
    except ArithmeticError:
        with pytest.raises(ValueError, match="cannot be computed"):
            scope["value_of"](text)
    else:
        # The same operations on the same machine.
        assert scope["value_of"](text) == expected


def test_a_table_works_too(expressions: Server) -> None:
    """In the old format a value is a string."""
    body = {"Inputs": {"input1": table(["expression"], ["1 / 4"])}}
    answer = post(expressions, body).json()["Results"]["output1"]["value"]["Values"]
    assert answer == [["1 / 4", "0.25"]]
