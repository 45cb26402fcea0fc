"""Deltas of other arguments than E - H: along loops, beneath an integral over the energy, and as moments at another energy."""

import copy
from fractions import Fraction

import pytest

from derive import Assumption
from derive.kernel.calculus import Frame
from derive.kernel.errors import IllPosed, KernelError, Unsupported
from derive.kernel.gaussian import Gaussian
from derive.kernel.interpret import Interpreter
from derive.kernel.loop import Loop
from derive.kernel.model import point_text
from derive.kernel.normal import vanishes
from derive.kernel.replay import replay, sealed
from derive.kernel.stretch import stretched, weights
from derive.kernel.terms import sub
from derive.language import Delta, Function, Integral, Nonzero, Operator, Trace
from derive.prover import infer
from planted.statement import E, H, X, Y, delta, given, planted, s, t, tau

TAU, ENERGY = "slow:tau", "energy:E"
FRAME = Frame("H", (TAU,))
HAM, EN, OP = ("ham", "H", (TAU,)), ("coord", ENERGY), ("op", "X", "", (TAU,), 0)
LEVELS = (Fraction(1), Fraction(2))
STILL = Loop(FRAME, 2, {"H": {0: ((Gaussian(1), Gaussian(0)), (Gaussian(0), Gaussian(2)))}}, {})


def at(a, b, order=0):
    return ("delta", order, ("sum", ("prod", ("num", str(a)), EN), ("prod", ("num", str(b)), HAM)))


@pytest.mark.parametrize("a", [Fraction(1), Fraction(-1), Fraction(2), Fraction(-1, 3)])
@pytest.mark.parametrize("b", [Fraction(-1), Fraction(1), Fraction(3), Fraction(0)])
def test_along_a_loop_a_delta_picks_the_test_function_where_its_argument_vanishes(a, b):
    """int dE E^2 Tr delta(a E + b H) = sum (b h/a)^2/|a|, and with delta' it is sum of (-1/a) 2 (-b h/a)/|a|."""
    square = [Gaussian(0), Gaussian(0), Gaussian(1)]
    plain = sum((b * h / a) ** 2 for h in LEVELS) / abs(a)
    primed = sum((-1 / a) * 2 * (-b * h / a) for h in LEVELS) / abs(a)
    assert STILL.integral(("tr", at(a, b)), square) == Gaussian(plain)
    assert STILL.integral(("tr", at(a, b, 1)), square) == Gaussian(primed)


def test_a_delta_without_an_energy_has_no_meaning_along_a_loop():
    with pytest.raises(IllPosed, match="no energy"):
        weights(HAM, ENERGY, FRAME)
    with pytest.raises(Unsupported, match="another argument"):
        weights(("sum", EN, ("prod", HAM, HAM)), ENERGY, FRAME)


def test_a_product_of_a_moving_function_and_a_moment_has_a_total_derivative():
    """Along the loop H = H0 + (z + 1/z) H1 f d Tr(delta X) + (d f) Tr(delta X) integrates to zero; one term does not."""
    real = ((Gaussian(1), Gaussian(2)), (Gaussian(2), Gaussian(-1)))
    moving = {0: ((Gaussian(1), Gaussian(0)), (Gaussian(0), Gaussian(3))), 1: real, -1: real}
    ramp = {1: Gaussian(0, 1), -1: Gaussian(0, -1), 0: Gaussian(2)}
    loop = Loop(FRAME, 2, {"H": moving}, {"f": [ramp]})
    f = ("fun", "f", (0, 0), (EN, ("coord", TAU)), 1, 0)
    slope = ("fun", "f", (0, 1), (EN, ("coord", TAU)), 1, 0)
    moment = ("tr", ("prod", at(1, -1), HAM))
    first, second = ("prod", f, ("d", TAU, moment)), ("prod", slope, moment)
    test = [Gaussian(0), Gaussian(1), Gaussian(2)]
    assert loop.integral(first, test)
    assert not loop.integral(("sum", first, second), test)


# beneath an integral over the energy ---------------------------------------------------------------------


def integral(body):
    return ("int", ENERGY, ("prod", ("num", "-1"), ("oo",)), ("oo",), body)


@pytest.mark.parametrize("order", [0, 1, 2])
@pytest.mark.parametrize(("a", "b"), [(1, 1), (2, -1), (1, -3), (-2, 5), (-1, -1)])
def test_the_substitution_gives_the_same_integral_by_the_normal_form(a, b, order):
    body = ("tr", ("prod", at(a, b, order), OP))
    made = stretched(body, ENERGY, FRAME)
    assert made != body
    assert at(1, -1, order) not in (body, made)
    assert vanishes(Interpreter(FRAME)(sub(integral(body), integral(made))))


