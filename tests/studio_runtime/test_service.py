"""What studio.yml changes, by a service without a server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from studio_runtime.errors import BadArgument
from studio_runtime.script import Files
from studio_runtime.service import Service

ALONE = """
import pandas as pd


def azureml_main(first, second):
    return pd.DataFrame({"rows": [len(first)], "second": [second is None]})
"""

SCRIPT = """
import pandas as pd


def azureml_main(*tables):
    first, second = tables
    print(len(first))
    return pd.concat([first, first], axis=1), second
"""

CONFIG = """
names: {inputs: [scores, prices], outputs: [result, more]}
schema: {scores: {n: Int32}}
duplicates: underscore
second_output: true
"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A script of two tables with every option that changes an answer."""
    folder = tmp_path_factory.mktemp("studio")
    (folder / "script.py").write_text(SCRIPT)
    (folder / "studio.yml").write_text(CONFIG)
    service = Service(Files.of(folder))
    yield service
    service.close()


def score(service: Service, inputs: dict[str, Any], **query: str) -> Any:
    body = json.dumps({"Inputs": inputs}).encode()
    arguments = {name: [value] for name, value in query.items()}
    return json.loads(service.score(arguments, body))["Results"]


def test_names_schema_and_both_tables(service: Service) -> None:
    """Each as the file says; the device comes behind the tables."""
    inputs = {"scores": [{"n": "7"}], "prices": [{"b": "x"}]}
    answer = score(service, inputs, device="true")
    assert list(answer) == ["result", "more", "device"]
    assert answer["result"] == [{"n": "7", "n_1": "7"}]
    assert answer["more"] == [{"b": "x"}]
    assert answer["device"]["Standard Output"] == "1\n"
    with pytest.raises(BadArgument, match=r'scores, column "n", row 0: expected Int32'):
        score(service, {"scores": [{"n": "x"}], "prices": []})


def test_one_named_input_leaves_the_second_parameter_none(tmp_path: Path) -> None:
    """A script of two parameters is called with both, whatever the service names."""
    (tmp_path / "script.py").write_text(ALONE)
    (tmp_path / "studio.yml").write_text("names: {inputs: [only], outputs: [result]}")
    service = Service(Files.of(tmp_path))
    try:
        answer = score(service, {"only": [{"a": "1"}]})
    finally:
        service.close()
    assert answer == {"result": [{"rows": "1", "second": "True"}]}
