"""Slow derivatives on a large sample, and the functions of the model that need them.

With the connection A_ab = V_ab/(E_b - E_a), V the slow derivative of H,

    (d_tau f(H))_ab = f[E_a, E_b] V_ab,   a != b          (Daleckii and Krein)
    (d_tau X)_aa    = X_aa' + [A, X]_aa = X_aa' + sum_b (V_ab X_ba + X_ab V_ba)/(E_b - E_a),
    d_tau sum_n c_n K(E - E_n) = sum_n c_n' K(E - E_n) - V_nn c_n K'(E - E_n).

Close pairs of levels make single elements large; under a trace with a smooth function they cancel in pairs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from sympy import Tuple

from derive import language as node
from numeric.coarse import unfold
from numeric.coarse import words as w
from numeric.coarse.words import Words
from numeric.refusals import Unsupported

MINUS: Final = np.full((1, 1), -1.0)

if TYPE_CHECKING:
    from numeric.coarse.reading import Reading, Times


def d_slow(run: Reading, operand: Any, slow: Any, times: Times) -> Words:
    """d_tau of a leaf: of an operator, of the trace of a product, of an average, of a function."""
    match operand:
        case node.Hamiltonian():
            return w.operator(w.Full(run.sample.dH, lambda: run.sample.acceleration[..., None, :]))
        case node.Integral() if operand.args[1].kind == "time" and not carried(operand):
            return run.value(node.D(run.without_integral(operand), slow), times)
        case node.Trace():
            return _of_trace(run, run.value(operand.args[0], times))
        case node.Average():
            return _of_average(run, run.value(operand.args[0], times))
        case node.Apply() if run.roles.member_of(operand.function) is None and not operand.function.arbitrary:
            return _of_defined(run, operand, times)
    return w.add(w.number(0), *(w.shifted(_of_word(run, word), word.order) for word in run.value(operand, times)))


def carried(e: Any) -> bool:
    """Whether an integral over a fast time is that of one operator that the flow carries."""
    return isinstance(e.args[0], node.Heisenberg) and not unfold.depends(e.args[0].args[0], e.args[1])


def _of_word(run: Reading, word: w.Word) -> Words:
    """Of an operator: a function of H, or a matrix between functions of H without test functions."""
    if not word.factors:
        if word.coefficient.any():
            raise Unsupported("the slow derivative of a number without a formula")
        return w.number(0)
    if word.coefficient.shape[-1] != 1:
        raise Unsupported("the slow derivative of an operator that depends on E")
    if all(isinstance(f, w.Diagonal) for f in word.factors):
        return w.scaled(_of_diagonal(run, word.factors), word.coefficient)
    one = w.product(run.sample, word.factors)
    if one.slope is None:
        raise Unsupported("the slow derivative of a product of matrices")
    return w.scaled(w.operator(w.Bare(one.slope() + turning(run, one.matrix))), word.coefficient)


def turning(run: Reading, x: Any) -> Any:
    """[A, X]_aa, shape (..., 1, N)."""
    each = run.sample.connection * x  # A_ab X_ba at (b, a)
    return (each.sum(axis=-2) - each.sum(axis=-1))[..., None, :]


def _of_diagonal(run: Reading, factors: tuple[w.Factor, ...]) -> Words:
    values: Any = np.ones((1, 1))
    for factor in factors:
        values = values * factor.values  # type: ignore[union-attr]
    slope = _slope(factors)
    if values.shape[-2] != 1:
        return w.operator(w.Divided(values, slope))
    matrix = (values - np.swapaxes(values, -1, -2)) * run.sample.inverse_gaps * run.sample.dH
    matrix = matrix.astype(np.result_type(matrix, slope))
    every = np.arange(run.sample.count)
    matrix[..., every, every] = slope[..., 0, :]
    steady = all(isinstance(f, w.Diagonal) and f.constant for f in factors)
    return w.operator(w.Full(matrix, (lambda: np.zeros((1, run.sample.count))) if steady else None))


def _slope(factors: tuple[w.Factor, ...]) -> Any:
    """Leibniz for the slopes of functions of H, and of the diagonal of one matrix."""
    total: Any = 0.0
    for i, factor in enumerate(factors):
        if isinstance(factor, w.Spike | w.Bare | w.Divided) or factor.slope is None:
            raise Unsupported("a slow derivative that is not known")
        part: Any = factor.slope()
        for j, other in enumerate(factors):
            if j != i:
                part = part * _on_diagonal(other)
        total = total + part
    return total


def _on_diagonal(factor: w.Factor) -> Any:
    if isinstance(factor, w.Full):
        return w.on_diagonal(factor.matrix)
    assert isinstance(factor, w.Diagonal)
    return factor.values


def _of_trace(run: Reading, words: Words) -> Words:
    sample = run.sample
    made = [w.number(0)]
    for word in words:
        order, factors = w.rotated(word)
        if word.coefficient.shape[-1] != 1:
            raise Unsupported("the slow derivative of a trace with a field inside")
        if sum(isinstance(f, w.Full) for f in factors) > 1:
            raise Unsupported("the slow derivative of a trace of two matrices")
        slopes = _slope(factors) if factors else np.zeros((1, sample.count))
        if order is None:
            made.append((w.Word(word.coefficient * sample.degeneracy * slopes.sum(axis=-1, keepdims=True), (), word.order),))
            continue
        weights = w.diagonal(sample, factors) * sample.velocity[..., None, :]
        shape = (*weights.shape[:-1], sample.count)
        moved = sample.smear(order, np.broadcast_to(slopes, shape)) - sample.smear(order + 1, weights)
        made.append((w.Word(word.coefficient * moved, (), word.order),))
    return w.add(*made)


def _of_average(run: Reading, words: Words) -> Words:
    """(mu/Sigma)' = (mu' - <X> Sigma')/Sigma."""
    spike = w.operator(w.Spike(0))
    density = run.sample.smear(0, np.ones((1, run.sample.count)))
    changed = w.mul(w.average(run.sample, words), _of_trace(run, spike))
    return w.scaled(w.add(_of_trace(run, w.mul(spike, words)), w.scaled(changed, MINUS)), w.inverse(density))


