"""The interpreter: what it refuses, and deltas, averages and integrals against matrices and quadratures."""

import ast
import inspect

import numpy as np
import pytest
from sympy import Basic

import numeric.denote
import numeric.series
from derive import language
from derive.language import (
    At,
    Average,
    Continuation,
    D,
    Delta,
    Equation,
    Heisenberg,
    Infinity,
    Integral,
    Ket,
    Level,
    LevelSum,
    Placeholder,
    Power,
    Theta,
    Trace,
    Unprinted,
)
from interpreting import (
    DEFINITIONS,
    EACH,
    READING,
    SEED,
    SIZE,
    denoted,
    hamiltonian,
    matrix,
    numbers,
    running,
)
from model_case import (
    E,
    Ep,
    H,
    Sigma,
    X,
    case,
    delta,
    dH,
    eps,
    f,
    g,
    hbar,
    n,
    nobody,
    occupation,
    q,
    rhos,
    s,
    t,
    tau,
    u,
    u_of,
    unknown,
    width,
)
from numeric.denote import RULES, interpreter
from numeric.distribution import Flat, Grid, Points, Smooth
from numeric.interpreter import Scope
from numeric.kernels import kernel
from numeric.measure import KERNEL_TESTS, NOW
from numeric.model import Model
from numeric.recognise import read
from numeric.refusals import IllPosed, OutOfTime, Undefined, UnknownNode, Unsupported

# What must be refused --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "refusal", "reason"),
    [
        (delta * delta, IllPosed, "two deltas"),
        (Sigma * Sigma, IllPosed, "two deltas"),
        (Delta(E - H, 1) * Trace(delta), IllPosed, "a derivative of delta"),
        (Delta(E - H, 1) * u, IllPosed, "a derivative of delta"),
        (Theta(E - H) * Trace(delta), IllPosed, "a step times or over a delta"),
        (D(u, E), IllPosed, "d_E of a sharp field"),
        (D(u, tau), IllPosed, "d_tau at fixed E of a sharp field"),
        (D(Average(X, E), E) * Sigma, IllPosed, "d_E of a sharp field"),
        (Integral(u, E), IllPosed, "sharp field"),
        (Integral(Theta(E - H), E), IllPosed, "does not come back"),
        (Trace(delta) + g(E), IllPosed, "a sum of a distribution"),
        (Trace(Delta(E + width - H)) * u, IllPosed, "used at other points"),
        (g(E) * Theta(E - H) * delta, IllPosed, "step"),
        (u_of(E + width, tau) * Sigma, IllPosed, "used at other points"),
        (Trace(delta) / (Sigma - Sigma), IllPosed, "a division by a number that vanishes"),
        (Integral(Heisenberg(dH, s, hbar), s), IllPosed, "does not converge"),
        (Integral(rhos[1], t, Unprinted(), s), IllPosed, "limit that is not printed"),
        (occupation(E, tau) * Delta(E + width - H), IllPosed, "known at the levels only"),
        (Sigma.function(H, tau), IllPosed, "has no value at H"),
        (unknown(E, tau), Undefined, "nothing defines the symbol"),
        (nobody, Undefined, "nothing defines the symbol"),
        (Placeholder("dots"), Undefined, "never says"),
        (Ket(language.Index("free")), Undefined, "nothing binds"),
        (Continuation(rhos, eps, 2), Unsupported, "dots of a series"),
        (rhos[3], Unsupported, "not in the model yet"),
        (Infinity(), Unsupported, "limit of integration"),
        (Delta(E - Ep), Unsupported, "two energy coordinates"),
        (Delta(H - Level(n)), Unsupported, "two operators or levels"),
        (Trace(delta) * Trace(Delta(Ep - H)), Unsupported, "two energies"),
        (Delta(E * E - H), Unsupported, "not linear"),
        (Power(H, -1), Unsupported, "the inverse of an operator"),
        (D(D(X, t), s), Unsupported, "two fast times"),
        (Integral(X, tau, 0, 1), Unsupported, "an integral over the slow time"),
        (Integral(g(E), E), Unsupported, "smooth function"),
        (At(g(E), E, 0), Unsupported, "at one given energy"),
        (D(D(D(D(H, tau), tau), tau), tau), Unsupported, "nested too deep"),
    ],
)
def test_what_has_no_meaning_is_refused_with_its_reason(expression, refusal, reason):
    scope = Scope(NOW).label(n, 3)
    with pytest.raises(refusal, match=reason):
        denoted(expression, scope=scope)


def test_sum_of_a_ket_and_a_number_and_product_of_kets_are_refused():
    scope = Scope(NOW).label(n, 3)
    for wrong in (Ket(n) + 1, Ket(n) * Ket(n), Trace(Ket(n)), Heisenberg(Ket(n), s, hbar)):
        with pytest.raises(Unsupported):
            denoted(wrong, scope=scope)


def test_unknown_node_is_refused_aloud_and_says_which_file_to_edit():
    class Surprise(language.Node):
        def __new__(cls):
            return Basic.__new__(cls)

    for place in (Surprise(), Trace(H * Surprise()), D(Surprise(), tau)):
        with pytest.raises(UnknownNode, match=r"no rule for the node Surprise; .*numeric/denote\.py"):
            denoted(place)


