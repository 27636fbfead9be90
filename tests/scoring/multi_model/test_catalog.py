"""Which of several models a request gets, and what becomes of those that cannot be loaded."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from scoring.errors import InvalidInput, ModelBroken, ModelNotFound, ModelUnavailable
from scoring.models.discovery import find_models
from scoring.multi_model.catalog import Catalog, Key
from scoring.settings import Settings

from tests.several import constant, write

MODELS = {
    "ridge/9": constant(9.0),
    "ridge/10": constant(10.0),
    "labels/1": constant("red"),
    "broken/1": None,
}


def catalog(folder: Path, **environ: str) -> Catalog:
    write(folder, MODELS)
    settings = {f"SCORING_{name.upper()}": value for name, value in environ.items()}
    return Catalog(find_models(folder), Settings.from_environ(settings))


@pytest.mark.parametrize(
    ("name", "version", "picked"),
    [
        ("ridge", None, ("ridge", "10")),
        ("ridge", "9", ("ridge", "9")),
        ("labels", None, ("labels", "1")),
        (None, None, ("ridge", "10")),
        (None, "9", ("ridge", "9")),
        ("broken", None, ("broken", "1")),
    ],
)
def test_what_a_request_gets(
    tmp_path: Path, name: str | None, version: str | None, picked: Key
) -> None:
    """The one it names, of the highest version; without a name the preferred one."""
    assert catalog(tmp_path, model="ridge").pick(name, version, "") == picked


@pytest.mark.parametrize(
    ("name", "version", "where"),
    [
        (None, None, "GlobalParameters.model"),
        ("rigde", None, "GlobalParameters.model"),
        ("../ridge", None, "GlobalParameters.model"),
        ("ridge", "11", "GlobalParameters.version"),
        ("ridge", "../labels/1", "GlobalParameters.version"),
    ],
)
def test_what_is_not_there_is_refused(
    tmp_path: Path, name: str | None, version: str | None, where: str
) -> None:
    """An unknown name or version, and none where several are there, list what there is."""
    with pytest.raises(InvalidInput) as refusal:
        catalog(tmp_path).pick(name, version, "")
    (problem,) = refusal.value.problems
    assert problem.where == where
    assert ('"broken", "labels"' if where.endswith("model") else '"9", "10"') in problem.expected


def test_traffic_is_decided_by_the_request_id(tmp_path: Path) -> None:
    """Shares are kept, an id always gets the same model, and who names a version gets it."""
    models = catalog(tmp_path, traffic="ridge:9=25,ridge:10=75")
    ids = [f"id-{i}" for i in range(2000)]
    picked = [models.pick(None, None, one) for one in ids]
    assert picked == [models.pick("ridge", None, one) for one in ids]
    shares = Counter(version for _, version in picked)
    assert shares["9"] == pytest.approx(500, abs=60)
    assert models.pick("labels", None, "id-1") == ("labels", "1")
    assert {models.pick("ridge", "9", one) for one in ids[:50]} == {("ridge", "9")}


def test_a_share_of_nothing_gets_nothing(tmp_path: Path) -> None:
    """A model with 0 percent is listed and never picked."""
    models = catalog(tmp_path, traffic="ridge:9=0,ridge:10=100")
    assert {models.pick(None, None, str(i)) for i in range(200)} == {("ridge", "10")}


def test_a_broken_model_is_alone(tmp_path: Path) -> None:
    """It is listed as broken and unavailable; the others are loaded."""
    models = catalog(tmp_path)
    with pytest.raises(ModelUnavailable, match="'broken' version '1'"):
        models.get(("broken", "1"))
    states = {(m["name"], m["version"]): m["status"] for m in models.describe()["models"]}
    assert states.pop(("broken", "1")) == "broken"
    assert set(states.values()) == {"loaded"}
    assert models.get(("ridge", "9")).loaded.path.parent.name == "9"


def test_a_bound_keeps_the_models_used_last(tmp_path: Path) -> None:
    """Loaded when asked for; the one unused for longest leaves; a broken one takes no place."""
    models = catalog(tmp_path, loaded_models="2", model="labels")
    assert list(models.loaded) == [("labels", "1")]
    models.get(("ridge", "9"))
    models.get(("labels", "1"))
    with pytest.raises(ModelUnavailable):
        models.get(("broken", "1"))
    models.get(("ridge", "10"))
    assert set(models.loaded) == {("labels", "1"), ("ridge", "10")}


@pytest.mark.parametrize(
    "environ",
    [
        {"model": "rigde"},
        {"traffic": "ridge:11=100"},
        {"model": "ridge", "model_version": "2"},
    ],
)
def test_settings_name_what_is_there(tmp_path: Path, environ: dict[str, str]) -> None:
    """A setting for a model that is not there stops the start."""
    with pytest.raises(ModelNotFound):
        catalog(tmp_path, **environ)


def test_nothing_but_broken_models(tmp_path: Path) -> None:
    """When none can be loaded, each is named with its reason."""
    write(tmp_path, {"a/1": None, "b/1": None})
    with pytest.raises(ModelBroken, match=r"(?s)None of 2 models.*a:1: .*b:1: "):
        Catalog(find_models(tmp_path), Settings())
