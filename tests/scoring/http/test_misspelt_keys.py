"""Misspelt keys at the top of a body, over HTTP under the real azmlinfsrv."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from scoring.http.misspelt_keys import READ_TWICE_BYTES

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


def test_large_bodies_are_read_once(score_server: Server) -> None:
    """In a large body the key is not looked for."""
    body = {"Inputs": INPUTS, "globalparameters": "x" * READ_TWICE_BYTES}
    assert post(score_server, body).status_code == 200
