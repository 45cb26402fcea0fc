"""True claims that must not be refuted: what the premises say where a model could forget to look.

A premise that shares only the Hamiltonian or a constant with the claim binds it all the same; one that holds at every time holds
with its derivatives; one that holds exactly holds in each order of a parameter; and one that fixes a symbol may say more than
what the symbol stands for.
"""

import pytest

from derive import Assumption
from derive.language import At, D, Equation, Function, Heisenberg, ModuloPower, Nonzero, Trace
from derive.prover import infer
from planted.statement import E, H, K, L, a, b, delta, dH, eps, given, hbar, let, planted, s, t, tau

Sigma = Trace(delta)
DENSE = (Assumption("density", "There are levels.", Nonzero(Sigma)),)
w, v, c = (Function(name, 1, smooth=False)(tau) for name in "wvc")
p, q, r = (Function(name, 2, smooth=False)(E, tau) for name in "pqr")
k = Function("k", 2, smooth=False)(s, tau)
still = Function("still")(E)
MEMORY = Trace(Heisenberg(dH, s, hbar) * dH)

ON_MATRICES = {
    "a correlation that vanishes at every s vanishes at 0": ((Trace(dH * dH), 0), given("1", k, MEMORY), given("2", k, 0)),
    "and if it vanishes at 0 alone": ((Trace(dH * dH), 0), given("1", k, MEMORY), given("2", At(k, s, 0), 0)),
    "a square that vanishes, of constants": ((a * Trace(dH), b * Trace(dH)), given("1", c, (a - b) * (a - b)), given("2", c, 0)),
    "t K = L at every t": ((K, 0), given("1", t * K, L)),
    "tau K = L at every tau": ((Trace(K), 0), given("1", tau * K, L)),
    "H stands still where it is constant": ((dH, 0), given("1", K, H)),
    "a constant stands still whatever is said of it": ((D(K, tau), 0), given("1", K, H)),
}
DEFINED = {
    "a number without tau, defined by what moves": ((D(still, tau), 0), let("1", still, Trace(H * dH))),
    "an operator without tau, defined by what moves": ((D(K, tau), 0), let("1", K, H)),
    "so that it does not move": ((Trace(dH * dH), 0), let("1", still, MEMORY)),
}
BETWEEN_FIELDS = {
    "t q = p at every t": ((q, 0), given("1", t * q, p)),
    "r + t q = p at every t": ((q, 0), given("1", r + t * q, p)),
    "E w = v at every E": ((w * Sigma, 0), given("1", E * w, v)),
    "eps p = 0 exactly": (Equation(p, 0, modulo=ModuloPower(eps, 1)), given("1", eps * p, 0)),
}


@pytest.mark.parametrize("name", ON_MATRICES)
def test_a_true_claim_about_matrices_is_not_refuted(name):
    claim, *steps = ON_MATRICES[name]
    (found,) = infer(planted(name, claim, "", "", *steps).derivation, "claim", {}, seconds=20)
    assert found.verdict != "invalid"


@pytest.mark.parametrize("name", DEFINED)
def test_a_definition_by_more_than_its_symbol_knows_refutes_nothing(name):
    claim, *steps = DEFINED[name]
    (found,) = infer(planted(name, claim, "", "", *steps).derivation, "claim", {}, seconds=20)
    assert found.verdict != "invalid"


@pytest.mark.parametrize("name", BETWEEN_FIELDS)
def test_a_true_claim_between_fields_is_not_refuted(name):
    claim, *steps = BETWEEN_FIELDS[name]
    cites = tuple(step.label for step in steps)
    statement = planted(name, claim, "", "", *steps, assume=DENSE, cites=cites)
    (found,) = infer(statement.derivation, "claim", {}, seconds=20)
    assert found.verdict != "invalid"


@pytest.mark.parametrize("claim", [(Trace(dH * dH), 1), (Trace(dH), a)])
def test_what_no_premise_binds_is_refuted_still(claim):
    (found,) = infer(planted("free", claim, "", "", given("1", k, MEMORY)).derivation, "claim", {}, seconds=20)
    assert found.verdict == "invalid"
