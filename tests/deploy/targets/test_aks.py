"""Target `aks`, through the real SDK v1: its own keys, several models, tokens."""

from __future__ import annotations

from pathlib import Path

import yaml

from deploy.targets.aks import Aks
from tests.deploy.conftest import Operator, follow_log
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

    assert operator.run("check", "--target", "aks").code == 0
    assert operator.run("status", "--target", "aks", "--json").document["state"] == "Healthy"
    listed = operator.run("list", "--target", "aks", "--json").document
    assert [(service["name"], service["healthy"]) for service in listed] == [("diabetes", True)]
    assert operator.run("smoke", "--target", "aks", "--json").document["compared_with_model"]
    assert "POST /score 200" in operator.run("logs", "--target", "aks").out
    first_keys = dict(operator.azure.state.services["diabetes"].keys)
    keys = operator.run("keys", "--target", "aks", "--regenerate", "primary", "--json").document
    assert keys["primary"] not in first_keys.values()


def test_keys_and_an_environment_of_the_workspace(operator: Operator) -> None:
    """Fixed replicas, keys of the file and a registered Environment; the log can be followed."""
    project, azure = operator.project, operator.azure
    project.edit("inference_config.yml", "condaFile: ../env.yml", "environment: {name: curated}")
    project.edit("inference_config.yml", "runtime: python\n", "")
    written = {
        "computeType": "aks", "computeTargetName": "cluster", "numReplicas": 2, "gpuCores": 1,
        "keys": {"primaryKey": "one-of-the-file", "secondaryKey": "two-of-the-file"},
        "dataCollection": {"storageEnabled": True}, "namespace": "blue",
    }  # fmt: skip
    project.write("deploy/aks.yml", yaml.safe_dump(written))
    missing = operator.run("up", "--target", "aks", "--json")
    assert missing.code == 2
    assert "the workspace gives no curated" in missing.err
    definition = {"name": "curated", "version": "7", "python": {"userManagedDependencies": True}}
    azure.state.environments["curated"] = definition
    ended = operator.run("up", "--target", "aks", "--json")
    assert ended.code == 0, ended.err
    sent = azure.sent("POST", r"/services$")[0].json
    assert (sent["numReplicas"], sent["namespace"]) == (2, "blue")
    assert sent["keys"] == written["keys"]
    assert sent["dataCollection"]["storageEnabled"] is True
    assert sent["containerResourceRequirements"]["gpu"] == 1
    assert sent["environmentImageRequest"]["environment"]["name"] == "curated"

    server = azure.state.services["diabetes"].server
    assert server is not None
    follow_log(operator, server.score_url, "--target", "aks")


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
    assert operator.run("delete", *options, "--yes").code == 0


def test_the_key_of_azures_templates_is_read(tmp_path: Path) -> None:
    """`sslEnabled: false` stands in them and means nothing; true is warned about."""
    for value, problems in ((False, 0), (True, 1)):
        path = tmp_path / "aks.yml"
        path.write_text(
            f"computeType: AKS\ncomputeTargetName: cluster\nsslEnabled: {str(value).lower()}\n"
        )
        deployment, found = Aks.load(path)
        said = [str(one) for one in [*found, *Aks.rules(deployment, [], None)]]
        assert len([line for line in said if "sslEnabled" in line]) == problems
