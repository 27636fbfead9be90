"""Target `aci`, through the real SDK v1, from the first `up` to `delete`."""

from __future__ import annotations

import json

import joblib
import pytest
from sklearn.datasets import load_diabetes

from tests.deploy.conftest import Operator

SERVICES = r"/services$"


def test_from_the_first_deployment_to_the_last_verb(operator: Operator) -> None:
    """A service is created as shown, scored, listed, updated in place, and deleted."""
    azure = operator.azure
    shown = operator.run("up", "--target", "aci", "--dry-run", "--json")
    assert shown.code == 0, shown.err
    assert azure.journal == []

    created = operator.run("up", "--target", "aci", "--json")
    assert created.code == 0, created.err
    service = created.document
    assert (service["state"], service["auth"]) == ("Healthy", "key")
    assert service["smoke"]["compared_with_model"] is True
    assert "legacy" in created.err
    assert created.err.count("legacy") == 1
    _same_request(shown.document["request"], azure.sent("POST", SERVICES)[0].json)
    first_keys = dict(azure.state.services["diabetes"].keys)
    assert not any(key in created.out + created.err for key in first_keys.values())

    keys = operator.run("keys", "--target", "aci", "--regenerate", "primary", "--json").document
    assert keys["primary"] not in first_keys.values()
    assert keys["secondary"] == first_keys["secondaryKey"]
    assert "POST /score 200" in operator.run("logs", "--target", "aci").out
    listed = operator.run("list", "--target", "aci", "--json").document
    assert [(s["name"], s["healthy"]) for s in listed] == [("diabetes", True)]

    operator.project.edit("score/score.py", '"""The tabular door', '"""My tabular door')
    operator.project.edit("deploy/aci.yml", "appInsightsEnabled: false", "appInsightsEnabled: true")
    updated = operator.run("up", "--target", "aci", "--json")
    assert updated.code == 0, updated.err
    assert len(azure.sent("PATCH", "/services/diabetes$")) == 1
    assert list(azure.state.models) == ["diabetes:1"]
    assert azure.state.services["diabetes"].payload["appInsightsEnabled"] is True
    shipped = azure.folder / "services/diabetes/score/score.py"
    assert "My tabular door" in shipped.read_text()

    operator.project.edit("deploy/aci.yml", "cpu: 1", "cpu: 2")
    refused = operator.run("up", "--target", "aci")
    assert refused.code == 1
    assert "cannot change cpu_cores" in refused.err

    assert operator.run("delete", "--target", "aci").code == 0
    gone = operator.run("status", "--target", "aci")
    assert (gone.code, azure.state.services) == (4, {})


def test_a_model_without_code(operator: Operator) -> None:
    """`--no-code` registers the model with its framework and uploads no script."""
    rows = load_diabetes(as_frame=True).data.head(2).to_numpy().tolist()
    operator.project.write("rows.json", json.dumps({"data": rows, "method": "predict"}))
    ended = operator.run(
        "up", "--target", "aci", "--no-code", "ScikitLearn", "--sample", "rows.json", "--json"
    )
    assert ended.code == 0, ended.err
    model = operator.azure.state.models["diabetes:1"]
    assert model["framework"] == "ScikitLearn"
    assert model["resourceRequirements"] == {"cpu": 1.0, "memoryInGB": 2.0, "gpu": None}
    assert (
        "environment"
        not in operator.azure.sent("POST", SERVICES)[0].json["environmentImageRequest"]
    )
    predicted = joblib.load("models/diabetes/1/model.joblib").predict(
        load_diabetes(as_frame=True).data.head(2)
    )
    assert ended.document["smoke"]["answer"] == {"result": pytest.approx(predicted.tolist())}


def _same_request(shown: dict[str, object], sent: dict[str, object]) -> None:
    """What was shown is what was sent, but for the ids that only the upload gives."""
    image, real = (dict(body.pop("environmentImageRequest")) for body in (shown, sent))  # type: ignore[call-overload]
    assert shown.pop("overwrite", None) is None
    assert sent.pop("overwrite") is True
    assert shown == sent
    assert image["environment"] == real["environment"]
    assert len(image["assets"]) == len(real["assets"])
