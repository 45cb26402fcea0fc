"""The forked workers: every task answered once, crashes contained, no process outlives the parent."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from checkout import ROOT
from reports import workers
from reports.workers import Lost, run

pytestmark = pytest.mark.skipif(not workers.can_fork(), reason="this platform does not fork safely")


def nothing(task):
    return None


def upper(task):
    return task.upper().encode()


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_every_task_is_answered_in_order(count):
    tasks = [f"task {number}" for number in range(7)]
    done = []
    answers = run(tasks, upper, count, 60, done.append)
    assert list(answers.items()) == [(task, task.upper().encode()) for task in tasks]
    assert sorted(done) == sorted(tasks)


def test_no_task_no_answer():
    assert run([], upper, 2, 60, nothing) == {}


def test_a_large_answer_comes_whole():
    assert run(["x"], lambda task: b"y" * 10_000_000, 2, 60, nothing) == {"x": b"y" * 10_000_000}


def test_names_of_any_kind_go_in():
    tasks = ["24", "Σ", "a,b", "\udc80", "x\ny"]
    assert run(tasks, lambda task: task.encode("utf-8", "surrogatepass"), 2, 60, nothing) == {
        task: task.encode("utf-8", "surrogatepass") for task in tasks
    }


def test_a_worker_that_dies_loses_its_task_alone():
    answers = run(list("abcd"), lambda task: os._exit(3) if task in "ac" else upper(task), 2, 60, nothing)
    lost = Lost("the process that judged it ended with exit code 3")
    assert answers == {"a": lost, "b": b"B", "c": lost, "d": b"D"}


def test_an_exception_in_the_work_is_quiet_and_lost(capfd):
    answers = run(["a", "b"], lambda task: upper(task) if task == "b" else 1 / 0, 1, 60, nothing)
    assert answers == {"a": Lost("the process that judged it ended with exit code 1"), "b": b"B"}
    assert capfd.readouterr() == ("", "")


def test_a_worker_that_hangs_is_killed():
    def work(task):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGALRM})
        return upper(task) if task != "b" else time.sleep(60)

    begun = time.monotonic()
    answers = run(list("abcd"), work, 2, 0.5, nothing)
    assert time.monotonic() - begun < 10
    assert isinstance(answers.pop("b"), Lost)
    assert answers == {"a": b"A", "c": b"C", "d": b"D"}


@pytest.mark.parametrize("count", [0, 1])
def test_what_the_work_prints_is_not_data(capfd, count):
    def work(task):
        print("chatter", flush=True)
        return b""

    run(["a"], work, count, 60, nothing)
    assert capfd.readouterr().out == ""


def test_work_has_one_blas_thread():
    import numpy  # noqa: F401  # brings BLAS
    import threadpoolctl

    def work(task):
        return str(max(pool["num_threads"] for pool in threadpoolctl.threadpool_info())).encode()

    with threadpoolctl.threadpool_limits(limits=2):
        assert work("") == b"2"
        assert [run(["a"], work, count, 60, nothing)["a"] for count in (0, 1)] == [b"1", b"1"]


def test_a_worker_does_not_hear_the_keyboard():
    def work(task):
        os.kill(os.getpid(), signal.SIGINT)
        return upper(task)

    assert run(["a"], work, 1, 60, nothing) == {"a": b"A"}
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, set())


def test_workers_go_when_their_parent_is_killed(tmp_path):
    script = f"""
        import os, signal, sys, time
        sys.path.insert(0, {str(ROOT)!r})
        from reports.workers import run

        def work(task):
            with open({str(tmp_path)!r} + "/" + str(os.getpid()), "w"):
                pass
            if task == "last":
                os.kill(os.getppid(), signal.SIGKILL)
            return b""

        run(["a", "b", "c", "last", "d"], work, 2, 60, lambda task: None)
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=False, timeout=60)
    workers_seen = [int(path.name) for path in tmp_path.iterdir()]
    assert workers_seen
    end = time.monotonic() + 10
    while any(alive(pid) for pid in workers_seen) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(alive(pid) for pid in workers_seen)


def alive(pid):
    try:
        return "Z" not in (Path("/proc") / str(pid) / "stat").read_text().rsplit(")")[-1].split()[0]
    except OSError:
        return False
