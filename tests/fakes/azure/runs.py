"""Run history: experiments, the state and the log of runs, metrics, tags, files."""

from __future__ import annotations

import uuid
from typing import Any

from tests.fakes.azure.artifacts import BLOBS
from tests.fakes.azure.proxy import Answer, Request
from tests.fakes.azure.routes import Route
from tests.fakes.azure.state import NOW, REGION, Job, State

API = f"https://{REGION}.api.azureml.ms"

#: Where the log of a run's program lies; both SDKs print this one.
LOG = "user_logs/std_log.txt"


def experiment(_: State, request: Request) -> Answer:
    """Answer an experiment; there is one of any name, and its id is the name."""
    name = request.path.rpartition("/")[2]
    return Answer(body={"experimentId": name, "name": name, "createdUtc": NOW, "description": None,
                        "tags": {}, "archivedTime": None})  # fmt: skip


def get_run(state: State, request: Request) -> Answer:
    """Answer one run."""
    return Answer(body=described(state.jobs[_run_id(request)]))


def patch_run(state: State, request: Request) -> Answer:
    """Change tags and properties of a run."""
    job = state.jobs[_run_id(request)]
    job.tags.update(request.json.get("tags") or {})
    job.properties.update(request.json.get("properties") or {})
    return Answer(body=described(job))


def details(state: State, request: Request) -> Answer:
    """Answer how far a run is, and where its log lies."""
    job = state.jobs[_run_id(request)]
    name = f"ExperimentRun/dcid.{job.number}/{LOG}"
    state.blobs[name] = job.log()
    # A real job waits for its node, so that no SDK finds it ended when it first asks.
    first, job.asked = not job.asked, True
    answer = {
        **described(job),
        **({"status": "Queued"} if first else {}),
        "target": "cpu-cluster",
        "logFiles": {LOG: f"https://{BLOBS}/{name}?sig=fake"},
    }
    return Answer(body=answer)


def log_metrics(state: State, request: Request) -> Answer:
    """Keep the metrics of a run."""
    job = state.jobs[_run_id(request)]
    for metric in request.json["values"]:
        for logged in metric["value"]:
            job.metrics.update(logged["data"])
    return Answer(body={"errors": []})


def ingested(_: State, __: Request) -> Answer:
    """Answer that all metrics have been taken in."""
    return Answer(body={})


def described(job: Job) -> dict[str, Any]:
    """Return a run as run history has it."""
    error = {"error": {"code": "UserError", "message": "The program ended with an error."}}
    return {
        "runId": job.number,
        "runNumber": 1,
        "rootRunId": job.number,
        "experimentId": job.experiment,
        "status": job.status,
        "startTimeUtc": NOW,
        "endTimeUtc": None,
        "createdUtc": NOW,
        "tags": job.tags,
        "properties": job.properties,
        "error": error if job.status == "Failed" else None,
        "runDefinition": job.definition,
        "userProperties": {},
        "dataContainerId": f"dcid.{job.number}",
        "runUuid": str(uuid.uuid4()),
    }


def _run_id(request: Request) -> str:
    return request.path.partition("/runs/")[2].partition("/")[0]


ROUTES: list[Route] = [
    ("GET", r"/history/v1\.0/.*/experiments/[^/]+$", experiment),
    ("POST", r"/history/v1\.0/.*/experiments/[^/]+$", experiment),
    ("GET", r"/history/v1\.0/.*/runs/[^/]+$", get_run),
    ("PATCH", r"/history/v1\.0/.*/runs/[^/]+$", patch_run),
    ("GET", r"/history/v1\.0/.*/runs/[^/]+/details$", details),
    ("GET", r"/history/v1\.0/.*/runs/[^/]+/metricsingest/wait$", ingested),
    ("POST", r"/metric/v2\.0/.*/runs/[^/]+/batch$", log_metrics),
]
