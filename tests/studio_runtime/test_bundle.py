"""bundle.zip is checked before anything of it is written."""

from __future__ import annotations

import stat
import warnings
import zipfile
from pathlib import Path

import pytest
from scoring.errors import ModelBroken
from studio_runtime.bundle import unpack
from studio_runtime.config import Limits


def zipped(tmp_path: Path, *members: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    file = tmp_path / "bundle.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a name twice
        for name, content in members:
            archive.writestr(name, content)
    return file


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def test_files_are_unpacked(tmp_path: Path) -> None:
    """Folders and the backslashes of Windows included; modules are compiled."""
    file = zipped(tmp_path, ("helper_a.py", b"A = 1"), ("data\\more\\x.csv", b"1"))
    target = tmp_path / "out"
    unpack(file, target, Limits())
    assert (target / "data" / "more" / "x.csv").read_bytes() == b"1"
    assert list((target / "__pycache__").glob("helper_a*.pyc"))


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ([("../x.py", b"")], "leaves the folder"),
        ([("a/../../x.py", b"")], "leaves the folder"),
        ([("..\\x.py", b"")], "leaves the folder"),
        ([("/etc/x", b"")], "leaves the folder"),
        ([("C:\\x.py", b"")], "leaves the folder"),
        ([(link("x"), b"/etc/passwd")], "a link"),
        ([("a.txt", b""), ("a.txt", b"")], "twice"),
        ([("a", b""), ("a/b", b"")], "cannot be unpacked"),
        ([("json.py", b"")], "Python's own module"),
        ([("pandas/__init__.py", b"")], "an installed module"),
        ([("scoring.py", b"")], "an installed module"),
        ([(f"{i}.txt", b"") for i in range(11)], "holds 11 files"),
        ([("big.txt", b"0" * 100_001)], "unpacks to 100001 bytes"),
    ],
)
def test_a_bad_bundle_is_refused(
    tmp_path: Path, members: list[tuple[str | zipfile.ZipInfo, bytes]], said: str
) -> None:
    """With what is wrong."""
    limits = Limits(bundle_files=10, unpacked_bytes=100_000)
    with pytest.raises(ModelBroken, match=said):
        unpack(zipped(tmp_path, *members), tmp_path / "out", limits)
    assert not (tmp_path / "x.py").exists()


def test_a_size_that_lies_is_found_out(tmp_path: Path) -> None:
    """A bomb whose directory claims less than it unpacks to."""
    file = zipped(tmp_path, ("big.txt", b"0" * 200_000))
    true, false = (200_000).to_bytes(4, "little"), (10).to_bytes(4, "little")
    file.write_bytes(file.read_bytes().replace(true, false))
    with pytest.raises(ModelBroken, match="no zip that can be read"):
        unpack(file, tmp_path / "out", Limits(unpacked_bytes=100_000))
    assert sum(path.stat().st_size for path in (tmp_path / "out").glob("*")) <= 10


def test_what_is_no_zip_is_refused(tmp_path: Path) -> None:
    """And one that is too large, before it is opened."""
    file = tmp_path / "bundle.zip"
    file.write_bytes(b"PK not really")
    with pytest.raises(ModelBroken, match="no zip"):
        unpack(file, tmp_path / "out", Limits())
    with pytest.raises(ModelBroken, match="bundle_bytes is 5"):
        unpack(file, tmp_path / "out", Limits(bundle_bytes=5))
