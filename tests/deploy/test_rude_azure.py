"""Azure as it is on a bad day: a refused sign-in, a delete that fails later, HTML, others' work."""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any

import pytest

from deploy.targets.webservice import news
from tests.deploy.conftest import Ended, Operator
from tests.fakes.azure import webservices
from tests.fakes.azure.proxy import Answer, Request
from tests.fakes.azure.sign_in import token
from tests.fakes.azure.state import Webservice

SERVICES = r"/services$"
ONE = r"/services/diabetes$"
ACI = ("--target", "aci")
QUOTA = {
    "code": "AciDeploymentFailed",
    "message": "Aci Deployment failed with exception: see details.",
    "details": [{"code": "QuotaExceeded", "message": "12 of 10 StandardCores are in use."}],
}
HTML = Answer(
    200,
    b"<html><title>Please sign in to the network</title></html>",
    {"Content-Type": "text/html"},
)


def seeded(operator: Operator) -> Webservice:
    """Let a service that others made be there, without running anything."""
    sent = {
        "name": "diabetes",
        "computeType": "ACI",
        "authEnabled": True,
        "containerResourceRequirements": {"cpu": 1, "memoryInGB": 1},
    }
    service = Webservice(webservices._complete(sent), "Healthy")
    operator.azure.state.services["diabetes"] = service
    return service


