"""A model of pictures and its declaration, without a server."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Any, Literal

import joblib
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from scoring.errors import ClientError, InvalidInput, ModelBroken
from scoring.images.declaration import Pixels, read_declaration
from scoring.images.image_model import ImageModel
from scoring.images.preparation import to_array
from scoring.images.uploads import Upload
from scoring.models.discovery import ModelPath
from scoring.models.loading import load
from scoring.settings import Settings
from sklearn.linear_model import LinearRegression, LogisticRegression


def png(color: Any, size: tuple[int, int] = (20, 10)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, color).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A classifier of colors, from the mean of 2 x 2 pixels, without a manifest."""
    colors = np.eye(3)
    model = LogisticRegression(C=1e4).fit(np.tile(colors, (1, 4)), ["red", "green", "blue"])
    joblib.dump(model, tmp_path / "model.joblib")
    declare(tmp_path, pixels={"width": 2, "height": 2, "layout": "flat"})
    return tmp_path


def declare(folder: Path, **declaration: Any) -> None:
    (folder / "image_input.json").write_text(json.dumps(declaration))


def served(folder: Path) -> ImageModel:
    return ImageModel(load(ModelPath.at(folder / "model.joblib"), Settings()), Settings())


def test_a_classifier_needs_one_declaration(folder: Path) -> None:
    """Labels are the model's own; several pictures keep their order; sizes are as received."""
    results = served(folder).score(Upload([png("blue"), png("red", (7, 9))], several=True))
    assert [one["label"] for one in results] == ["blue", "red"]
    assert list(results[0]["probabilities"]) == ["blue", "green", "red"]
    assert (results[1]["width"], results[1]["height"]) == (7, 9)


def test_all_pictures_go_as_one_batch(folder: Path) -> None:
    """The model is asked once a request, with as many rows as pictures."""
    model = served(folder)
    asked: list[tuple[int, ...]] = []
    inner = model._model.predict_proba

    def counted(batch: npt.NDArray[Any]) -> Any:
        asked.append(batch.shape)
        return inner(batch)

    model._model.predict_proba = counted
    model.score(Upload([png("red")] * 5, several=True))
    assert asked == [(5, 12)]


def test_a_model_of_values_answers_them(folder: Path) -> None:
    """A regressor's number is the prediction; there are no labels."""
    joblib.dump(LinearRegression().fit(np.tile(np.eye(3), (1, 4)), [1, 2, 3]),
                folder / "model.joblib")  # fmt: skip
    declare(folder, pixels={"width": 2, "height": 2, "layout": "flat"}, output="values")
    (result,) = served(folder).score(Upload([png((0, 255, 0))]))
    # Fitted to three points exactly, up to the solver's rounding.
    assert result["prediction"] == pytest.approx(2)


@pytest.mark.parametrize(
    ("declaration", "expected"),
    [
        ({}, 'either "pixels" or "prepare"'),
        ({"pixels": {"width": 2}}, "pixels.height"),
        ({"pixels": {"width": 2, "height": "2"}}, "pixels.height"),
        ({"pixels": {"width": 2, "height": 2, "layuot": "flat"}}, "pixels.layuot"),
        ({"pixels": {"width": 2, "height": 2, "mean": [0, 0]}}, "mean needs 1 number or 3"),
        ({"pixels": {"width": 2, "height": 2, "std": [0]}}, "std must be above 0"),
        ({"pixels": {"width": 2, "height": 2, "dtype": "uint8"}}, "uint8"),
        ({"pixels": {"width": 3, "height": 2, "layout": "flat"}}, "(18,)"),
        ({"pixels": {"width": 2, "height": 2}}, "(2, 2, 3)"),
        ({"pixels": {"width": 2, "height": 2, "layout": "flat"}, "labels": ["x"]}, "the model has"),
        ({"pixels": {"width": 2, "height": 2, "layout": "flat"}, "options": {"a": ["b"]}}, "are f"),
        ({"prepare": "../evil.py"}, "a Python file beside"),
        ({"prepare": "gone.py"}, "gone.py beside the model is not there"),
        ({"prepare": "broken.py"}, "broken.py cannot be run: NameError"),
        ({"prepare": "empty.py"}, "no function prepare"),
    ],
)
def test_a_declaration_that_cannot_be_used_stops_the_start(
    folder: Path, declaration: dict[str, Any], expected: str
) -> None:
    """The message names the key, or what the model was given and what it said."""
    (folder / "broken.py").write_text("nothing_like_it\n")
    (folder / "empty.py").write_text("")
    declare(folder, **declaration)
    with pytest.raises(ModelBroken) as broken:
        served(folder)
    assert expected in str(broken.value)


