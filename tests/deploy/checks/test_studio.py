"""`check` knows the Studio door."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from deploy.checks.studio import check_script_imports, check_studio, hosts_studio, own_sample
from deploy.config.conda_file import read_packages
from deploy.findings import Level
from deploy.staging.models import ModelSource

ROOT = Path(__file__).resolve().parents[3]
DOOR = ROOT / "score" / "studio.py"
GOOD = "def azureml_main(dataframe1=None, dataframe2=None):\n    return dataframe1\n"


def test_the_door_is_known_by_what_it_imports(tmp_path: Path) -> None:
    """Not by its name."""
    other = tmp_path / "other_name.py"
    other.write_text(DOOR.read_text())
    studio = tmp_path / "studio.py"
    studio.write_text("def init(): ...\ndef run(raw_data): ...\n")
    assert [hosts_studio(file) for file in (DOOR, other, studio)] == [True, True, False]
    assert check_studio(studio, [ModelSource("m", tmp_path)]) == []


def test_a_sound_script_has_no_findings() -> None:
    """The example's, with its bundle, its request beside it."""
    model = ModelSource("join", ROOT / "examples" / "studio" / "join")
    assert check_studio(DOOR, [model]) == []
    assert own_sample(DOOR, [model]) == model.path / "request.json"
    assert own_sample(ROOT / "score" / "score.py", [model]) is None


@pytest.mark.parametrize(
    ("text", "level", "said"),
    [
        (GOOD + "x = 1 if True else azureml_main().ix\n", Level.WARNING, ".ix is gone"),
        ("def azureml_main(a):\n    print a\n", Level.FAULT, "Missing parentheses"),
        ("x = 1\n", Level.FAULT, "no function azureml_main"),
        ("def azureml_main(a, b, c): ...\n", Level.FAULT, "requires a parameter 'c'"),
        ("from pandas.tools import plotting\n" + GOOD, Level.FAULT, "pandas.tools"),
    ],
)
def test_what_will_fail_is_a_fault(tmp_path: Path, text: str, level: Level, said: str) -> None:
    """What fails only when it is reached is a warning."""
    (tmp_path / "script.py").write_text(text)
    found = check_studio(DOOR, [ModelSource("m", tmp_path)])
    assert [finding for finding in found if finding.level is level and said in finding.problem]
    if level is Level.WARNING:
        assert {finding.level for finding in found} == {Level.WARNING}


def test_a_bad_bundle_or_configuration_is_a_fault(tmp_path: Path) -> None:
    """As the service itself would refuse it."""
    (tmp_path / "script.py").write_text(GOOD)
    with zipfile.ZipFile(tmp_path / "bundle.zip", "w") as archive:
        archive.writestr("json.py", "")
    (finding,) = check_studio(DOOR, [ModelSource("m", tmp_path)])
    assert "a module json" in finding.problem
    (tmp_path / "studio.yml").write_text("limit: {}")
    (finding,) = check_studio(DOOR, [ModelSource("m", tmp_path)])
    assert "limit" in finding.problem


def test_no_script_or_two_are_a_fault(tmp_path: Path) -> None:
    """One service hosts one script."""
    (finding,) = check_studio(DOOR, [ModelSource("m", tmp_path)])
    assert "there are 0" in finding.problem
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "script.py").write_text(GOOD)
    (finding,) = check_studio(DOOR, [ModelSource("m", tmp_path)])
    assert "there are 2" in finding.problem


def test_what_env_yml_does_not_bring_is_a_fault() -> None:
    """matplotlib, say, where a script draws; modules of the bundle are brought by it."""
    packages, _ = read_packages(ROOT / "env.yml")
    drawing, joining = (ROOT / "examples" / "studio" / name for name in ("scatter_matrix", "join"))
    faults = check_script_imports(DOOR, [ModelSource("m", drawing)], packages)
    assert [finding.problem for finding in faults] == [
        "Imports matplotlib, which env.yml does not bring."
    ]
    assert faults[0].where == f"{drawing}/script.py:3"
    assert check_script_imports(DOOR, [ModelSource("m", joining)], packages) == []
