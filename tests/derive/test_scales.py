"""Multiple scales of operator equations: every generated equation is shown by the kernel, and equal to the printed one."""

import doctest
import importlib

import pytest

import derive
from derive.kernel import Refused
from derive.kernel.interpret import Interpreter, frame_of
from derive.kernel.normal import vanishes
from derive.kernel.replay import replay, sealed
from derive.kernel.rules import move
from derive.kernel.terms import sub, to_json
from derive.language import (
    ACTION,
    SLOW,
    TIME,
    Commutator,
    Continuation,
    Coordinate,
    D,
    Delta,
    Equation,
    Family,
    Function,
    Hamiltonian,
    Imaginary,
    Integral,
    Operator,
    Order,
    Parameter,
    Product,
    Sum,
    Trace,
    check_dimensions,
    resolve,
)
from derive.lower import lower, residual
from derive.mutate import mutations
from derive.prover import infer
from derive.scales import ScalesError, expand, put_in
from derive.scales.grading import depends

JAIN = derive.load("jain")
PRINTED = {reading.name: next(iter(reading.options)) for reading in JAIN.readings}
E, t, tau = Coordinate("E", "energy"), Coordinate("t", "time"), Coordinate("tau", "slow")
I, hbar, eps = Imaginary(), Parameter("hbar", ACTION), Parameter("eps", SLOW / TIME)
H, rho, j = Hamiltonian("H", tau), Operator("rho", (t,)), Order("j")
rhos = Family("rho_", (t, tau), unit=SLOW / TIME, slow_only=(0,))
g, rho0p = Function("g", arbitrary=True), Function("rho0'", 2)
K, L, M = (Operator(name) for name in "KLM")

VON_NEUMANN = JAIN["10"].claim
ANSATZ = JAIN["12"].claim
LINDBLAD = Equation(D(rho, t), -(I / hbar) * Commutator(H, rho) + eps * (L * rho * M - (K * rho + rho * K) / 2))
SECOND = Equation(
    hbar * D(rho, t) * I,
    H * rho - rho * H + eps * K * D(rho, t) * H + eps**2 * (rho * L + Commutator(M, rho)) + eps**3 * Product(Product(K, L), M),
)
EQUATIONS = {"von Neumann": VON_NEUMANN, "Lindblad": LINDBLAD, "second order in eps": SECOND}
ORDERS = [0, 1, 2, 3, 4, 5, 6]


def expansion(equation=VON_NEUMANN, ansatz=ANSATZ):
    return expand(equation, ansatz)


def same(one, other):
    """Whether the residuals of two equations are the same, by the kernel's normal form."""
    difference = sub(*(residual(x) if isinstance(x, Equation) else x for x in (one, other)))
    return vanishes(Interpreter(frame_of(difference))(difference))


def printed(label, number=0):
    return JAIN[label].claim.links[number]


def certificate(claim, equation, order, around=(), factor=1, ansatz=ANSATZ):
    """The claim from the equation and its ansatz: two scales, the coefficient of one order, then what stands `around`."""
    coefficient = [order.name, order.shift] if isinstance(order, Order) else order
    moves = [["scales", 1], ["order", eps.name, coefficient], *around]
    sides = [("ansatz", ansatz), ("equation", equation)][::-1]
    return sealed(
        {
            "kind": "certificate",
            "hamiltonian": ["H", ["slow:tau"]],
            "claim": [to_json(lower(side)) for side in claim.args[:2]],
            "premises": [{"name": n, "equation": [to_json(lower(side)) for side in e.args[:2]]} for n, e in sides],
            "nonzero": [],
            "simple": "",
            "rewrites": [],
            "steps": [{"premise": 0, "moves": to_json(tuple(map(tuple, moves))), "factor": to_json(lower(Product(factor)))}],
            "closing": ["vanishes"],
            "modulo": [],
        }
    )


def traced(weight):
    return [["left", lower(weight)], ["trace"]]


def shown(*arguments, **options):
    replay(certificate(*arguments, **options))
    return True


# The paper's equations come out ------------------------------------------------------------------------


def test_the_hierarchy_is_14_and_15_as_printed():
    assert expansion().hierarchy(0) == printed("14")
    assert expansion().hierarchy(j) == printed("15")


