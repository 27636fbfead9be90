"""What a service has to know of a model's pictures, written beside the model.

The form of `image_input.json` is described in docs/images.md.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scoring_model.manifest import MANIFEST

DECLARATION = "image_input.json"


def write_image_input(folder: Path, declaration: Mapping[str, Any], *files: Path) -> None:
    """Write a declaration and copy the files it names, and have the manifest vouch for them.

    Args:
        folder: holds the model and its manifest.
        declaration: what `image_input.json` is to say.
        files: such as the Python file that prepares a picture.
    """
    (folder / DECLARATION).write_text(json.dumps(declaration, indent=2) + "\n")
    for file in files:
        shutil.copyfile(file, folder / file.name)
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["models"] += [
        {"file": name, "sha256": hashlib.sha256((folder / name).read_bytes()).hexdigest()}
        for name in (DECLARATION, *(file.name for file in files))
    ]
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n")
