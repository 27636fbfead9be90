"""When Azure fails: what is said, what is left behind, and that running `up` again ends well."""

from __future__ import annotations

import signal
import threading

import pytest

from tests.deploy.conftest import Ended, Operator
from tests.fakes.azure.proxy import Answer

MMS = r"/modelmanagement/v1\.0/.*"
FAILS_ONLY_THERE = '''"""A door."""
import os
from pathlib import Path

if "services" in Path(os.environ["AML_APP_ROOT"]).parts:
    raise RuntimeError("the disk is not there")
'''


def up(operator: Operator) -> Ended:
    return operator.run("up", "--target", "aci", "--json")


def ends_well(operator: Operator) -> Ended:
    """Run `up` again; one service, one model and its own predictions must be the result."""
    ended = up(operator)
    assert ended.code == 0, ended.err
    assert ended.document["smoke"]["compared_with_model"] is True
    assert list(operator.azure.state.services) == ["diabetes"]
    assert list(operator.azure.state.models) == ["diabetes:1"]
    return ended


def test_a_container_that_does_not_start(operator: Operator) -> None:
    """The service's own log tells why, the failed service is named, and `up` replaces it."""
    good = (operator.project.root / "score/score.py").read_text()
    body = good.partition('"""\n')[2]
    operator.project.write("score/score.py", FAILS_ONLY_THERE + body)
    failed = up(operator)
    assert failed.code == 1
    assert "RuntimeError: the disk is not there" in failed.err
    assert "python -m deploy delete --target aci --name diabetes" in failed.err
    assert operator.azure.state.services["diabetes"].state == "Failed"
    operator.project.write("score/score.py", good)
    ends_well(operator)


def test_refusals_say_what_to_do(operator: Operator) -> None:
    """Sign-in, permission, server faults: each has its exit code and its advice."""
    azure = operator.azure
    azure.fail("POST", "microsoftonline.com/.*token", Answer(401, EXPIRED))
    signed_out = operator.run("status", "--target", "aci")
    assert (signed_out.code, "az login" in signed_out.err) == (5, True)

    ended_token = Answer(401, {"error": {"code": "TokenExpired", "message": "token expired"}})
    azure.fail("POST", MMS + "/services$", ended_token, times=9)
    expired = up(operator)
    assert (expired.code, "token expired" in expired.err) == (5, True)
    assert "az login" in expired.err
    azure.proxy.failures.clear()

    azure.state.models.clear()
    azure.fail("POST", MMS + "/models$", Answer(403, {"error": {"message": "no write access"}}))
    forbidden = up(operator)
    assert (forbidden.code, "no write access" in forbidden.err) == (5, True)

    azure.fail("POST", MMS + "/services$", Answer(500, {"error": {"message": "boom"}}), times=9)
    broken = up(operator)
    assert broken.code == 1
    assert "Azure itself failed" in broken.err
    azure.proxy.failures.clear()

    azure.fail("POST", MMS + "/services$", Answer(409, {"error": {"message": "still deleting"}}))
    busy = up(operator)
    assert busy.code == 1
    assert "still deleting" in busy.err
    assert azure.state.services == {}
    for ended in (signed_out, expired, forbidden, broken, busy):
        assert "Traceback" not in ended.err
        assert "not-a-secret" not in ended.err + ended.out

    azure.fail("POST", MMS + "/services$", Answer(429, {}, {"Retry-After": "1"}))
    ends_well(operator)


def test_a_connection_cut_in_the_middle_of_an_upload(operator: Operator) -> None:
    """A cut that lasts is told, nothing is registered; `up` again ends well."""
    azure = operator.azure
    azure.fail("PUT", r"blob\.core\.windows\.net/.*model\.joblib", None, times=99)
    cut = up(operator)
    assert cut.code in {1, 5}, cut.err
    assert "Traceback" not in cut.err
    assert "again" in cut.err
    assert (azure.state.models, azure.state.services) == ({}, {})
    azure.proxy.failures.clear()
    azure.fail("PUT", r"blob\.core\.windows\.net/.*tar\.gz", None)
    ends_well(operator)


def test_a_service_that_answers_502(operator: Operator) -> None:
    """The smoke test's failure has its own exit code, the log and the way back."""
    azure = operator.azure
    azure.fail("POST", r"azurecontainer\.io/score", Answer(502, {"message": "bad"}), times=3)
    failed = up(operator)
    assert failed.code == 6
    assert "502" in failed.err
    assert "The way back" in failed.err
    smoke = operator.run("smoke", "--target", "aci", "--json")
    assert (smoke.code, smoke.document["compared_with_model"]) == (0, True)
    ends_well(operator)


@pytest.mark.timeout(120)
def test_ctrl_c_while_waiting(operator: Operator) -> None:
    """Azure goes on by itself: that is said, with how to look and how to take it back."""
    azure = operator.azure
    azure.state.hold = True
    polled = threading.Event()
    answer = azure._answer

    def watched(request: object) -> Answer:
        if "/operations/" in request.path:  # type: ignore[attr-defined]
            polled.set()
        return answer(request)  # type: ignore[arg-type]

    azure.proxy.answer = watched
    process = operator.start("up", "--target", "aci")
    assert polled.wait(100)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Azure goes on deploying diabetes" in told
    assert "python -m deploy delete --target aci --name diabetes" in told
    status = operator.run("status", "--target", "aci", "--json")
    assert (status.code, status.document["state"]) == (1, "Transitioning")
    azure.state.hold = False
    ends_well(operator)


EXPIRED = {
    "error": "invalid_client",
    "error_description": "AADSTS7000222: The provided client secret keys are expired.",
    "error_codes": [7000222],
}