def list_as(operator: Operator, remove: str, **changed: str) -> Ended:
    """List services in an environment without the variables that contain a text."""
    environ = {k: v for k, v in operator.environ().items() if remove not in k}
    done = subprocess.run(
        operator.command("list", *ACI, "--json"),
        env={**environ, **changed},
        cwd=operator.project.root,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def with_az(operator: Operator, body: str | None) -> Ended:
    """List services as someone without a service principal, with or without the Azure CLI."""
    folder = operator.project.root / "bin"
    folder.mkdir(exist_ok=True)
    if body is not None:
        (folder / "az").write_text(f"#!/bin/sh\n{body}\n")
        (folder / "az").chmod(0o755)
    path = os.pathsep.join((str(folder), "/usr/bin", "/bin"))
    return list_as(operator, "_CLIENT_", PATH=path)


def test_signing_in_with_the_azure_cli(operator: Operator) -> None:
    """`az login` is enough; without it, and without any sign-in, the message says what to do."""
    nobody = with_az(operator, None)
    assert (nobody.code, "run `az login`" in nobody.told["error"]["message"]) == (2, True)
    out = with_az(operator, "echo 'ERROR: Please run az login to setup account.' >&2; exit 1")
    assert (out.code, "az login" in out.told["error"]["message"]) == (5, True)
    answer = {"accessToken": token(), "expiresOn": "2099-01-01 00:00:00.000000",
              "expires_on": 4070908800, "tokenType": "Bearer"}  # fmt: skip
    asked = operator.project.root / "asked"
    slow = with_az(operator, f"echo >> {asked}; sleep 1; echo '{json.dumps(answer)}'")
    assert (slow.code, slow.document) == (0, []), slow.err
    assert len(asked.read_text()) <= 2, "one token for each resource is enough"


def test_deleted_means_gone(operator: Operator) -> None:
    """A delete that Azure accepts and does not carry out is a failure that says what remains."""
    seeded(operator)
    delete = ("delete", *ACI, "--name", "diabetes", "--yes", "--json")
    foreign = operator.run(*delete)
    assert (foreign.code, "--adopt" in foreign.told["error"]["message"]) == (2, True)
    assert operator.azure.sent("DELETE", ONE) == []
    operator.azure.fail("DELETE", ONE, Answer(200))
    kept = operator.run(*delete, "--adopt")
    assert kept.code == 1
    assert "is still there, Healthy, and costs" in kept.told["error"]["message"]
    gone = operator.run(*delete, "--adopt")
    assert (gone.code, gone.document) == (0, {"deleted": "diabetes"}), gone.err
    assert operator.azure.state.services == {}


def test_nobody_elses_service_is_taken_over(operator: Operator) -> None:
    """`up` on a service without this project's mark sends nothing that changes it."""
    service = seeded(operator)
    service.payload["kvTags"] = {"deployed-with": "python -m deploy", "project": "another"}
    refused = operator.run("up", *ACI, "--json")
    assert (refused.code, "--adopt" in refused.told["error"]["message"]) == (2, True), refused.err
    assert "the project another" in refused.told["error"]["message"]
    assert changes(operator.azure.journal) == []


@pytest.mark.parametrize(
    ("verb", "method", "path", "answer"),
    [
        ("list", "GET", SERVICES, HTML),
        ("list", "GET", SERVICES, Answer(502, HTML.body, HTML.headers)),
        ("status", "GET", ONE, Answer(200, b'{"name":')),
        ("keys", "POST", r"/listkeys$", Answer(200, {})),
        ("logs", "GET", r"/logs$", Answer(200, b"[]")),
    ],
)
def test_whatever_azure_answers_it_is_told(
    operator: Operator, verb: str, method: str, path: str, answer: Answer
) -> None:
    """HTML, half an answer, the wrong one: exit code 1, a sentence and one JSON object."""
    seeded(operator)
    operator.azure.fail(method, path, answer, times=99)
    name = () if verb == "list" else ("--name", "diabetes")
    ended = operator.run(verb, *ACI, *name, "--json")
    assert ended.code == 1, ended.err
    assert len(ended.told["error"]["message"]) > 20
    assert "Traceback" not in ended.err + ended.out


def test_a_log_that_is_null_is_empty(operator: Operator) -> None:
    """A container that has said nothing yet is no failure."""
    seeded(operator)
    operator.azure.fail("GET", r"/logs$", Answer(200, {"content": None}))
    ended = operator.run("logs", *ACI, "--json")
    assert (ended.code, ended.document) == (0, {"log": ""}), ended.err


def test_a_workspace_file_that_is_broken(operator: Operator) -> None:
    """A half-written config.json is a sentence and a JSON object too."""
    operator.project.write("config.json", "{half")
    ended = list_as(
        operator, "AZURE_SUBSCRIPTION_ID", AZURE_RESOURCE_GROUP="", AZURE_ML_WORKSPACE=""
    )
    assert ended.code in {1, 2}, ended.err
    assert "workspace" in ended.told["error"]["message"]


def test_from_a_quota_to_nothing_to_do(operator: Operator) -> None:
    """The reason behind a failure is told; then nothing is sent twice, and no secret leaves."""
    azure, root = operator.azure, operator.project.root
    remote = "https://someone:ghp_secret@git.example.net/team/forecast.git"
    for command in (["init", "-q"], ["remote", "add", "origin", remote]):
        subprocess.run(["git", *command], cwd=root, check=True)
    azure.fail("GET", r"/operations/", Answer(200, {"state": "Failed", "error": QUOTA}))
    failed = operator.run("up", *ACI, "--json")
    assert failed.code == 1, failed.err
    assert "12 of 10 StandardCores are in use." in failed.told["error"]["message"]
    (created,) = azure.sent("POST", SERVICES)
    assert b"ghp_secret" not in created.body
    assert created.json["properties"]["azureml.git.repository_uri"].endswith("/team/forecast.git")
    assert created.json["kvTags"]["project"] == "forecast"
    assert list((azure.folder / "tmp").glob("*.tar.gz")) == [], "an archive of the code is left"

    before = len(azure.journal)
    same = operator.run("up", *ACI, "--json")
    assert (same.code, same.document["smoke"]["compared_with_model"]) == (0, True), same.err
    assert "is up to date" in same.err
    first = "computeType: aci"
    operator.project.edit("deploy/aci.yml", first, f"{first}\ndnsNameLabel: mine-here")
    lost = operator.run("up", *ACI, "--json")
    assert (lost.code, "dns_name_label" in lost.told["error"]["message"]) == (1, True), lost.err
    assert changes(azure.journal[before:]) == []


def changes(journal: list[Request]) -> list[Any]:
    """Return the requests that change a service or register a model."""
    return [
        (request.method, request.path)
        for request in journal
        if request.method in {"PUT", "PATCH", "DELETE"}
        or (request.method == "POST" and request.path.endswith(("/services", "/models")))
    ]


@pytest.mark.parametrize(
    ("shown", "log", "new"),
    [
        ("", "a\nb\n", "a\nb\n"),
        ("a\nb\n", "a\nb\nc\n", "c\n"),
        ("a\nb\nc\n", "b\nc\nd\n", "d\n"),
        ("a\nb\n", "x\ny\n", "x\ny\n"),
        ("a\nb\n", "a\nb\n", ""),
    ],
)
def test_a_followed_log_prints_each_line_once(shown: str, log: str, new: str) -> None:
    """Azure gives the last lines each time: a window that moves on."""
    assert news(shown, log) == new