def test_the_projected_equation_is_17_and_the_solvability_condition_28():
    assert same(expansion().projected(1, g), printed("17"))
    assert expansion().solvability(2, g) == printed("28")


def test_every_function_of_h_is_the_default_weight():
    assert expansion().solvability(2) == expansion().solvability(2, Function("g", arbitrary=True)(H))


def test_the_secular_condition_is_the_first_half_of_18():
    secular = expansion().secular(1, g)
    assert secular == next(a.statement for a in JAIN.assumptions if a.name == "no secular growth of rho_1")
    assert secular.lhs == printed("18").lhs
    assert same(Equation(put_in(secular, Equation(rhos[0], rho0p(H, tau))).lhs, printed("18").rhs), Equation(0, 0))


@pytest.mark.parametrize("of", ["H", "E"])
def test_the_integral_of_28_under_delta_is_29(of):
    """The first equality as it stands, the second with rho_1 of (27) put in; the definitions of T1 and T2 name its two terms."""
    first, second = (resolve(printed("29", k), {"g of": of, "limits and sums": "restored"}) for k in (2, 3))
    order_2 = expansion().solvability(2, Delta(E - H) * g({"H": H, "E": E}[of]))
    mine = Equation(Integral(order_2.lhs, E), Integral(order_2.rhs, E))
    assert same(mine, first)
    right = put_in(mine, Equation(rhos[1], printed("27", 3).rhs)).rhs
    assert same(Equation(right, 0), Equation(second.rhs, 0))
    for wrong in (-second.rhs, 2 * second.rhs, second.rhs.args[0], second.lhs):
        assert not same(Equation(right, 0), Equation(wrong, 0))


@pytest.mark.parametrize("k", [1, 2, 3, 4, 5, 6])
def test_every_order_is_15_at_that_order(k):
    at_k = move(residual(printed("15")), ["index", "j", k], [])
    assert same(expansion().hierarchy(k), at_k)
    assert not same(expansion().hierarchy(k + 1), at_k)


@pytest.mark.parametrize(
    ("label", "claim"),
    [
        ("14", expansion().hierarchy(0)),
        ("15", expansion().hierarchy(j)),
        ("17", expansion().projected(1, g)),
        ("28", expansion().solvability(2, g)),
    ],
)
def test_the_prover_finds_the_generated_equations_valid(label, claim):
    (found,) = infer(JAIN.with_claim(label, claim), label, PRINTED)
    assert found.verdict == "valid", found.reason


@pytest.mark.parametrize(
    ("label", "claim"),
    [
        ("14", Equation(rhos[0] * H, 0)),
        ("15", Equation(expansion().hierarchy(j).lhs, -expansion().hierarchy(j).rhs)),
        ("17", Equation(expansion().projected(1, g).lhs, 0)),
        ("28", Equation(expansion().solvability(2, g).lhs, expansion().solvability(1, g).rhs)),
    ],
)
def test_the_prover_finds_wrong_ones_invalid(label, claim):
    (found,) = infer(JAIN.with_claim(label, claim), label, PRINTED)
    assert found.verdict == "invalid", found.reason


# Certificates at every order --------------------------------------------------------------------------


@pytest.mark.parametrize("order", [*ORDERS, Order("j", 3)], ids=str)
@pytest.mark.parametrize("name", EQUATIONS)
def test_every_order_of_the_hierarchy_is_certified(name, order):
    assert shown(expansion(EQUATIONS[name]).hierarchy(order), EQUATIONS[name], order)


@pytest.mark.parametrize("order", [*ORDERS, j], ids=str)
@pytest.mark.parametrize("form", ["projected", "solvability", "secular"])
def test_every_condition_is_certified(form, order):
    """A projected equation is the order's, times g(H)/(i hbar), traced; the secular one is its right side."""
    weight = g(H)
    if form != "secular":
        claim = getattr(expansion(), form)(order, weight)
        assert shown(claim, VON_NEUMANN, order, traced(weight), 1 / (I * hbar))
    elif order != 0:
        solvable, secular = expansion().solvability(order, weight), expansion().secular(order, weight)
        assert same(Equation(secular.lhs, 0), Equation(0, solvable.rhs))


