"""`check`: every fault that can be found without a network, before anything is sent.

What the files say comes first; the service is started only when they are sound, so that one
run shows all the faults that have one cause each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.checks.entry_script import check_entry, check_modules
from deploy.checks.files import check_files
from deploy.checks.live import check_live
from deploy.checks.models import check_models
from deploy.checks.packages import check_imports, check_packages
from deploy.checks.service_name import check_name
from deploy.checks.studio import check_script_imports, check_studio
from deploy.contract.static_files import with_swagger
from deploy.findings import Finding, Level
from deploy.plan import Plan
from deploy.staging.files import Bundle, collect

#: What a resolver made of env.yml's pins.
LOCK = Path("requirements.lock")


@dataclass(frozen=True)
class Report:
    """What `check` found.

    Attributes:
        findings: faults first.
        bundle: the files that would be uploaded; None where code is not uploaded.
    """

    findings: tuple[Finding, ...]
    bundle: Bundle | None

    @property
    def faults(self) -> list[Finding]:
        """The findings that stop a deployment."""
        return [finding for finding in self.findings if finding.level is Level.FAULT]


def check(plan: Plan, known: Sequence[Finding] = (), *, live: bool = True) -> Report:
    """Check a plan.

    Args:
        plan: what is to be deployed.
        known: what reading the configuration and the target's own rules found already.
        live: start the service and score the sample.
    """
    found = [*known, *check_name(plan.name), *check_models(plan.models, Path.cwd())]
    if plan.framework:
        return _report(found, None)
    inference = plan.inference
    found += check_entry(inference.entry_file, inference.source)
    found += check_studio(inference.entry_file, plan.models)
    if not inference.source.is_dir():
        return _report(found, None)
    bundle, unpublished = with_swagger(collect(inference.source), inference.entry, plan.layout)
    found += unpublished
    found += check_files(bundle) + check_modules(inference.source, bundle.files)
    if inference.conda_file is not None:
        lock = inference.path.parent / LOCK
        packages, wrong = check_packages(inference.conda_file, lock)
        # Imports are asked only of a file that could be read: one cause, one fault.
        found += wrong or (
            check_imports(inference.source, bundle.files, packages)
            + check_script_imports(inference.entry_file, plan.models, packages)
        )
    if live and not _report(found, bundle).faults:
        found += check_live(plan, bundle)
    return _report(found, bundle)


def _report(found: Sequence[Finding], bundle: Bundle | None) -> Report:
    weight = list(Level)
    ordered = sorted(dict.fromkeys(found), key=lambda finding: weight.index(finding.level))
    return Report(tuple(ordered), bundle)