def test_without_a_declaration_nothing_is_guessed(folder: Path) -> None:
    """The message names the file to write and the page that shows one."""
    (folder / "image_input.json").unlink()
    with pytest.raises(ModelBroken, match=r"No image_input.json beside model.joblib.*images.md"):
        served(folder)


def test_numbers_that_are_no_probabilities_stop_the_start(folder: Path) -> None:
    """Logits that were taken for probabilities would be a silent wrong answer."""
    declare(folder, pixels={"width": 2, "height": 2, "layout": "flat"})
    loaded = load(ModelPath.at(folder / "model.joblib"), Settings())
    loaded.model.predict_proba = loaded.model.decision_function
    with pytest.raises(ModelBroken, match=r"no probabilities.*logits"):
        ImageModel(loaded, Settings())


def test_logits_become_probabilities(folder: Path) -> None:
    """By softmax, as the model itself makes them."""
    declare(folder, pixels={"width": 2, "height": 2, "layout": "flat"}, output="logits")
    loaded = load(ModelPath.at(folder / "model.joblib"), Settings())
    own, loaded.model.predict_proba = loaded.model.predict_proba, loaded.model.decision_function
    (result,) = ImageModel(loaded, Settings()).score(Upload([png("red")]))
    expected = own(np.tile([[1.0, 0, 0]], (1, 4)))[0]
    # One softmax is scikit-learn's, one ours; their last digits may differ.
    assert list(result["probabilities"].values()) == pytest.approx(expected.tolist())


PREPARE = """
from __future__ import annotations
from dataclasses import dataclass
import numpy as np

@dataclass(frozen=True)
class Means:
    turn: bool

def prepare(picture, parameters, options):
    if picture.width < parameters["least"]:
        raise ValueError("is too small to see anything in.")
    means = np.asarray(picture).mean(axis=(0, 1)) / 255
    turned = means[::-1] if Means(options.get("order") == "BGR").turn else means
    return np.tile(turned, 4)
"""


@pytest.fixture
def with_python(folder: Path) -> Path:
    """The same classifier, prepared by a Python file of its own."""
    (folder / "means.py").write_text(PREPARE)
    declare(folder, prepare="means.py", parameters={"least": 5}, options={"order": ["RGB", "BGR"]})
    return folder


def test_a_python_file_prepares_what_no_declaration_can(with_python: Path) -> None:
    """It gets parameters and options; its ValueError is the client's, with the picture named."""
    model = served(with_python)
    assert model.score(Upload([png("red")]))[0]["label"] == "red"
    said = Upload([png("red")], data={"order": "BGR"})
    assert model.score(said)[0]["label"] == "blue"
    with pytest.raises(ClientError, match=r"image\[1\] is too small"):
        model.score(Upload([png("red"), png("red", (2, 2))], several=True))


@pytest.mark.parametrize("data", [{"order": "GBR"}, {"order": 1}, {"ordre": "BGR"}])
def test_unknown_options_are_refused(with_python: Path, data: dict[str, Any]) -> None:
    """A misspelt option is not passed over."""
    with pytest.raises(InvalidInput, match="data"):
        served(with_python).score(Upload([png("red")], data=data))


