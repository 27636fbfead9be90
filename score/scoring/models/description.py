"""What `GET /score?describe` says of a loaded model."""

from __future__ import annotations

from typing import Any

from scoring.models.loading import LoadedModel


def describe_loaded(loaded: LoadedModel) -> dict[str, Any]:
    """Return the description of a door with one model."""
    return {"models": [describe_model(loaded)]}


def describe_model(loaded: LoadedModel) -> dict[str, Any]:
    """Return what the description says of a loaded model."""
    record = loaded.record
    return {
        "name": loaded.name,
        "version": loaded.version,
        "status": "loaded",
        "format": loaded.format,
        "sha256": loaded.sha256,
        "verified": record is not None,
        "trained_at": record.trained_at if record else None,
        "trained_by": record.by if record else None,
        "libraries": record.libraries if record else {},
        "library_mismatches": loaded.mismatches,
        "loaded_at": loaded.loaded_at,
        "memory_bytes": loaded.memory_bytes,
    }
