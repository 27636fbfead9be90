"""Loading: what is known of a model afterwards, and what a failure tells."""

from __future__ import annotations

import hashlib
import json
import pickle
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import joblib
import pytest
from scoring.errors import ModelBroken, ModelNotFound
from scoring.models.discovery import ModelPath
from scoring.models.loading import load, load_model
from scoring.settings import Settings
from scoring.telemetry.log import logger
from sklearn.linear_model import Ridge

MODEL = Ridge().fit([[0.0], [1.0]], [0.0, 1.0])


def write_manifest(path: Path, **more: object) -> None:
    record = {"file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), **more}
    path.with_name("models.json").write_text(json.dumps({"models": [record]}))


@pytest.fixture
def model_file(tmp_path: Path) -> Path:
    """A small model without a manifest."""
    joblib.dump(MODEL, tmp_path / "model.joblib")
    return tmp_path / "model.joblib"


def test_a_manifest_can_be_demanded(model_file: Path) -> None:
    """With SCORING_REQUIRE_MANIFEST a model that none vouches for is refused, and only that."""
    strict = Settings.from_environ({"SCORING_REQUIRE_MANIFEST": "on"})
    with pytest.raises(ModelBroken, match=r"model\.joblib has no manifest"):
        load(ModelPath.at(model_file), strict)
    write_manifest(model_file)
    assert load(ModelPath.at(model_file), strict).record is not None


@pytest.fixture
def log(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> pytest.LogCaptureFixture:
    """What the service's logger says; azmlinfsrv's logger may have been told not to propagate."""
    monkeypatch.setattr(logger.parent, "propagate", True)
    caplog.set_level("WARNING", logger=logger.name)
    return caplog


def test_what_is_known_afterwards(model_file: Path) -> None:
    """Format, hash, the manifest's record, time and memory."""
    write_manifest(model_file, format="joblib", trained_at="2026-01-01T00:00:00Z", by="a test")
    loaded = load(ModelPath.at(model_file), Settings())
    assert loaded.sha256 == hashlib.sha256(model_file.read_bytes()).hexdigest()
    assert (loaded.format, loaded.mismatches) == ("joblib", {})
    assert loaded.record is not None
    assert (loaded.record.trained_at, loaded.record.by) == ("2026-01-01T00:00:00Z", "a test")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", loaded.loaded_at)
    assert loaded.memory_bytes is None or loaded.memory_bytes >= 0


def test_a_refused_file_is_never_opened(tmp_path: Path) -> None:
    """A pickle that would run a command is refused by its hash, before it runs."""

    class Trap:
        def __reduce__(self) -> tuple[Any, ...]:
            return Path.touch, (tmp_path / "ran",)

    bad = tmp_path / "model.pkl"
    bad.write_bytes(pickle.dumps(MODEL))
    write_manifest(bad)
    bad.write_bytes(pickle.dumps(Trap()))
    with pytest.raises(ModelBroken, match="not the file"):
        load(ModelPath.at(bad), Settings())
    assert not (tmp_path / "ran").exists()
    bad.with_name("models.json").unlink()
    load(ModelPath.at(bad), Settings())
    assert (tmp_path / "ran").exists()


def test_another_format_than_the_manifests_is_refused(model_file: Path) -> None:
    """The manifest's format is the file's."""
    write_manifest(model_file, format="skops")
    with pytest.raises(ModelBroken, match="is joblib; its manifest says skops"):
        load(ModelPath.at(model_file), Settings())


def test_other_library_versions_are_one_line_each(
    model_file: Path, log: pytest.LogCaptureFixture
) -> None:
    """A model trained with another version is served, with a line that names both."""
    write_manifest(model_file, libraries={"scikit-learn": "0.1", "numpy": "9.9"})
    loaded = load(ModelPath.at(model_file), Settings())
    assert set(loaded.mismatches) == {"scikit-learn", "numpy"}
    assert any("trained with scikit-learn 0.1; this service has" in line for line in log.messages)


def test_a_pickle_tells_its_scikit_learn(tmp_path: Path, log: pytest.LogCaptureFixture) -> None:
    """Without a manifest the pickle's own note of scikit-learn's version is used, once."""
    text = pickle.dumps([MODEL, Ridge()], protocol=0)
    from sklearn import __version__

    old = text.replace(__version__.encode(), b"1.0.0"[: len(__version__)])
    assert old != text
    (tmp_path / "model.pkl").write_bytes(old)
    loaded = load(ModelPath.at(tmp_path / "model.pkl"), Settings())
    assert loaded.mismatches["scikit-learn"] == {"trained": "1.0.0", "installed": __version__}
    assert len([line for line in log.messages if "trained with" in line]) == 1


def test_a_missing_module_is_named(tmp_path: Path) -> None:
    """A pickle of a class from a package that is not here names the package and env.yml."""
    (tmp_path / "m.pkl").write_bytes(b"cazureml.automl.runtime\nModel\n)R.")
    with pytest.raises(ModelBroken, match=r"module 'azureml\.\S+', which is not inst.*env.yml"):
        load(ModelPath.at(tmp_path / "m.pkl"), Settings())


def test_a_class_of_the_training_script_is_named(tmp_path: Path) -> None:
    """A model pickled with a class of its own script says where the class must go."""
    script = (
        "import pickle, sys\n"
        "class Mine: pass\n"
        "open(sys.argv[1], 'wb').write(pickle.dumps(Mine()))\n"
    )
    path = tmp_path / "m.pkl"
    subprocess.run([sys.executable, "-c", script, str(path)], check=True)
    with pytest.raises(ModelBroken, match=r"Can't get attribute 'Mine'.*training script itself"):
        load(ModelPath.at(path), Settings())


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("m.joblib", b""),
        ("m.joblib", b"not a pickle"),
        ("m.pkl", pickle.dumps(MODEL)[:200]),
        ("m.skops", b"PK no zip"),
        ("m.onnx", b"no graph"),
        ("m.json", b'{"learner": 1}'),
        ("m.ubj", b"no booster"),
        ("m.txt", b"tree\nrubbish"),
    ],
)
def test_a_damaged_file_is_named(tmp_path: Path, name: str, content: bytes) -> None:
    """A damaged file of any format is one error that names it, without a path."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ModelBroken, match=f"^{name} cannot be loaded: ") as error:
        load(ModelPath.at(tmp_path / name), Settings())
    assert str(tmp_path) not in str(error.value)


def test_the_environment_chooses(tmp_path: Path) -> None:
    """Of several models and versions the settings name the one to serve."""
    for name, version in (("a", "1"), ("b", "2"), ("b", "10")):
        path = tmp_path / name / version / "model.joblib"
        path.parent.mkdir(parents=True)
        joblib.dump((name, version), path)
    environ = {"AZUREML_MODEL_DIR": str(tmp_path), "SCORING_MODEL": "b"}
    assert load_model(environ).model == ("b", "10")
    assert load_model(environ | {"SCORING_MODEL_VERSION": "2"}).model == ("b", "2")
    with pytest.raises(ModelNotFound, match="Set SCORING_MODEL"):
        load_model({"AZUREML_MODEL_DIR": str(tmp_path)})
