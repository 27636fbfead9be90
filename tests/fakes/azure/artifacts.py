"""Artifacts, blobs, assets and models: what SDK v1 uploads and registers."""

from __future__ import annotations

import uuid
from urllib.parse import unquote

from tests.fakes.azure.proxy import Answer, Request
from tests.fakes.azure.routes import Route
from tests.fakes.azure.state import NOW, State

BLOBS = "fake.blob.core.windows.net"


def create(_: State, request: Request) -> Answer:
    """Answer where the content of new artifacts goes."""
    origin, container = request.path.split("/")[-2:]
    artifacts, places = {}, {}
    for wanted in request.json["paths"]:
        path = wanted["path"]
        number = f"{origin}/{container}/{path}"
        common = {"origin": origin, "container": container, "path": path}
        artifacts[path] = {"artifactId": number, **common, "createdTime": NOW}
        places[path] = {**common, "contentUri": f"https://{BLOBS}/{number}?sig=fake"}
    answer = {"artifacts": artifacts, "artifactContentInformation": places, "errors": {}}
    return Answer(body=answer)


def contents(state: State, request: Request) -> Answer:
    """Answer where the content of artifacts with a common beginning lies."""
    prefix = unquote(request.path.partition("/contentinfo/")[2])
    found = []
    for name in state.blobs:
        origin, container, *path = name.split("/")
        if name.startswith(prefix):
            found.append({"origin": origin, "container": container, "path": "/".join(path),
                          "contentUri": f"https://{BLOBS}/{name}?sig=fake"})  # fmt: skip
    return Answer(body={"value": found})


def put_blob(state: State, request: Request) -> Answer:
    """Keep a blob, or a block of one."""
    name = unquote(request.path.lstrip("/"))
    if request.query.get("comp") == "metadata":
        return Answer(200, headers={"ETag": "0x1"})
    if request.query.get("comp") == "block":
        state.blobs[name] = state.blobs.get(name, b"") + request.body
    elif request.query.get("comp") != "blocklist":
        state.blobs[name] = request.body
    return Answer(201, headers={"ETag": "0x1", "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT"})


def get_blob(state: State, request: Request) -> Answer:
    """Answer a blob's content."""
    name = unquote(request.path.lstrip("/"))
    if name not in state.blobs:
        return Answer(404)
    content, headers = state.blobs[name], {"Content-Type": "application/octet-stream"}
    asked = request.headers.get("x-ms-range", "").removeprefix("bytes=").partition("-")
    if not asked[1] or not content:
        return Answer(body=content, headers=headers)
    # The blob client reads in pieces and learns from the first how long the blob is.
    start, end = int(asked[0]), min(int(asked[2] or len(content)), len(content) - 1)
    headers["Content-Range"] = f"bytes {start}-{end}/{len(content)}"
    headers |= {"ETag": "0x1", "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT"}
    return Answer(206, content[start : end + 1], headers=headers)


def head_blob(state: State, request: Request) -> Answer:
    """Tell whether a blob is there."""
    name = unquote(request.path.lstrip("/"))
    headers = {"ETag": "0x1", "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT"}
    return Answer(200 if name in state.blobs else 404, headers=headers)


def create_asset(state: State, request: Request) -> Answer:
    """Keep which blobs an asset is made of."""
    sent = request.json
    number = str(uuid.uuid4())
    state.assets[number] = sent["artifacts"][0].get("prefix") or sent["artifacts"][0]["id"]
    return Answer(body={**sent, "id": number, "createdTime": NOW})


def get_asset(state: State, request: Request) -> Answer:
    """Answer which blobs an asset is made of: one, or all with a common beginning."""
    number = request.path.rpartition("/")[2]
    place = state.assets.get(number)
    if place is None:
        return Answer(404, {"message": "no such asset"})
    artifact = {"id": place} if place in state.blobs else {"prefix": place}
    return Answer(body={"id": number, "name": number, "artifacts": [artifact],
                        "createdTime": NOW})  # fmt: skip


def register(state: State, request: Request) -> Answer:
    """Register a model under its next version."""
    sent = request.json
    name = sent["name"]
    version = 1 + max((m["version"] for m in state.models.values() if m["name"] == name), default=0)
    optional = ("description", "framework", "frameworkVersion", "runId", "experimentName",
                "resourceRequirements", "sampleInputData", "sampleOutputData")  # fmt: skip
    model = dict.fromkeys(optional) | {"kvTags": {}, "datasets": []} | sent
    model |= {
        "id": f"{name}:{version}",
        "version": version,
        "createdTime": NOW,
        "createdBy": None,
        "properties": sent.get("properties") or {},
        "modifiedTime": NOW,
    }
    if model["resourceRequirements"]:
        model["resourceRequirements"] = {"gpu": None, **model["resourceRequirements"]}
    state.models[model["id"]] = model
    return Answer(body=model)


def models(state: State, request: Request) -> Answer:
    """List models, by name and properties."""
    wanted = dict(p.split("=", 1) for p in request.query.get("properties", "").split(",") if p)
    found = [
        model
        for model in state.models.values()
        if request.query.get("name", model["name"]) == model["name"]
        and wanted.items() <= model["properties"].items()
    ]
    return Answer(body={"value": sorted(found, key=lambda m: -m["version"])})


def model(state: State, request: Request) -> Answer:
    """Answer one model."""
    found = state.models.get(unquote(request.path.rpartition("/")[2]))
    return Answer(body=found) if found else Answer(404, {"message": "no such model"})


def environment(state: State, request: Request) -> Answer:
    """Answer one of the workspace's environments, by name."""
    name = request.path.partition("/environments/")[2].partition("/")[0]
    found = state.environments.get(name)
    return Answer(body=found) if found else Answer(404, {"error": {"message": "not found"}})


ROUTES: list[Route] = [
    ("POST", r"/artifact/v2\.0/.*/artifacts/batch/metadata/", create),
    ("PUT", rf"^{BLOBS}/", put_blob),
    ("GET", rf"^{BLOBS}/", get_blob),
    ("HEAD", rf"^{BLOBS}/", head_blob),
    ("GET", r"/artifact/v2\.0/.*/artifacts/prefix/contentinfo/", contents),
    ("POST", r"/modelmanagement/v1\.0/.*/assets$", create_asset),
    ("GET", r"/modelmanagement/v1\.0/.*/assets/[^/]+$", get_asset),
    ("GET", r"/environment/v1\.0/.*/environments/", environment),
    ("POST", r"/modelmanagement/v1\.0/.*/models$", register),
    ("GET", r"/modelmanagement/v1\.0/.*/models$", models),
    ("GET", r"/modelmanagement/v1\.0/.*/models/[^/]+$", model),
]
