"""Misspelt keys at the top of a body, over HTTP under the real azmlinfsrv."""

from __future__ import annotations

import json
from typing import Any

import hypothesis
import pytest
import requests
from hypothesis import strategies
from scoring.http.misspelt_keys import _names_at_the_top

from deploy.servers.azmlinfsrv import Server

ROW = dict.fromkeys(["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"], 0.01)
INPUTS = {"data": [ROW]}
PARAMETERS = {"method": "predict"}


def post(server: Server, body: Any) -> requests.Response:
    return requests.post(server.score_url, json=body, timeout=60)


@pytest.mark.parametrize("key", ["globalparameters", "GlobalParameter", "global parameters"])
def test_a_misspelt_parameter_is_refused(score_server: Server, key: str) -> None:
    """What would be dropped, and the default taken in its stead, is named with what was meant."""
    answer = post(score_server, {"Inputs": INPUTS, key: {"method": "predict_proba"}})
    (error,) = answer.json()["errors"]
    assert answer.status_code == 400
    assert key in error["where"]
    assert error["expected"] == 'no key of this name (did you mean "GlobalParameters"?)'


def test_misspelt_inputs_are_refused(score_server: Server) -> None:
    """So is the one parameter that a request must have."""
    answer = post(score_server, {"inputs": INPUTS})
    assert answer.status_code == 400
    assert 'did you mean "Inputs"?' in answer.json()["message"]


@pytest.mark.parametrize("key", ["comment", "globalparameters"])
def test_other_keys_are_ignored(score_server: Server, key: str) -> None:
    """A key that means no missing parameter is dropped, as the server does."""
    body = {"Inputs": INPUTS, "GlobalParameters": PARAMETERS, key: 5}
    assert post(score_server, body).status_code == 200


def test_a_body_that_can_be_read_only_once(score_server: Server) -> None:
    """As deeply nested as the server itself can read, a body is not taken for the model's fault."""
    headers = {"Content-Type": "application/json"}
    texts = []
    # The server gives up at about 970, by how many calls are around it.
    for depth in range(930, 1000):
        body = '{"Inputs":' + "[" * depth + "]" * depth + "}"
        answer = requests.post(score_server.score_url, data=body, headers=headers, timeout=60)
        texts.append(answer.text)
    assert 'expected an object with data, found an array of 1"' in texts[0]
    assert "internal error" in texts[-1]
    assert not [text for text in texts if "The model failed" in text]


MANY = {"data": [ROW] * 2000}
SHAPES: list[dict[str, Any]] = [
    {"Inputs": MANY, "globalparameters": PARAMETERS},
    {"globalparameters": PARAMETERS, "Inputs": MANY},
    {"Inputs": MANY, "comment": 'a },"b": c', "GlobalParameter": PARAMETERS},
    {"comment": [1, 2], "GlobalParameter": PARAMETERS, "Inputs": MANY, "other": {"a": 1}},
]


@pytest.mark.parametrize("layout", [{}, {"indent": 1}, {"separators": (",", ":")}])
@pytest.mark.parametrize("body", SHAPES)
def test_a_large_body_is_no_excuse(
    score_server: Server, body: dict[str, Any], layout: dict[str, Any]
) -> None:
    """Wherever the key stands beside thousands of rows, and however the JSON is laid out."""
    headers = {"Content-Type": "application/json"}
    text = json.dumps(body, **layout)
    answer = requests.post(score_server.score_url, data=text, headers=headers, timeout=60)
    assert answer.status_code == 400
    assert 'did you mean "GlobalParameters"?' in answer.json()["message"]


def test_a_large_body_without_parameters_is_answered(score_server: Server) -> None:
    """Thousands of rows, and other keys at the top, are no mistake."""
    answer = post(score_server, {"Inputs": MANY, "comment": {"globalparameters": 1}})
    assert answer.status_code == 200


@hypothesis.given(
    strategies.recursive(
        strategies.none() | strategies.integers() | strategies.text(),
        lambda inner: strategies.lists(inner) | strategies.dictionaries(strategies.text(), inner),
        max_leaves=12,
    ),
    strategies.dictionaries(strategies.text(), strategies.integers() | strategies.text()),
)
def test_every_key_at_the_top_is_seen(value: Any, others: dict[str, Any]) -> None:
    """Without parsing, all keys are found that parsing finds."""
    body = {"first": value, **others, "last": value, "end": "x"}
    for layout in ({}, {"indent": 1}, {"ensure_ascii": False}):
        text = json.dumps(body, **layout).encode("utf-8", "surrogatepass")
        assert body.keys() <= set(_names_at_the_top(text))
