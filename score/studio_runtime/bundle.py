"""`bundle.zip`: checked before anything of it is written, and unpacked once."""

from __future__ import annotations

import compileall
import importlib.util
import shutil
import stat
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from py_compile import PycInvalidationMode

from scoring.errors import ModelBroken

from studio_runtime.config import Limits

#: Where Studio unpacked it, below the working folder; scripts open files there by this name.
FOLDER = "Script Bundle"

#: Bit 0 of a member's flags: it is encrypted (PKWARE's APPNOTE, 4.4.4).
ENCRYPTED = 1


def unpack(file: Path, target: Path, limits: Limits) -> None:
    """Unpack a bundle and compile its modules.

    Args:
        file: the zip.
        target: a folder that is not there yet.
        limits: of the zip and of what is in it.

    Raises:
        ModelBroken: it is no zip, too large, has a path that leaves the folder, a link, or a
            module whose name is taken.
    """
    size = file.stat().st_size
    if size > limits.bundle_bytes:
        raise ModelBroken(f"{file} has {size} bytes; limits.bundle_bytes is {limits.bundle_bytes}.")
    try:
        with zipfile.ZipFile(file) as archive:
            members = dict(_members(archive, file, limits))
            _check_names(members.values(), file)
            _write(archive, members, target, file)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error) as error:
        raise ModelBroken(f"{file} is no zip that can be read: {error}.") from None
    # Once, here: each request imports them anew. What does not compile is found when the script
    # imports it.
    unchecked = PycInvalidationMode.UNCHECKED_HASH
    compileall.compile_dir(target, quiet=2, invalidation_mode=unchecked)


def _members(
    archive: zipfile.ZipFile, file: Path, limits: Limits
) -> Iterator[tuple[zipfile.ZipInfo, PurePosixPath]]:
    infos = archive.infolist()
    if len(infos) > limits.bundle_files:
        raise ModelBroken(
            f"{file} holds {len(infos)} files; limits.bundle_files is {limits.bundle_files}."
        )
    total = sum(info.file_size for info in infos)
    if total > limits.unpacked_bytes:
        raise ModelBroken(
            f"{file} unpacks to {total} bytes; limits.unpacked_bytes is {limits.unpacked_bytes}."
        )
    seen = set()
    for info in infos:
        # Windows tools of 2016 wrote backslashes.
        path = PurePosixPath(info.filename.replace("\\", "/"))
        kind = stat.S_IFMT(info.external_attr >> 16)
        if path.is_absolute() or ".." in path.parts or ":" in path.as_posix():
            raise ModelBroken(f"{file} holds {info.filename!r}, which leaves the folder.")
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise ModelBroken(f"{file} holds {info.filename!r}, which is a link or a device.")
        if info.flag_bits & ENCRYPTED:
            raise ModelBroken(f"{file} is encrypted; make it again without a password.")
        if path in seen:
            raise ModelBroken(f"{file} holds {info.filename!r} twice.")
        seen.add(path)
        if not (info.is_dir() or info.filename.endswith("\\")):
            yield info, path


def _check_names(paths: Iterable[PurePosixPath], file: Path) -> None:
    """Refuse modules whose name is taken: the script would import the other one."""
    sources = [path for path in paths if path.suffix == ".py"]
    for name in sorted({path.parts[0].removesuffix(".py") for path in sources}):
        if not name.isidentifier():
            continue
        taken = name in sys.stdlib_module_names
        if taken or importlib.util.find_spec(name) is not None:
            whose = "Python's own" if taken else "an installed"
            raise ModelBroken(
                f"{file} holds a module {name}, which is the name of {whose} module, found first. "
                "Rename it."
            )


def _write(
    archive: zipfile.ZipFile,
    members: dict[zipfile.ZipInfo, PurePosixPath],
    target: Path,
    file: Path,
) -> None:
    target.mkdir()
    for info, path in members.items():
        place = target / path
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            # Of a member zipfile gives no more than the directory says, whose sum was checked.
            with archive.open(info) as source, place.open("xb") as sink:
                shutil.copyfileobj(source, sink)
        except OSError as error:  # a file where another member needs a folder
            raise ModelBroken(f"{file}: {path} cannot be unpacked: {error.strerror}.") from None
