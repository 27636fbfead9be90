"""scoring.renamed: scripts that use the old names of modules go on working for one release."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from scoring.renamed import MODULES


def python(code: str, root: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code]
    environ = {"PYTHONPATH": "score"}
    return subprocess.run(
        command, cwd=root, env=environ, capture_output=True, text=True, check=False
    )


def test_every_old_name_is_there_and_warns_once(root: Path) -> None:
    """Each old module loads, and is told once however often it is imported."""
    lines = [f"import scoring.{name}; import scoring.{name}" for name in MODULES]
    done = python("\n".join(lines), root)
    assert done.returncode == 0, done.stderr
    for name in MODULES:
        assert done.stderr.count(f"FutureWarning: scoring.{name} is scoring.") == 1


OLD_DOOR = """
from scoring.describing import describable, describe_loaded
from scoring.endpoint import endpoint
from scoring.late import Late, declare
from scoring.loading import load_configured
from scoring.nested import Nested
from scoring.predicting import Method, predict
from scoring.results import Results
from scoring.schema import input_schema
from scoring.tables import Table
import scoring
assert Table is scoring.Table and Late is scoring.Deferred
loaded = load_configured({"AZUREML_MODEL_DIR": "models/diabetes/1"})
print(describe_loaded({}, loaded)["models"][0]["version"])
"""


def test_a_script_with_old_names_gets_the_same_things(root: Path, sample_model: Path) -> None:
    """What an old name gives is what the new one gives, with the arguments it had."""
    assert sample_model.exists()
    done = python(OLD_DOOR, root)
    assert done.stdout.splitlines()[-1:] == ["1"], done.stderr


def test_an_unknown_module_is_still_an_error(root: Path) -> None:
    """Only names that were there are found."""
    done = python("import scoring.tabels", root)
    assert "ModuleNotFoundError: No module named 'scoring.tabels'" in done.stderr


def test_the_face_imports_nothing_that_a_door_does_not_use(root: Path) -> None:
    """`from scoring import Table, ...` brings neither pictures nor other formats nor Spark."""
    code = """
import sys
from scoring import Nested, Results, Table, endpoint, input_schema, load_model
print({'PIL', 'pyspark', 'onnxruntime', 'mlflow', 'skops'} & set(sys.modules))
"""
    done = python(code, root)
    assert done.stdout == "set()\n", done.stderr


def test_the_face_names_what_there_is(root: Path) -> None:
    """Every public name can be imported, and a wrong one is Python's own error."""
    done = python("import scoring; [getattr(scoring, n) for n in scoring.__all__]", root)
    assert done.returncode == 0, done.stderr
    done = python("from scoring import tabel", root)
    assert "cannot import name 'tabel' from 'scoring'" in done.stderr
