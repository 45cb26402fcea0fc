"""Multiple scales of operator equations: every generated equation is shown by the kernel, and equal to the printed one."""

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
    Chain,
    Choice,
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
    ModuloPower,
    Operator,
    Order,
    Parameter,
    Placeholder,
    Power,
    Product,
    Sum,
    Trace,
    check_dimensions,
    resolve,
)
from derive.lower import lower, residual
from derive.prover import infer
from derive.scales import ScalesError, expand, put_in

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
    H * rho - rho * H + eps * D(K * rho * H, t) + eps**2 * (rho * L + Commutator(M, rho)) + eps**3 * K,
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


def test_the_integral_of_28_under_delta_is_the_first_equality_of_29():
    decided = resolve(printed("29", 2), {"g of": "H"})
    mine = expansion().solvability(2, Delta(E - H) * g(H))
    assert same(Equation(Integral(mine.lhs, E), Integral(mine.rhs, E)), decided)


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


def test_coefficients_that_move_slowly_are_differentiated():
    """d_t (H rho) at order one: H d_t rho_1 + d_tau (H rho_0)."""
    found = expansion(Equation(D(H * rho, t) + D(H, t) * rho, 0)).hierarchy(1)
    assert same(found, Equation(H * D(rhos[1], t), -D(H * rhos[0], tau) - D(H, tau) * rhos[0]))


# What must be refused --------------------------------------------------------------------------------

RIGHT = expansion(LINDBLAD).hierarchy(2)
WRONG = {
    "sign of the right side": Equation(RIGHT.lhs, -RIGHT.rhs),
    "dropped term": Equation(RIGHT.lhs, Sum(*RIGHT.rhs.args[1:])),
    "factor two": Equation(RIGHT.lhs, 2 * RIGHT.rhs),
    "member off by one": put_in(RIGHT, Equation(rhos[1], rhos[0])),
    "swapped factors": put_in(RIGHT, Equation(L, M), Equation(M, L)),
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


fast_only = Family("a_", (t,))
REFUSED = {
    "nonlinear, product": (Equation(D(rho, t), rho * H * rho), ANSATZ, "not linear in the unknown"),
    "nonlinear, power": (Equation(D(rho, t), Power(rho, 2)), ANSATZ, "not linear in the unknown"),
    "nonlinear, trace": (Equation(D(rho, t), Trace(H * rho) * rho), ANSATZ, "not linear in the unknown"),
    "nonlinear, commutator": (Equation(D(rho, t), Commutator(rho, L * rho)), ANSATZ, "not linear in the unknown"),
    "nonlinear, division": (Equation(D(rho, t), 1 / Trace(rho)), ANSATZ, "not linear in the unknown"),
    "nonlinear, function": (Equation(D(rho, t), Function("f")(rho)), ANSATZ, "not linear in the unknown"),
    "no series": (VON_NEUMANN, Equation(rho, rhos[0] + eps * rhos[1]), "expected one series"),
    "two series": (VON_NEUMANN, Equation(rho, Continuation(rhos, eps, 0) + Continuation(rhos, eps, 0)), "expected one series"),
    "order left out": (VON_NEUMANN, Equation(rho, rhos[0] + Continuation(rhos, eps, 2)), "every order below the dots once"),
    "wrong power": (VON_NEUMANN, Equation(rho, rhos[0] + rhos[1] + Continuation(rhos, eps, 2)), "every order below the dots"),
    "series twice": (VON_NEUMANN, Equation(rho, 2 * Continuation(rhos, eps, 0)), "every order below the dots once"),
    "no operator": (VON_NEUMANN, Equation(rhos[0], Continuation(rhos, eps, 0)), "operator = its series"),
    "no slow time": (VON_NEUMANN, Equation(rho, Continuation(fast_only, eps, 0)), "on slow times"),
    "no time": (VON_NEUMANN, Equation(K, Continuation(rhos, eps, 0)), "not to depend on a time"),
    "no evolution": (Equation(Commutator(H, rho), K), ANSATZ, "not an evolution equation"),
    "not the unknown": (Equation(D(Operator("sigma", (t,)), t), K), ANSATZ, "not an evolution equation"),
    "no evolution at order zero": (Equation(eps * D(rho, t), Commutator(H, rho)), ANSATZ, "at order zero"),
    "slow derivative": (Equation(D(rho, t), D(rho, tau)), ANSATZ, "differentiated in the slow time"),
    "division by eps": (Equation(D(rho, t), Commutator(H, rho) / eps), ANSATZ, "negative power of the small parameter"),
    "function of eps": (Equation(D(rho, t), Function("f")(eps) * rho), ANSATZ, "not a polynomial in the small parameter"),
    "memory": (Equation(D(rho, t), Integral(rho, t, 0, t)), ANSATZ, "without memory"),
    "open choice": (Equation(D(rho, t), Choice("a", ("b", K), ("c", L))), ANSATZ, "is open"),
    "undefined word": (Equation(D(rho, t), Placeholder("n") * rho), ANSATZ, "not defined in print"),
    "only modulo": (Equation(D(rho, t), K, modulo=ModuloPower(eps, 2)), ANSATZ, "holds exactly"),
    "chain": (Chain(VON_NEUMANN), ANSATZ, "holds exactly"),
    "too high a power": (Equation(D(rho, t), (1 + eps) ** 65 * rho), ANSATZ, "too high"),
    "too many terms": (Equation(D(rho, t), (eps + eps**2 * L + eps**3 * M) ** 12), ANSATZ, "more than"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_expanded_is_refused(case):
    equation, ansatz, message = REFUSED[case]
    with pytest.raises(ScalesError, match=message):
        expand(equation, ansatz)


@pytest.mark.parametrize("order", [-1, 101, 10**9, 1.0, True, "j", None])
def test_orders_that_are_none_are_refused(order):
    for form in ("hierarchy", "projected", "solvability", "secular"):
        with pytest.raises(ScalesError, match="order"):
            getattr(expansion(), form)(order)


def test_a_symbolic_order_without_its_members_is_refused():
    for order, message in (
        (j, "no member of order -1"),
        (Order("j", 1), "without the unknown"),
        (Order("j", 2), "without the unknown"),
    ):
        with pytest.raises(ScalesError, match=message):
            expansion(SECOND).hierarchy(order)


@pytest.mark.parametrize("weight", ["g", rho * H, eps * g(H), Operator("A", (t,))], ids=str)
def test_weights_that_know_the_fast_time_are_refused(weight):
    with pytest.raises(ScalesError, match="weight"):
        expansion().solvability(1, weight)


def test_a_coefficient_that_is_no_constant_cannot_be_divided_by():
    found = expansion(Equation(H * D(rho, t), Commutator(H, rho)))
    assert shown(found.hierarchy(2), Equation(H * D(rho, t), Commutator(H, rho)), 2)
    with pytest.raises(ScalesError, match="constant c"):
        found.solvability(1, g)


def test_without_a_hamiltonian_the_weight_must_be_named():
    with pytest.raises(ScalesError, match="one Hamiltonian"):
        expansion(Equation(D(rho, t), eps * L * rho)).solvability(1)


def test_nothing_is_put_in_for_what_is_no_member():
    with pytest.raises(ScalesError, match="solution"):
        put_in(VON_NEUMANN, Equation(rhos[0] + rhos[1], 0))


def test_order_zero_has_no_right_side():
    with pytest.raises(ScalesError, match="no right side"):
        expansion().secular(0)
