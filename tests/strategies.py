"""What Hypothesis draws: expressions of the language, kernel terms with an equal or a changed twin, and small derivations."""

from hypothesis import strategies as st

from derive import Derivation, Step
from derive.kernel.terms import children
from derive.language import (
    ENERGY,
    Adjoint,
    Bra,
    Commutator,
    Coordinate,
    D,
    Delta,
    Equation,
    Function,
    Hamiltonian,
    Imaginary,
    Index,
    Integral,
    Ket,
    Level,
    LevelSum,
    Operator,
    Parameter,
    Power,
    Product,
    Sum,
    Theta,
    Trace,
)

TAU = "slow:tau"
HAM = ("ham", "H", (TAU,))
LETTERS = tuple(("op", name, "", (TAU,), 0) for name in "ABC")

# Expressions of the language ---------------------------------------------------------------------------

energy, fast, slow = Coordinate("E", "energy"), Coordinate("t", "time"), Coordinate("tau", "slow")
level = Index("n")
NAMES = ("a", "b", "a b", "(a", 'a"', "a * b", "-a", "a'", "Tr", "2", "α")
SYMBOLS = {
    kind: tuple(made(f"{name}{mark}") for name in NAMES)
    for kind, mark, made in (
        ("parameter", "", Parameter),
        ("operator", "_", lambda name: Operator(name, (slow,))),
        ("function", "~", Function),
    )
}
numbers = st.integers(-3, 3) | st.fractions(min_value=-2, max_value=2, max_denominator=3)
leaves = st.one_of(
    numbers,
    *(st.sampled_from(SYMBOLS[kind]) for kind in ("parameter", "operator")),
    st.sampled_from((energy, fast, slow, Imaginary(), Hamiltonian("H", slow), Level(level), Ket(level), Bra(level))),
)


def _compound(inner):
    several = st.lists(inner, min_size=2, max_size=3)
    return st.one_of(
        several.map(lambda parts: Sum(*parts)),
        several.map(lambda parts: Product(*parts)),
        st.builds(Power, inner, st.integers(-2, 3)),
        st.builds(Commutator, inner, inner),
        st.builds(D, inner, st.sampled_from((energy, fast, slow))),
        st.builds(Integral, inner, st.just(energy)),
        st.builds(Integral, inner, st.just(fast), inner, inner),
        st.builds(Delta, inner, st.integers(0, 2)),
        st.builds(LevelSum, st.just(level), inner),
        *(inner.map(wrapped) for wrapped in (Trace, Adjoint, Theta)),
        st.builds(lambda function, argument: function(argument), st.sampled_from(SYMBOLS["function"]), inner),
        st.builds(lambda function, argument: function.partial(1)(argument), st.sampled_from(SYMBOLS["function"]), inner),
    )


expressions = st.recursive(leaves, _compound, max_leaves=6)


@st.composite
def neighbours(draw):
    """An expression and one that differs from it in one small place, or in none."""
    build = draw(st.recursive(leaves.map(lambda x: lambda _: x), _builders, max_leaves=4))
    return build(draw(leaves)), build(draw(leaves))


def _builders(inner):
    """Functions that put what they are given beside a drawn expression, in one of several ways."""
    ways = (
        lambda x, y: Sum(x, y),
        lambda x, y: Product(x, y),
        lambda x, y: Product(y, x),
        lambda x, y: Commutator(x, y),
        lambda x, y: Product(-1, Sum(x, y)),
        lambda x, y: Trace(Product(x, Trace(y))),
        lambda x, y: Power(Product(x, y), 2),
    )
    return st.builds(
        lambda way, build, beside: lambda x: way(build(x), beside if way is not ways[2] else x),
        st.sampled_from(ways),
        inner,
        leaves,
    )


# Kernel terms: operator-valued, with commutators, traces, functions of H and slow derivatives -----------


def function(name="f", order=0):
    """f(H), or its derivative in the energy."""
    return ("fun", name, (order,), (HAM,), 1, 0)


words = st.lists(st.sampled_from((*LETTERS, HAM)), min_size=1, max_size=4).map(lambda letters: ("prod", *letters))
small = st.sampled_from(("-2", "-1", "1/2", "2", "3")).map(lambda number: ("num", number))


