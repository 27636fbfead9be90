"""The places a service can be deployed to: one file each, and one line each in this list."""

from __future__ import annotations

from deploy.targets.aci import Aci
from deploy.targets.aks import Aks
from deploy.targets.base import Target
from deploy.targets.container import Container
from deploy.targets.local import Local

#: In the order of the table in docs/deploy.md.
EVERY: tuple[type[Target], ...] = (
    Local,
    Container,
    Aci,
    Aks,
)

TARGETS: dict[str, type[Target]] = {target.name: target for target in EVERY}
