"""Where the models are: every layout in which Azure puts them below `AZUREML_MODEL_DIR`.

    v1, one model        AZUREML_MODEL_DIR=azureml-models/NAME/VERSION    model.pkl
    v1, several          AZUREML_MODEL_DIR=azureml-models                 NAME/VERSION/model.pkl
    v2                   AZUREML_MODEL_DIR=azureml-models/NAME/VERSION    FOLDER/model.pkl
    AutoML               one level more, such as outputs/
    elsewhere            a model file, or any folder above one

Names and versions are those of the folders that are there: they are compared with what is asked
for, which never becomes part of a path. So nothing in a request can leave the model folder.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from scoring.errors import ModelNotFound
from scoring.models.formats import FORMATS, bare_name, format_of

#: The folder that Azure puts the models in.
AZURE_FOLDER = "azureml-models"

#: A tree longer than this tells nobody anything; the server cuts its own at 200 lines too.
TREE_LINES = 50


@dataclass(frozen=True)
class ModelPath:
    """A model file or folder (MLflow, Spark), and what it is called.

    Attributes:
        name: as registered, else the folder's name, or the file's where a folder holds several.
        version: as registered, else "1".
        path: the file or folder.
    """

    name: str
    version: str
    path: Path

    @classmethod
    def at(cls, path: Path) -> ModelPath:
        """Return a model that nothing but its own file or folder names."""
        return cls(bare_name(path), "1", path)


def model_dir(environ: Mapping[str, str]) -> Path:
    """Return the folder `AZUREML_MODEL_DIR` names; it may be a model file.

    Raises:
        ModelNotFound: the variable is not set, or names nothing.
    """
    value = environ.get("AZUREML_MODEL_DIR")
    if not value:
        raise ModelNotFound(
            "AZUREML_MODEL_DIR is not set. Azure sets it in the container; "
            "elsewhere set it to the folder that holds the model (azmlinfsrv --model_dir)."
        )
    folder = Path(value)
    if not folder.exists():
        near = nearest(folder.name, [p.name for p in _entries(folder.parent)])
        raise ModelNotFound(
            f"AZUREML_MODEL_DIR={value} does not exist.{near} "
            "Set it to the folder that holds the model."
        )
    return folder


def find_models(folder: Path) -> list[ModelPath]:
    """Return every model in or below `folder`, by name and by ascending version.

    The first level of a branch that holds model files decides: what lies deeper belongs to
    that model.

    Raises:
        ModelNotFound: there is none; the message shows the tree.
    """
    place = folder.absolute()
    if format_of(place) is not None and place.is_file():
        parent = _registered(place.parent)
        return [replace(parent, path=place) if parent else ModelPath.at(place)]
    found = list(_walk(place, _registered(place)))
    if not found:
        endings = ", ".join(ending for known in FORMATS for ending in known.suffixes)
        raise ModelNotFound(
            f"No model ({endings} or an MLflow or Spark folder) in {folder}. "
            f"Set AZUREML_MODEL_DIR to the folder that holds it.\n{tree(folder)}"
        )
    return sorted(found, key=lambda model: (model.name, version_key(model.version)))


def find_model(folder: Path, name: str | None = None, version: str | None = None) -> ModelPath:
    """Return one model in or below `folder`.

    Args:
        folder: where to look; it may be the file itself.
        name: which of several; not needed where there is one.
        version: which version; the highest number without (10 comes after 9).

    Raises:
        ModelNotFound: there is none of this name or version, or there are several names and
            none was given; the message says what is there and what to set.
    """
    models = find_models(folder)
    names = sorted({model.name for model in models})
    if name is None and len(names) > 1:
        raise ModelNotFound(
            f"{len(names)} models in {folder}: {', '.join(names)}. Set SCORING_MODEL to the one "
            "to serve, AZUREML_MODEL_DIR to its folder, or serve all with "
            f"score/multi_model.py.\n{tree(folder)}"
        )
    wanted = names[0] if name is None else name
    return choose(models, wanted, version, tree(folder))


def choose(
    models: Iterable[ModelPath], name: str, version: str | None, tree_text: str
) -> ModelPath:
    """Return the model of this name and version, of the highest version without one.

    Raises:
        ModelNotFound: there is none; the message names what there is and the nearest.
    """
    models = list(models)
    named = [model for model in models if model.name == name]
    if not named:
        names = sorted({model.name for model in models})
        raise ModelNotFound(
            f"No model {name!r}.{nearest(name, names)} There are: {', '.join(names)}.\n{tree_text}"
        )
    versions = sorted((model.version for model in named), key=version_key)
    if version is not None and version not in versions:
        raise ModelNotFound(
            f"Model {name!r} has no version {version!r}.{nearest(version, versions)} "
            f"It has: {', '.join(versions)}.\n{tree_text}"
        )
    wanted = versions[-1] if version is None else version
    return next(model for model in named if model.version == wanted)


def version_key(version: str) -> tuple[int, int, str]:
    """Return what versions are ordered by: numbers by value, other names before them."""
    return (1, int(version), "") if version.isdecimal() else (0, 0, version)


def nearest(wanted: str, there: Iterable[str]) -> str:
    """Return " Did you mean ...?" for the most similar of the names, or nothing."""
    close = difflib.get_close_matches(wanted, list(there), n=1)
    return f" Did you mean {close[0]!r}?" if close else ""


def tree(folder: Path) -> str:
    """Return the names below `folder`, one per line, indented by depth, at most 50 lines."""
    lines: list[str] = []
    for line in _tree_lines(folder, 0):
        if len(lines) == TREE_LINES:
            lines.append("...")
            break
        lines.append(line)
    return "\n".join(lines)


def _walk(folder: Path, registered: ModelPath | None) -> Iterator[ModelPath]:
    """Yield the models of one branch; `registered` is the name and version it is known by."""
    name, version = (registered.name, registered.version) if registered else (folder.name, "1")
    if format_of(folder) is not None:
        yield ModelPath(name, version, folder)
        return
    entries = _entries(folder)
    models = [entry for entry in entries if format_of(entry) is not None]
    files = [entry for entry in models if entry.is_file()]
    if len(files) == 1:
        yield ModelPath(name, version, files[0])
    elif files:
        stems = [bare_name(file) for file in files]
        for file, stem in zip(files, stems, strict=True):
            unique = stem if stems.count(stem) == 1 else file.name
            yield ModelPath(unique, version, file)
    else:
        below = [
            model
            for entry in entries
            if entry.is_dir() and not _loops(entry)
            for model in _walk(entry, _version_of(entry))
        ]
        # A folder between the version and its one model names neither.
        if registered and len(below) == 1:
            below = [replace(registered, path=below[0].path)]
        yield from below


def _registered(folder: Path) -> ModelPath | None:
    """Return the name and version that a folder's place tells: azureml-models/NAME/VERSION."""
    if folder.parent.parent.name == AZURE_FOLDER:
        return ModelPath(folder.parent.name, folder.name, folder)
    return _version_of(folder)


def _version_of(folder: Path) -> ModelPath | None:
    named = folder.name.isdecimal() and folder.parent.name != ""
    return ModelPath(folder.parent.name, folder.name, folder) if named else None


def _entries(folder: Path) -> list[Path]:
    """Return what lies in a folder, without hidden entries, which tools and mounts leave."""
    if not folder.is_dir():
        return []
    return sorted(p for p in folder.iterdir() if not p.name.startswith((".", "__")))


def _loops(folder: Path) -> bool:
    """Tell whether a link leads back to a folder it lies in."""
    parent = folder.parent.resolve()
    return folder.is_symlink() and folder.resolve() in (parent, *parent.parents)


def _tree_lines(path: Path, depth: int) -> Iterator[str]:
    yield "    " * depth + path.name + ("/" if path.is_dir() else "")
    if path.is_dir() and not _loops(path):
        for child in sorted(path.iterdir()):
            yield from _tree_lines(child, depth + 1)
