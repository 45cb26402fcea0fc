"""A time limit on a block of code, by the alarm clock of the operating system.

    with time_limit(30):
        search()

TimeLimit is no Exception: the searches below catch those, and must not catch this.  The alarm rings again
every second, for a bare `except` on the way could have swallowed it.  Without an alarm clock (Windows) or
outside the main thread there is no limit: what forks for each check (reports/workers.py) has both.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

RING_AGAIN = 1.0  # seconds


class TimeLimit(BaseException):
    """The time is up."""


def can_limit() -> bool:
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raises TimeLimit in the block once `seconds` of wall time are over."""
    if not can_limit():
        yield
        return

    def ring(number: int, frame: object) -> None:
        raise TimeLimit

    before = signal.signal(signal.SIGALRM, ring)

    def rest() -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

    try:
        signal.setitimer(signal.ITIMER_REAL, max(seconds, 1e-6), RING_AGAIN)
        yield
    finally:
        try:
            rest()
        finally:
            rest()  # the last ring may have interrupted the first
