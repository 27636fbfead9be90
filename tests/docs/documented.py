"""The examples of a Markdown page: what it tells the reader to save, to run and to expect."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SAVED = re.compile(r"[Ss]ave it as `([^`]+)`:\n\n```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HOST = "http://127.0.0.1:5001"


@dataclass(frozen=True)
class Example:
    """A request and the answer that the page prints below it."""

    request: str
    answer: Any

    def run(self, url: str) -> Any:
        """Run the request as it is written, at another address; return the answer."""
        assert HOST in self.request
        script = self.request.replace(HOST, url)
        done = subprocess.run(
            ["bash", "-euc", script], capture_output=True, text=True, timeout=60, check=True
        )
        return json.loads(done.stdout)


def blocks(page: Path) -> list[tuple[str, str]]:
    """Return language and text of every fenced block."""
    return BLOCK.findall(page.read_text(encoding="utf-8"))


def examples(page: Path) -> list[Example]:
    """Return each block that calls curl with the JSON block that follows it."""
    found = blocks(page)
    return [
        Example(text, json.loads(answer))
        for (_, text), (language, answer) in pairwise(found)
        if "curl " in text and language == "json"
    ]


def commands(page: Path, program: str) -> list[str]:
    """Return the lines of the shell blocks that start with `program`, without comments."""
    lines = [
        line for language, text in blocks(page) if language == "sh" for line in text.split("\n")
    ]
    return [line.partition(" #")[0].strip() for line in lines if line.startswith(program)]


def saved_files(page: Path) -> dict[str, str]:
    """Return the files that the page tells the reader to save: path to content."""
    return dict(SAVED.findall(page.read_text(encoding="utf-8")))
