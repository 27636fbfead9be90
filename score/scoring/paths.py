"""Where the model is.

Azure sets `AZUREML_MODEL_DIR` and puts the model somewhere below it: directly (v1, one file),
below the registered folder's own name (v2, and a level more with AutoML). The search goes down
until it meets model files, so that one script serves all of them and a plain local folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from scoring.errors import ModelNotFound

#: Endings of files that hold a model.
MODEL_SUFFIXES = (".joblib", ".pkl")

#: A tree longer than this tells nobody anything; the server cuts its own at 200 lines too.
TREE_LINES = 50


def model_dir(environ: Mapping[str, str]) -> Path:
    """Return the folder `AZUREML_MODEL_DIR` names.

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
        raise ModelNotFound(
            f"AZUREML_MODEL_DIR={value} does not exist. Set it to the folder that holds the model."
        )
    return folder


def find_model(folder: Path) -> Path:
    """Return the one model file in or below `folder`; `folder` may be the file itself.

    The highest level that holds a model file decides: what lies deeper is that model's own.

    Raises:
        ModelNotFound: there is none, or more than one at that level; the message shows the
            tree and says what to set.
    """
    if folder.is_file():
        return folder
    level = [folder]
    while level:
        found = sorted(f for d in level for f in d.iterdir() if _is_model(f))
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(str(f.relative_to(folder)) for f in found)
            raise ModelNotFound(
                f"{len(found)} model files in {folder}: {names}. "
                f"Set AZUREML_MODEL_DIR to the one to serve.\n{tree(folder)}"
            )
        level = sorted(d for parent in level for d in parent.iterdir() if d.is_dir())
    raise ModelNotFound(
        f"No model file ({', '.join(MODEL_SUFFIXES)}) in {folder}. "
        f"Set AZUREML_MODEL_DIR to the folder that holds it.\n{tree(folder)}"
    )


def tree(folder: Path) -> str:
    """Return the names below `folder`, one per line, indented by depth, at most 50 lines."""
    lines: list[str] = []
    for line in _walk(folder, 0):
        if len(lines) == TREE_LINES:
            lines.append("...")
            break
        lines.append(line)
    return "\n".join(lines)


def _is_model(path: Path) -> bool:
    return path.suffix in MODEL_SUFFIXES and path.is_file()


def _walk(path: Path, depth: int) -> Iterator[str]:
    yield "    " * depth + path.name + ("/" if path.is_dir() else "")
    if path.is_dir():
        for child in sorted(path.iterdir()):
            yield from _walk(child, depth + 1)
