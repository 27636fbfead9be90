"""SDK v1's web services on ACI and AKS, and the front end through which they are scored."""

from __future__ import annotations

import copy
import io
import secrets
import shutil
import tarfile
from pathlib import Path
from typing import Any

import requests

from deploy.servers.azmlinfsrv import Server, ServerFailed
from tests.fakes.azure.proxy import Answer, Request
from tests.fakes.azure.routes import Route
from tests.fakes.azure.state import NOW, REGION, State, Webservice

#: The place of Azure's own code for a model without an entry script.
NO_CODE = Path(__file__).with_name("no_code.py")


def validate(_: State, __: Request) -> Answer:
    """Find nothing wrong."""
    return Answer(body={})


def create(state: State, request: Request) -> Answer:
    """Create a service, or replace one, and start what was uploaded."""
    sent = request.json
    name = sent["name"]
    present = state.services.get(name)
    if present and not sent.get("overwrite"):
        return Answer(409, {"error": {"message": f"Service {name} already exists."}})
    return _deploy(state, name, Webservice(_complete(sent)))


def update(state: State, request: Request) -> Answer:
    """Apply a JSON patch and start what it names."""
    name = _name(request)
    service = state.services[name]
    if service.state == "Transitioning":
        return Answer(409, {"error": {"message": f"Service {name} is being changed."}})
    payload = copy.deepcopy(service.payload)
    for change in request.json:
        *parents, last = change["path"].strip("/").split("/")
        place = payload
        for parent in parents:
            place = place.setdefault(parent, {})
        place[last] = change["value"]
    changed = Webservice(payload, keys=service.keys, token=service.token)
    if payload.get("environmentImageRequest") != service.payload.get("environmentImageRequest"):
        return _deploy(state, name, changed)
    changed.server, changed.state = service.server, service.state
    state.services[name] = changed
    return _accepted(state.operation(state="Succeeded"))


def get(state: State, request: Request) -> Answer:
    """Answer one service."""
    name = _name(request)
    if name not in state.services:
        return Answer(404, {"error": {"message": f"no service {name}"}})
    return Answer(body=_described(state, state.services[name]))


def services(state: State, request: Request) -> Answer:
    """List the services of a compute type."""
    kind = request.query.get("computeType")
    found = [
        _described(state, s) for s in state.services.values() if s.payload["computeType"] == kind
    ]
    return Answer(body={"value": found})


def delete(state: State, request: Request) -> Answer:
    """Stop a service and forget it."""
    service = state.services.pop(_name(request), None)
    if service is None:
        return Answer(204)
    if service.server:
        service.server.stop()
    return Answer(200)


def operation(state: State, request: Request) -> Answer:
    """Answer how far a long operation is."""
    found = state.operations[request.path.rpartition("/")[2]]
    return Answer(body={**found, "state": "Running"} if state.hold else found)


def list_keys(state: State, request: Request) -> Answer:
    """Answer both keys."""
    return Answer(body=state.services[_name(request, 1)].keys)


def regenerate(state: State, request: Request) -> Answer:
    """Make a key anew."""
    kind = f"{request.json['keyType'].lower()}Key"
    state.services[_name(request, 1)].keys[kind] = secrets.token_hex(16)
    return _accepted(state.operation(state="Succeeded"))


def token(state: State, request: Request) -> Answer:
    """Answer a token."""
    service = state.services[_name(request, 1)]
    moment = 1_800_000_000
    return Answer(body={"accessToken": service.token, "tokenType": "Bearer",
                        "refreshAfter": moment, "expiryOn": moment})  # fmt: skip


def logs(state: State, request: Request) -> Answer:
    """Answer the real service's log."""
    service = state.services[_name(request, 1)]
    return Answer(body={"content": service.server.log() if service.server else service.log})


def front_end(state: State, request: Request) -> Answer:
    """Let a request through to the real service, if its key is right."""
    name = request.host.partition(".")[0]
    path = request.path
    if request.host.startswith("aks."):
        name, path = path.split("/")[4], "/" + path.rpartition("/")[2]
    service = state.services.get(name)
    if service is None or service.server is None:
        return Answer(502, {"message": "no container answers"})
    valid = {f"Bearer {key}" for key in (*service.keys.values(), service.token)}
    asks = service.payload["authEnabled"] or service.payload.get("aadAuthEnabled")
    if asks and request.headers.get("authorization") not in valid:
        return Answer(401, {"message": "the key is not valid"})
    headers = {k: v for k, v in request.headers.items() if k in {"content-type", "x-request-id"}}
    answer = requests.request(
        request.method,
        service.server.url + path,
        params=request.query,
        data=request.body,
        headers=headers,
        timeout=60,
    )
    # azure-fe and ACI's own front end hide a 500 of the container behind a 502.
    status = 502 if answer.status_code == 500 else answer.status_code
    return Answer(status, answer.content, {"Content-Type": answer.headers["Content-Type"]})


def _name(request: Request, behind: int = 0) -> str:
    return request.path.split("/")[-1 - behind]


def _accepted(number: str) -> Answer:
    place = f"https://{REGION}.api.azureml.ms/operations/{number}"
    return Answer(202, {}, {"Operation-Location": place})