def _of_defined(run: Reading, e: Any, times: Times) -> Words:
    """Of a field that is defined: of its body, at fixed E."""
    definition = run.definition(e.function)
    if any(isinstance(a, node.Hamiltonian) for a in e.arguments):
        return w.add(w.number(0), *(w.shifted(_of_word(run, word), word.order) for word in run.value(e, times)))
    body = definition.body
    for formal, argument in zip(definition.formals, e.arguments, strict=True):
        if isinstance(formal, node.Level):
            body = mean_over_levels(body, argument)
        elif formal != argument:
            raise Unsupported("the slow derivative of a defined function at other arguments than its own")
    slow = next((a for a in e.arguments if getattr(a, "kind", None) == "slow"), None)
    if slow is None:
        raise Unsupported("the slow derivative of a defined function that does not hold the slow time")
    return run.opened(e.function, node.D(body, slow), times)


def stretched(slope: Callable[[], Any], length: Any) -> Callable[[], Any]:
    return lambda: length * slope()


# The state ---------------------------------------------------------------------------------------------


def populations(run: Reading) -> Any:
    return run.given.member(0, run.sample.energies, 0)


def change(run: Reading) -> Any:
    """d_tau rho_0 for constant populations: f[E_a, E_b] V_ab off the diagonal, nothing on it."""
    p = populations(run)
    return (p - np.swapaxes(p, -1, -2)) * run.sample.inverse_gaps * run.sample.dH


def memory(run: Reading, time: Any) -> w.Full:
    """int_{-t}^0 ds (d_tau rho_0)(s)."""
    flow = run.sample.flowing(1.0, 0.0, np.negative(time), 0.0)
    return w.Full(change(run) * flow, lambda: np.zeros((1, run.sample.count)))


