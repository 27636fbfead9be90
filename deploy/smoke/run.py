"""The smoke test: one real request to the deployed service, its answer held against the model's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import requests
import tenacity

from deploy.errors import SmokeFailed
from deploy.service import Service
from deploy.smoke.expected import own_predictions
from deploy.smoke.sample import Sample, find_sample, swagger_of
from deploy.smoke.verdict import Outcome, Promise, Verdict, judge, promise_of
from deploy.staging.models import ModelSource

#: What a front end answers while the container behind it is not ready yet, or not any more.
NOT_READY = frozenset({502, 503, 504})

#: A new service's address may lag a few seconds behind the service.
ATTEMPTS, PAUSE_SECONDS = 3, 2


def smoke(
    service: Service,
    key: str,
    entry: Path,
    models: Sequence[ModelSource],
    chosen: Path | None,
    wanted: Any = None,
) -> dict[str, Any]:
    """Send the sample and hold the answer against the model's own prediction.

    Args:
        service: where to.
        key: a key or token; empty without authentication.
        entry: the entry script, which says what its answers are.
        models: the models on this machine; without them the answer is only looked at.
        chosen: a file with the request to send.
        wanted: the answer that has to come; None where the operator gave none.

    Returns:
        What was sent and answered, and the command that sends it.

    Raises:
        SmokeFailed: the service did not answer, or not what was promised.
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
    promise = promise_of(entry, own_predictions(models, sample.body), wanted)
    if not sample.origin and not answer.ok:
        return _untried(answer)
    verdict = judge(answer, promise)
    if fails(verdict, promise, sample):
        raise SmokeFailed(f"{service.scoring_uri} {_sentence(verdict)}")
    return {
        "sample": sample.origin or "a plain GET; --sample FILE sends more",
        "status": answer.status_code,
        "answer": _shown(answer),
        "compared_with_model": verdict.outcome in {Outcome.RIGHT, Outcome.DIFFERENT},
        "comparison": verdict.text,
        "curl": sample.curl(service.scoring_uri, key=bool(key)),
    }


def _untried(answer: requests.Response) -> dict[str, Any]:
    """Return what is told of a service that runs, and of which nobody knows what it takes."""
    return {
        "sample": "none: give --sample FILE",
        "status": answer.status_code,
        "answer": None,
        "compared_with_model": False,
        "comparison": "not tried: nobody gave a request",
        "curl": "",
    }


def fails(verdict: Verdict, promise: Promise, sample: Sample) -> bool:
    """Tell whether an answer is certainly wrong.

    An answer unlike the model's own is, where the script declares that it answers that as it is;
    an error told with 200 is, where the operator chose the sample.
    """
    outcome = verdict.outcome
    if outcome is Outcome.DIFFERENT:
        return promise.unchanged
    if outcome is Outcome.SAYS_ERROR:
        return sample.given
    return outcome in {Outcome.FAILED, Outcome.KEY_REFUSED, Outcome.UNEXPECTED}


def _sentence(verdict: Verdict) -> str:
    if verdict.outcome in {Outcome.DIFFERENT, Outcome.UNEXPECTED}:
        return f"answered wrongly: {verdict.text}."
    return verdict.text


def _shown(answer: requests.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        kind = answer.headers.get("content-type", "no type")
        return answer.text[:300] if "text" in kind else f"{len(answer.content)} bytes of {kind}"


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