@pytest.mark.parametrize("order", [0, 1, 2, 3, j], ids=str)
def test_the_conditions_with_a_dissipator_are_certified(order):
    weight = Delta(E - H) * g(H)
    assert shown(expansion(LINDBLAD).solvability(order, weight), LINDBLAD, order, traced(weight))


def test_what_is_not_written_as_a_commutator_drops_as_well():
    found = expansion(Equation(D(rho, t), (rho * H - H * rho) * I / hbar + eps * K)).solvability(1, g)
    assert found == Equation(D(Trace(g(H) * rhos[1]), t), -Trace(g(H) * D(rhos[0], tau)) + Trace(g(H) * K))


def test_what_does_not_drop_stays_and_then_nothing_is_secular():
    equation = Equation(D(rho, t), -(I / hbar) * Commutator(H, rho) + L * rho * M)
    found = expansion(equation)
    kept = Equation(
        D(Trace(g(H) * rhos[1]), t) - Trace(g(H) * L * rhos[1] * M),
        -Trace(g(H) * D(rhos[0], tau)),
    )
    assert same(found.solvability(1, g), kept)
    assert shown(found.solvability(1, g), equation, 1, traced(g(H)))
    with pytest.raises(ScalesError, match="right side need not vanish"):
        found.secular(1, g)


@pytest.mark.parametrize("commutes", [Commutator(H, rho), H * rho - rho * H], ids=["commutator", "written out"])
def test_what_drops_is_told_from_what_does_not(commutes):
    found = expansion(Equation(D(rho, t), L * rho * M + commutes)).solvability(1, g)
    assert found.lhs == D(Trace(g(H) * rhos[1]), t) + Product(-1, Trace(g(H) * L * rhos[1] * M))


def test_a_weight_that_does_not_commute_keeps_the_commutator():
    found = expansion().solvability(1, K)
    assert any(isinstance(part, Commutator) for part in found.atoms(Commutator))
    assert shown(found, VON_NEUMANN, 1, traced(K), 1 / (I * hbar))


def test_dimensions_agree_at_every_order():
    for order in (0, 1, 4, j):
        assert check_dimensions(expansion().hierarchy(order)) == check_dimensions(VON_NEUMANN) / (SLOW / TIME) ** (
            0 if order == j else order
        )
        check_dimensions(expansion().solvability(order, g))


def test_three_scales():
    """d_t + eps d_tau + eps^2 d_sigma: order two holds both slow derivatives."""
    sigma = Coordinate("sigma", "slow")
    family = Family("rho_", (t, tau, sigma), slow_only=(0,))
    found = expansion(ansatz=Equation(rho, family[0] + Continuation(family, eps, 1)))
    right = -I * hbar * (D(family[1], tau) + D(family[0], sigma))
    assert same(found.hierarchy(2), Equation(I * hbar * D(family[2], t) + Commutator(family[2], H), right))


def test_coefficients_that_know_the_fast_time_are_differentiated():
    """d_t (A rho) with A(t): d_t (A rho_1) + A d_tau rho_0 at order one, for A does not know tau."""
    A = Operator("A", (t,))
    found = expansion(Equation(D(A * rho, t), D(A, t) * rho)).hierarchy(1)
    assert same(found, Equation(A * D(rhos[1], t) + D(A, t) * rhos[1], D(A, t) * rhos[1] - A * D(rhos[0], tau)))


# What changes with the equation -----------------------------------------------------------------------

