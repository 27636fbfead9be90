"""Images by the Python client and its command line, against the real service."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scoring_client import IncompleteScores, ScoringClient, ScoringError, cli

from deploy.servers.azmlinfsrv import Server
from tests.nearly import nearly

Pictures = dict[int, Path]


@pytest.fixture(scope="module")
def server(start_server: Callable[..., Server], root: Path, digits_model: Path) -> Server:
    return start_server(root / "score" / "image.py", digits_model)


def test_paths_bytes_and_arrays(server: Server, digit_pictures: Pictures) -> None:
    """Paths, bytes and arrays are scored alike, several in a request, in order."""
    paths = [digit_pictures[digit] for digit in range(10)]
    arrays = [np.asarray(Image.open(path).convert("RGB")) for path in paths]
    with ScoringClient(server.score_url, chunk_images=3) as client:
        by_path = client.score_images(paths)
        assert [answer["label"] for answer in by_path] == list(range(10))
        # The same pictures, in other batches for the model now and then: see tests/nearly.py.
        assert client.score_images([path.read_bytes() for path in paths]) == nearly(by_path)
        assert [answer["label"] for answer in client.score_images(arrays)] == list(range(10))
        assert client.score_images([str(paths[4])]) == nearly(by_path[4:5])
        assert client.score_images([]) == []


def test_what_is_no_image(server: Server, digit_pictures: Pictures, tmp_path: Path) -> None:
    """What cannot be sent is refused here; what is no image is refused by the service."""
    with ScoringClient(server.score_url, chunk_images=1) as client:
        with pytest.raises(TypeError, match="Image 0 is of type int"):
            client.score_images([5])
        with pytest.raises(TypeError, match="uint8"):
            client.score_images([np.zeros((8, 8))])
        with pytest.raises(FileNotFoundError):
            client.score_images([digit_pictures[1], tmp_path / "nowhere.png"])
        with pytest.raises(TypeError, match="also for a single one"):
            client.score_images(str(digit_pictures[1]))
        with pytest.raises(ScoringError, match="HTTP 400"):
            client.score_images([b"no image"])
    with (
        ScoringClient(server.score_url, chunk_images=3) as client,
        pytest.raises(IncompleteScores) as caught,
    ):
        client.score_images([digit_pictures[1], b"no image", digit_pictures[2]])
    assert [failure.rows for failure in caught.value.failures] == [range(1, 2)]
    assert "image[1]" in caught.value.message
    labels = [answer and answer["label"] for answer in caught.value.results]
    assert labels == [1, None, 2]


def test_the_command_line(server: Server, digit_pictures: Pictures, tmp_path: Path) -> None:
    """A pattern of files gives a line per file, its probabilities in columns."""
    folder = digit_pictures[0].parent
    out = tmp_path / "out.csv"
    command = ["--uri", server.score_url, "--in", f"{folder}/*", "--chunk", "4"]
    assert cli.main([*command, "--out", str(out)]) == 0
    with out.open() as file:
        rows = list(csv.DictReader(file))
    assert [Path(row["file"]).name for row in rows] == sorted(p.name for p in folder.iterdir())
    assert all(Path(row["file"]).name.startswith(row["label"]) for row in rows)
    assert all(float(row[f"probabilities.{row['label']}"]) > 0.2 for row in rows)


def test_images_at_fault_are_set_aside(
    server: Server, digit_pictures: Pictures, tmp_path: Path
) -> None:
    """A file that is no image goes to the failed ones, with the reason; the others are scored."""
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no image")
    out = tmp_path / "out.jsonl"
    files = [str(digit_pictures[1]), str(broken), str(digit_pictures[2])]
    command = ["--uri", server.score_url, "--in", *files]
    assert cli.main([*command, "--out", str(out)]) == 1
    assert [json.loads(line)["label"] for line in out.read_text().splitlines()] == [1, 2]
    failed = json.loads((tmp_path / "out.failed.jsonl").read_text())
    assert failed["file"] == str(broken)
    assert "HTTP 400" in failed["error (score)"]