def _complete(sent: dict[str, Any]) -> dict[str, Any]:
    """Return a service's payload with the keys that Azure adds."""
    name = sent["name"]
    common: dict[str, Any] = {"createdTime": NOW, "updatedTime": NOW, "imageId": None, "models": []}
    if sent["computeType"] == "ACI":
        added: dict[str, Any] = dict.fromkeys(("publicIp", "sslCertificate", "sslKey", "cname"))
        added |= {"sslEnabled": False, "authEnabled": False, "appInsightsEnabled": False}
        added |= {"encryptionProperties": None, "vnetConfiguration": None}
        place = sent.get("cname") or f"{name}.{REGION}.azurecontainer.io"
        address = f"{'https' if sent.get('sslEnabled') else 'http'}://{place}/score"
    else:
        added = dict.fromkeys(("autoScaler", "numReplicas", "namespace", "dataCollection"))
        added |= {"aadAuthEnabled": False, "authEnabled": True, "appInsightsEnabled": False}
        added |= {"maxConcurrentRequestsPerContainer": 1, "maxQueueWaitMs": 500}
        added |= {"scoringTimeoutMs": 60_000, "livenessProbeRequirements": None}
        address = f"http://aks.example.net/api/v1/service/{name}/score"
    # What the SDK leaves None stays Azure's default.
    given = {key: value for key, value in sent.items() if value is not None}
    whole = {**common, **added, **given, "scoringUri": address}
    whole["autoScaler"] = whole.get("autoScaler") or dict.fromkeys(
        ("autoscaleEnabled", "maxReplicas", "minReplicas", "refreshPeriodInSeconds",
         "targetUtilization")
    )  # fmt: skip
    collection = {"eventHubEnabled": False, "storageEnabled": False}
    whole["dataCollection"] = whole.get("dataCollection") or collection
    return {"location": REGION, "kvTags": {}, "properties": {}, "description": None} | whole


def _described(state: State, service: Webservice) -> dict[str, Any]:
    held = "Transitioning" if state.hold else service.state
    hidden = {k: v for k, v in service.payload.items() if k not in {"keys", "sslKey"}}
    image = hidden.get("environmentImageRequest") or {}
    listed = [state.models[number] for number in image.get("modelIds") or []]
    return {**hidden, "sslKey": None, "models": listed, "state": held, "error": service.error}


def _deploy(state: State, name: str, service: Webservice) -> Answer:
    """Start what was uploaded; what its log says is the operation's outcome."""
    previous = state.services.get(name)
    state.services[name] = service
    try:
        service.server = _start(state, name, service.payload["environmentImageRequest"])
        service.state = "Healthy"
        number = state.operation(state="Succeeded")
    except ServerFailed as error:
        service.log, service.state = error.log, "Failed"
        message = {"code": "AciDeploymentFailed", "message": "The container crashed repeatedly."}
        service.error = message
        details = {"subOperationType": "DeployService"}
        number = state.operation(state="Failed", error=message, operationDetails=details)
    if previous and previous.server:
        previous.server.stop()
    return _accepted(number)


def _start(state: State, name: str, image: dict[str, Any]) -> Server:
    """Unpack archive and models as SDK v1's containers have them, and start azmlinfsrv."""
    root = state.folder / name
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    variables = {"AML_APP_ROOT": str(root), "AZUREML_MODEL_DIR": "azureml-models"}
    for asset in image.get("assets") or []:
        content = state.blobs[asset["url"].removeprefix("aml://artifact/")]
        if asset.get("unpack"):
            with tarfile.open(fileobj=io.BytesIO(content)) as archive:
                archive.extractall(root, filter="data")
    for number in image["modelIds"]:
        model = state.models[number]
        place = Path("azureml-models", model["name"], str(model["version"]))
        _unpack(state, state.assets[model["url"].rpartition("/")[2]], root / place)
        if len(image["modelIds"]) == 1:
            variables["AZUREML_MODEL_DIR"] = str(place)
    entry = NO_CODE
    if image.get("environment"):
        given = image["environment"]["environmentVariables"]
        variables["AZUREML_SOURCE_DIRECTORY"] = given["AZUREML_SOURCE_DIRECTORY"]
        entry = root / given["AZUREML_ENTRY_SCRIPT"]
    server = Server(entry, None, cwd=root, environ={**variables, "PYTHONPATH": ""})
    return server.__enter__()


def _unpack(state: State, prefix: str, place: Path) -> None:
    # The last part of the prefix is the model's own file or folder name.
    above = prefix.rpartition("/")[0] + "/"
    for blob, content in state.blobs.items():
        if blob == prefix or blob.startswith(f"{prefix}/"):
            file = place / blob.removeprefix(above)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)


ONE = r"/modelmanagement/v1\.0/.*/services/[^/]+"
ROUTES: list[Route] = [
    ("POST", r"/modelmanagement/v1\.0/.*/services/validate", validate),
    ("POST", r"/modelmanagement/v1\.0/.*/services$", create),
    ("GET", r"/modelmanagement/v1\.0/.*/services$", services),
    ("GET", rf"{ONE}$", get),
    ("PATCH", rf"{ONE}$", update),
    ("DELETE", rf"{ONE}$", delete),
    ("POST", rf"{ONE}/listkeys$", list_keys),
    ("POST", rf"{ONE}/regenerateKeys$", regenerate),
    ("POST", rf"{ONE}/token$", token),
    ("GET", rf"{ONE}/logs$", logs),
    ("GET", r"/modelmanagement/v1\.0/.*/operations/", operation),
    ("GET", r"\.azurecontainer\.io/|\.example\.net/", front_end),
    ("POST", r"\.azurecontainer\.io/|\.example\.net/", front_end),
]
