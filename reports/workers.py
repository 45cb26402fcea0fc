"""Work spread over a few forked processes, any of which may crash or hang without harm to the others' work.

    run(["1", "2"], work, workers=2, patience=60, done=...) -> {"1": b"...", "2": Lost(reason)}

    with Crew(work, workers=2) as crew:              the same processes for several runs
        crew.run(["1", "2"], patience=60, done=...)

A forked process has the derivation already, so that nothing but names goes in and JSON bytes come out: no
derivation is pickled, and one from a user's file needs no second reading.  (A pool of concurrent.futures
gives up all its work when one process dies; here its task is Lost and another process takes over.)  The
answers do not depend on the number of processes.  Where the platform cannot fork safely (Windows; macOS,
whose Accelerate library does not survive it), and for workers=0, the work is done in this process.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Self

import threadpoolctl

Work = Callable[[str], bytes]


@dataclass(frozen=True)
class Lost:
    """A task without an answer, and why."""

    reason: str


def can_fork() -> bool:
    return "fork" in multiprocessing.get_all_start_methods() and sys.platform != "darwin"


def run(tasks: Sequence[str], work: Work, workers: int, patience: float, done: Callable[[str], None]) -> dict[str, bytes | Lost]:
    """Each task's answer; a task that takes longer than `patience` seconds is killed with its process."""
    with Crew(work, workers) as crew:
        return crew.run(tasks, patience, done)


class Crew:
    """Processes that stay from one `run` to the next, until the block ends: what they remember serves the next task.

    `kin` names what a task is about: a process is given first what it knows, then what no other knows.
    """

    def __init__(self, work: Work, workers: int, kin: Callable[[str], str] = str) -> None:
        self.work = work
        self.workers = workers if can_fork() else 0
        self.kin = kin
        self._crew: list[_Worker] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        for worker in self._crew:
            worker.stop()
        self._crew.clear()

    def run(self, tasks: Sequence[str], patience: float, done: Callable[[str], None]) -> dict[str, bytes | Lost]:
        """Each task's answer; a task that takes longer than `patience` seconds is killed with its process."""
        if self.workers < 1:
            return _run_here(tasks, self.work, done)
        answers: dict[str, bytes | Lost] = {}
        waiting = list(dict.fromkeys(tasks))
        while waiting or any(worker.task for worker in self._crew):
            while waiting and len(self._crew) < self.workers:
                self._crew.append(_Worker(self.work, self._crew))
            for worker in self._crew:
                if waiting and not worker.task:
                    self._give_next(worker, waiting)
            busy = [worker for worker in self._crew if worker.task]
            _wait(busy, patience)
            for worker in busy:
                answer, task = worker.answer(patience), worker.task
                if answer is None:
                    continue
                answers[task], worker.task = answer, ""
                done(task)
                if isinstance(answer, Lost):
                    worker.stop()
                    self._crew.remove(worker)
        return {task: answers[task] for task in tasks}

    def _give_next(self, worker: _Worker, waiting: list[str]) -> None:
        others = {known for other in self._crew if other is not worker for known in other.known}
        known = (task for task in waiting if self.kin(task) in worker.known)
        new = (task for task in waiting if self.kin(task) not in others)
        task = next(known, None) or next(new, None) or waiting[0]
        waiting.remove(task)
        worker.give(task, self.kin(task))


def _run_here(tasks: Sequence[str], work: Work, done: Callable[[str], None]) -> dict[str, bytes | Lost]:
    answers: dict[str, bytes | Lost] = {}
    with _quiet():
        for task in tasks:
            answers[task] = work(task)
            done(task)
    return answers


def _wait(busy: Sequence[_Worker], patience: float) -> None:
    first = min(worker.started for worker in busy)
    wait([worker.pipe for worker in busy], timeout=max(0.0, first + patience - time.monotonic()))


class _Worker:
    """One process; `give` it a task, then ask for the `answer` until there is one."""

    def __init__(self, work: Work, siblings: Sequence[_Worker]) -> None:
        self.pipe, end = multiprocessing.Pipe()
        # A child inherits our ends of the pipes.  It closes them, so that a worker sees the end of its pipe,
        # and goes, when this process is gone.
        ours = [self.pipe, *(sibling.pipe for sibling in siblings)]
        context: Any = multiprocessing.get_context("fork")
        self.process = context.Process(target=_serve, args=(work, end, ours), daemon=True)
        # The keyboard's interrupt is for us, who stop the workers: they are born with it blocked.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        with warnings.catch_warnings():
            # Python 3.12 counts the idle threads of BLAS; they hold no lock, and BLAS prepares itself for a
            # fork.
            warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
            self.process.start()
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        end.close()
        self.task = ""
        self.known: set[str] = set()
        self.started = time.monotonic()

    def give(self, task: str, kin: str) -> None:
        self.task = task
        self.known.add(kin)
        self.started = time.monotonic()
        with contextlib.suppress(OSError):  # it has gone already; `answer` finds the end of its pipe
            self.pipe.send_bytes(task.encode("utf-8", "surrogatepass"))

    def answer(self, patience: float) -> bytes | Lost | None:
        """The answer, Lost if the process died or took too long, None if it is still at work."""
        try:
            if self.pipe.poll():
                return self.pipe.recv_bytes()
        except (EOFError, OSError):
            self.process.join()
            return Lost(f"the process that judged it {_ending(self.process.exitcode)}")
        if time.monotonic() - self.started >= patience:
            return Lost("time limit: it did not heed the alarm, and its process was stopped")
        return None

    def stop(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"


def _serve(work: Work, end: Connection[Any, Any], inherited: Sequence[Connection[Any, Any]]) -> None:
    for pipe in inherited:
        pipe.close()
    # What is there already is not looked through again and again, and the terms made here hold no cycles to speak of.
    gc.freeze()
    gc.set_threshold(10_000, 20, 100)
    with _quiet():
        while True:
            try:
                end.send_bytes(work(end.recv_bytes().decode("utf-8", "surrogatepass")))
            except (EOFError, OSError):  # the parent is gone
                return
            except BaseException:  # no traceback from here: the parent says that the process has ended
                os._exit(1)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """One thread for BLAS, and stdout, which is for data, out of reach of what a case prints."""
    with threadpoolctl.threadpool_limits(limits=1), contextlib.redirect_stdout(sys.stderr):
        yield
