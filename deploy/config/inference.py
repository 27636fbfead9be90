"""`inference_config.yml`: what is uploaded, started and installed.

The keys are the Azure ML CLI v1's. Its loader is not part of any package, so the mapping is
ours; unlike the SDK's helper it ignores nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.config import rules
from deploy.config.reader import Document, Faults, read_yaml, validate
from deploy.config.vocabulary import FLAG, TEXT, TEXTS, Schema, mapping
from deploy.findings import Finding

#: Keys that describe the environment in pieces; `environment` replaces them all.
PIECES = ("runtime", "condaFile", "extraDockerfileSteps", "enableGpu", "cudaVersion", "baseImage")


@dataclass(frozen=True)
class Inference:
    """What `inference_config.yml` says.

    Attributes:
        path: the file itself.
        source: the folder that is uploaded.
        entry: the entry script, relative to `source`.
        conda_file: the conda environment file, or None when `environment` is given.
        environment: the `environment` key: a whole Environment, or its name and version.
        base_image: the image to build upon; Azure's default when None.
        registry: address, username and password of the base image's registry.
        gpu: whether to build upon Azure's image with CUDA.
        description: free text.
        waive: ids of findings that are no fault in this project, and why; ours, not Azure's.
        demand: what this project asks of itself beyond Azure: `power-bi`, `private`.
    """

    path: Path
    source: Path
    entry: Path
    conda_file: Path | None
    environment: dict[str, Any] | str | None = None
    base_image: str | None = None
    registry: dict[str, str] | None = None
    gpu: bool = False
    description: str | None = None
    waive: Mapping[str, str] = field(default_factory=dict)
    demand: tuple[str, ...] = ()

    @property
    def entry_file(self) -> Path:
        """The entry script's path."""
        return self.source / self.entry

    @property
    def variables(self) -> dict[str, str]:
        """The environment variables that `environment` sets."""
        given = self.environment if isinstance(self.environment, dict) else {}
        variables = given.get("environmentVariables") or {}
        return {str(name): str(value) for name, value in variables.items()}


def load_inference(path: Path) -> tuple[Inference, list[Finding]]:
    """Return what `inference_config.yml` says, and warnings about keys without effect.

    Raises:
        Faults: naming every key that is unknown, of the wrong type or contradictory.
    """
    where = str(path)
    document = read_yaml(path, where)
    found = validate(document, INFERENCE, where) or list(_contradictions(document, where))
    if found:
        raise Faults(*found)
    base = path.parent
    source = base / document.get("sourceDirectory", ".")
    conda = document.get("condaFile")
    inference = Inference(
        path=path,
        source=source,
        entry=Path(document["entryScript"]),
        conda_file=Path(os.path.normpath(source / conda)) if conda else None,
        environment=document.get("environment"),
        base_image=document.get("baseImage"),
        registry=document.get("baseImageRegistry"),
        gpu=document.get("enableGpu", False),
        description=document.get("description"),
        waive=document.get("waive", {}),
        demand=tuple(document.get("demand", ())),
    )
    return inference, _without_effect(document, where)


def _contradictions(document: Document, where: str) -> Iterator[Finding]:
    used = [key for key in PIECES if key in document]
    if "environment" in document and used:
        problem = f"environment is given together with {', '.join(used)}."
        at = document.place(where, "environment")
        yield rules.CONTRADICTION.at(at, problem, "Keep one: environment, or the others.")
    if not document.get("condaFile") and not document.get("environment"):
        fix = "Add `condaFile:`; its path starts at sourceDirectory."
        yield rules.MISSING_KEY.at(where, "Neither condaFile nor environment is given.", fix)
    for key, needed, fix in (
        ("cudaVersion", "enableGpu", "Add `enableGpu: true`."),
        ("baseImageRegistry", "baseImage", "Add `baseImage:`."),
    ):
        if document.get(key) and not document.get(needed):
            at = document.place(where, key)
            yield rules.CONTRADICTION.at(at, f"{key} without {needed}.", fix)
    if document.get("enableGpu") and document.get("baseImage"):
        at = document.place(where, "enableGpu")
        yield rules.CONTRADICTION.at(at, "enableGpu and baseImage contradict.")
    if document.get("extraDockerfileSteps"):
        fix = "Build an image of your own with these steps and name it in baseImage."
        at = document.place(where, "extraDockerfileSteps")
        problem = "extraDockerfileSteps is no longer built by Azure ML."
        yield rules.CONTRADICTION.at(at, problem, fix)


def _without_effect(document: Document, where: str) -> list[Finding]:
    found = []
    if "schemaFile" in document:
        fix = "Remove it: the Swagger comes from the decorators of run()."
        at = document.place(where, "schemaFile")
        found.append(rules.NO_EFFECT.at(at, "schemaFile has no effect any more.", fix))
    if "cudaVersion" in document:
        fix = "Remove it, or name an image with the version you need in baseImage."
        at = document.place(where, "cudaVersion")
        found.append(rules.NO_EFFECT.at(at, "cudaVersion has no effect any more.", fix))
    if "password" in (document.get("baseImageRegistry") or {}):
        fix = "Let the workspace's identity pull the image instead of a password in a file."
        at = document.place(where, "baseImageRegistry", "password")
        found.append(rules.SECRET.at(at, "A password stands in this file.", fix))
    return found


REGISTRY = mapping(address=TEXT, username=TEXT, password=TEXT)


INFERENCE: Schema = {
    **mapping(
        entryScript=TEXT,
        sourceDirectory=TEXT,
        environment={"type": ["object", "string"]},
        runtime={"enum": ["python"]},
        condaFile=TEXT,
        extraDockerfileSteps=TEXT,
        enableGpu=FLAG,
        cudaVersion={"enum": ["9.0", "9.1", "10.0"]},
        baseImage=TEXT,
        baseImageRegistry=REGISTRY,
        schemaFile=TEXT,
        description=TEXT,
        waive=TEXTS,
        demand={"type": "array", "items": {"enum": ["power-bi", "private"]}},
    ),
    "required": ["entryScript"],
}
