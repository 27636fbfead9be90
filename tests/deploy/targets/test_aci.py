"""Target `aci`, through the real SDK v1, from the first `up` to `delete`."""

from __future__ import annotations

import json

import joblib
import pytest
import yaml
from sklearn.datasets import load_diabetes

from tests.deploy.conftest import Operator, follow_log

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
    server = azure.state.services["diabetes"].server
    assert server is not None
    follow_log(operator, server.score_url, "--target", "aci")
    assert operator.run("check", "--target", "aci").code == 0
    assert operator.run("status", "--target", "aci", "--json").document["state"] == "Healthy"
    assert operator.run("smoke", "--target", "aci", "--json").document["compared_with_model"]
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

    assert operator.run("delete", "--target", "aci", "--name", "diabetes", "--yes").code == 0
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


EVERYTHING = """
computeType: aci
authEnabled: true
keys: {primaryKey: first-key-of-the-file, secondaryKey: second-key-of-the-file}
sslEnabled: true
sslCertificate: tls/service.crt
sslKey: tls/service.key
cname: diabetes.example.net
vaultBaseUrl: https://vault.example.net/
keyName: disk
keyVersion: v1
vnetName: network
subnetName: subnet
location: westeurope
containerResourceRequirements: {cpu: 0.5, memoryInGB: 1.5}
tags: {team: blue}
properties: {contract: v2}
description: Progression of diabetes
"""


def test_every_setting_arrives(operator: Operator) -> None:
    """TLS, network, customer-managed key, keys and a whole Environment are sent as configured."""
    project = operator.project
    project.write("deploy/aci.yml", EVERYTHING)
    issued = operator.azure.proxy.authority.issue_cert("diabetes.example.net")
    project.write("deploy/tls/service.crt", issued.cert_chain_pems[0].bytes())
    project.write("deploy/tls/service.key", issued.private_key_pem.bytes())
    own = {"name": "mine", "docker": {"baseImage": "example.net/base:1"},
           "python": {"userManagedDependencies": True}}  # fmt: skip
    document = yaml.safe_load((project.root / "inference_config.yml").read_text())
    kept = {key: document[key] for key in ("entryScript", "sourceDirectory")}
    project.write("inference_config.yml", yaml.safe_dump({**kept, "environment": own}))
    ended = operator.run("up", "--target", "aci", "--json")
    assert ended.code == 0, ended.err
    assert ended.document["scoring_uri"] == "https://diabetes.example.net/score"
    assert ended.document["smoke"]["compared_with_model"] is True
    sent = operator.azure.sent("POST", SERVICES)[0].json
    written = yaml.safe_load(EVERYTHING)
    assert sent["sslCertificate"].startswith("-----BEGIN CERTIFICATE-----")
    assert sent["sslKey"].startswith("-----BEGIN ")
    assert (sent["sslEnabled"], sent["cname"]) == (True, written["cname"])
    assert sent["keys"] == written["keys"]
    assert sent["encryptionProperties"] == {
        key: written[key] for key in ("vaultBaseUrl", "keyName", "keyVersion")
    }
    assert sent["vnetConfiguration"] == {"vnetName": "network", "subnetName": "subnet"}
    assert {"team": "blue", "deployed-with": "python -m deploy"}.items() <= sent["kvTags"].items()
    image = sent["environmentImageRequest"]
    assert image["environment"]["docker"]["baseImage"] == "example.net/base:1"
    assert image["environment"]["python"]["userManagedDependencies"] is True
    shown = operator.run("up", "--target", "aci", "--dry-run", "--json")
    for secret in (*written["keys"].values(), "PRIVATE KEY"):
        assert secret not in shown.out + shown.err + ended.out + ended.err


def _same_request(shown: dict[str, object], sent: dict[str, object]) -> None:
    """What was shown is what was sent, but for the ids that only the upload gives."""
    image, real = (dict(body.pop("environmentImageRequest")) for body in (shown, sent))  # type: ignore[call-overload]
    assert shown.pop("overwrite", None) is None
    assert sent.pop("overwrite", False) is False
    assert shown == sent
    assert image["environment"] == real["environment"]
    assert len(image["assets"]) == len(real["assets"])
