"""The evolution equations of operators: is the rate of a Hermitian operator Hermitian?"""

from fractions import Fraction

import pytest

import derive
from derive.audits import audit, check_audit
from derive.kernel.errors import KernelError, Refused
from derive.kernel.replay import sealed
from derive.language import (
    Commutator,
    Coordinate,
    D,
    Equation,
    Function,
    Hamiltonian,
    Imaginary,
    Operator,
    Parameter,
    subexpressions,
)

JAIN = derive.load("jain")
HALF = Fraction(1, 2)


def named(kind, name):
    return next(p for s in JAIN for p in subexpressions(s.claim) if isinstance(p, kind) and p.name == name)


t, tau, hbar, H = named(Coordinate, "t"), named(Coordinate, "tau"), named(Parameter, "hbar"), named(Hamiltonian, "H")
rho = named(Operator, "rho")
K = Operator("K", ())
i = Imaginary()

EQUATIONS_OF_RHO = {
    "as printed": (Equation(i * hbar * D(rho, t), Commutator(H, rho)), "yes"),
    "reversed": (Equation(i * hbar * D(rho, t), Commutator(rho, H)), "yes"),
    "by hand": (Equation(i * hbar * D(rho, t), H * rho - rho * H), "yes"),
    "without i": (Equation(hbar * D(rho, t), Commutator(H, rho)), "no"),
    "anticommutator": (Equation(i * hbar * D(rho, t), H * rho + rho * H), "no"),
    "anticommutator without i": (Equation(hbar * D(rho, t), -(H * rho) - rho * H), "yes"),
    "one order": (Equation(i * hbar * D(rho, t), H * rho), "no"),
    "double commutator": (Equation(hbar * D(rho, t), -Commutator(K, Commutator(K, rho))), "yes"),
    "double commutator with i": (Equation(i * hbar * D(rho, t), Commutator(K, Commutator(K, rho))), "no"),
    "Lindblad": (Equation(D(rho, t), K * rho * K - HALF * K * K * rho - HALF * rho * K * K), "yes"),
    "half a Lindblad": (Equation(D(rho, t), K * rho * K - K * K * rho), "no"),
}


@pytest.mark.parametrize("name", EQUATIONS_OF_RHO)
def test_a_hermitian_operator_stays_so_or_not(name):
    claim, verdict = EQUATIONS_OF_RHO[name]
    (found,) = audit(JAIN.with_claim("10", claim), ["10"])
    assert (found.question, found.verdict, found.density) == ("Hermiticity", verdict, "rho")
    assert check_audit(found.certificate or found.countermodel) == ("Hermiticity", verdict)
    assert (found.certificate is None) is (verdict == "no")


def test_the_operator_reading_of_a_product_with_a_function_of_h_is_not_hermitian():
    found = [one for one in audit(JAIN, ["26"]) if one.question == "Hermiticity"]
    assert {one.verdict for one in found} == {"no"}
    f = named(Function, "rho0'")
    slope = f.partial(1, 0)(H, tau)
    rho_0 = JAIN["26"].claim.lhs
    rate = next(p for p in subexpressions(rho_0) if isinstance(p, D))
    symmetric = Equation(rate, HALF * (slope * D(H, tau) + D(H, tau) * slope))
    (mended,) = audit(JAIN.with_claim("26", symmetric), ["26"])
    assert mended.verdict == "yes"


@pytest.mark.parametrize(
    "claim",
    [
        Equation(rho, H),
        Equation(D(H, tau), H),
        Equation(H * D(rho, t), rho),
        Equation((1 + i) * D(rho, t), rho),
        Equation(D(rho * rho, t), rho),
    ],
    ids=["no rate", "rate of H", "operator before it", "a sum before it", "rate of a product"],
)
def test_other_operator_equations_are_left_alone(claim):
    assert audit(JAIN.with_claim("10", claim), ["10"]) == ()


# Evidence -----------------------------------------------------------------------------------------------


def evidence(label):
    found = next(a for a in audit(JAIN, [label]) if a.question == "Hermiticity")
    return dict(found.certificate or found.countermodel)


def forged(body, **changes):
    return sealed({**{k: v for k, v in body.items() if k != "digest"}, **changes})


def test_a_rate_that_is_hermitian_has_no_countermodel_and_the_other_no_certificate():
    with pytest.raises(Refused):
        check_audit(forged(evidence("10"), kind="not Hermitian"))
    with pytest.raises(Refused):
        check_audit(forged(evidence("26"), kind="Hermitian"))


@pytest.mark.parametrize("time", ["slow:tau", "energy:E", "", "time:s"])
def test_hermiticity_is_about_a_rate(time):
    for kind in ("Hermitian", "not Hermitian"):
        with pytest.raises(KernelError):
            check_audit(forged(evidence("10"), kind=kind, time=time))


RHO, OTHER = (["op", name, "", ["time:t"], 0] for name in ("rho", "K"))


@pytest.mark.parametrize(
    "left",
    [
        ["prod", OTHER, ["d", "time:t", RHO]],
        ["prod", ["num", "0"], ["d", "time:t", RHO]],
        ["prod", ["sum", ["num", "1"], ["i"]], ["d", "time:t", RHO]],
        ["prod", ["d", "time:t", RHO], ["d", "time:t", RHO]],
        ["sum", ["d", "time:t", RHO], ["d", "time:t", OTHER]],
        ["d", "time:t", ["prod", RHO, OTHER]],
        ["sum", ["d", "time:t", RHO], ["prod", OTHER, ["d", "time:t", OTHER]]],
        ["sum", ["d", "time:t", RHO], ["adj", RHO]],
        ["sum", ["d", "time:t", RHO], ["tr", RHO]],
        ["num", "0"],
    ],
    ids=range(10),
)
def test_a_rate_that_cannot_be_told_shows_nothing(left):
    for kind in ("Hermitian", "not Hermitian"):
        with pytest.raises(KernelError):
            check_audit(forged(evidence("10"), kind=kind, equation=[left, RHO]))
