"""Asking a live service what it publishes, and for an answer to its own example."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import requests

from deploy.contract.static_files import DESCRIBED_BY_HAND, OWN_FILES, hand_made
from deploy.openapi.document import FILES, VERSIONS, Service, document
from deploy.openapi.schemas import Schema, schema_of, with_nulls
from deploy.servers.azmlinfsrv import Server
from deploy.servers.log import relevant_lines
from deploy.smoke.sample import TIMEOUT_SECONDS, find_sample, strict_json


class CannotDescribe(Exception):
    """The live service does not say enough; the message says what to do."""


@contextmanager
def bare_server(entry: Path, model_dir: Path) -> Iterator[Server]:
    """Serve a copy of the entry script's folder without Swagger files of an earlier run.

    Otherwise the server would answer with those, and a changed sample would go unnoticed.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / entry.resolve().parent.name
        ignored = shutil.ignore_patterns(*OWN_FILES, "__pycache__")
        shutil.copytree(entry.resolve().parent, root, ignore=ignored)
        with Server(root / entry.name, model_dir) as server:
            yield server


def published(server: Server) -> dict[str, Any]:
    """Return what the server itself publishes: version to document, as far as it has them.

    Raises:
        CannotDescribe: it publishes something else than JSON.
    """
    answers = {
        version: requests.get(
            f"{server.url}/swagger.json", params={"version": version}, timeout=TIMEOUT_SECONDS
        )
        for version in VERSIONS
    }
    try:
        return {v: strict_json(answer.text) for v, answer in answers.items() if answer.ok}
    except ValueError as error:
        raise CannotDescribe(
            f"The Swagger of {server.entry.name} is not JSON: {error}. Give run() samples without "
            "NaN and Infinity."
        ) from None


def inspect(server: Server, url: str = "", chosen: Path | None = None) -> Service:
    """Return what a running service says of itself, with its answer to its own example.

    Args:
        server: the service, started without Swagger files of its own.
        url: where clients will find it, if that is known: what stands before `/score`, or the
            whole address.
        chosen: a file with a request, for doors whose Swagger has none.

    Raises:
        CannotDescribe: the service publishes no document, or does not accept its own example;
            or the address is none.
    """
    own = published(server)
    if not own:
        raise CannotDescribe(f"{server.entry.name} publishes no Swagger in any version.")
    example = find_sample(server.entry, own.get("2"), chosen).body
    if example is None:
        raise CannotDescribe(
            f"{server.entry.name} declares no input, and there is no "
            f"clients/contract/{server.entry.stem}/request.json to take it from."
        )
    answer = requests.post(server.score_url, json=example, timeout=TIMEOUT_SECONDS)
    result_example = _answer_to_example(answer, server)
    latest = own[max(own, key=float)]
    schemas = latest.get("definitions") or latest["components"]["schemas"]
    request, result = schemas["ServiceInput"], schemas["ServiceOutput"]
    prefix = next(path for path in latest["paths"] if path.endswith("/")).rstrip("/")
    return Service(
        title=latest["info"]["title"],
        version=latest["info"]["version"],
        prefix=prefix,
        request=request if _says_something(request) else schema_of(example),
        answer=result if _says_something(result) else with_nulls(schema_of(result_example)),
        request_example=example,
        answer_example=result_example,
        url=service_root(url, prefix),
        versions=tuple(own),
    )


def service_root(address: str, prefix: str = "") -> str:
    """Return what stands before the service's paths: the address of scoring does as well.

    Raises:
        CannotDescribe: it is no address.
    """
    if not address:
        return ""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise CannotDescribe(f"--url {address} is no address: it begins with http:// or https://.")
    path = parts.path.rstrip("/").removesuffix("/score").rstrip("/").removesuffix(prefix)
    return f"{parts.scheme}://{parts.netloc}{path}"


def _answer_to_example(answer: requests.Response, server: Server) -> Any:
    said = f"{server.entry.name} answers its own example {answer.status_code}: {answer.text}"
    if answer.ok:
        try:
            return strict_json(answer.text)
        except ValueError as error:
            raise CannotDescribe(f"{said}\nThat is no JSON: {error}.") from None
    if answer.status_code < requests.codes.server_error:
        raise CannotDescribe(f"{said}\nMake the sample of run() one that it takes.")
    reason = relevant_lines(server.log())
    raise CannotDescribe(f"{said}\n{reason}\nIf the model is not this door's: --model-dir.")


def documents(
    service: Service,
    door: str = "",
    environ: Mapping[str, str] = MappingProxyType({}),
    model: Path | None = None,
) -> dict[str, dict[str, Any]]:
    """Return file name to document, in each version that the service itself publishes.

    Args:
        service: what `inspect` found.
        door: the entry script's name, for doors that are described by hand.
        environ: the environment variables it runs with, for the same doors.
        model: the model's file or folder, likewise.
    """
    if door in DESCRIBED_BY_HAND:
        return hand_made(door, environ, service.url, [model] if model else [])
    return {FILES[version]: document(service, version) for version in service.versions}


def _says_something(schema: Schema) -> bool:
    return bool(schema.get("properties") or schema.get("items") or schema.get("type") != "object")
