"""From options and configuration files to a plan, with what was found on the way."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from deploy.checks.studio import own_sample
from deploy.config.deployment import Deployment
from deploy.config.inference import Inference, load_inference
from deploy.config.reader import Faults
from deploy.errors import UsageError
from deploy.findings import Finding
from deploy.plan import Plan
from deploy.staging.layouts import Layout
from deploy.staging.models import ModelSource, parse_model
from deploy.targets import TARGETS
from deploy.targets.base import Target


@dataclass(frozen=True)
class Wish:
    """What the operator asked for; the attributes are the options of the same names."""

    models: tuple[str, ...]
    name: str = ""
    config: Path = Path("inference_config.yml")
    deployment: Path | None = None
    entry: str = ""
    layout: Layout | None = None
    sample: Path | None = None
    port: int = 0
    framework: str = ""


def make_plan(wish: Wish, target: type[Target]) -> tuple[Plan | None, list[Finding]]:
    """Return the plan, and what reading its files found; no plan when they cannot be used.

    Raises:
        UsageError: an option is wrong.
    """
    models = tuple(parse_model(text) for text in wish.models)
    if wish.framework and not target.no_code:
        others = " or ".join(name for name, other in TARGETS.items() if other.no_code)
        raise UsageError(f"--no-code is not possible on {target.name}: use {others}.")
    if wish.port and not target.here:
        raise UsageError(f"--port is a port of this machine; {target.name} is not on it.")
    found: list[Finding] = []
    inference: Inference | None = None
    deployment: Deployment | None = None
    if wish.framework:
        inference = Inference(wish.config, Path(), Path(), None)
    else:
        try:
            inference, warnings = load_inference(wish.config)
            found += warnings
        except Faults as faults:
            found += faults.findings
    try:
        deployment, warnings = target.load(wish.deployment)
        found += warnings + target.rules(deployment, models, inference)
    except Faults as faults:
        found += faults.findings
    if inference is None or deployment is None:
        return None, found
    if wish.entry:
        entry = Path(wish.entry)
        inside = entry.resolve().is_relative_to(inference.source.resolve())
        relative = entry.resolve().relative_to(inference.source.resolve()) if inside else entry
        inference = replace(inference, entry=relative)
    plan = Plan(
        name=service_name(wish.name, models),
        inference=inference,
        deployment=deployment,
        models=models,
        layout=wish.layout or target.layout,
        sample=wish.sample or own_sample(inference.entry_file, models),
        port=wish.port,
        framework=wish.framework,
    )
    return plan, found


def service_name(name: str, models: tuple[ModelSource, ...]) -> str:
    """Return the service's name: the one given, or the first model's as Azure would take it."""
    return name or re.sub(r"[^a-z0-9]+", "-", models[0].name.lower()).strip("-")