def test_definition_that_goes_round_in_a_circle_is_refused():
    circle = read(case(Equation(unknown(E, tau), unknown(E, tau) + 1 - 1, "definition")), {})
    loop = [d for d in circle.definitions if d.symbol == unknown]
    assert loop == []  # a symbol on both sides is not a definition of it
    other = language.Function("other", 2)
    pair = read(
        case(
            Equation(unknown(E, tau), 2 * other(E, tau), "definition"),
            Equation(other(E, tau), 3 * unknown(E, tau), "definition"),
        ),
        {},
    )
    run = interpreter(Model("GUE", SIZE, SEED, pair.roles), {d.symbol: d for d in pair.definitions}, None)
    with pytest.raises(IllPosed, match="round in a circle"):
        denoted(unknown(E, tau), run)


def test_no_time_left_is_refused():
    run = interpreter(Model("GUE", SIZE, SEED, READING.roles), DEFINITIONS, None, deadline=0.0)
    with pytest.raises(OutOfTime):
        denoted(H, run)


def test_every_node_of_the_language_has_a_rule():
    relations = {"Chain", "Choice", "Equation", "Exactly", "ModuloDerivative", "ModuloPower", "Nonzero"}
    labels = {"SimpleSpectrum", "Node", "Family", "Function", "Index", "Order"}
    for word in set(language.__all__) - relations - labels:
        thing = getattr(language, word)
        if inspect.isclass(thing) and issubclass(thing, language.Node):
            assert thing in RULES, f"{word} has no rule"


def test_second_route_shares_no_code_with_the_first():
    """Neither the kernel nor what lowers, proposes or proves is imported, and no label or LaTeX is read."""
    import numeric.truth as truth

    folder = inspect.getfile(numeric.denote).rsplit("/", 1)[0]
    names = "denote distribution energy frame functions interpreter loop measure model recognise"
    rules = "rules_algebra rules_calculus rules_symbols"
    for module in f"{names} {rules} series sighting terms truth".split():
        with open(f"{folder}/{module}.py") as file:
            tree = ast.parse(file.read())
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("derive"):
                assert node.module in ("derive", "derive.language", "derive.derivation", "derive.verdicts")
            if isinstance(node, ast.Attribute):
                assert node.attr not in ("latex", "note", "title", "text"), f"{module} reads .{node.attr}"
    assert truth.judge is not None


# Deltas, steps, averages -----------------------------------------------------------------------------


@EACH
@pytest.mark.parametrize("shift", [0, width])
def test_deltas_under_the_trace_are_kernels_of_the_matrix(name, shift):
    run = running(name)
    h, _ = hamiltonian(run)
    levels, vectors = np.linalg.eigh(h)
    x = matrix(X, run)
    offset = run.model.parameter(width) if shift else 0.0
    seen = {k: numbers(Trace(Delta(E + shift - H, k) * X), run).reshape(-1) for k in (0, 1, 2)}
    steps = numbers(Trace(Theta(E + shift - H) * X), run).reshape(-1)
    for i, test in enumerate(KERNEL_TESTS):
        k_w = kernel(test.kernel, test.width)
        distance = test.centre - (levels - offset)
        for k in (0, 1, 2):
            smooth = (vectors * k_w.derivative(k, distance)) @ vectors.conj().T
            assert seen[k][i] == pytest.approx(np.trace(smooth @ x), rel=1e-10, abs=1e-10)
        smooth = (vectors * k_w.integral(distance)) @ vectors.conj().T
        assert steps[i] == pytest.approx(np.trace(smooth @ x), rel=1e-10, abs=1e-10)


@EACH
def test_a_falling_step_is_one_less_a_rising_one(name):
    run = running(name)
    falling, rising = Trace(Theta(H - E) * X), Trace(Theta(E - H) * X)
    assert numbers(falling, run) == pytest.approx(numbers(Trace(X) - rising, run), rel=1e-12, abs=1e-12)
    assert numbers(falling, run) != pytest.approx(numbers(rising, run))



def test_delta_of_a_scaled_argument():
    run = running()
    assert numbers(Trace(Delta(2 * E - 2 * H)), run) == pytest.approx(numbers(Sigma, run) / 2)
    slope = numbers(Trace(Delta(E - H, 1)), run)
    assert numbers(Trace(Delta(-2 * E + 2 * H, 1)), run) == pytest.approx(-slope / 4)


def test_product_with_a_function_of_the_energy_is_leibniz():
    """<f(E) delta''(E - x), phi> = (f phi)''(x): against differences of f phi, for every kernel."""
    run = running()
    values = numbers(Trace(f(E, tau) * Delta(E - H, 2)), run).reshape(-1)
    levels = run.model.frame().energies[0]
    field = denoted(f(E, tau), run)
    h = 1e-3
    for value, test in zip(values, KERNEL_TESTS, strict=True):
        k_w = kernel(test.kernel, test.width)

        def product(x, k_w=k_w, centre=test.centre):
            return field.jets(x, 0)[0].reshape(-1) * k_w.derivative(0, centre - x)

        stencil = [-1 / 12, 4 / 3, -5 / 2, 4 / 3, -1 / 12]
        second = sum(c * product(levels + i * h) for i, c in zip(range(-2, 3), stencil, strict=True)) / h**2
        assert value == pytest.approx(second.sum(), rel=1e-6, abs=1e-6)


