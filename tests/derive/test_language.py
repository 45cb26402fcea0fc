"""The language: what is written is kept, equality is structural, the print is injective, and what cannot be meant is refused."""

from fractions import Fraction

import pytest
import sympy
from hypothesis import assume, example, given

from derive.language import (
    ACTION,
    ENERGY,
    SLOW,
    TIME,
    At,
    Average,
    Bra,
    Chain,
    Choice,
    Commutator,
    Continuation,
    Coordinate,
    D,
    Delta,
    Dimension,
    DimensionMismatch,
    Equation,
    Family,
    Function,
    Hamiltonian,
    Heisenberg,
    Imaginary,
    Index,
    Integral,
    Ket,
    LanguageError,
    Level,
    LevelSum,
    Member,
    Operator,
    Order,
    Parameter,
    Power,
    Product,
    Sum,
    Theta,
    Trace,
    chain,
    check_dimensions,
    choices_in,
    dimension_of,
    printed,
    resolve,
    subexpressions,
)
from derive.lower import UnknownNode, lower
from strategies import expressions, neighbours

E, t, tau = Coordinate("E", "energy"), Coordinate("t", "time"), Coordinate("tau", "slow")
H = Hamiltonian("H", tau)
A, B = Operator("A", (tau,)), Operator("B", (tau,))
a, b, hbar = Parameter("a"), Parameter("b"), Parameter("hbar", ACTION)
f = Function("f")
n, j = Index("n"), Order("j")
rhos = Family("rho", (t, tau), unit=SLOW / TIME, slow_only=(0,))


# what is written is kept

KEPT = {
    "a sum with its negative": (a - a, 0),
    "a commutator with itself": (Commutator(A, A), 0),
    "the derivative of a constant": (D(a, E), 0),
    "a product with zero": (0 * a, 0),
    "a product with one": (1 * a, a),
    "an order of factors": (A * B, B * A),
    "an order of terms": (a + b, b + a),
    "brackets in a sum": (Sum(a, Sum(b, a)), Sum(a, b, a)),
    "brackets in a product": (Product(A, Product(B, A)), Product(A, B, A)),
    "a square": (A * A, A**2),
    "a first power": (Power(a, 1), a),
    "a half": (a / 2, Product(a, Power(Product(2), -1))),
    "the trace of a sum": (Trace(A + B), Trace(A) + Trace(B)),
    "a scaled delta": (Delta(2 * E), Delta(E) / 2),
    "an integral of a delta": (Integral(Delta(E - a), E), 1),
    "i squared": (Imaginary() * Imaginary(), -1),
    "a double negative": (-1 * (-a), a),
    "derivatives in two orders": (D(D(A, t), tau), D(D(A, tau), t)),
    "f of E and of H": (f(E), f(H)),
    "an operator and its namesake": (A, Operator("A", (t,))),
    "an arbitrary operator": (A, Operator("A", (tau,), arbitrary=True)),
    "a smooth function": (f, Function("f", smooth=False)),
    "an equation of equals": (Equation(a, a), Equation(a, b)),
}


@pytest.mark.parametrize("name", KEPT)
def test_nothing_is_evaluated(name):
    written, simpler = KEPT[name]
    assert written != simpler
    assert not isinstance(written, bool)
    assert written.func(*written.args) == written


def test_numbers_are_kept_exactly():
    assert (a + Fraction(1, 3)).args[1] == sympy.Rational(1, 3)
    assert (a / 3).args[0] == sympy.Rational(1, 3)
    assert (2 - a).args[0] == 2
    assert Sum() != Product() != 0


@given(expressions)
def test_an_expression_is_rebuilt_from_its_parts(expression):
    if isinstance(expression, int | Fraction):
        return
    copy = expression.func(*expression.args)
    assert copy == expression
    assert hash(copy) == hash(expression)
    assert printed(copy, declared=True) == printed(expression, declared=True)
    assert expression in set(subexpressions(expression))
    assert -expression != expression
    assert expression + 0 != expression


@given(neighbours())
def test_two_expressions_print_alike_only_if_they_are_equal(pair):
    one, other = pair
    assume(not any(isinstance(x, int | Fraction) for x in pair))
    assert (printed(one, declared=True) == printed(other, declared=True)) == (one == other)


