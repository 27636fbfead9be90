"""What can go wrong on the operator's machine, and the exit code each kind has.

    DeployError            1  the deployment, or the service itself, failed
    ├── UsageError         2  the command line or a configuration file is wrong
    ├── CheckFailed        3  `check` found faults; nothing was sent
    ├── NotFound           4  there is no such service
    ├── AzureUnavailable   5  Azure refused the sign-in, or could not be reached
    └── SmokeFailed        6  the service runs, but does not answer as the model does

Ctrl-C ends with 130, as shells have it. Every message says what to do next.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from deploy.findings import Finding


class DeployError(Exception):
    """Base of all errors a command ends with.

    Args:
        message: what happened, to whom, and what to do next.
        log: lines of the service's own log that tell why; may be empty.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, log: str = "") -> None:
        super().__init__(message)
        self.log = log


class UsageError(DeployError):
    """The command line or a configuration file is wrong."""

    exit_code = 2


class CheckFailed(DeployError):
    """Faults were found before anything was sent.

    Attributes:
        findings: every fault, each with its file and its fix.
    """

    exit_code = 3

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        count = "1 fault" if len(findings) == 1 else f"{len(findings)} faults"
        super().__init__(f"{count} found; nothing was sent.")


class NotFound(DeployError):
    """There is no service of that name."""

    exit_code = 4


class AzureUnavailable(DeployError):
    """Azure refused the sign-in or could not be reached."""

    exit_code = 5


class SmokeFailed(DeployError):
    """The service runs but does not answer as it must."""

    exit_code = 6
