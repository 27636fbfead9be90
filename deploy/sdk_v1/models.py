"""Models of SDK v1, registered once.

Its SHA-256 is kept as a property of a model, and the version that has it is used again. So
running `up` again after a failure adds nothing that is there already.
"""

from __future__ import annotations

import importlib.metadata
from contextlib import suppress
from pathlib import Path
from typing import Any

from deploy.plan import Plan
from deploy.sdk_v1.errors import sdk
from deploy.service import Say
from deploy.staging.models import ModelSource

#: Which package's version is a framework's version.
FRAMEWORKS = {"ScikitLearn": "scikit-learn", "Onnx": "onnx", "TensorFlow": "tensorflow"}


def register(workspace: Any, source: ModelSource, plan: Plan, say: Say) -> Any:
    """Return the registered model with this content; register it where there is none yet.

    Args:
        workspace: where.
        source: the model on this machine.
        plan: names the framework, for a deployment without code.
        say: tells which step has begun.
    """
    from azureml.core import Model
    from azureml.core.resource_configuration import ResourceConfiguration

    digest = source.digest()
    with sdk(f"looking for the model {source.name}"):
        same = Model.list(workspace, name=source.name, properties=[["sha256", digest]])
    for model in same:
        framework = (model.model_framework or "Custom") == (plan.framework or "Custom")
        # Azure is asked for this digest, and not believed.
        if framework and model.properties.get("sha256") == digest:
            say(f"Model {source.name}:{model.version} is registered already")
            return model
    say(f"Registering {source.name} ({source.size():,} bytes)")
    options: dict[str, Any] = {}
    if plan.framework:
        resources = plan.deployment.values.get("containerResourceRequirements", {})
        options = {
            "model_framework": plan.framework,
            "model_framework_version": _framework_version(plan.framework),
            "resource_configuration": ResourceConfiguration(
                cpu=resources.get("cpu"), memory_in_gb=resources.get("memoryInGB")
            ),
        }
    with sdk(f"registering the model {source.name}"):
        return Model.register(
            workspace=workspace,
            # Relative: the SDK takes nothing from outside the working folder.
            model_path=str(source.path.resolve().relative_to(Path.cwd())),
            model_name=source.name,
            properties={"sha256": digest},
            **options,
        )


def _framework_version(framework: str) -> str | None:
    with suppress(importlib.metadata.PackageNotFoundError):
        return importlib.metadata.version(FRAMEWORKS[framework])
    return None