@given(expressions, expressions)
@example(Sum(a, b), Product(a, b))
@example(Parameter("a * b") + 0, Product(a, b) + 0)
@example(Product(-1, a), Parameter("-a"))
@example(f(E), Parameter("f(E)"))
@example(A, Operator("A", (t,)))
def test_any_two_expressions_print_alike_only_if_they_are_equal(one, other):
    assume(not any(isinstance(x, int | Fraction) for x in (one, other)))
    assert (printed(one, declared=True) == printed(other, declared=True)) == (one == other)


COLLISIONS = {
    "a sum and a product of one part": (Sum(a), Product(a)),
    "a negative number and a number negated": (Sum(a, -2), Sum(a, Product(-1, 2))),
    "two symbols of one name": (Product(A, Parameter("A")), Product(Parameter("A"), A)),
}


@pytest.mark.parametrize("name", COLLISIONS)
def test_degenerate_expressions_print_apart(name):
    one, other = COLLISIONS[name]
    assert one != other
    assert printed(one, declared=True) != printed(other, declared=True)


# what cannot be meant is refused

x = sympy.Symbol("x")
REFUSED = {
    "a float": lambda: a + 0.5,
    "a float on the left": lambda: 0.5 * a,
    "a float exponent": lambda: a**0.5,
    "a SymPy float": lambda: a * sympy.Float(2),
    "a fraction as an exponent": lambda: a ** Fraction(1, 2),
    "a truth value": lambda: a + True,
    "a truth value as an exponent": lambda: a**True,
    "a complex number": lambda: a * 1j,
    "text": lambda: a + "b",
    "None": lambda: Trace(None),
    "a SymPy symbol": lambda: A * x,
    "a SymPy symbol on the left": lambda: x * A,
    "a SymPy sum": lambda: Trace(x + 1),
    "SymPy's pi": lambda: a * sympy.pi,
    "SymPy's i": lambda: a * sympy.I,
    "SymPy's infinity": lambda: Integral(a, E, -sympy.oo, sympy.oo),
    "SymPy's delta": lambda: Equation(sympy.DiracDelta(x), a),
    "a SymPy equation": lambda: chain(a, sympy.Eq(x, 1)),
    "division by zero": lambda: a / 0,
    "an unknown kind of coordinate": lambda: Coordinate("E", "mass"),
    "no kind": lambda: Coordinate("E", None),
    "an empty name": lambda: Parameter(""),
    "a name that is none": lambda: Operator(3),
    "a dimension that is none": lambda: Parameter("a", 2),
    "an unknown role": lambda: Equation(a, b, "theorem"),
    "a role in capitals": lambda: Equation(a, b, "Claim"),
    "an unknown role in a chain": lambda: chain(a, ("lemma", b)),
    "an empty chain": lambda: Chain(),
    "a chain of expressions": lambda: Chain(a, b),
    "too many arguments": lambda: f(E, tau),
    "too few arguments": lambda: f(),
    "a derivative of too many orders": lambda: f.partial(1, 1)(E),
    "a derivative of negative order": lambda: f.partial(-1)(E),
    "a negative arity": lambda: Function("f", -1),
    "a derivative in a parameter": lambda: D(A, a),
    "a derivative in an operator": lambda: D(A, H),
    "an integral over a parameter": lambda: Integral(A, a),
    "an average at a number": lambda: Average(A, 1),
    "a value of a parameter": lambda: At(A, a, 0),
    "a flow without hbar": lambda: Heisenberg(A, t, 1),
    "a level of no index": lambda: Level(1),
    "a ket of a coordinate": lambda: Ket(E),
    "a bra of text": lambda: Bra("n"),
    "a sum over a coordinate": lambda: LevelSum(E, A),
    "a delta of negative order": lambda: Delta(E, -1),
    "a member of an operator": lambda: Member(A, 1),
    "a negative order": lambda: rhos[-1],
    "an order that is an index": lambda: rhos[n],
    "dots of an operator": lambda: Continuation(A, a, 1),
    "dots without a parameter": lambda: Continuation(rhos, t, 1),
    "dots from a negative order": lambda: Continuation(rhos, a, -1),
    "an operator of a parameter": lambda: Operator("A", (a,)),
    "a Hamiltonian of a parameter": lambda: Hamiltonian("H", a),
    "a choice without options": lambda: Choice("c"),
    "a choice with one label twice": lambda: Choice("c", ("one", a), ("one", b)),
    "a choice that is not decided": lambda: resolve(Choice("c", ("one", a)), {}),
    "a choice decided for what it does not offer": lambda: resolve(Choice("c", ("one", a)), {"c": "two"}),
    "an open choice in the kernel": lambda: lower(Choice("c", ("one", a))),
    "a SymPy expression in the kernel": lambda: lower(sympy.Symbol("x")),
    "an equation in the kernel": lambda: lower(Equation(a, b)),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name):
    with pytest.raises((LanguageError, TypeError)) as caught:
        REFUSED[name]()
    assert str(caught.value)
    if caught.type is not TypeError:
        assert len(str(caught.value).splitlines()) == 1


