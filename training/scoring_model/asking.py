"""Ask a model back from disk, in a fresh process, as the service will.

What works in the program that trained a model need not work elsewhere: classes of that program, a
module beside it, a file that was not written to the end. So another Python loads the file, with
nothing but what is installed, and predicts.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from scoring_model.errors import NotServable

PROGRAM = Path(__file__).with_name("ask_back.py")

#: Two processes may sum in another order; floats of 32 bits then differ in their seventh digit.
RELATIVE, ABSOLUTE = 1e-5, 1e-8


def ask(model: Path, tables: Sequence[Any], code_paths: Sequence[Path] = ()) -> list[Any]:
    """Return the predictions of the model on disk for each table.

    Args:
        model: its file, or an MLflow model's folder.
        tables: what `predict()` takes.
        code_paths: modules that the service has in its own folder.

    Raises:
        NotServable: it cannot be loaded or does not predict there.
    """
    # What only this process finds, the service does not find.
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    with tempfile.TemporaryDirectory() as folder:
        questions, answers = Path(folder, "questions"), Path(folder, "answers")
        questions.write_bytes(pickle.dumps(list(tables)))
        folders = dict.fromkeys(str(path.resolve().parent) for path in code_paths)
        program = [sys.executable, "-c", PROGRAM.read_text(), str(model.resolve())]
        done = subprocess.run(
            [*program, str(questions), str(answers), *folders],
            cwd=folder, env=environ, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise NotServable(_explained(done.stderr))
        predictions: list[Any] = pickle.loads(answers.read_bytes())  # noqa: S301 - our own
        return predictions


def check_same(there: Any, here: Any) -> None:
    """Compare the predictions of the model on disk with those of the model in memory.

    Raises:
        NotServable: they differ; the message shows the first row that does.
    """
    there, here = np.asarray(there), np.asarray(here)
    if there.shape != here.shape:
        raise NotServable(
            f"the model on disk answers {there.shape}, the one in memory {here.shape}"
        )
    if here.dtype.kind == "f":
        same = np.isclose(there, here, rtol=RELATIVE, atol=ABSOLUTE, equal_nan=True)
    else:
        same = np.asarray(there == here)
    if not same.all():
        row = int(np.argwhere(~same)[0][0])
        raise NotServable(
            f"the model on disk predicts {there[row]} for row {row + 1}, the one in memory "
            f"{here[row]}: does it draw at random when it predicts?"
        )


def _explained(stderr: str) -> str:
    last = next((line for line in reversed(stderr.splitlines()) if line.strip()), "no reason")
    advice = "Is it written for other versions than those installed?"
    if last.startswith(("ModuleNotFoundError", "AttributeError")):
        advice = (
            "A module that only the training program finds: install it as a package, or put it "
            "beside the entry script and name it here with code_paths"
        )
    return f"a fresh process cannot use the model: {last}. {advice}"