def test_a_wrong_factor_would_be_seen():
    body = ("tr", ("prod", at(2, -1), OP))
    wrong = ("prod", ("num", "2"), stretched(body, ENERGY, FRAME))
    assert not vanishes(Interpreter(FRAME)(sub(integral(body), integral(wrong))))


@pytest.mark.parametrize(
    "body",
    [
        ("tr", ("prod", at(1, -1), OP)),  # plain already
        ("prod", EN, ("tr", ("prod", at(2, -1), OP))),  # E stands outside
        ("tr", ("prod", at(2, -1), ("d", ENERGY, OP))),  # and so does its derivative
        ("prod", ("tr", at(2, -1)), ("tr", at(1, -1))),  # two ratios
        ("tr", ("prod", at(1, 0), OP)),  # a fixed energy
        ("tr", ("prod", at(2, -1), ("op", "X", "", (ENERGY,), 0))),  # an operator that depends on E
    ],
)
def test_what_the_substitution_does_not_reach_stands(body):
    assert stretched(body, ENERGY, FRAME) == body


# moments at another energy -------------------------------------------------------------------------------

Sigma = Trace(delta)
p = Function("p", 2, smooth=False)(E, tau)
DENSE = (Assumption("density", "There are levels.", Nonzero(Sigma)),)


def twice(operator):
    return Trace(Delta(2 * E - H) * operator)


def judged(claim, *steps):
    cites = tuple(step.label for step in steps)
    (found,) = infer(planted("a claim", claim, "", "", *steps, assume=DENSE, cites=cites).derivation, "claim", {}, seconds=20)
    return found


ZERO_MOMENT = given("1", Trace(delta * X), 0)
BALANCE = given("1", Trace(delta * X) + Trace(delta * Y), p)
QUOTIENT = given("1", p, Trace(delta * X) / Sigma)


def test_what_holds_at_every_energy_is_not_refuted_at_another():
    assert judged((twice(X) / Sigma, 0), ZERO_MOMENT).verdict != "invalid"


@pytest.mark.parametrize("ratio", [-1, 2, 3])
def test_a_moment_at_another_energy_is_not_the_one_here(ratio):
    found = judged((p, Trace(Delta(ratio * E - H) * X) / Sigma), QUOTIENT)
    assert found.verdict == "invalid"
    replay(found.countermodel)


def test_of_another_operator_it_is_refuted_too():
    assert judged((twice(Y) / Sigma, 0), ZERO_MOMENT).verdict == "invalid"


def test_a_premise_holds_at_both_energies():
    found = judged((Trace(delta * X) / Sigma, twice(X) / Sigma), BALANCE)
    assert found.verdict == "invalid"
    assert list(found.countermodel["elsewhere"]) == ["1/2"]


def tampered(change):
    found = judged((Trace(delta * X) / Sigma, twice(X) / Sigma), BALANCE)
    evidence = copy.deepcopy(found.countermodel)
    change(evidence)
    evidence.pop("digest")
    return sealed(evidence)


def _another_density(evidence):
    (table,) = evidence["elsewhere"].values()
    table["(jet Sigma ())"] = "-1"


def _another_moment(evidence):
    (table,) = evidence["elsewhere"].values()
    name = next(name for name in table if name.startswith("(jet (("))
    table[name] = str(Fraction(table[name]) + 1)


def _none(evidence):
    del evidence["elsewhere"]


def _at_another_ratio(evidence):
    evidence["elsewhere"] = {"3": next(iter(evidence["elsewhere"].values()))}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (_another_density, "positive"),
        (_another_moment, "premise|plain moment"),
        (_none, "no values at that energy"),
        (_at_another_ratio, "no values at that energy"),
    ],
)
def test_a_point_elsewhere_that_was_changed_is_refused(change, complaint):
    with pytest.raises(KernelError, match=complaint):
        replay(tampered(change))


def test_a_moment_elsewhere_under_a_time_integral_is_not_taken_for_free():
    """int ds Tr delta(2E - H) Z(s) vanishes with int ds Tr delta(E - H) Z(s); no point may say otherwise."""
    Z = Operator("Z", (s, tau))
    moment, elsewhere = Trace(delta * Z), twice(Z)
    found = judged((Integral(elsewhere, s, 0, t) / Sigma, 0), given("1", Integral(moment, s, 0, t), 0))
    assert found.verdict != "invalid"


def test_points_are_written_one_way():
    assert point_text(0, Fraction(0)) == "E0"
    assert point_text((1, Fraction(2)), Fraction(1, 2)) == "2*E1-1/2"