def test_sharp_fields_live_at_the_levels_and_come_back_with_a_delta():
    run = running("GSE")
    field = denoted(Average(X, E), run)
    assert isinstance(field, Grid)
    assert field.degree == 0
    assert field.array.shape[2] == SIZE // 2  # a doublet is one point
    assert isinstance(denoted(Sigma * Average(X, E), run), Points)
    assert numbers(Sigma * Average(X, E), run) == pytest.approx(numbers(Trace(delta * X), run), rel=1e-12)
    assert isinstance(denoted(Sigma / Sigma, run), Grid)
    assert isinstance(denoted(Integral(Sigma * Average(X, E), E), run), Flat)
    assert isinstance(denoted(f(E, tau), run), Smooth)


def test_function_of_h_is_the_matrix_function_and_stands_at_levels_and_energies_alike():
    run = running("GOE")
    h, _ = hamiltonian(run)
    levels, vectors = np.linalg.eigh(h)
    field = denoted(g(E), run)
    values = field.jets(levels, 0)[0].reshape(-1)
    assert matrix(g(H), run) == pytest.approx((vectors * values) @ vectors.conj().T)
    assert numbers(g(Level(n)), run).reshape(-1) == pytest.approx(values)
    assert numbers(g.partial(1)(Level(n)), run).reshape(-1) == pytest.approx(
        (field.jets(levels + 1e-5, 0)[0] - field.jets(levels - 1e-5, 0)[0]).reshape(-1) / 2e-5
    )


def test_derivatives_of_functions_are_taken_before_the_arguments_are_put_in():
    run = running("GSE", fast=None)
    for one, other in (
        (g.partial(2)(E), D(D(g(E), E), E)),
        (D(g.partial(1)(E), E), g.partial(2)(E)),
        (f.partial(1, 1)(E, tau), D(D(f(E, tau), tau), E)),
        (f.partial(0, 2)(E, tau), D(D(f(E, tau), tau), tau)),
        (D(f(Level(n), tau), tau), f.partial(1, 0)(Level(n), tau) * D(Level(n), tau) + f.partial(0, 1)(Level(n), tau)),
        (D(q(1, t, tau), tau), q.partial(0, 0, 1)(1, t, tau)),
        (Sigma.function.partial(1, 0)(E, tau), D(Sigma, E)),
        (Sigma.function.partial(0, 1)(E, tau), D(Sigma, tau)),
        (Sigma.function.partial(1, 1)(E, tau), D(D(Sigma, E), tau)),
        (D(occupation(E, tau) * Sigma, E), occupation.partial(1, 0)(E, tau) * Sigma + occupation(E, tau) * D(Sigma, E)),
    ):
        assert numbers(one, run) == pytest.approx(numbers(other, run), rel=1e-10, abs=1e-10)
        assert np.abs(numbers(one, run)).max() > 1e-3
    quick = running(fast=t)
    inner = q.partial(1, 0, 0)(t, s, tau)
    assert numbers(D(q(t, s, tau), t), quick) == pytest.approx(numbers(inner, quick), rel=1e-12)


def test_numbers_are_multiples_of_the_identity_and_other_energies_are_constants():
    run = running()
    assert numbers(Trace(Trace(X)), run) == pytest.approx(SIZE * numbers(Trace(X), run))
    assert numbers(LevelSum(n, Trace(X)), run) == pytest.approx(SIZE * numbers(Trace(X), run))
    assert not numbers(D(Trace(Delta(Ep - H) * X), E), run).any()
    assert numbers(D(Trace(Delta(Ep - H) * X), Ep), run).any()


@EACH
def test_integrals_over_energy(name):
    run = running(name)
    assert numbers(Integral(Sigma, E), run) == pytest.approx(SIZE)
    assert numbers(Integral(Delta(E - H, 1) * X, E), run) == pytest.approx(0)
    assert numbers(Integral(g(E) * delta, E), run) == pytest.approx(numbers(g(H), run))
    assert numbers(Integral(g(E) * Delta(E - H, 1), E), run) == pytest.approx(-numbers(g.partial(1)(H), run))
    window = Theta(E + width - H) - Theta(E - H)
    assert numbers(Integral(Trace(window * X), E), run) == pytest.approx(run.model.parameter(width) * numbers(Trace(X), run))
    below = Integral(Trace(Delta(Ep - H) * X), Ep, -Infinity(), E)
    assert numbers(below, run) == pytest.approx(numbers(Trace(Theta(E - H) * X), run))
    between = Integral(Trace(Delta(Ep - H) * X), Ep, E, E + width)
    assert numbers(between, run) == pytest.approx(numbers(Trace(window * X), run))
