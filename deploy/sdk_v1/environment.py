"""Code and environment of SDK v1: what `inference_config.yml` says, as the SDK's own objects."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deploy.config.inference import Inference
from deploy.errors import UsageError
from deploy.plan import Plan
from deploy.sdk_v1.errors import sdk
from deploy.staging.files import Bundle


@contextmanager
def inference_config(workspace: Any, plan: Plan, bundle: Bundle | None) -> Iterator[Any]:
    """Yield the SDK's InferenceConfig of a clean copy of the folder; None without code."""
    if bundle is None:
        yield None
        return
    from azureml.core.model import InferenceConfig

    with _own_temporary_folder() as folder:
        copy = folder / bundle.source.resolve().name
        bundle.copy_to(copy)
        with sdk("preparing the environment"):
            config = InferenceConfig(
                entry_script=plan.inference.entry.as_posix(),
                source_directory=str(copy),
                environment=_environment(workspace, plan.inference, plan.name),
                description=plan.inference.description,
            )
        yield config


@contextmanager
def _own_temporary_folder() -> Iterator[Path]:
    """Yield a folder that is the temporary one meanwhile: the SDK leaves its archives there."""
    before = tempfile.tempdir
    with tempfile.TemporaryDirectory() as folder:
        tempfile.tempdir = folder
        try:
            yield Path(folder)
        finally:
            tempfile.tempdir = before


def _environment(workspace: Any, inference: Inference, name: str) -> Any:
    from azureml.core import Environment

    given = inference.environment
    if given is None:
        return conda_environment(inference, name)
    if isinstance(given, str):
        return _registered(workspace, inference.path, given)
    if given.keys() <= {"name", "version"}:
        return _registered(workspace, inference.path, given["name"], given.get("version"))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "azureml_environment.json").write_text(json.dumps(given))
        return Environment.load_from_directory(folder)


def _registered(workspace: Any, path: Path, name: str, version: str | None = None) -> Any:
    """Return an Environment of the workspace.

    Raises:
        UsageError: Azure does not give one of that name.
    """
    from azureml.core import Environment

    try:
        return Environment.get(workspace, name, version)
    except Exception as error:
        # For what Azure does not have the SDK raises nothing more precise than this class.
        if type(error) is not Exception:
            raise
        said = str(error).splitlines()[0]
        raise UsageError(
            f"{path}: environment: the workspace gives no {name} {version or ''}({said}): "
            "register it there, or correct the name."
        ) from None


def conda_environment(inference: Inference, name: str) -> Any:
    """Return SDK v1's Environment made from the conda file.

    Raises:
        UsageError: there is none.
    """
    from azureml.core import Environment
    from azureml.core.environment import DEFAULT_GPU_IMAGE

    if inference.conda_file is None:
        raise UsageError(f"{inference.path}: neither condaFile nor environment is given.")
    made = Environment.from_conda_specification(f"{name}-env", str(inference.conda_file))
    if inference.base_image or inference.gpu:
        made.docker.base_image = inference.base_image or DEFAULT_GPU_IMAGE
    if inference.registry:
        registry = made.docker.base_image_registry
        registry.address = inference.registry.get("address")
        registry.username = inference.registry.get("username")
        registry.password = inference.registry.get("password")
    return made
