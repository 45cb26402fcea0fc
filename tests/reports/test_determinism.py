"""One ledger for one seed: three runs, two hash seeds, one worker or two, the steps judged in any order."""

import os
import random
import subprocess
import sys

import pytest

import derive
from reports import check
from reports.ledger_json import encode
from reports.workers import Crew

SHORT = {"kubo": None, "jain": ["4", "14", "24", "31", "36", "47", "W8"]}
WHOLE = {"jain": None, "jain_corrected": None}
CASES = [pytest.param(*case, id=case[0]) for case in SHORT.items()]
CASES += [pytest.param(*case, id=f"{case[0]}, whole", marks=pytest.mark.nightly) for case in WHOLE.items()]
PROGRAM = """
import sys, derive
from reports import check
from reports.ledger_json import encode
name, workers, *only = sys.argv[1:]
sys.stdout.buffer.write(encode(check(derive.load(name), only or None, workers=int(workers))))
"""


def printed(name, only, hash_seed, workers):
    """The ledger that a fresh process makes."""
    command = [sys.executable, "-c", PROGRAM, name, str(workers), *(only or ())]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    return subprocess.run(command, env=environment, capture_output=True, check=True).stdout


@pytest.mark.parametrize(("name", "only"), CASES)
def test_runs_hash_seeds_and_workers_do_not_matter(name, only):
    first = printed(name, only, "0", 2)
    assert b'"steps"' in first
    assert printed(name, only, "0", 2) == first
    assert printed(name, only, "1", 1) == first


@pytest.mark.parametrize(("name", "only"), CASES)
def test_the_order_in_which_steps_are_judged_does_not_matter(name, only, monkeypatch):
    derivation = derive.load(name)
    first = encode(check(derivation, only, workers=0))
    plain, orders = Crew.run, []

    def shuffled(crew, tasks, *more):
        mixed = list(tasks)
        random.Random(len(mixed)).shuffle(mixed)
        orders.append(mixed != list(tasks))
        answers = plain(crew, mixed, *more)
        return {task: answers[task] for task in tasks}

    monkeypatch.setattr(Crew, "run", shuffled)
    assert encode(check(derivation, only, workers=0)) == first
    assert any(orders)
