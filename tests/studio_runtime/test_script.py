"""The script: found in every layout, compiled, its function looked at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from scoring.errors import ModelBroken, ModelNotFound
from studio_runtime.script import BadEntry, compile_script, find_files, tables_taken
from studio_runtime.service import Service

GOOD = "def azureml_main(dataframe1=None, dataframe2=None):\n    return dataframe1\n"


@pytest.mark.parametrize("place", ["m/3", "m/3/folder", "azureml-models/m/3/outputs/deep"])
def test_it_is_found_in_the_model_folder(tmp_path: Path, place: str) -> None:
    """At any depth, the shallowest first."""
    folder = tmp_path / place
    (folder / "old").mkdir(parents=True)
    for path in (folder, folder / "old"):
        (path / "script.py").write_text(GOOD)
    top = tmp_path / Path(place).parts[0]
    assert find_files({"AZUREML_MODEL_DIR": str(top)}, tmp_path / "no").script.parent == folder


def test_it_may_lie_beside_the_entry_script(tmp_path: Path) -> None:
    """Where no model folder has one."""
    (tmp_path / "script.py").write_text(GOOD)
    assert find_files({}, tmp_path).script.parent == tmp_path


def test_none_or_two_are_refused(tmp_path: Path) -> None:
    """With what to do."""
    environ = {"AZUREML_MODEL_DIR": str(tmp_path)}
    with pytest.raises(ModelNotFound, match=r"No script\.py"):
        find_files(environ, tmp_path)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "script.py").write_text(GOOD)
    with pytest.raises(ModelNotFound, match="2 files"):
        find_files(environ, tmp_path)


def test_a_script_for_python_2_is_named(tmp_path: Path) -> None:
    """With the line and the way out."""
    file = tmp_path / "script.py"
    file.write_text("import os\nprint 'hello'\n")
    with pytest.raises(ModelBroken, match=r"script\.py:2: .*--fix"):
        compile_script(file)


def plain() -> None: ...
def one(a: Any) -> None: ...
def two(a: Any, b: Any) -> None: ...
def more(a: Any, b: Any = None, c: Any = None, *, d: Any = None) -> None: ...
def starred(*tables: Any) -> None: ...
def named(a: Any, **options: Any) -> None: ...
def third(a: Any, b: Any, c: Any) -> None: ...
def keyword(a: Any, *, b: Any) -> None: ...
async def later(a: Any) -> None: ...


@pytest.mark.parametrize(
    ("function", "tables"),
    [(plain, 0), (one, 1), (two, 2), (more, 2), (starred, 2), (named, 1)],
)
def test_tables_are_counted(function: Any, tables: int) -> None:
    """0, 1 or 2; `*args` gets both."""
    assert tables_taken(function) == tables


@pytest.mark.parametrize("function", [third, keyword, later, None, 5])
def test_what_cannot_be_called_is_refused(function: Any) -> None:
    """A third parameter without a default, say."""
    with pytest.raises(BadEntry):
        tables_taken(function)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1", "no function azureml_main"),
        (GOOD.replace("dataframe2=None", "b, c").replace("1=None", "1"), "requires a parameter"),
        (GOOD + "1 / 0\n", "line 3 in function <module>: 'ZeroDivisionError"),
        (GOOD + "import sys\nsys.exit()\n", "SystemExit"),
        (GOOD + "import no_such_module\n", "No module named 'no_such_module'"),
    ],
)
def test_a_bad_script_stops_the_service(tmp_path: Path, text: str, said: str) -> None:
    """At init(), where the operator sees it."""
    (tmp_path / "script.py").write_text(text)
    with pytest.raises(ModelBroken, match=said):
        Service(find_files({"AZUREML_MODEL_DIR": str(tmp_path)}, tmp_path))
