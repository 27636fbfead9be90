"""The verbs swagger and contract; tests/deploy/contract holds what they write."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from deploy.contract.files import differences
from tests.deploy.conftest import Ended, run


def contract(entry: Path, out: Path, model: Path) -> Ended:
    return run("contract", "--entry", str(entry), "--out", str(out), "--model-dir", str(model))


def test_a_contract_is_taken_from_the_live_service(
    root: Path, tmp_path: Path, sample_model: Path
) -> None:
    """The folder of the door is written anew: what lay there before is gone."""
    out = tmp_path / "contract"
    shutil.copytree(root / "clients/contract/raw_json", out / "raw_json")
    (out / "raw_json" / "old.json").write_text("{}")
    (out / "raw_json" / "answer.json").write_text("[]")
    ended = contract(root / "score/raw_json.py", out, sample_model)
    assert (ended.code, ended.out.split()) == (0, [str(out / "raw_json")]), ended.err
    kept = root / "clients" / "contract" / "raw_json"
    assert {path.name for path in (out / "raw_json").iterdir()} == {
        path.name for path in kept.iterdir()
    }
    for path in kept.iterdir():
        live = json.loads((out / "raw_json" / path.name).read_text())
        assert differences(json.loads(path.read_text()), live) == []


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--entry", "score/nowhere.py"), 1, "No entry script"),
        (("--out", "nowhere"), 2, "nowhere has no folder of a door"),
        (("--model-dir", "models"), 2, "one --entry"),
        (("--entry", "score/score.py", "--model-dir", "models/none"), 1, "No model folder"),
    ],
)
def test_what_cannot_be_taken(
    arguments: tuple[str, ...], code: int, told: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A door or a model that is not there is named; nothing is written."""
    monkeypatch.chdir(root)
    ended = run("contract", *arguments)
    assert (ended.code, told in ended.err) == (code, True), ended.err
