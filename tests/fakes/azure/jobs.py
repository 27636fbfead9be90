"""Training jobs of both SDKs: what was uploaded is really run, by this machine's Python.

The conda environment of a job is not made: whether it can be is asked elsewhere. The compute
target decides only who starts the program: the fake for a cluster, the SDK for `local`.
"""

from __future__ import annotations

import io
import json
import math
import shlex
import subprocess
import sys
import uuid
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from tests.fakes.azure.artifacts import BLOBS
from tests.fakes.azure.proxy import Answer, Request
from tests.fakes.azure.routes import Route
from tests.fakes.azure.runs import API
from tests.fakes.azure.sign_in import token
from tests.fakes.azure.state import GROUP, NOW, SUBSCRIPTION, WORKSPACE, WORKSPACE_PATH, Job, State

#: What separates the address from the body in what SDK v2 has to send for a local job.
LOCAL_MARK = "&fake="


# -- SDK v1 ---------------------------------------------------------------------------


def latest_snapshot(_: State, __: Request) -> Answer:
    """Answer that there is none yet: every file is new."""
    return Answer(body={"id": "00000000-0000-0000-0000-000000000000", "root": {}})


def compute(_: State, request: Request) -> Answer:
    """Answer that there is no such cluster: the SDK asks only for its own statistics."""
    return Answer(404, {"error": {"code": "NotFound", "message": request.path}})


def snapshot_places(_: State, request: Request) -> Answer:
    """Answer where the files of a snapshot go."""
    number = uuid.uuid4()
    nodes = [
        {"fullName": name, "blobUri": f"https://{BLOBS}/snapshots/{number}/{quote(name)}?sig=fake"}
        for name in request.json["FileNames"]
    ]
    return Answer(body={"fileNodes": nodes})


def create_snapshot(state: State, request: Request) -> Answer:
    """Remember which blobs a snapshot is made of."""
    nodes = request.json["FileRevisionList"]["FileNodes"]
    state.snapshots[request.path.rpartition("/")[2]] = {
        node["FullName"]: unquote(node["BlobUri"].partition(f"{BLOBS}/")[2].partition("?")[0])
        for node in nodes
    }
    return Answer(body={})


def run_snapshot(state: State, request: Request) -> Answer:
    """Run a snapshot on a cluster."""
    sent = request.json
    job = _job_v1(state, request, sent["Configuration"])
    files = state.snapshots[sent["SnapshotId"]]
    _write(job.folder, {name: state.blobs[blob] for name, blob in files.items()})
    _start(job)
    return Answer(body={"runId": job.number})


def run_locally(state: State, request: Request) -> Answer:
    """Answer the script that starts the job where it was submitted; SDK v1 has the files there."""
    fields = request.body.split(b'filename="definition.json"')[1].partition(b"\r\n\r\n")[2]
    definition, _ = json.JSONDecoder().raw_decode(fields.decode(errors="replace"))
    job = _job_v1(state, request, definition["Configuration"])
    job.folder.mkdir(parents=True)
    return _invocation(job, {})


def _job_v1(state: State, request: Request, configuration: dict[str, Any]) -> Job:
    number, experiment = request.query["runId"], request.path.split("/")[-2]
    job = state.new_job(number, experiment, configuration)
    python = sys.executable
    if configuration["target"] == "local":
        python = configuration["environment"]["python"]["interpreterPath"]
    job.command = shlex.join([python, configuration["script"], *configuration["arguments"]])
    # What Azure ML tells azureml-core's Run inside of a job.
    job.environ = state.environ() | {
        "AZUREML_RUN_ID": number,
        "AZUREML_RUN_TOKEN": token(),
        "AZUREML_ARM_SUBSCRIPTION": SUBSCRIPTION,
        "AZUREML_ARM_RESOURCEGROUP": GROUP,
        "AZUREML_ARM_WORKSPACE_NAME": WORKSPACE,
        "AZUREML_ARM_PROJECT_NAME": experiment,
        "AZUREML_EXPERIMENT_ID": experiment,
        "AZUREML_SERVICE_ENDPOINT": API,
        "AZUREML_DISCOVERY_SERVICE_ENDPOINT": f"{API}/discovery",
    }
    return job


# -- SDK v2 ---------------------------------------------------------------------------


def codes(state: State, request: Request) -> Answer:
    """List the versions of uploaded code that have a certain hash."""
    wanted = request.query.get("hash")
    return Answer(body={"value": [c for c in state.codes.values() if c["hash"] == wanted]})


def upload_place(_: State, request: Request) -> Answer:
    """Answer where code is to be uploaded."""
    name = request.path.split("/")[-4]
    uri = f"https://{BLOBS}/code-{name}"
    credential = {"credentialType": "SAS", "sasUri": f"{uri}?sig=fake"}
    reference = {"blobUri": uri, "storageAccountArmId": "", "credential": credential}
    return Answer(body={"pendingUploadType": "TemporaryBlobReference", "pendingUploadId": name,
                        "blobReferenceForConsumption": reference})  # fmt: skip


def put_code(state: State, request: Request) -> Answer:
    """Keep where code lies."""
    sent = request.json["properties"]
    code = {
        "id": request.path,
        "name": request.path.rpartition("/")[2],
        "type": "code",
        "properties": sent,
        "hash": sent["properties"]["hash_sha256"],
    }
    state.codes[request.path] = code
    return Answer(body=code)


def get_code(state: State, request: Request) -> Answer:
    """Answer one version of uploaded code."""
    found = state.codes.get(request.path)
    return Answer(body=found) if found else Answer(404, {"error": {"message": request.path}})


