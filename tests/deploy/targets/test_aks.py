"""Target `aks`, through the real SDK v1: its own keys, several models, tokens."""

from __future__ import annotations

import yaml

from tests.deploy.conftest import Operator
from tests.deploy.targets.test_local import MANY


def test_all_settings_arrive(operator: Operator) -> None:
    """Autoscaling, limits, probes, timeouts and the cluster are sent as configured."""
    ended = operator.run("up", "--target", "aks", "--json")
    assert ended.code == 0, ended.err
    assert ended.document["smoke"]["compared_with_model"] is True
    sent = operator.azure.sent("POST", r"/services$")[0].json
    written = yaml.safe_load((operator.project.root / "deploy/aks.yml").read_text())
    assert sent["computeName"] == written["computeTargetName"]
    assert sent["autoScaler"] == written["autoScaler"]
    assert sent["livenessProbeRequirements"] == written["livenessProbeRequirements"]
    for key in ("scoringTimeoutMs", "maxConcurrentRequestsPerContainer", "maxQueueWaitMs"):
        assert sent[key] == written[key]
    operator.project.edit("deploy/aks.yml", "maxReplicas: 3", "maxReplicas: 5")
    updated = operator.run("up", "--target", "aks", "--json")
    assert updated.code == 0, updated.err
    assert operator.azure.state.services["diabetes"].payload["autoScaler"]["maxReplicas"] == 5


def test_several_models_and_tokens(operator: Operator) -> None:
    """Two models lie where v1 puts them, and a token authenticates the smoke test."""
    project = operator.project
    project.write("score/many.py", MANY)
    project.edit("inference_config.yml", "entryScript: score.py", "entryScript: many.py")
    project.edit("deploy/aks.yml", "authEnabled: true", "tokenAuthEnabled: true")
    project.write("sample.json", "{}")
    models = ("--model", "a=models/diabetes/1", "--model", "b=models/diabetes/1/model.joblib")
    options = ("--target", "aks", "--name", "many")
    ended = operator.run("up", *options, *models, "--sample", "sample.json", "--json")
    assert ended.code == 0, ended.err
    assert ended.document["auth"] == "token"
    assert ended.document["smoke"]["answer"] == ["a/1/1/model.joblib", "b/1/model.joblib"]
    keys = operator.run("keys", *options, "--json").document
    assert keys["token"] == operator.azure.state.services["many"].token
    refused = operator.run("keys", *options, "--regenerate", "primary")
    assert (refused.code, "tokens" in refused.err) == (2, True)
    assert operator.run("delete", *options).code == 0
