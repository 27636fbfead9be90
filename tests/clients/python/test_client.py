"""The Python client against the real service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
from scoring_client import IncompleteScores, ScoringClient, ScoringError
from sklearn.datasets import load_diabetes

from deploy.servers.azmlinfsrv import Server
from tests.nearly import nearly

CHUNK = 50

Predict = Callable[[pd.DataFrame], Any]

FEATURES: pd.DataFrame = load_diabetes(as_frame=True).data


@pytest.fixture
def client(score_server: Server) -> Iterator[ScoringClient]:
    with ScoringClient(score_server.score_url, chunk_rows=CHUNK) as client:
        yield client


@pytest.fixture(scope="session")
def predict(sample_model: Path) -> Predict:
    """The model's own predictions, made in requests of the same size.

    The last bit of a sum depends on how many rows are summed at once.
    """
    model = joblib.load(sample_model / "model.joblib")

    def predict(frame: pd.DataFrame) -> Any:
        starts = range(0, len(frame), CHUNK)
        return np.concatenate([model.predict(frame[start : start + CHUNK]) for start in starts])

    return predict


def test_records_give_a_list(client: ScoringClient, predict: Predict) -> None:
    """A list of records, in nine chunks, gives the model's own predictions in order."""
    assert client.score(FEATURES.to_dict("records")) == nearly(predict(FEATURES).tolist())


def test_a_frame_gives_a_series(client: ScoringClient, predict: Predict) -> None:
    """A DataFrame gives a Series with the same index, whatever the index is."""
    frame = FEATURES.set_axis([f"patient {i}" for i in reversed(range(len(FEATURES)))])
    expected = pd.Series(predict(FEATURES), index=frame.index, name="Results")
    scores = client.score(frame)
    assert isinstance(scores, pd.Series)
    pd.testing.assert_series_equal(scores, expected, check_exact=False, rtol=1e-9)


def test_an_array_gives_an_array(client: ScoringClient, predict: Predict) -> None:
    """An array gets the column names that the Swagger lists, and gives an array."""
    scores = client.score(FEATURES.to_numpy())
    assert isinstance(scores, np.ndarray)
    assert scores.tolist() == nearly(predict(FEATURES).tolist())


def test_an_array_for_the_classic_door(raw_json_server: Server, predict: Predict) -> None:
    """A service without column names gets plain rows."""
    with ScoringClient(raw_json_server.score_url, chunk_rows=CHUNK) as client:
        # This door makes its frame from rows, not columns: the sums' last bits differ.
        expected = pytest.approx(predict(FEATURES), rel=1e-12)
        assert client.score(FEATURES.to_numpy()) == expected
        assert client.score(FEATURES.to_numpy().tolist()) == expected


@pytest.mark.parametrize("none", [[], FEATURES.head(0), np.empty((0, 10))], ids=type)
def test_no_rows(client: ScoringClient, none: Any) -> None:
    """No rows give no predictions, in the same kind."""
    scores = client.score(none)
    assert len(scores) == 0
    assert isinstance(scores, pd.Series if isinstance(none, pd.DataFrame) else type(none))


def test_an_array_of_another_width(client: ScoringClient) -> None:
    """A row with too few values is refused here, with the columns that the service takes."""
    with pytest.raises(ValueError, match="9 values; the service takes 10: age, sex, bmi"):
        client.score(FEATURES.to_numpy()[:, :9])


def test_what_is_no_table(client: ScoringClient) -> None:
    """Anything that is no table is refused before it is sent."""
    with pytest.raises(TypeError, match="not Series"):
        client.score(FEATURES["age"])  # type: ignore[call-overload]
    with pytest.raises(ValueError, match="two dimensions"):
        client.score(np.zeros(10))


def test_a_refusal(client: ScoringClient) -> None:
    """The service's own message, its list of fields and the request id are in the error."""
    with pytest.raises(ScoringError) as caught:
        client.score([{"age": 1}])
    error = caught.value
    assert error.status == 400
    assert not error.retryable
    assert error.rows == range(1)
    assert error.request_id
    assert error.errors[0].keys() == {"where", "expected", "found"}
    assert error.message in str(error)
    assert error.request_id in str(error)


