"""The alarm clock: it interrupts, it insists, it leaves no trace."""

import signal
import threading
import time

import pytest

from reports import time_limit as module
from reports.time_limit import TimeLimit, time_limit


def test_it_interrupts():
    begun = time.monotonic()
    with pytest.raises(TimeLimit), time_limit(0.05):
        time.sleep(30)
    assert time.monotonic() - begun < 5


def test_it_is_no_exception_that_a_search_would_catch():
    def search():
        try:
            time.sleep(30)
        except Exception:
            pytest.fail("a search may catch every Exception")

    with pytest.raises(TimeLimit), time_limit(0.05):
        search()


def test_it_rings_again(monkeypatch):
    monkeypatch.setattr(module, "RING_AGAIN", 0.05)

    def swallow():
        try:
            time.sleep(30)
        except BaseException:
            time.sleep(30)

    with pytest.raises(TimeLimit), time_limit(0.05):
        swallow()


@pytest.mark.parametrize("seconds", [0.0, -1.0])
def test_no_time_is_no_time(seconds):
    with pytest.raises(TimeLimit), time_limit(seconds):
        time.sleep(30)


def test_it_leaves_no_trace():
    before = signal.getsignal(signal.SIGALRM)
    with time_limit(30):
        pass
    with pytest.raises(TimeLimit), time_limit(0.01):
        time.sleep(30)
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_outside_the_main_thread_there_is_no_limit_and_no_error():
    finished = []

    def work():
        with time_limit(0.01):
            time.sleep(0.1)
        finished.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert finished == [True]
