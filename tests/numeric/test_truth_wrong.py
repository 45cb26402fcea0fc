"""Truth: wrong equations must fail, and the true ones beside them must be exact.

The equations are the bundled paper's and some of our own; each wrong one differs from a true one by a sign,
a factor, a dropped term or a swapped pair of factors, and nothing else about it changes.
"""

import pytest

from derive.language import (
    Average,
    Bra,
    Chain,
    Commutator,
    D,
    Delta,
    Equation,
    Heisenberg,
    Integral,
    Ket,
    Level,
    LevelSum,
    ModuloDerivative,
    Theta,
    Trace,
)
from judging import JAIN, ensembles_off, truth_of, truths
from model_case import (
    H0,
    E,
    H,
    I,
    Sigma,
    V,
    X,
    Y,
    Z,
    delta,
    dH,
    f,
    g,
    hbar,
    j,
    n,
    p_of,
    rho,
    rhos,
    s,
    t,
    tau,
    tp,
    u,
)
from numeric.truth import ENSEMBLES, LIMIT_OPEN

# Wrong versions of the paper's equations -------------------------------------------------------------


def side(link, which, change):
    """The link with one side changed."""
    lhs, rhs = link.lhs, link.rhs
    lhs, rhs = (change(lhs), rhs) if which == "lhs" else (lhs, change(rhs))
    return Equation(lhs, rhs, link.role, link.modulo)


def with_link(label, number, which, change):
    step = JAIN[label]
    links = list(step.links)
    links[number] = side(links[number], which, change)
    return JAIN.with_claim(label, Chain(*links) if len(links) > 1 else links[0])


def minus(x):
    return -x


def twice(x):
    return 2 * x


def dropped(k):
    """Without the k-th argument of a sum or product."""
    return lambda x: x.func(*(a for i, a in enumerate(x.args) if i != k))


def flipped(k):
    """With the sign of the k-th argument changed."""
    return lambda x: x.func(*(-1 * a if i == k else a for i, a in enumerate(x.args)))


def inside_18(change):
    """The sum inside Tr(g [...]) changed."""
    return lambda x: Trace(x.args[0].args[0] * change(x.args[0].args[1]))


JG = JAIN["17"].claim.rhs.args[1].args[0].args[0]  # g(H), H and rho_j of the paper
JH = JAIN["14"].claim.lhs.args[1]
JRHOS = JAIN["12"].claim.rhs.args[0].family

WRONG = [
    ("1", 0, "rhs", dropped(1), {}),
    ("1", 0, "rhs", flipped(1), {}),
    ("2", 0, "rhs", minus, {}),
    ("4", 0, "lhs", twice, {}),
    ("4", 0, "rhs", minus, {}),
    ("6", 0, "rhs", twice, {}),
    ("8", 0, "rhs", twice, {}),
    ("9", 0, "rhs", minus, {}),
    ("9", 0, "rhs", twice, {"window": "counted"}),
    ("10", 0, "lhs", minus, {}),
    ("10", 0, "rhs", twice, {}),
    ("14", 0, "rhs", lambda x: JAIN["10"].claim.rhs, {}),
    ("15", 0, "rhs", minus, {}),
    ("15", 0, "lhs", dropped(1), {}),
    ("15", 0, "lhs", flipped(0), {}),
    ("15", 0, "rhs", twice, {}),
    ("16", 0, "rhs", minus, {}),
    ("16", 0, "lhs", twice, {}),
    ("17", 0, "lhs", lambda x: x.func(*x.args, Trace(JG * JRHOS[1] * JH)), {}),
    ("17", 0, "rhs", lambda x: x - Trace(JG * JRHOS[0]), {}),
    ("18", 0, "rhs", inside_18(flipped(0)), {}),
    ("18", 0, "rhs", inside_18(flipped(1)), {}),
    ("18", 0, "rhs", inside_18(dropped(1)), {}),
    ("18", 1, "lhs", inside_18(dropped(0)), {}),
    ("18", 1, "lhs", inside_18(flipped(1)), {}),
    ("19", 1, "rhs", minus, {}),
    ("19", 3, "lhs", twice, {}),
    ("20", 0, "rhs", minus, {}),
    ("21", 0, "rhs", minus, {}),
    ("21", 0, "rhs", twice, {}),
    ("22", 0, "lhs", lambda x: x.func(x.args[0], dropped(0)(x.args[1])), {}),
    ("22", 0, "lhs", lambda x: x.func(x.args[0], flipped(1)(x.args[1])), {}),
    ("24", 0, "lhs", flipped(1), {}),
    ("24", 0, "lhs", dropped(0), {}),
    ("24", 0, "lhs", lambda x: x.func(2 * x.args[0], x.args[1]), {}),
    ("25", 0, "lhs", flipped(0), {}),
    ("25", 0, "lhs", dropped(1), {}),
    ("25", 0, "lhs", lambda x: x.func(x.args[0], 2 * x.args[1]), {}),
    ("27", 2, "rhs", dropped(1), {}),
    ("27", 2, "rhs", flipped(0), {}),
    ("28", 0, "rhs", minus, {}),
    ("28", 0, "lhs", twice, {}),
    ("29", 3, "rhs", flipped(0), {"limits and sums": "restored"}),
    ("33", 0, "rhs", minus, {"equation (33)": "under the integral", "rho0' of": "E"}),
    ("35", 1, "rhs", twice, {}),
    ("44", 1, "lhs", flipped(1), {}),
    ("49", 0, "rhs", minus, {}),
    ("49", 1, "rhs", twice, {}),
    ("49", 2, "rhs", minus, {}),
    ("49", 3, "lhs", minus, {}),
    ("49", 4, "rhs", twice, {}),
    ("50", 0, "rhs", dropped(1), {}),
    ("50", 0, "lhs", flipped(0), {}),
    ("50", 1, "rhs", lambda x: x.func(flipped(0)(x.args[0]), x.args[1]), {}),
    ("50", 2, "lhs", lambda x: x.func(flipped(1)(x.args[0]), x.args[1]), {}),
]