CHANGES = {f"{m.kind}, {m.place}": m.claim for m in mutations(VON_NEUMANN)} | {
    "a term more": Equation(VON_NEUMANN.lhs, VON_NEUMANN.rhs + eps * Commutator(K, rho)),
    "H for rho": Equation(VON_NEUMANN.lhs, Commutator(H, H)),
    "anticommutator": Equation(VON_NEUMANN.lhs, H * rho + rho * H),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_10_changes_the_hierarchy(change):
    """Certified from the equation that was given, and from no other; where only the order of scalars changed, the same."""
    equation = CHANGES[change]
    at_2 = move(residual(printed("15")), ["index", "j", 2], [])
    if change.startswith("drop derivative"):
        with pytest.raises(ScalesError, match="not an evolution equation"):
            expansion(equation)
        return
    found = expansion(equation).hierarchy(2)
    assert shown(found, equation, 2)
    assert same(found, at_2) is same(equation, VON_NEUMANN) is change.startswith("swap factors")
    if not same(equation, VON_NEUMANN):
        with pytest.raises(Refused):
            shown(found, VON_NEUMANN, 2)
        with pytest.raises(Refused):
            shown(expansion().hierarchy(2), equation, 2)


def test_changes_of_every_kind_are_tried():
    kinds = {change.split(",")[0] for change in CHANGES}
    assert kinds >= {"sign", "factor 2", "factor 1/2", "drop derivative"}  # its numbers stand in any order, no operators meet


@pytest.mark.parametrize("factor", [2, -1, I, hbar, 1 / (I * hbar)], ids=str)
def test_the_conditions_do_not_see_a_common_factor(factor):
    """Both sides multiplied: the hierarchy is another multiple, what is divided by the coefficient of d_t is not."""
    multiplied = expansion(Equation(Product(factor) * VON_NEUMANN.lhs, Product(factor) * VON_NEUMANN.rhs))
    assert not same(multiplied.hierarchy(2), expansion().hierarchy(2))
    assert same(multiplied.solvability(2, g), printed("28"))
    assert same(multiplied.projected(1, g), printed("17"))


def test_a_changed_10_in_the_case_moves_the_verdict_of_15():
    """Against a changed premise the printed (15) is invalid, the one generated from that premise is valid."""
    changed = CHANGES["sign, right side, minus the whole"]
    case = JAIN.with_claim("10", changed)
    (as_printed,) = infer(case, "15", PRINTED)
    (generated,) = infer(case.with_claim("15", expansion(changed).hierarchy(j)), "15", PRINTED)
    assert (as_printed.verdict, generated.verdict) == ("invalid", "valid")


def test_the_right_side_of_order_2_knows_the_fast_time_and_that_of_order_1_does_not():
    """So (18) is necessary, and setting the right side of (28) to zero is more than its mean requires."""
    for order, knows in ((1, False), (2, True)):
        condition = expansion().secular(order, g)
        assert depends(condition.lhs, t) is knows


# What must be refused --------------------------------------------------------------------------------

RIGHT = expansion(LINDBLAD).hierarchy(2)
WRONG = {
    "sign of the right side": Equation(RIGHT.lhs, -RIGHT.rhs),
    "dropped term": Equation(RIGHT.lhs, Sum(*RIGHT.rhs.args[1:])),
    "factor two": Equation(RIGHT.lhs, 2 * RIGHT.rhs),
    "member off by one": put_in(RIGHT, Equation(rhos[1], rhos[0])),
    "swapped factors": put_in(RIGHT, Equation(L, rho), Equation(M, L), Equation(rho, M)),
    "another order": expansion(LINDBLAD).hierarchy(3),
    "fast derivative": Equation(RIGHT.lhs + D(rhos[1], t), RIGHT.rhs),
}


@pytest.mark.parametrize("change", WRONG)
def test_wrong_equations_get_no_certificate(change):
    assert shown(RIGHT, LINDBLAD, 2)
    with pytest.raises(Refused):
        shown(WRONG[change], LINDBLAD, 2)


def test_a_wrong_symbolic_order_gets_no_certificate():
    wrong = put_in(expansion().hierarchy(j), Equation(rhos[j - 1], rhos[j]))
    with pytest.raises(Refused):
        shown(wrong, VON_NEUMANN, j)


def test_the_wrong_sign_under_the_trace_gets_no_certificate():
    right = expansion().solvability(2, g)
    with pytest.raises(Refused):
        shown(Equation(right.lhs, -right.rhs), VON_NEUMANN, 2, traced(g(H)), 1 / (I * hbar))


# The examples ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("module", "least"), [("", 11), (".operators", 6), (".oscillator", 2), (".boundaries", 1)])
def test_the_examples_of_the_docstrings_run(module, least):
    found = doctest.testmod(importlib.import_module(f"derive.scales{module}"), optionflags=doctest.ELLIPSIS)
    assert found.failed == 0
    assert found.attempted >= least
