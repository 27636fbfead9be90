"""The smoke test: one real request to the deployed service, its answer held against the model's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import requests
import tenacity

from deploy.errors import SmokeFailed
from deploy.service import Service
from deploy.smoke.expected import Expected, mismatch, own_predictions
from deploy.smoke.sample import find_sample, swagger_of
from deploy.staging.models import ModelSource

#: What a front end answers while the container behind it is not ready yet, or not any more.
NOT_READY = frozenset({502, 503, 504})

#: A new service's address may lag a few seconds behind the service.
ATTEMPTS, PAUSE_SECONDS = 3, 2


def smoke(
    service: Service, key: str, entry: Path, models: Sequence[ModelSource], chosen: Path | None
) -> dict[str, Any]:
    """Send the sample and hold the answer against the model's own prediction.

    Args:
        service: where to.
        key: a key or token; empty without authentication.
        entry: the entry script; the contract's samples are called after it.
        models: the models on this machine; without them the answer is only looked at.
        chosen: a file with the request to send.

    Returns:
        What was sent and answered, and the command that sends it.

    Raises:
        SmokeFailed: the service did not answer as the model does.
    """
    if not service.scoring_uri:
        raise SmokeFailed(f"{service.name} has no address: its state is {service.state}.")
    base = service.scoring_uri.removesuffix("/score")
    try:
        sample = find_sample(entry, None if chosen else swagger_of(base, key), chosen)
        answer = _patient(sample.send, service.scoring_uri, key)
    except requests.RequestException as error:
        # The message of a connection error is a page of wrapped causes.
        cause = type(error).__name__
        raise SmokeFailed(f"{service.scoring_uri} cannot be reached ({cause}).") from None
    expected = own_predictions(models, sample.body)
    problem = _problem(answer, expected)
    if problem:
        raise SmokeFailed(f"{service.scoring_uri} {problem}")
    return {
        "sample": sample.origin,
        "status": answer.status_code,
        "answer": answer.json(),
        "compared_with_model": expected.values is not None,
        "comparison": str(expected),
        "curl": sample.curl(service.scoring_uri, key=bool(key)),
    }


def _patient(send: Any, url: str, key: str) -> requests.Response:
    retrying = tenacity.Retrying(
        stop=tenacity.stop_after_attempt(ATTEMPTS),
        wait=tenacity.wait_fixed(PAUSE_SECONDS),
        retry=tenacity.retry_if_exception_type(requests.ConnectionError)
        | tenacity.retry_if_result(lambda answer: answer.status_code in NOT_READY),
        retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
    )
    answer: requests.Response = retrying(send, url, key)
    return answer


def _problem(answer: requests.Response, expected: Expected) -> str:
    status = answer.status_code
    if status in {401, 403}:
        return f"answered {status}: the key is not accepted. `keys` shows the valid ones."
    if status != requests.codes.ok:
        return f"answered {status}: {answer.text[:300]}"
    try:
        difference = mismatch(answer.json(), expected)
    except ValueError:
        difference = f"the answer is not JSON: {answer.text[:100]}"
    return f"answered wrongly: {difference}." if difference else ""