@pytest.mark.parametrize(
    ("label", "number", "which", "change", "choices"), WRONG, ids=[f"{w[0]}-{k}" for k, w in enumerate(WRONG)]
)
def test_wrong_version_of_a_true_equation_fails(label, number, which, change, choices):
    true = truths(JAIN, label, **choices)[number]
    assert true.verdict == "exact", true.reason
    wrong = truths(with_link(label, number, which, change), label, **choices)[number]
    assert wrong.verdict == "fails", wrong.reason
    assert ensembles_off(wrong)


def test_wrong_definition_spoils_what_uses_it_and_nothing_else():
    spoiled = with_link("23", 0, "rhs", minus)
    for label in ("24", "25"):
        assert truths(spoiled, label)[0].verdict == "fails"
    assert truths(spoiled, "49")[0].verdict == "fails"
    assert truths(spoiled, "49")[2].verdict == "exact"  # holds no u
    assert truths(spoiled, "22")[0].verdict == "exact"
    assert truths(spoiled, "23")[0].verdict == "not-applicable"


def test_wrong_evolution_equation_does_not_evolve_the_model():
    """The state obeys the model's equation, not the encoded one: the postulate fails, the rest stays."""
    spoiled = with_link("10", 0, "rhs", minus)
    assert truths(spoiled, "10")[0].verdict == "fails"
    assert truths(spoiled, "15")[0].verdict == "exact"
    assert truths(spoiled, "4")[0].verdict == "exact"


# Wrong equations of our own --------------------------------------------------------------------------

WORD, REVERSED = H0 * H0 * V * H0 * V * V, H0 * H0 * V * V * H0 * V


def test_reversed_word_under_the_trace_is_seen_by_gue_alone():
    truth = truth_of(Equation(Trace(WORD), Trace(REVERSED)))
    assert truth.verdict == "fails"
    assert ensembles_off(truth) == {"GUE"}
    assert "GUE" in truth.reason
    assert "GOE" not in truth.reason


@pytest.mark.parametrize(
    "claim",
    [
        Equation(Trace(X * Y * Z), Trace(X * Z * Y)),
        Equation(Trace(delta * X * dH), Trace(delta * dH * X)),
        Equation(D(g(H), tau), g.partial(1)(H) * dH),
        Equation(D(delta, tau), -Delta(E - H, 1) * dH),
        Equation(Trace(X * D(delta, tau)), -Trace(X * Delta(E - H, 1) * dH)),
        Equation(Sigma * u, Sigma * Average(X, E)),
        Equation(Heisenberg(X * Y, s, hbar), X * Heisenberg(Y, s, hbar)),
        Equation(Integral(Heisenberg(dH, s, hbar), s, -t, 0), Integral(Heisenberg(dH, s, hbar), s, 0, t)),
        Equation(Commutator(rhos[1], H), 0),
        Equation(D(rhos[1], t), 0),
        Equation(f(E, tau), f(E, tau) + g(E)),
        Equation(u * u, Average(dH * dH, E)),
        Equation(Bra(n) * D(Ket(n), tau), 0),
        Equation(Delta(E - H, 1) * g(E), Delta(E - H, 1) * g(H)),
        Equation(Trace(X * D(rho, t)), Trace(D(rho, t))),
        Equation(H * Ket(n), Ket(n)),
        Equation(I * X, X),
    ],
    ids=range(17),
)
def test_false_equation_fails(claim):
    truth = truth_of(claim)
    assert truth.verdict == "fails", truth.reason
    assert ensembles_off(truth)


