"""Numbers for the expressions of model_case, for the tests of the interpreter."""

import pytest

from derive.language import Index, LevelSum
from model_case import case, m, n, t
from numeric.denote import interpreter
from numeric.interpreter import Scope
from numeric.measure import NOW, arrays
from numeric.model import Model
from numeric.recognise import read

SIZE, SEED = 8, 3
READING = read(case(), {})
DEFINITIONS = {d.symbol: d for d in READING.definitions}
ENSEMBLES = ["GOE", "GUE", "GSE"]
EACH = pytest.mark.parametrize("name", ENSEMBLES)


def running(name="GUE", fast=t, **options):
    return interpreter(Model(name, SIZE, SEED, READING.roles, **options), DEFINITIONS, fast)


def denoted(expression, run=None, scope=None):
    return (run or running()).value(expression, scope or Scope(NOW))


def numbers(expression, run=None):
    """The expression as an array: tested against every kernel, or at the levels, or as it is."""
    run = run or running()
    scope = Scope(NOW)
    for index in (x for x in (n, m) if _free(expression, x)):
        axis, scope = scope.axis()
        scope = scope.label(index, axis)
    return arrays([run.value(expression, scope)], run.model.frame().points[0])[1][0]


def _free(expression, index):
    return index in expression.atoms(Index) and not expression.has(LevelSum)


def matrix(expression, run):
    """An operator in the lab basis."""
    basis = run.model.frame().basis
    return basis @ run.flat(expression, Scope(NOW), "an operator")[0, 0].squeeze() @ basis.conj().T


def hamiltonian(run):
    h0, v = run.model.matrices
    return h0 + run.model.tau * v, v
