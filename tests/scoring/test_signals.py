"""scoring.signals: what a signal's handler raises is told from the same class elsewhere."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from types import FrameType

import pytest
from scoring.signals import raised_by_signal


class Ender:
    """Handles a signal with a method, as gunicorn does."""

    def end(self, _number: int, _frame: FrameType | None) -> None:
        """End the process."""
        raise SystemExit


def alarm(_number: int, _frame: FrameType | None) -> None:
    raise TimeoutError


@pytest.fixture(params=[alarm, Ender().end], ids=["function", "method"])
def handled(request: pytest.FixtureRequest) -> Iterator[None]:
    before = signal.signal(signal.SIGUSR1, request.param)
    yield
    signal.signal(signal.SIGUSR1, before)


@pytest.mark.usefixtures("handled")
def test_a_signal_is_recognised() -> None:
    """What the handler in place raises comes from the signal, however deep `run()` was."""
    with pytest.raises((TimeoutError, SystemExit)) as raised:
        list(map(signal.raise_signal, [signal.SIGUSR1]))
    assert raised_by_signal(raised.value)


@pytest.mark.usefixtures("handled")
@pytest.mark.parametrize("kind", [TimeoutError, SystemExit])
def test_the_same_class_elsewhere_is_not(kind: type[BaseException]) -> None:
    """What is raised without a signal does not come from one."""
    with pytest.raises(kind) as raised:
        raise kind
    assert not raised_by_signal(raised.value)
