"""Asking what runs on this machine: never through a proxy, whatever HTTP_PROXY says."""

from __future__ import annotations

import os

import requests

LOOPBACK = ("127.0.0.1", "localhost")


def session() -> requests.Session:
    """Return a session that reads neither proxies nor .netrc from the environment."""
    made = requests.Session()
    made.trust_env = False
    return made


def never_by_proxy() -> None:
    """Add this machine to NO_PROXY, for this process and what it starts."""
    given = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    names = [name.strip() for name in given.split(",") if name.strip()]
    whole = ",".join(dict.fromkeys([*names, *LOOPBACK]))
    # Programs read either spelling, and the lower one first.
    os.environ["no_proxy"] = os.environ["NO_PROXY"] = whole
