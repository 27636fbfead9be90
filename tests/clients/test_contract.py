"""clients/contract and the live services say the same; `make contract` rewrites it from them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deploy.contract import contract, differences, write_contract
from deploy.server import Server

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "clients" / "contract"
DOORS = ["auto", "classifier", "image", "multi_model", "raw_json", "score"]


@pytest.mark.parametrize("door", DOORS)
def test_the_contract_is_kept(
    door: str, start_server: Callable[..., Server], model_of: Callable[[str], Path]
) -> None:
    """Request, answer and documents of each door are those of the live service."""
    live = contract(start_server(ROOT / "score" / f"{door}.py", model_of(door)))
    folder = FOLDER / door
    if os.environ.get("CONTRACT") == "write":
        write_contract(folder, live)
    recorded = {path.name: json.loads(path.read_text()) for path in folder.glob("*.json")}
    assert differences(recorded, live) == [], "the service has changed: make contract"


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


def test_every_door_has_a_contract() -> None:
    """No folder of the contract is left without a test."""
    assert sorted(path.name for path in FOLDER.iterdir()) == DOORS
