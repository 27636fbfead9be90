"""Manifests: what matches is loaded, what does not is refused before it is opened."""

from __future__ import annotations

import json
import logging
import subprocess
from pathlib import Path
from typing import Any

import pytest
from scoring.errors import ModelBroken
from scoring.models import manifest
from scoring.telemetry.log import logger

CONTENT = b"not a real model: nothing here opens it"


def write(folder: Path, *records: dict[str, Any]) -> Path:
    model = folder / "model.joblib"
    model.write_bytes(CONTENT)
    (folder / "models.json").write_text(json.dumps({"models": list(records)}))
    return model


def sha256sum(path: Path) -> str:
    return subprocess.check_output(["sha256sum", path], text=True).split()[0]


@pytest.mark.parametrize("case", [str.lower, str.upper])
def test_the_hash_is_sha256sums(tmp_path: Path, case: Any) -> None:
    """A file whose hash another program computed is accepted, in either case of its digits."""
    model = write(tmp_path)
    record = {"file": model.name, "sha256": case(sha256sum(model)), "libraries": {"numpy": "1.0"}}
    write(tmp_path, record)
    found = manifest.verified_record(model)
    assert found is not None
    assert (found.sha256, found.libraries) == (sha256sum(model), {"numpy": "1.0"})


def test_the_documented_command_hashes_a_folder(tmp_path: Path, root: Path) -> None:
    """The shell line in docs/models.md gives the hash that is checked."""
    for name in ("MLmodel", "b/data.bin", "b c.txt", "Z", "models.json"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"content of {name}")
    lines = (root / "docs" / "models.md").read_text().splitlines()
    command = next(line for line in lines if line.startswith("find ."))
    printed = subprocess.check_output(command, shell=True, cwd=tmp_path, text=True)  # noqa: S602
    assert manifest.sha256(tmp_path) == printed.split()[0]


def test_another_file_is_refused(tmp_path: Path) -> None:
    """A changed byte is refused, naming both hashes."""
    model = write(tmp_path)
    write(tmp_path, {"file": model.name, "sha256": sha256sum(model)})
    model.write_bytes(CONTENT + b"!")
    with pytest.raises(ModelBroken, match=r"not the file.*SHA-256 is \w{64}.*not loaded"):
        manifest.verified_record(model)


def test_an_unlisted_file_is_refused(tmp_path: Path) -> None:
    """A manifest that lists other files vouches for none beside them."""
    model = write(tmp_path, {"file": "other.pkl", "sha256": "0" * 64})
    with pytest.raises(ModelBroken, match=r"does not list it \(it lists: other.pkl\)"):
        manifest.verified_record(model)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON"),
        ("[]", "docs/models.md"),
        ('{"models": {}}', "docs/models.md"),
        ('{"models": [1]}', r"models\[0\] must be an object"),
        ('{"models": [{"file": "a"}]}', r"models\[0\] needs a text 'sha256'"),
        ('{"models": [{"file": "a", "sha256": "b", "by": 3}]}', "by must be a text"),
        ('{"models": [{"file": "a", "sha256": "b", "libraries": []}]}', "libraries must map"),
        ('{"models": [{"file": "a", "sha256": "b", "libraries": {"x": 1}}]}', "libraries must map"),
    ],
)
def test_a_bad_manifest_is_named(tmp_path: Path, text: str, message: str) -> None:
    """A manifest that cannot be read says which part is wrong."""
    model = write(tmp_path)
    (tmp_path / "models.json").write_text(text)
    with pytest.raises(ModelBroken, match=message):
        manifest.verified_record(model)


def test_without_a_manifest_one_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two models without a manifest are loaded with one warning between them."""
    manifest._warn_unverified.cache_clear()
    monkeypatch.setattr(logger, "propagate", True)
    model = tmp_path / "model.joblib"
    model.write_bytes(CONTENT)
    with caplog.at_level(logging.WARNING, logger=logger.name):
        assert manifest.verified_record(model) is None
        assert manifest.verified_record(model) is None
    assert len([record for record in caplog.records if "models.json" in record.message]) == 1


def test_library_mismatches() -> None:
    """Other versions and missing packages are listed, equal ones are not."""
    here = manifest.installed("numpy")
    assert here is not None
    trained = {"numpy": here, "pandas": "0.1", "no-such-package": "1.0"}
    assert manifest.library_mismatches(trained) == {
        "pandas": {"trained": "0.1", "installed": manifest.installed("pandas")},
        "no-such-package": {"trained": "1.0", "installed": None},
    }


@pytest.mark.parametrize("harm", ["link", "folder"])
def test_only_what_is_not_there_is_no_manifest(tmp_path: Path, harm: str) -> None:
    """A link to nothing, or a folder of its name, is no leave to load whatever is there."""
    model = write(tmp_path)
    place = tmp_path / "models.json"
    place.unlink()
    if harm == "link":
        place.symlink_to(tmp_path / "gone.json")
    else:
        place.mkdir()
    with pytest.raises(ModelBroken, match=r"a folder or a link to nothing.*not loaded"):
        manifest.verified_record(model)


def test_two_records_of_one_file_are_refused(tmp_path: Path) -> None:
    """Of two hashes nothing tells which is right."""
    record = {"file": "model.joblib", "sha256": "0" * 64}
    model = write(tmp_path, record, {**record, "sha256": "1" * 64})
    with pytest.raises(ModelBroken, match=r"lists 'model\.joblib' twice"):
        manifest.verified_record(model)


def test_a_link_inside_a_folder_is_refused(tmp_path: Path) -> None:
    """What a link leads to would be read without having been hashed."""
    elsewhere, folder = tmp_path / "elsewhere", tmp_path / "model"
    elsewhere.mkdir()
    folder.mkdir()
    (folder / "MLmodel").write_text("flavors: {}")
    (folder / "code").symlink_to(elsewhere)
    record = {"file": ".", "sha256": manifest.sha256(folder)}
    (folder / "models.json").write_text(json.dumps({"models": [record]}))
    with pytest.raises(ModelBroken, match="code in model is a link"):
        manifest.verified_record(folder)
