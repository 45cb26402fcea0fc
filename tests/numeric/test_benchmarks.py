"""What is fast by design, with the naive route beside it: ratios of process time in one run, never seconds.

`pytest tests/numeric/test_benchmarks.py --benchmark-only` prints the fast routes; each test takes the naive one itself and asks
for less than half the ratio that was measured when it was written (GUE without phases: two thirds of 1.8).  Both routes must
give the same numbers, where they are numbers of one draw.
"""

import time
import warnings

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from derive.language import Equation
from judging import JAIN, PRINTED
from numeric.coarse.drives import drive
from numeric.coarse.sample import Sample, levels
from numeric.ensembles import ensemble
from numeric.kernels import kernel
from numeric.limit import Campaign, Effort, Group, Question
from numeric.recognise import read
from numeric.streams import stream
from numeric.truth import known_to

SIZE = 512


def seconds(call, rounds=3):
    """The least process time of a call."""
    found = []
    for _ in range(rounds):
        before = time.process_time()
        call()
        found.append(time.process_time() - before)
    return max(min(found), 1e-6)


@pytest.fixture
def versus(benchmark):
    """Runs the fast route under pytest-benchmark, the naive one beside it; gives both results and their ratio of times."""

    def compare(fast, naive, rounds=3):
        with threadpool_limits(limits=1), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            first, second = fast(), naive()  # warm
            benchmark.pedantic(fast, rounds=rounds, iterations=1)
            ratio = seconds(naive, rounds) / seconds(fast, rounds)
        benchmark.extra_info["ratio"] = ratio
        return first, second, ratio

    return compare


def sample(**options):
    return Sample("GUE", drive("straight"), SIZE, 3, 0, 1.0, kernel("gaussian", 0.1), **options)


def test_spectra_in_law_come_from_a_tridiagonal_matrix(versus):
    law = ensemble("GUE")
    fast, naive, ratio = versus(
        lambda: levels(law, stream(1, "fast"), SIZE), lambda: np.linalg.eigvalsh(law.sample(stream(1, "naive"), SIZE))
    )
    assert abs(np.mean(fast**2) - np.mean(naive**2)) < 0.05  # in law: the second moment is 1
    assert ratio > 6


def test_the_frozen_flow_is_a_product_of_phases(versus):
    """int_{-t}^0 ds of the flow for all pairs: phases of the levels, against exponentials of all pairs by quadrature."""
    made, t = sample(), 6.0
    points, weights = np.polynomial.legendre.leggauss(32)
    _ = made.inverse_gaps, made.meetings

    def fast():
        made._flows.clear()
        return made.flowing(1.0, 0.0, -t, 0.0)

    def naive():
        frequency = -made.gaps
        return sum(t / 2 * w * np.exp(1j * frequency * t / 2 * (x - 1)) for x, w in zip(points, weights, strict=True))

    first, second, ratio = versus(fast, naive)
    assert np.abs(first - second).max() < 1e-8 * t
    assert ratio > 30


def test_a_correlation_is_one_product_over_levels(versus):
    """Tr delta V int ds V(s): |V|^2 times phases, against matrices of exponentials for each time."""
    made, t = sample(), 6.0
    points, weights = np.polynomial.legendre.leggauss(24)

    def fast():
        made._flows.clear()
        return np.einsum("ab,ba->a", made.dH, made.dH * made.flowing(1.0, 0.0, -t, 0.0))

    def naive():
        total = np.zeros(SIZE, complex)
        for x, w in zip(points, weights, strict=True):
            z = np.diag(np.exp(1j * made.energies * t / 2 * (x - 1)))
            total = total + t / 2 * w * np.diagonal(made.dH @ (z @ made.dH @ z.conj()))
        return total

    first, second, ratio = versus(fast, naive)
    assert np.abs(first - second).max() < 1e-6 * np.abs(first).max()
    assert ratio > 300


def test_smoothing_is_one_product_with_kernels_that_are_kept(versus):
    made = sample()
    weights = np.linspace(1, 2, SIZE)[None, :]

    def naive():
        total = np.zeros_like(made.grid)
        for level, weight in zip(made.energies, weights[0], strict=True):
            total = total + weight * made.kernel.derivative(0, made.grid - level)
        return total[None, :]

    first, second, ratio = versus(lambda: made.smear(0, weights), naive)
    assert np.abs(first - second).max() < 1e-10 * np.abs(first).max()
    assert ratio > 150


@pytest.mark.parametrize("law", ["GUE", "GSE"])
def test_moduli_in_batches_stand_for_matrices_with_phases(versus, law):
    """All terms of an equation on samples without phases read together, against one sample with its phases after the other."""
    assignment = {**PRINTED, "limits and sums": "restored"}
    found = read(JAIN, assignment)
    claim = found.claims["42"].links[0]
    known = known_to(JAIN, found, "42", 0)
    one = Question(Equation(claim.lhs, claim.rhs), tuple(dict.fromkeys(known.values())), found.roles)
    group = Group(law, "rising", "gaussian")
    effort = Effort((group,), ((96, 8), (128, 8), (192, 8)), 0.1, True)
    size = 192 if law == "GSE" else 128

    def fast():
        return [row[0] for row in Campaign((one,), 1, effort)._samples(group, size, range(8))]

    def naive():
        campaign = Campaign((one,), 1, effort, with_phases={0})
        return [campaign._samples(group, size, [k])[0][0] for k in range(8)]

    first, second, ratio = versus(fast, naive, rounds=2)
    assert all(np.abs(a - b).max() < 1e-9 * np.abs(b).max() for a, b in zip(first, second, strict=True))
    assert ratio > {"GUE": 1.2, "GSE": 1.5}[law]
