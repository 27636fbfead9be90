"""clients/contract and the live services say the same; `make contract` rewrites it from them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deploy.contract.files import differences
from deploy.servers.azmlinfsrv import Server
from tests.clients.kept import FOLDER, contract_differences

DOORS = ["auto", "classifier", "image", "multi_model", "raw_json", "score"]

#: By tests/score/test_spark_table.py, which has the model.
TESTED_WITH_SPARK = "spark_table"


@pytest.mark.parametrize("door", DOORS)
def test_the_contract_is_kept(
    door: str, root: Path, start_server: Callable[..., Server], model_of: Callable[[str], Path]
) -> None:
    """Request, answer and documents of each door are those of the live service."""
    server = start_server(root / "score" / f"{door}.py", model_of(door))
    assert contract_differences(server) == [], "the service has changed: make contract"


@pytest.mark.parametrize(
    ("live", "found"),
    [
        ({"a": [1, 2.0000000000001]}, []),
        ({"a": [1, 2.1]}, [".a[1]: recorded 2.0, live 2.1"]),
        ({"a": [1]}, [".a: recorded [1, 2.0], live [1]"]),
        ({"a": [1, 2.0], "b": 0}, [".b: only in one"]),
        ({"a": [1, 2]}, []),
        ({"a": [1, None]}, [".a[1]: recorded 2.0, live None"]),
    ],
)
def test_differences(live: Any, found: list[str]) -> None:
    """A difference is told by its place; last bits do not count."""
    assert differences({"a": [1, 2.0]}, live) == found


def test_every_contract_is_a_doors(root: Path) -> None:
    """No folder of the contract is left without a door and a test."""
    folders = {path.name for path in FOLDER.iterdir()}
    assert folders == {*DOORS, TESTED_WITH_SPARK}
    assert folders <= {path.stem for path in (root / "score").glob("*.py")}