def test_one_bad_row_does_not_lose_the_others(client: ScoringClient, predict: Predict) -> None:
    """A row that is refused is named by its number; the results of all the others are kept."""
    records = FEATURES.head(200).to_dict("records")
    records[60]["bmi"] = "abc"
    frame = pd.DataFrame(records)
    with pytest.raises(IncompleteScores, match="1 of 200 rows") as caught:
        client.score(frame)
    error = caught.value
    assert [failure.rows for failure in error.failures] == [range(60, 61)]
    assert error.status == 400
    assert error.errors == [
        {
            "where": "Inputs.data[60].bmi",
            "expected": "number",
            "found": 'string "abc"',
        }
    ]
    kept = error.results.dropna()
    assert kept.index.tolist() == [i for i in range(200) if i != 60]
    assert kept.tolist() == nearly(predict(FEATURES[:200].drop(60)).tolist())


def test_many_bad_rows(client: ScoringClient) -> None:
    """More bad rows in a chunk than the service lists at a time are all found, and no others."""
    records = FEATURES.head(CHUNK).to_dict("records")
    for bad in range(5, 45):
        records[bad]["bmi"] = "abc"
    with pytest.raises(IncompleteScores) as caught:
        client.score(records)
    missing = [i for i, result in enumerate(caught.value.results) if result is None]
    assert missing == list(range(5, 45))
    assert [failure.rows.start for failure in caught.value.failures] == missing


def test_a_misspelt_column(score_server: Server, client: ScoringClient) -> None:
    """What is wrong with every row is said once per chunk, not ten rows at a time."""
    before = score_server.log().count("azmlinfsrv - POST /score")
    with pytest.raises(IncompleteScores) as caught:
        client.score(FEATURES.head(2 * CHUNK).rename(columns={"bmi": "bmj"}))
    assert [failure.rows for failure in caught.value.failures] == [range(50), range(50, 100)]
    assert "bmj" in caught.value.message
    assert score_server.log().count("azmlinfsrv - POST /score") == before + 2


@pytest.mark.parametrize("ending", ["", "/", "/score", "/score/"])
def test_the_address_with_or_without_score(score_server: Server, ending: str) -> None:
    """`/score` may be left out of the address."""
    with ScoringClient(score_server.url + ending) as client:
        assert client.uri == score_server.score_url
        assert len(client.score(FEATURES.head(2))) == 2
        assert client.describe().title


def test_parameters(client: ScoringClient) -> None:
    """GlobalParameters reach the service."""
    with pytest.raises(ScoringError, match=r"GlobalParameters\.method"):
        client.score(FEATURES.head(1), {"method": "transmogrify"})


def test_describe(client: ScoringClient) -> None:
    """The description has title, columns with their types, and the parameters."""
    description = client.describe()
    assert description.columns == dict.fromkeys(FEATURES.columns, "number")
    assert description.parameters == ("method",)
    assert description.document["swagger"] == "2.0"
    assert description.title


def test_any_body(client: ScoringClient, predict: Predict) -> None:
    """`call` sends a body as it is and returns the answer as it is."""
    body = {"Inputs": {"data": FEATURES.head(1).to_dict("records")}}
    assert client.call(body) == {"Results": nearly(predict(FEATURES.head(1)).tolist())}


def test_wait_until_ready(client: ScoringClient) -> None:
    """A running service is ready."""
    client.wait_until_ready(timeout=10)


@pytest.mark.parametrize(
    "uri", ["localhost:5001/score", "ftp://host/score", "https://u:p@host/score", "https:///score"]
)
def test_an_address_that_is_none(uri: str) -> None:
    """What cannot be a scoring address is refused at once."""
    with pytest.raises(ValueError, match="https://HOST/score"):
        ScoringClient(uri)
