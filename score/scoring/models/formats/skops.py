"""skops files: no code is run that is not trusted by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scoring.errors import ModelBroken
from scoring.extras import optional
from scoring.settings import Settings


def _load_skops(path: Path, settings: Settings) -> Any:
    with optional("skops"):
        from skops.io import get_untrusted_types, load
    unknown = sorted(set(get_untrusted_types(file=path)) - set(settings.trusted_types))
    if unknown:
        raise ModelBroken(
            f"it holds types that skops does not trust: {', '.join(unknown)}. "
            "If you do, list them in SCORING_TRUSTED_TYPES, separated by commas."
        )
    return load(path, trusted=list(settings.trusted_types))
