"""One bad model stays one bad model, and what passes is tried again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import joblib
import pytest
from scoring.errors import ModelUnavailable
from scoring.models.discovery import find_models
from scoring.multi_model.catalog import Catalog
from scoring.multi_model.faults import LONGEST_PAUSE, Fault
from scoring.settings import Settings

from tests.several import constant, write


class Exits:
    """A pickle that ends the program when it is read."""

    def __reduce__(self) -> Any:
        return exit_now, ()


def exit_now() -> None:
    """End the program."""
    raise SystemExit(3)


def broken_sample(folder: Path) -> None:
    (folder / "sample_input.json").write_text("[" * 100_000)


def broken_manifest(folder: Path) -> None:
    (folder / "models.json").write_text('{"models": ' + "[" * 100_000)


def exiting(folder: Path) -> None:
    joblib.dump(Exits(), folder / "model.joblib")


@pytest.mark.parametrize("harm", [broken_sample, broken_manifest, exiting])
def test_one_bad_model_stays_one(tmp_path: Path, harm: Any) -> None:
    """Deep nesting and a pickle that exits leave the other model answering."""
    write(tmp_path, {"good/1": constant(1.0), "bad/1": constant(2.0)})
    harm(tmp_path / "bad" / "1")
    catalog = Catalog(find_models(tmp_path), Settings())
    assert list(catalog.loaded) == [("good", "1")]
    with pytest.raises(ModelUnavailable, match="'bad' version '1'"):
        catalog.get(("bad", "1"))


@pytest.mark.parametrize("error", [OSError("no descriptor"), MemoryError(), TimeoutError()])
def test_a_passing_fault_passes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """A fault of the machine is 503 for a while; then the model is loaded after all."""
    write(tmp_path, {"a/1": constant(1.0), "b/1": constant(2.0)})
    catalog = Catalog(find_models(tmp_path), Settings(loaded_models=1))

    def fail(*_: Any) -> Any:
        raise error

    with monkeypatch.context() as full:
        full.setattr("joblib.load", fail)
        with pytest.raises(ModelUnavailable):
            catalog.get(("b", "1"))
    with pytest.raises(ModelUnavailable):
        catalog.get(("b", "1"))
    now = catalog._broken["b", "1"].since + 2
    monkeypatch.setattr("scoring.multi_model.faults.time.monotonic", lambda: now)
    assert catalog.get(("b", "1")).loaded.name == "b"


def test_pauses_grow_up_to_a_bound() -> None:
    """One second, two, four, at most five minutes; what the file explains is not tried again."""
    fault = Fault.of(OSError(), None)
    pauses = [fault.pause]
    for _ in range(12):
        fault = Fault.of(OSError(), fault)
        pauses.append(fault.pause)
    assert pauses[:4] == [1.0, 2.0, 4.0, 8.0]
    assert pauses[-1] == LONGEST_PAUSE
    assert Fault.of(ValueError("damaged"), None).pause is None