def test_an_unknown_node_is_named():
    class Novel(Sum):
        """A node that nobody has heard of."""

    for use in (printed, dimension_of, lower):
        with pytest.raises(LanguageError, match="Novel"):
            use(Novel(a, b))
    assert issubclass(UnknownNode, LanguageError)


def test_choices_are_decided_everywhere_at_once():
    choice = Choice("c", ("one", a), ("two", b))
    both = Equation(choice * A, Trace(choice * A))
    assert choices_in(both) == {"c": ("one", "two")}
    assert resolve(both, {"c": "two"}) == Equation(b * A, Trace(b * A))
    assert choices_in(resolve(both, {"c": "one"})) == {}


# dimensions

Sigma = Function("Sigma", 2, ENERGY**-1)
MATCHING = {
    "von Neumann": (Imaginary() * hbar * D(A, t), Commutator(H, A), ENERGY),
    "delta": (Delta(E - H), Sigma(E, tau), ENERGY**-1),
    "slope of the delta": (Delta(E - H, 1), D(Sigma(E, tau), E), ENERGY**-2),
    "step": (Theta(E - H), 1, Dimension()),
    "an integral": (Integral(Sigma(E, tau), E), Trace(A), Dimension()),
    "zero is of every dimension": (H, 0, ENERGY),
    "a level": (Level(n) * Ket(n), H * Ket(n), ENERGY),
    "a partial derivative": (Sigma.partial(1, 0)(E, tau), D(Sigma(E, tau), E), ENERGY**-2),
    "a hierarchy": (D(rhos[j], t), D(rhos[j - 1], tau), None),
}
MISMATCHED = {
    "hbar left out": Equation(Imaginary() * D(A, t), Commutator(H, A)),
    "tau for t": Equation(Imaginary() * hbar * D(A, tau), Commutator(H, A)),
    "a prime dropped": Equation(Delta(E - H), D(Sigma(E, tau), E)),
    "a prime too many": Equation(Delta(E - H, 1), Sigma(E, tau)),
    "an energy and a number": Equation(H + 1, 0),
    "an energy and a time in a delta": Equation(Delta(E - t), Sigma(E, tau)),
    "terms of a sum inside a trace": Equation(Trace(H + A), 0),
    "an integral over the wrong variable": Equation(Integral(Sigma(E, tau), t), Trace(A)),
    "the wrong member": Equation(D(rhos[1], t), D(rhos[1], tau)),
    "options of a choice": Equation(Choice("c", ("one", H), ("two", A)), H),
}


@pytest.mark.parametrize("name", MATCHING)
def test_dimensions_agree(name):
    lhs, rhs, expected = MATCHING[name]
    found = check_dimensions(Equation(lhs, rhs))
    assert expected is None or found == expected


@pytest.mark.parametrize("name", MISMATCHED)
def test_a_mismatch_of_dimensions_is_found(name):
    with pytest.raises(DimensionMismatch, match="differ in dimension"):
        check_dimensions(MISMATCHED[name])


UNSEEN = {
    "a step of mixed units": Theta(E - hbar),
    "a function of mixed units": f(E + t),
    "limits of another dimension": Integral(Sigma(E, tau), E, 0, t),
    "a time set to an energy": At(A, t, E),
    "a flow over an energy": Heisenberg(A, E, hbar),
}


@pytest.mark.parametrize("name", UNSEEN)
def test_a_mismatch_inside_is_found(name):
    with pytest.raises(DimensionMismatch):
        dimension_of(UNSEEN[name])
