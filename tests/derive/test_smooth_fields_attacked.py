"""Attacks on the evidence between smooth fields: forgeries the kernel must refuse, true statements it must not refute."""

import pytest

from derive import Assumption
from derive.kernel import KernelError
from derive.kernel.replay import replay, sealed
from derive.language import D, Delta, Function, Heisenberg, Integral, Nonzero, Trace
from derive.prover import infer
from derive.second import Disagrees, NoMeaning, replay_second
from planted.statement import E, Ep, H, X, delta, dH, given, hbar, oo, planted, s, t, tau

ENERGY, SLOW, ZERO = "energy:E", "slow:tau", ["num", "0"]


def fun(name, *arguments):
    places = [a if isinstance(a, list) else ["coord", a] for a in arguments]
    return ["fun", name, [0] * len(places), places, 1, 0]


def forged(claim, premises, **fields):
    return sealed(
        {
            "kind": "fields",
            "answer": "follows",
            "hamiltonian": ["H", [SLOW]],
            "energy": ENERGY,
            "claim": claim,
            "premises": [{"name": str(k), "equation": premise} for k, premise in enumerate(premises)],
            **{"rewrites": [], "levels": [], "nonzero": [], "steps": [], "values": {}, "modulo": [], "series": -1},
            **fields,
        }
    )


def one(*powers):
    return [[["1", "0"], [[["jet", name, []], k] for name, k in powers]]]


P, Q, R, C = (fun(name, ENERGY) for name in "pqrc")
MOVING, STILL = fun("p", ["level", "n"], SLOW), fun("p", ENERGY, SLOW)
FORGED = {
    # p + q may be nonzero where p is zero
    "p r = 0, so r = 0": forged(
        [["sum", R, C], C],
        [[["prod", P, R], ZERO]],
        nonzero=[{"name": "n", "term": ["sum", P, Q]}],
        steps=[[0, [], one(("fun p", -1))]],
        values={"(jet (fun p) ())": "1", "(jet fun r ())": "0", "(jet fun c ())": "1", "(jet fun p ())": "1"},
    ),
    # the level moves, E does not
    "d_tau p(E_n, tau) = 0, so p_tau(E, tau) = 0": forged(
        [["sum", ["d", SLOW, STILL], fun("q", ENERGY, SLOW)], fun("q", ENERGY, SLOW)],
        [[["d", SLOW, MOVING], ZERO]],
        levels=[0],
        steps=[[0, [], one()]],
        values={"(jet fun p ((slow:tau 1)))": "0", "(jet fun p ((slow:tau 2)))": "0", "(jet fun q ())": "1"},
    ),
    # E_n is no E of a derivative that stands there already
    "d_E (q(E) p(E_n)) = 0, so (q p)_E = 0": forged(
        [["d", ENERGY, ["prod", Q, P]], ZERO],
        [[["d", ENERGY, ["prod", Q, fun("p", ["level", "n"])]], ZERO]],
        levels=[0],
        steps=[[0, [], one()]],
        values={f"(jet fun {f} {d})": "0" for f in "pq" for d in ("()", "((energy:E 1))", "((energy:E 2))")},
    ),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forgery_is_refused(name):
    with pytest.raises(KernelError):
        replay(FORGED[name])
    with pytest.raises((Disagrees, NoMeaning)):
        replay_second(FORGED[name])


p, q, r = (Function(name, 2, smooth=False)(E, tau) for name in "pqr")
c = Function("C", 3, smooth=False)(s, E, tau)
Sigma = Trace(delta)
TRUE = {
    "a derivative of one premise is in another": ((q, 0), [given("1", p + r, 1), given("2", D(p, E) + D(r, E), q)]),
    "a premise on what is integrated": ((Integral(c, s, 0, t) / Sigma, t * (q - r) / Sigma), [given("1", c + r, q)]),
    "H does not move": ((D(p / Sigma, tau), D(p, tau) / Sigma), [given("1", dH, 0)]),
    "one moment at two energies": ((p * Trace(delta * X) / Sigma, 0), [given("1", Trace(Delta(Ep - H) * X), 0)]),
}


@pytest.mark.parametrize("name", TRUE)
def test_a_true_statement_is_not_refuted(name):
    claim, steps = TRUE[name]
    assumed = (Assumption("density", "There are levels.", Nonzero(Sigma)),)
    (found,) = infer(planted(name, claim, "", "", *steps, assume=assumed).derivation, "claim", {}, seconds=20)
    assert found.verdict != "invalid"


# what a second reading of stored evidence found

w = Function("w", 2, smooth=False)(E, tau)
MEMORY = Trace(delta * dH * Heisenberg(dH, s, hbar))


def endless(body):
    return Integral(body, s, -oo, oo)


@pytest.mark.parametrize(("right", "follows"), [(w + MEMORY, True), (MEMORY + 5 * w, False), (2 * MEMORY + w, False)])
def test_an_endless_integral_is_known_by_its_whole_integrand(right, follows):
    """What does not decay is integrated as a whole: the terms with their coefficients, not the terms alone."""
    (found,) = infer(planted("endless", (endless(MEMORY + w), endless(right)), "", "", cites=()).derivation, "claim", {})
    assert (found.verdict == "valid") is follows
    assert found.verdict in ("valid", "undecided")


def test_evidence_speaks_of_one_hamiltonian():
    other = ["tr", ["prod", ["delta", 0, ["sum", ["coord", ENERGY], ["prod", ["num", "-1"], ["ham", "G", [SLOW]]]]], Q]]
    mine = ["tr", ["prod", ["delta", 0, ["sum", ["coord", ENERGY], ["prod", ["num", "-1"], ["ham", "H", [SLOW]]]]], Q]]
    with pytest.raises(KernelError, match="Hamiltonian"):
        replay(forged([other, mine], []))