def test_false_correlation_of_arbitrary_operators_is_undecided():
    """A limit of many levels says nothing of what an arbitrary operator is there."""
    truth = truth_of(Equation(Trace(Heisenberg(X, s, hbar) * Y), Trace(Heisenberg(X, -s, hbar) * Y)))
    assert truth.verdict == "undecided"
    assert truth.reason.startswith(LIMIT_OPEN)
    assert ensembles_off(truth)


@pytest.mark.parametrize(
    "claim",
    [
        Equation(Trace(X * Y * Z), Trace(Z * X * Y)),
        Equation(Trace(X * D(g(H), tau)), Trace(X * D(g(H), tau))),
        Equation(Trace(f(H, tau) * D(g(H), tau)), Trace(f(H, tau) * g.partial(1)(H) * dH)),
        Equation(Trace(D(delta, tau)), -Trace(Delta(E - H, 1) * dH)),
        Equation(Trace(g(H) * D(delta, tau)), -Trace(g(H) * Delta(E - H, 1) * dH)),
        Equation(Heisenberg(X * Y, s, hbar), Heisenberg(X, s, hbar) * Heisenberg(Y, s, hbar)),
        Equation(Trace(Heisenberg(X, s, hbar) * Y), Trace(X * Heisenberg(Y, -s, hbar))),
        Equation(D(X * Y, tau), D(X, tau) * Y + X * D(Y, tau)),
        Equation(D(Commutator(H, X), tau), Commutator(dH, X) + Commutator(H, D(X, tau))),
        Equation(Delta(E - H, 1) * g(E), Delta(E - H, 1) * g(H) - delta * g.partial(1)(H)),
        Equation(D(Sigma * Average(X, E), tau), D(Trace(delta * X), tau)),
        Equation(D(f(H, tau), tau) - f.partial(0, 1)(H, tau), D(f(H, tau), tau) - f.partial(0, 1)(H, tau)),
        Equation(LevelSum(n, Level(n) * p_of(Level(n), t)), Trace(H * rho)),
        Equation(D(Ket(n), tau), LevelSum(n, Ket(n) * Bra(n)) * D(Ket(n), tau)),
        Equation(Integral(Theta(E + 1 - H) - Theta(E - H), E), LevelSum(n, Ket(n) * Bra(n))),
        Equation(I * hbar * D(rhos[j], t) + Commutator(rhos[j], H), -I * hbar * D(rhos[j - 1], tau)),
        Equation(
            D(Integral(Heisenberg(dH, tp - t, hbar), tp, 0, t), t) - dH,
            -I / hbar * Commutator(H, Integral(Heisenberg(dH, tp - t, hbar), tp, 0, t)),
        ),
        Equation(Integral(Sigma * D(f(E, tau), E), E), -Integral(D(Sigma, E) * f(E, tau), E)),
        Equation(p_of(E, t) * Sigma, D(LevelSum(n, Theta(E - Level(n)) * p_of(Level(n), t)), E)),
    ],
    ids=range(19),
)
def test_true_equation_is_exact_on_every_ensemble(claim):
    truth = truth_of(claim)
    assert truth.verdict == "exact", truth.reason
    assert {m["ensemble"] for m in truth.measurements} == set(ENSEMBLES)


def test_hidden_label_does_not_leak_into_a_sum_over_it():
    """The inner sum binds n anew: sum_n of |n><n| times d|n> is d|n> for the outer n."""
    claim = Equation(LevelSum(n, Ket(n) * Bra(n)) * Ket(n), Ket(n))
    assert truth_of(claim).verdict == "exact"


# Equations up to a total slow derivative -------------------------------------------------------------


def modulo(lhs, rhs):
    return Equation(lhs, rhs, modulo=ModuloDerivative(tau))


@pytest.mark.parametrize(
    ("lhs", "rhs", "verdict"),
    [
        (Trace(g(H) * D(X, tau)), -Trace(D(g(H), tau) * X), "exact"),
        (Trace(g(H) * D(X, tau)), Trace(D(g(H), tau) * X), "fails"),
        (Trace(g(H) * D(X, tau)), -Trace(g.partial(1)(H) * dH * X), "fails"),
        (Trace(rho * D(X, tau)), -Trace(D(rho, tau) * X), "undecided"),
    ],
    ids=range(4),
)
def test_up_to_a_total_slow_derivative(lhs, rhs, verdict):
    assert truth_of(modulo(lhs, rhs)).verdict == verdict
    if verdict == "exact":
        assert truth_of(Equation(lhs, rhs)).verdict == "fails"


def test_equation_31_holds_in_one_sense_alone():
    held = {"equation (31)": "trace modulo", "Phi": "function"}
    assert truths(JAIN, "31", **held)[0].verdict == "exact"
    assert truths(JAIN, "31", **{**held, "Phi": "operator"})[0].verdict == "fails"
    assert truths(JAIN, "31", **{**held, "equation (31)": "trace"})[0].verdict == "fails"
