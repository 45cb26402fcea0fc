"""An equation of motion integrated once, iterated, and differentiated back: operators at the time that is integrated over."""

import pytest

from derive.kernel.replay import replay
from derive.language import At, Commutator, Coordinate, D, Function, Integral, Operator, Trace
from derive.second.replay import replay_second
from planted.statement import H0, I, hbar, t
from posing import infer_posed

s, w = (Coordinate(name, "time") for name in ("s", "w"))
rho, V, X, Y = (Operator(name, (t,)) for name in ("rho", "V", "X", "Y"))
P = Operator("P", ())
k, q = Function("k"), Function("q")


def at(operator, time):
    return At(operator, t, time)


def summed(body, end=t, over=s):
    return Integral(body, over, 0, end)


MOTION = (I * hbar * D(rho, t), Commutator(V, rho))
FREE = (I * hbar * D(rho, t), Commutator(H0, rho))
ONCE = (rho, at(rho, 0) - I / hbar * summed(Commutator(at(V, s), at(rho, s))))
inner = summed(Commutator(at(V, w), at(rho, w)), s, w)
FOLLOWS = {
    "integrated once": (ONCE, MOTION),
    "with a constant Hamiltonian": ((rho, at(rho, 0) - I / hbar * summed(Commutator(H0, at(rho, s)))), FREE),
    "under a trace": ((Trace(P * rho), Trace(P * at(rho, 0)) - I / hbar * summed(Trace(P * Commutator(H0, at(rho, s))))), FREE),
    "differentiated back": (MOTION, ONCE),
    "put in": (
        (D(rho, t), -I / hbar * Commutator(V, at(rho, 0)) - Commutator(V, summed(Commutator(at(V, s), at(rho, s)))) / hbar**2),
        MOTION,
        ONCE,
    ),
    "put in, beneath the integral": (
        (D(rho, t), -I / hbar * Commutator(V, at(rho, 0)) - summed(Commutator(V, Commutator(at(V, s), at(rho, s)))) / hbar**2),
        MOTION,
        ONCE,
    ),
    "twice": (
        (rho, at(rho, 0) - I / hbar * summed(Commutator(at(V, s), at(rho, 0))) - summed(Commutator(at(V, s), inner)) / hbar**2),
        MOTION,
        ONCE,
    ),
    "of a slope": ((summed(D(at(X, s), s)), X - at(X, 0)),),
    "of a slope, of a number": ((summed(D(k(s), s)), k(t) - k(0)),),
    "by parts, of numbers": ((summed(k(s) * D(q(s), s)), k(t) * q(t) - k(0) * q(0) - summed(D(k(s), s) * q(s))),),
    "up to now, of a number": ((D(summed(k(s)), t), k(t)),),
    "by parts": ((summed(at(X, s) * D(at(Y, s), s)), X * Y - at(X, 0) * at(Y, 0) - summed(D(at(X, s), s) * at(Y, s))),),
    "the slope of an operator there": ((D(at(X, s) * P, s), at(D(X, t), s) * P),),
    "back again": ((At(at(X, s), s, t) * P, X * P),),
}
FAILS = {
    "a sign": ((rho, at(rho, 0) + I / hbar * summed(Commutator(at(V, s), at(rho, s)))), MOTION),
    "without the beginning": ((rho, -I / hbar * summed(Commutator(at(V, s), at(rho, s)))), MOTION),
    "of a slope": ((summed(D(at(X, s), s)), X + at(X, 0)), (Trace(X * P), 1)),
    "of a slope, of a number": ((summed(D(k(s), s)), k(t) + k(0)),),
    "up to now, of a number": ((D(summed(k(s)), t), -k(t)),),
    "by parts": ((summed(at(X, s) * D(at(Y, s), s)), X * Y - at(X, 0) * at(Y, 0) + summed(D(at(X, s), s) * at(Y, s))),),
}


@pytest.mark.parametrize("name", FOLLOWS)
def test_it_follows(name):
    found = infer_posed(*FOLLOWS[name])
    assert found.verdict == "valid", found.reason
    replay(found.certificate)
    assert replay_second(found.certificate)


@pytest.mark.parametrize("name", FAILS)
def test_it_is_refuted(name):
    found = infer_posed(*FAILS[name])
    assert found.verdict == "invalid", found.reason
    replay(found.countermodel)
    assert replay_second(found.countermodel)