def test_a_model_without_options_takes_none(folder: Path) -> None:
    """What belongs to another model's pictures is unknown here."""
    with pytest.raises(InvalidInput, match="polarity"):
        served(folder).score(Upload([png("red")], data={"polarity": "dark on light"}))


@pytest.mark.parametrize("name", ["image_input.json", "means.py"])
def test_the_manifest_vouches_for_declaration_and_code(with_python: Path, name: str) -> None:
    """What the manifest does not list, or lists with another hash, is neither read nor run."""
    files = ["model.joblib", "image_input.json", "means.py"]
    entries = [
        {"file": file, "sha256": hashlib.sha256((with_python / file).read_bytes()).hexdigest()}
        for file in files
    ]
    manifest = with_python / "models.json"
    manifest.write_text(json.dumps({"models": entries}))
    served(with_python)
    manifest.write_text(json.dumps({"models": [e for e in entries if e["file"] != name]}))
    with pytest.raises(ModelBroken, match=f"does not list it.*{files[0]}"):
        served(with_python)
    manifest.write_text(json.dumps({"models": entries}))
    with (with_python / name).open("a") as file:
        file.write("\n")
    with pytest.raises(ModelBroken, match=f"{name} is not the file"):
        served(with_python)


def test_a_link_is_not_followed(
    with_python: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A declaration that is a link leads out of what was registered."""
    outside = tmp_path_factory.mktemp("outside") / "means.py"
    (with_python / "means.py").rename(outside)
    (with_python / "means.py").symlink_to(outside)
    with pytest.raises(ModelBroken, match="no plain file"):
        read_declaration(with_python / "model.joblib")


LAYOUTS: tuple[Literal["NHWC", "NCHW", "flat"], ...] = ("NHWC", "NCHW", "flat")

HALVES = Image.new("RGB", (40, 20))
HALVES.paste((255, 0, 0), (0, 0, 20, 20))
HALVES.paste((0, 0, 255), (20, 0, 40, 20))


def test_layouts_are_one_another_reordered() -> None:
    """Channels last and first and the flat row hold the same numbers."""
    last, first, flat = (
        to_array(HALVES, Pixels(width=6, height=4, layout=layout, fit="stretch"))
        for layout in LAYOUTS
    )
    assert (last.shape, first.shape, flat.shape) == ((4, 6, 3), (3, 4, 6), (72,))
    assert (first == last.transpose(2, 0, 1)).all()
    assert (flat == last.ravel()).all()
    assert last[0, 0].tolist() == [1, 0, 0]
    assert last[0, -1].tolist() == [0, 0, 1]


@pytest.mark.parametrize(
    ("fit", "corner"), [("stretch", [1, 0, 0]), ("cover", [1, 0, 0]), ("contain", [0, 0, 0])]
)
def test_other_shapes_are_fitted(fit: Any, corner: list[float]) -> None:
    """Stretched, cut off or with black around it."""
    array = to_array(HALVES, Pixels(width=8, height=8, fit=fit))
    assert array[0, 0].tolist() == corner
    assert array[4, 0].tolist() == [1, 0, 0]


def test_normalising_is_torchvisions_formula() -> None:
    """(pixel / 255 - mean) / std, channel by channel, in float32."""
    mean, std = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
    pixels = Pixels(width=2, height=2, layout="NCHW", mean=mean, std=std)
    array = to_array(Image.new("RGB", (5, 5), (10, 20, 30)), pixels)
    assert array.dtype == np.float32
    for channel, value in enumerate((10, 20, 30)):
        # float32 has about 7 digits.
        expected = pytest.approx((value / 255 - mean[channel]) / std[channel], rel=1e-5)
        assert array[channel, 1, 1] == expected


def test_gray_and_bytes() -> None:
    """One channel for L; uint8 are the pixels as they are."""
    pixels = Pixels(width=2, height=2, mode="L", dtype="uint8", scale=1)
    array = to_array(Image.new("RGB", (5, 5), (77, 77, 77)), pixels)
    assert array.shape == (2, 2, 1)
    assert array.dtype == np.uint8
    assert (array == 77).all()
