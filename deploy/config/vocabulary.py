"""The words that all schemas of configuration files share.

The keys of these files are the Azure ML CLI v1's. Their limits are Azure's own where it
documents them (ACI: four cores and 16 GB for one container group; AKS: a scoring timeout of at
most five minutes); the others only keep out what cannot work.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string", "minLength": 1}
FLAG: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 1}
POSITIVE: Schema = {"type": "number", "exclusiveMinimum": 0}
TEXTS: Schema = {"type": "object", "additionalProperties": {"type": "string"}}


def mapping(**properties: Schema) -> Schema:
    """Return the schema of a mapping that has these keys and no others."""
    return {"type": "object", "properties": properties, "additionalProperties": False}


KEYS = mapping(primaryKey=TEXT, secondaryKey=TEXT)
