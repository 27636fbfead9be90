"""Why a model is not served, and whether it is worth another try.

What its file's content explains stays: a damaged pickle, a class that is not installed. What the
machine explains passes: no memory, no descriptor, a share that does not answer. That is tried
again, after pauses that grow, so that a model that cannot be had costs little.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from scoring.errors import ModelBroken

#: Faults of the machine, not of the file.
PASSING = (OSError, MemoryError)

#: The first pause before a model is tried again, and the longest.
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0


@dataclass(frozen=True)
class Fault:
    """Why a model is not in memory.

    Attributes:
        reason: for the log.
        pause: seconds until it is tried again; None for a fault that stays.
        since: when it was noticed, on the monotonic clock.
    """

    reason: str
    pause: float | None
    since: float = field(default_factory=time.monotonic)

    @classmethod
    def of(cls, error: BaseException, before: Fault | None) -> Fault:
        """Return the fault that an error tells.

        Args:
            error: what loading the model has raised.
            before: the fault of the try before.
        """
        reason = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        if isinstance(error, ModelBroken):
            # Its message says what is wrong by itself.
            reason = str(error)
        if not is_passing(error):
            return cls(reason, None)
        pause = FIRST_PAUSE
        if before is not None and before.pause is not None:
            pause = min(before.pause * 2, LONGEST_PAUSE)
        return cls(reason, pause)

    def is_over(self) -> bool:
        """Tell whether the model is worth another try."""
        return self.pause is not None and time.monotonic() >= self.since + self.pause


def is_passing(error: BaseException) -> bool:
    """Tell whether an error, or what it was raised from, is the machine's."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, PASSING):
            return True
        cause = cause.__cause__
    return False
