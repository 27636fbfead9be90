"""Training a model of one's own photographs, and serving it over HTTP by its declaration."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import photos
import pytest
import requests
from PIL import Image

from deploy.servers.azmlinfsrv import Server


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, trained for a few epochs."""
    folder = tmp_path_factory.mktemp("photos") / "1"
    photos.main(["--output", str(folder), "--epochs", "4"])
    return folder


@pytest.fixture(scope="module")
def server(start_server: Callable[..., Server], root: Path, model: Path) -> Server:
    """`score/image.py`, unchanged, with that model."""
    return start_server(root / "score" / "image.py", model)


def png(picture: np.ndarray) -> bytes:  # type: ignore[type-arg]
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG")
    return buffer.getvalue()


def test_held_out_pieces_are_told_apart_over_http(server: Server, model: Path) -> None:
    """Nine in ten of what was not trained on, in one request, and as onnxruntime itself says."""
    _, _, test, labels = photos.sample_pictures()
    chosen = np.linspace(0, len(test) - 1, 16).astype(int)
    files = [("image", png(test[i])) for i in chosen]
    answer = requests.post(server.score_url, files=files, timeout=60)
    assert answer.status_code == 200, answer.text
    results = answer.json()
    right = [one["label"] == labels[i] for one, i in zip(results, chosen, strict=True)]
    assert np.mean(right) >= 0.9
    assert {one["label"] for one in results} == {"flower", "temple"}
    # torchvision's Normalize, written out once more.
    values = (test[chosen] / 255 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
    batch = np.moveaxis(values, -1, 1).astype(np.float32)
    (expected,) = onnxruntime.InferenceSession(model / "model.onnx").run(None, {"pictures": batch})
    for one, row in zip(results, expected, strict=True):
        # 32-bit floats.
        assert list(one["probabilities"].values()) == pytest.approx(row.tolist(), abs=1e-5)


def test_larger_pictures_are_scaled(server: Server) -> None:
    """What was trained at 32 pixels reads a piece that is thirty times as large."""
    _, _, test, labels = photos.sample_pictures()
    flower = Image.fromarray(test[list(labels).index("flower")])
    buffer = io.BytesIO()
    flower.resize((900, 900)).save(buffer, "JPEG")
    answer = requests.post(server.score_url, files={"image": buffer.getvalue()}, timeout=60)
    assert answer.json()["label"] == "flower"
    assert (answer.json()["width"], answer.json()["height"]) == (900, 900)


def test_the_door_tells_of_this_model(server: Server) -> None:
    """A GET has this model's sentence and no digits; its options are unknown here."""
    told = requests.get(server.score_url, timeout=60)
    assert told.json()["service"] == "Tells which class a photograph is of."
    assert told.json()["models"][0]["verified"] is True
    assert "digit" not in told.text
    body = {"image": "eA==", "data": {"polarity": "dark on light"}}
    assert requests.post(server.score_url, json=body, timeout=60).status_code == 400


def test_the_graph_is_the_network() -> None:
    """Two classes and three: ONNX answers what scikit-learn does, to 32-bit floats."""
    train, labels, test, _ = photos.sample_pictures()
    thirds = np.array(["a", "b", "c"])[np.arange(len(labels)) % 3]
    for target in (labels, thirds):
        network = photos.train_model(train[::4], target[::4], seed=0, epochs=2)
        graph = photos.to_onnx(network).SerializeToString()
        batch = photos.normalised(test[:7])
        (found,) = onnxruntime.InferenceSession(graph).run(None, {"pictures": batch})
        expected = network.predict_proba(batch.reshape(7, -1))
        assert found == pytest.approx(expected, abs=1e-5)


def folder_of(tmp_path: Path, counts: dict[str, int]) -> Path:
    rng = np.random.default_rng(0)
    for shade, (name, count) in enumerate(counts.items()):
        (tmp_path / name).mkdir()
        for i in range(count):
            noise = rng.integers(0, 40, (50, 40, 3), dtype=np.uint8) + 90 * shade
            (tmp_path / name / f"{i}.png").write_bytes(png(noise.astype(np.uint8)))
    return tmp_path


def test_a_folder_of_ones_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder for each class is all it takes; the labels are the folders' names."""
    data = folder_of(tmp_path, {"dark": 20, "light": 20})
    photos.main(["--data", str(data), "--output", str(tmp_path / "out"), "--epochs", "20"])
    assert json.loads(capsys.readouterr().out)["accuracy"] >= 0.9
    declared = json.loads((tmp_path / "out" / "image_input.json").read_text())
    assert declared["labels"] == ["dark", "light"]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [({"one": 5}, "a folder for each class"), ({"one": 5, "two": 4}, "4 pictures; five are")],
)
def test_a_folder_that_is_too_little(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], counts: dict[str, int], expected: str
) -> None:
    """The message names the folder and what is missing; nothing is written."""
    arguments = ["--data", str(folder_of(tmp_path, counts)), "--output", str(tmp_path / "x" / "y")]
    with pytest.raises(SystemExit) as stop:
        photos.main(arguments)
    assert stop.value.code == 2
    assert expected in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_a_file_that_is_no_picture_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not skipped: who lists a file there means it."""
    data = folder_of(tmp_path, {"dark": 5, "light": 5})
    (data / "dark" / "notes.txt").write_text("no picture")
    with pytest.raises(SystemExit):
        photos.main(["--data", str(data), "--output", str(tmp_path / "out")])
    assert "notes.txt is no picture" in capsys.readouterr().err