@st.composite
def operators(draw, degree):
    """An operator of at most this degree in the letters."""
    if degree <= 1:
        return draw(st.sampled_from((*LETTERS, *LETTERS, HAM, function(), function("g"), function("f", 1))))
    shape = draw(st.sampled_from(("prod", "prod", "comm", "comm", "sum", "d", "tr", "num", "pow")))
    if shape == "sum":
        return ("sum", draw(operators(degree - 1)), draw(operators(degree)))
    if shape == "d":
        return ("d", TAU, draw(operators(degree - 1)))
    if shape == "num":
        return ("prod", draw(small), draw(operators(degree)))
    if shape == "pow":
        return ("pow", draw(operators(degree // 2)), 2)
    left = draw(st.integers(1, degree - 1))
    first, second = draw(operators(left)), draw(operators(degree - left))
    if shape == "tr":
        return ("prod", ("tr", first), second)
    return (shape, first, second)


@st.composite
def rewordings(draw, term):
    """A term that says the same: commutators and derivatives opened, traces turned, functions of H passed, sums mixed."""
    head = term[0]
    if head in ("sum", "prod", "comm", "tr", "pow", "d"):
        term = _with_children(term, [draw(rewordings(child)) for child in children(term)])
    if not draw(st.integers(0, 3)):
        return term
    match term:
        case ("comm", a, b):
            opened = [("prod", a, b), ("prod", ("num", "-1"), b, a)]
            return draw(st.sampled_from((("sum", *opened), ("sum", *opened[::-1]), ("prod", ("num", "-1"), ("comm", b, a)))))
        case ("sum", *parts):
            return ("sum", *draw(st.permutations(parts)))
        case ("pow", a, 2):
            return ("prod", a, a)
        case ("tr", ("prod", *parts)):
            cut = draw(st.integers(0, len(parts) - 1))
            return ("tr", ("prod", *parts[cut:], *parts[:cut]))
        case ("tr", ("sum", *parts)):
            return ("sum", *(("tr", part) for part in parts))
        case ("d", token, ("prod", *parts)):
            made = [("prod", *parts[:k], ("d", token, part), *parts[k + 1 :]) for k, part in enumerate(parts)]
            return ("sum", *draw(st.permutations(made)))
        case ("d", token, ("comm", a, b)):
            return ("sum", ("comm", ("d", token, a), b), ("comm", a, ("d", token, b)))
        case ("prod", *parts) if len(parts) == 2 and all(_of_h(part) for part in parts):
            return ("prod", *parts[::-1])
        case ("prod", ("tr", a), b):
            return ("prod", b, ("tr", a))
        case ("prod", ("sum", *parts), *rest):
            return ("sum", *(("prod", part, *rest) for part in parts))
    return term


def _of_h(term):
    return term == HAM or term[0] in ("num", "fun")


def _with_children(term, made):
    if term[0] in ("sum", "prod"):
        return (term[0], *made)
    if term[0] == "comm":
        return ("comm", *made)
    return {"tr": ("tr", *made), "pow": ("pow", *made, term[2:][0] if term[0] == "pow" else 0), "d": ("d", TAU, *made)}[term[0]]


@st.composite
def slips(draw, term):
    """The term with one slip of the pen somewhere inside; at times it changes nothing."""
    inner = [k for k, child in enumerate(children(term)) if child[0] != "num"]
    if term[0] in ("sum", "prod", "comm", "tr", "pow", "d") and inner and draw(st.booleans()):
        place = draw(st.sampled_from(inner))
        return _with_children(term, [draw(slips(child)) if k == place else child for k, child in enumerate(children(term))])
    match term:
        case ("comm", a, b):
            return draw(st.sampled_from((("comm", b, a), ("prod", a, b), ("sum", ("prod", a, b), ("prod", b, a)))))
        case ("prod", a, *rest) if rest:
            return ("prod", *rest, a)
        case ("sum", a, *rest) if rest:
            return draw(st.sampled_from((("sum", *rest), ("sum", ("prod", ("num", "-1"), a), *rest))))
        case ("d", _, a):
            return a
        case ("op", "A", *_):
            return LETTERS[1]
    return ("prod", ("num", "2"), term)


@st.composite
def statements(draw, degree=4):
    """(lhs, rhs, made): two operators or traces that are equal by construction (`made` is True), or perhaps not (False)."""
    left = draw(operators(draw(st.integers(2, degree))))
    if draw(st.booleans()):
        left = ("tr", left)
    changed = draw(st.booleans())
    right = draw(rewordings(draw(slips(left)) if changed else left))
    return left, right, not changed


# Small derivations --------------------------------------------------------------------------------------

X, Y, Z = (Operator(name, (slow,), ENERGY) for name in "XYZ")


@st.composite
def small_derivations(draw):
    """X defined by a word in Y and Z; a claim that puts it into another word, right or with a factor 2 too much."""
    body = Product(*draw(st.lists(st.sampled_from((Y, Z)), min_size=2, max_size=2)))
    wrapped = draw(st.sampled_from((lambda x: x, Trace, lambda x: D(x, slow), lambda x: Commutator(x, Hamiltonian("H", slow)))))
    before, after = draw(st.lists(st.sampled_from((Y, Z)), max_size=1)), draw(st.lists(st.sampled_from((Y, Z)), max_size=1))
    right = draw(st.booleans())
    claim = Equation(wrapped(Product(*before, X, *after)), wrapped(Product(*([] if right else [2]), *before, *body.args, *after)))
    steps = (
        Step("H", "postulate", Equation(Hamiltonian("H", slow), Operator("H0", (), ENERGY) + slow * Operator("V", ()))),
        Step("YZ", "definition", Equation(Operator("W", (slow,), ENERGY**2), Y * Z)),
        Step("def", "definition", Equation(X, body), cites=("H",)),
        Step("claim", "claim", claim, cites=("def",)),
    )
    return Derivation("small", "A small derivation", "Hypothesis", steps), right
