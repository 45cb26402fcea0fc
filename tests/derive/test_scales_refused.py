"""Multiple scales of operator equations: what is refused, with a reason and before it takes long."""

from math import comb

import pytest

from derive.language import (
    ACTION,
    SLOW,
    TIME,
    Average,
    Bra,
    Chain,
    Choice,
    Commutator,
    Continuation,
    Coordinate,
    D,
    Equation,
    Family,
    Function,
    Hamiltonian,
    Heisenberg,
    Imaginary,
    Index,
    Integral,
    Ket,
    Level,
    ModuloPower,
    Operator,
    Order,
    Parameter,
    Placeholder,
    Power,
    Product,
    Sum,
    Trace,
    subexpressions,
)
from derive.scales import ScalesError, expand, put_in

E, t, tau = Coordinate("E", "energy"), Coordinate("t", "time"), Coordinate("tau", "slow")
s, n = Coordinate("s", "time"), Index("n")
I, hbar, eps = Imaginary(), Parameter("hbar", ACTION), Parameter("eps", SLOW / TIME)
H, rho, j = Hamiltonian("H", tau), Operator("rho", (t,)), Order("j")
rhos = Family("rho_", (t, tau), unit=SLOW / TIME, slow_only=(0,))
g = Function("g", arbitrary=True)
K, L, M = (Operator(name) for name in "KLM")

VON_NEUMANN = Equation(I * hbar * D(rho, t), Commutator(H, rho))
ANSATZ = Equation(rho, rhos[0] + eps * rhos[1] + Continuation(rhos, eps, 2))
SECOND = Equation(D(rho, t), H * rho - rho * H + eps * K * D(rho, t) * H + eps**2 * rho * L + eps**3 * K)


def expansion(equation=VON_NEUMANN):
    return expand(equation, ANSATZ)


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
    "slow coefficient": (Equation(D(H * rho, t), K), ANSATZ, "whether that is held fixed"),
    "slow coefficient alone": (Equation(D(rho, t), D(H, t) * rho), ANSATZ, "whether that is held fixed"),
    "slow level": (Equation(D(rho, t), D(Level(n) * rho, t)), ANSATZ, "whether that is held fixed"),
    "slow eigenvector": (Equation(D(rho, t), D(Ket(n) * Bra(n), t) * rho), ANSATZ, "whether that is held fixed"),
    "slow average": (Equation(D(rho, t), D(Average(K, E), t) * rho), ANSATZ, "whether that is held fixed"),
    "slow flow": (Equation(D(rho, t), D(Heisenberg(K, s, hbar), t) * rho), ANSATZ, "whether that is held fixed"),
    "fast Hamiltonian": (Equation(D(rho, t), Commutator(Hamiltonian("H", t, tau), rho)), ANSATZ, "it is not frozen"),
    "no equation": (None, ANSATZ, "holds exactly"),
    "no ansatz": (VON_NEUMANN, None, "ansatz"),
    "too many terms": (Equation(D(rho, t), (eps + eps**2 * L + eps**3 * M) ** 12), ANSATZ, "more than"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_expanded_is_refused(case):
    equation, ansatz, message = REFUSED[case]
    with pytest.raises(ScalesError, match=message):
        expand(equation, ansatz)


def nested(depth):
    found = rho
    for _ in range(depth):
        found = Commutator(K, found)
    return Equation(D(rho, t), found)


def doubled(depth):
    """2^depth nodes, of which few are distinct."""
    found = K
    for _ in range(depth):
        found = Product(found, found)
    return Equation(D(rho, t), found * rho)


MANY = Sum(*(eps ** (k % 3) * Operator(f"A{k}") for k in range(200)))
TOO_BIG = {
    "deep": (nested(5_000), "brackets"),
    "large": (doubled(60), "nodes"),
    "many pairs": (Equation(D(rho, t), Commutator(MANY, MANY) * rho), "pairs"),
    "many factors": (Equation(D(rho, t), MANY * MANY * rho), "pairs"),
}


@pytest.mark.parametrize("case", TOO_BIG)
def test_what_is_too_big_is_refused(case):
    equation, message = TOO_BIG[case]
    with pytest.raises(ScalesError, match=message):
        expand(equation, ANSATZ)


def test_the_bounds_let_pass_what_is_just_below():
    innermost = [part for part in subexpressions(expansion(nested(60)).hierarchy(1)) if part == Commutator(K, rhos[1])]
    assert len(innermost) == 1
    binomials = expansion(Equation(D(rho, t), (1 + eps) ** 64 * rho)).pieces
    assert {power: -number for (power, factors), number in binomials.items() if factors == (rho,)} == {
        k: comb(64, k) for k in range(65)
    }


@pytest.mark.parametrize(
    "acting", [Power(H + K, 20), Power(H + K, 10**9), Power(Sum(*[H, K, L] * 30), 3)], ids=["20", "10^9", "3"]
)
def test_what_cannot_be_multiplied_out_under_the_trace_is_refused(acting):
    """Whether it drops is then not known; the projected equation, which drops nothing, is still given."""
    found = expansion(Equation(D(rho, t), Commutator(acting, rho)))
    for form in (found.solvability, found.secular):
        with pytest.raises(ScalesError, match="too long"):
            form(1, g(H))
    assert acting in found.projected(1, g(H)).lhs.atoms(Power)


ORDERS = {
    "-1": -1,
    "101": 101,
    "long": 10**5000,
    "long negative": -(10**5000),
    "float": 1.0,
    "bool": True,
    "str": "j",
    "none": None,
}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_orders_that_are_none_are_refused(order):
    for form in ("hierarchy", "projected", "solvability", "secular"):
        with pytest.raises(ScalesError, match="order"):
            getattr(expansion(), form)(order)


def test_a_symbolic_order_without_its_members_is_refused():
    for order, message in (
        (j, "no member of order -1"),
        (Order("j", 1), "without the unknown"),
        (Order("j", 2), "without the unknown"),
        (Order("j", -3), "no member of order"),
        (Order("j", 10**5000), "shift"),
    ):
        with pytest.raises(ScalesError, match=message):
            expansion(SECOND).hierarchy(order)


@pytest.mark.parametrize("weight", ["g", rho * H, eps * g(H), Operator("A", (t,))], ids=str)
def test_weights_that_know_the_fast_time_are_refused(weight):
    with pytest.raises(ScalesError, match="weight"):
        expansion().solvability(1, weight)


def test_a_coefficient_that_is_no_constant_cannot_be_divided_by():
    found = expansion(Equation(H * D(rho, t), Commutator(H, rho)))
    assert found.hierarchy(2).rhs == Product(-1, H, D(rhos[1], tau))
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