def put_environment(state: State, request: Request) -> Answer:
    """Keep an environment."""
    found = {"id": request.path, "name": request.path.rpartition("/")[2], "type": "environment",
             **request.json}  # fmt: skip
    state.environments[request.path] = found
    return Answer(body=found)


def put_job(state: State, request: Request) -> Answer:
    """Run a command job on a cluster, or tell the SDK how to run it itself."""
    number = request.path.rpartition("/")[2]
    sent = request.json["properties"]
    if number in state.jobs:
        return Answer(body=_job_v2(state.jobs[number]))
    job = state.new_job(number, sent["experimentName"], sent)
    outputs = {name: str(job.folder / "outputs" / name) for name in sent.get("outputs") or {}}
    # Of a sweep one trial is run, with the first choice for each parameter.
    trial = sent["trial"] if sent["jobType"] == "Sweep" else sent
    job.command = trial["command"]
    for name, choice in (sent.get("searchSpace") or {}).items():
        job.command = job.command.replace(f"${{{{search_space.{name}}}}}", str(_first(*choice)))
    for name, folder in outputs.items():
        job.command = job.command.replace(f"${{{{outputs.{name}}}}}", folder)
    job.command = job.command.replace("python ", f"{shlex.quote(sys.executable)} ", 1)
    # Instead of Azure's own MLflow server, whose client cannot be installed beside azure-ai-ml.
    job.environ = state.environ() | {
        "MLFLOW_TRACKING_URI": (job.folder / "mlruns").as_uri(),
        "MLFLOW_ALLOW_FILE_STORE": "true",
        "MLFLOW_DISABLE_TELEMETRY": "true",
    }
    prefix = state.codes[trial["codeId"]]["properties"]["codeUri"].partition(f"{BLOBS}/")[2] + "/"
    files = {n.removeprefix(prefix): c for n, c in state.blobs.items() if n.startswith(prefix)}
    _write(job.folder, files)
    if "computeId" in sent:
        _start(job)
    else:
        place = f"{API}/localrun/{number}{LOCAL_MARK}%7B%7D"
        job.definition["services"] = {"Local": {"endpoint": place}}
    return Answer(201, _job_v2(job))


def _first(kind: str, values: list[Any]) -> Any:
    """Return the first value of one of Azure's distributions: `["loguniform", [low, high]]`."""
    if kind == "choice":
        return values[0][0]
    return round(math.exp(values[0]), 9) if "log" in kind else values[0]


def get_job(state: State, request: Request) -> Answer:
    """Answer one job."""
    return Answer(body=_job_v2(state.jobs[request.path.rpartition("/")[2]]))


def start_here(state: State, request: Request) -> Answer:
    """Answer files and script of a job that the SDK is to start."""
    job = state.jobs[request.path.rpartition("/")[2]]
    files = {str(p.relative_to(job.folder)): p.read_bytes() for p in job.folder.rglob("*.*")}
    return _invocation(job, files)


def _job_v2(job: Job) -> dict[str, Any]:
    return {
        "id": f"{WORKSPACE_PATH}/jobs/{job.number}",
        "name": job.number,
        "type": "Microsoft.MachineLearningServices/workspaces/jobs",
        "properties": {"services": {}, "properties": {}, "tags": {}, **job.definition,
                       "status": job.status},
        "systemData": {"createdAt": NOW},
    }  # fmt: skip


# -- both -----------------------------------------------------------------------------


def _write(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _start(job: Job) -> None:
    script = ["bash", "-c", job.script(job.folder)]
    job.process = subprocess.Popen(script, env=job.environ, cwd=job.folder)


def _invocation(job: Job, files: dict[str, bytes]) -> Answer:
    """Answer an archive with the script that the SDK starts in the background."""
    own = {k: v for k, v in job.environ.items() if k.startswith(("AZUREML_", "MLFLOW_"))}
    variables = "".join(f"export {k}={shlex.quote(v)}\n" for k, v in own.items())
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as stream:
        for name, content in files.items():
            stream.writestr(name, content)
        stream.writestr("azureml-setup/Invocation.sh", f"#!/bin/bash\n{variables}{job.script()}\n")
    return Answer(body=archive.getvalue(), headers={"Content-Type": "application/zip"})


WS = r"management\.azure\.com/.*/workspaces/[^/]+"
ROUTES: list[Route] = [
    ("GET", r"/rp/workspaces/.*/computes/[^/]+$", compute),
    ("GET", r"/content/v1\.0/.*/snapshots/latest/metadata$", latest_snapshot),
    ("POST", r"/content/v2\.0/.*/snapshots/getblob$", snapshot_places),
    ("POST", r"/content/v2\.0/.*/snapshots/[^/]+$", create_snapshot),
    ("POST", r"/execution/v1\.0/.*/snapshotrun$", run_snapshot),
    ("POST", r"/execution/v1\.0/.*/localrun$", run_locally),
    ("GET", rf"{WS}/codes/[^/]+/versions$", codes),
    ("POST", rf"{WS}/codes/[^/]+/versions/[^/]+/startPendingUpload$", upload_place),
    ("PUT", rf"{WS}/codes/[^/]+/versions/[^/]+$", put_code),
    ("GET", rf"{WS}/codes/[^/]+/versions/[^/]+$", get_code),
    ("PUT", rf"{WS}/environments/[^/]+/versions/[^/]+$", put_environment),
    ("PUT", rf"{WS}/jobs/[^/]+$", put_job),
    ("GET", rf"{WS}/jobs/[^/]+$", get_job),
    ("POST", r"api\.azureml\.ms/localrun/", start_here),
]
