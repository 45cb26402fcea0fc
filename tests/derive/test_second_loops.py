"""The second checker on closed loops: a mean over roots of unity, against the kernel's Laurent polynomials."""

import copy
import json

import pytest

from derive.kernel.calculus import Frame
from derive.kernel.replay import replay, sealed
from derive.second import Disagrees, NoMeaning, replay_second
from derive.second.loops import roots
from derive.second.numbers import P
from derive.tactics.loops import find_loop

TAU, ENERGY = "slow:tau", "energy:E"
FRAME = Frame("H", (TAU,))
H = ("ham", "H", (TAU,))
DRIVE = ("d", TAU, H)
A, B = ("op", "A", "", (TAU,), 0), ("op", "B", "", (), 0)
F = ("fun", "f", (0,), (H,), 1, 0)
U = ("fun", "u", (0, 0), (("coord", ENERGY), ("coord", TAU)), 1, 0)
U_TAU = ("fun", "u", (0, 1), *U[3:])
ZERO = ("num", "0")


def delta(k, a="1", b="-1"):
    return ("delta", k, ("sum", ("prod", ("num", a), ("coord", ENERGY)), ("prod", ("num", b), H)))


def tr(*factors):
    return ("tr", ("prod", *factors))


NOTHING = ("prod", ("num", "0"), tr(delta(0), A))
CLAIMS = {
    "a moving trace": (tr(A, B), ZERO),
    "a function of H": (tr(F, A, DRIVE), ZERO),
    "a commutator": (("tr", ("prod", ("comm", A, B), H)), ZERO),
    "the slope of a delta": (tr(delta(1), A, DRIVE), NOTHING),
    "a delta of another argument": (tr(delta(2, "2", "-3"), A), NOTHING),
    "a function of E and tau": (("prod", U_TAU, tr(delta(0), A)), NOTHING),
    "E beside a derivative in E": (("prod", ("coord", ENERGY), ("d", ENERGY, tr(delta(0), A, B))), NOTHING),
    "a slow derivative inside": (tr(("d", TAU, A), DRIVE, H), ZERO),
}


# H = 2 + 2 cos tau, A = 2 + 2 sin tau: the mean of A dH/dtau is -2
BY_HAND = sealed(
    {
        "kind": "loop", "hamiltonian": ["H", [TAU]], "claim": [tr(DRIVE, A), ZERO], "modulo": [TAU], "size": 1,
        "matrices": {
            "H": {"-1": [[["1", "0"]]], "0": [[["2", "0"]]], "1": [[["1", "0"]]]},
            "A": {"-1": [[["0", "1"]]], "0": [[["2", "0"]]], "1": [[["0", "-1"]]]},
        },
        "functions": {}, "test": [["1", "0"]], "integral": ["-2", "0"],
    }
)  # fmt: skip


@pytest.fixture(scope="module")
def stored():
    found = {name: find_loop(claim, FRAME)[0] for name, claim in CLAIMS.items()}
    return {**found, "by hand": BY_HAND}


def is_refused(evidence):
    try:
        replay_second(sealed(evidence))
    except (Disagrees, NoMeaning):
        return True
    return False


def plain(evidence):
    return {key: copy.deepcopy(part) for key, part in json.loads(json.dumps(evidence)).items() if key != "digest"}


def test_it_agrees_with_the_kernel(stored):
    for name, evidence in stored.items():
        replay(evidence)
        assert replay_second(evidence).values >= 3, name


def test_a_corrupted_loop_is_refused(stored):
    for name, evidence in stored.items():
        lhs, rhs = evidence["claim"]
        re, im = evidence["integral"]
        forgeries = [
            {"integral": [re[1:] if re.startswith("-") else f"-{re}", im]} if re != "0" else {"integral": ["1", im]},
            {"integral": [f"{re}0", f"{im}1"]},
            {"integral": ["0", "0"]},
            {"claim": [rhs, lhs]},
            {"claim": [["prod", ["num", "2"], lhs], rhs]},
            {"claim": [lhs, lhs]},
            {"claim": [["d", TAU, lhs], rhs]},
            {"modulo": ["time:t"]},
            {"modulo": []},
            {"hamiltonian": ["G", [TAU]]},
            {"matrices": {}},
            {"size": 99},
        ]
        for change in forgeries:
            assert is_refused({**plain(evidence), **change}), (name, change)


def test_every_number_of_a_matrix_counts(stored):
    tried = 0
    for evidence in stored.values():
        for op, powers in evidence["matrices"].items():
            forged = plain(evidence)
            k = next(iter(powers))
            entry = forged["matrices"][op][k][0][0]
            entry[1] = f"{entry[1]}1"
            tried += 1
            with pytest.raises(Disagrees):
                replay_second(sealed(forged))
    assert tried >= 12


def test_what_is_constant_must_not_move(stored):
    for op in ("A", "f"):
        name = {"A": "a moving trace", "f": "a function of H"}[op]
        text = json.dumps(plain(stored[name]))
        moved = text.replace('["op", "A", "", ["slow:tau"], 0]', '["op", "A", "", [], 0]')
        if op == "f":
            forged = plain(stored[name])
            forged["functions"]["f"][0].update({"1": ["1", "0"], "-1": ["1", "0"]})
            moved = json.dumps(forged)
        with pytest.raises(Disagrees, match="moves along the loop"):
            replay_second(sealed(json.loads(moved)))


# a total derivative is never refuted, whatever integral the evidence says

DERIVATIVES = {
    "of a trace": (("d", TAU, tr(A, B)), ZERO),
    "of a trace, by parts": (("sum", tr(("d", TAU, A), H), tr(A, DRIVE)), ZERO),
    "of a function times a moment, by parts": (
        ("sum", ("prod", U, ("d", TAU, tr(delta(0), A))), ("prod", U_TAU, tr(delta(0), A))),
        NOTHING,
    ),
}


@pytest.mark.parametrize("name", DERIVATIVES)
def test_a_total_derivative_is_not_refuted(name, stored):
    model = plain(stored["a function of E and tau"])
    model["matrices"]["B"] = {"0": model["matrices"]["H"]["0"]}
    for integral in (["1", "0"], ["0", "1"], model["integral"]):
        claim = json.loads(json.dumps(DERIVATIVES[name]))
        with pytest.raises(Disagrees, match="vanishes"):
            replay_second(sealed({**model, "claim": claim, "integral": integral}))


def test_the_roots_of_unity_are_there():
    for most in (1, 2, 9, 40, 600):
        points = roots(most)
        n = len(points)
        assert n > most
        assert len(set(points)) == n
        assert all(pow(z, n, P) == 1 for z in points)
        assert all(sum(pow(z, k, P) for z in points) % P == 0 for k in range(1, min(n, 50)))
    with pytest.raises(NoMeaning):
        roots(10**6)