def velocity_field(run: Reading) -> Any:
    """u(E), the energy average of the velocities of the levels."""
    sample = run.sample
    return sample.smear(0, sample.velocity[..., None, :]) * w.inverse(sample.smear(0, np.ones((1, sample.count))))


def source(run: Reading) -> Any:
    """r(E): the density of Tr g d_tau int ds (d_tau rho_0)(s), over that of states."""
    sample = run.sample
    above = sample.smear(0, turning(run, memory(run, run.fast).matrix))
    return above * w.inverse(sample.smear(0, np.ones((1, sample.count))))


def _in_slow_time(run: Reading, order: int) -> Any:
    """(d_tau f_j)(E)."""
    made = -velocity_field(run) * run.given.member(order, run.sample.grid, 1)
    return made + source(run) if order == 1 else made


def member_function(run: Reading, e: Any, order: int) -> Words:
    """rho_j'(E, tau), rho_j'(H, tau), or a partial derivative of it."""
    sample, given = run.sample, run.given
    energy, slow, inside = 0, 0, None
    for argument, times in zip(e.arguments, e.orders, strict=True):
        if isinstance(argument, node.Hamiltonian) or getattr(argument, "kind", None) == "energy":
            energy, inside = times, isinstance(argument, node.Hamiltonian)
        elif getattr(argument, "kind", None) == "slow":
            slow = times
        else:
            raise Unsupported("a function of H at something else than E or H in the limit of many levels")
    if inside is None or slow > 1 or order > 1:
        raise Unsupported("this derivative of a function of H in the limit of many levels")
    if slow:
        values = _in_slow_time(run, order)
        for _ in range(energy):
            values = w.slope_in_energy(sample, values)
        return w.operator(w.Diagonal(w.at_levels(sample, values))) if inside else w.field(values)
    if not inside:
        return w.field(given.member(order, sample.grid, energy))

    def slope() -> Any:
        drift = _in_slow_time(run, order)
        for _ in range(energy):
            drift = w.slope_in_energy(sample, drift)
        return given.member(order, sample.energies, energy + 1) * sample.velocity[..., None, :] + w.at_levels(sample, drift)

    return w.operator(w.Diagonal(given.member(order, sample.energies, energy), slope))


def test_function(run: Reading, e: Any) -> Words:
    """g(E) or g(H), for every test function at once."""
    sample = run.sample
    if len(e.arguments) != 1:
        raise Unsupported("an arbitrary function of more than an energy in the limit of many levels")
    (argument,), (order,) = e.arguments, e.orders
    if getattr(argument, "kind", None) == "energy":
        return w.field(run.given.test(sample.grid, order))
    if not isinstance(argument, node.Hamiltonian):
        raise Unsupported("an arbitrary function at something else than E or H in the limit of many levels")
    return w.operator(
        w.Diagonal(
            run.given.test(sample.energies, order),
            lambda: run.given.test(sample.energies, order + 1) * sample.velocity[..., None, :],
        )
    )


def of_field_at_levels(run: Reading, e: Any, values: Any, times: Times) -> Callable[[], Any]:
    """d/dtau of F(E_n(tau), tau) for a field F that is defined: V_nn d_E F + d_tau F."""

    def slope() -> Any:
        sample = run.sample
        energy = next(c for c in run.definition(e.function).formals if getattr(c, "kind", None) == "energy")
        outside = node.Apply(
            e.function, e.args[1], Tuple(*(energy if isinstance(a, node.Hamiltonian) else a for a in e.arguments))
        )
        moved = w.scalar(_of_defined(run, outside, times), "the slow derivative of a field")
        return w.at_levels(sample, w.slope_in_energy(sample, values)) * sample.velocity[..., None, :] + w.at_levels(sample, moved)

    return slope


def mean_over_levels(body: Any, energy: Any) -> Any:
    """A function given at the levels by <n| X |n>, as a field: its average over the kernel."""
    found = unfold.bracketed(body)
    if found is None or found[0]:
        raise Unsupported("a function given at the levels by something else than <n| X |n>")
    return node.Average(found[1], energy)
