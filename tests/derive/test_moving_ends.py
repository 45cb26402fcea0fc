"""Integrals up to a time, and functions at two times: true claims that one point seems to refute, and false ones that it does."""

import pytest

from derive.language import At, D, Function, Heisenberg, Infinity, Integral, Trace
from planted.statement import E, V, hbar, s, t
from posing import posed

p, k, r = (Function(name, 2) for name in "pkr")
q, w = (Function(name)(E) for name in "qw")
f, g = Function("f"), Function("g")


def upto(end, field=p):
    return Integral(field(s, E), s, 0, end)


SLOW = D(r(t, E), t)
SPOKEN_OF = (p(t, E) + k(t, E) + r(t, E) + q + w + f(t) + g(t), 1)  # what nothing speaks of is not refuted
TRUE = {
    "it vanishes at 0": ((q, 0), (upto(t), q)),
    "so does a multiple": ((q, 0), (t * upto(t), q)),
    "and a multiple on both sides": ((q, 0), (t * upto(t), t * q)),
    "so does a difference": ((q, 0), (upto(t) - upto(t, k), q)),
    "so does a part of it": ((q, 0), (Integral(p(s, E), s, t, 2 * t), q)),
    "its square": ((q, 0), (upto(t) * upto(t), q)),
    "its slope in E": ((D(q, E), 0), (D(upto(t), E), q)),
    "zero at every time is zero at twice the time": ((r(t, E), 0), (upto(t), 0), (upto(2 * t), r(t, E))),
    "and without end": ((q, 0), (upto(t), 0), (upto(Infinity()), q)),
    "at rest it is what it tends to": ((q, w), (upto(t), q), (upto(Infinity()), w)),
    "a square that integrates to nothing": ((q, 0), (Integral(q * q, E), 0)),
    "what does not move stays 0": ((r(t, E), 0), (upto(t), r(t, E)), (SLOW, 0)),
    "what grows as t does not grow as its square": ((q, 0), (upto(t), t * q), (upto(t), t * t * w)),
    "a product with what does not move": ((q, 0), (upto(t), q * r(t, E)), (SLOW, 0), (r(t, E) * r(t, E), 1)),
    "two of one rate": ((q, w), (upto(t), t * q), (upto(t), t * w + r(t, E)), (r(t, E), 0)),
    "a function that does not move": ((f(t), f(s)), (D(f(t), t), 0)),
    "a function that does not bend": ((f(2 * t), 2 * f(t) - At(f(t), t, 0)), (D(D(f(t), t), t), 0)),
    "two functions, at another time": ((f(s) + g(s), 0), (f(t) + g(t), 0)),
    "a correlator as fast as what does not move": (
        (Trace(Heisenberg(V, s, hbar) * V), Trace(V * V)),
        (f(s) - At(f(s), s, 0), Trace(Heisenberg(V, s, hbar) * V) - Trace(V * V)),
        (D(f(s), s), 0),
    ),
}
FALSE = {
    "nothing binds it": ((upto(t), 0),),
    "nor at twice the time": ((upto(2 * t), 2 * upto(t)),),
    "a definition of another": ((r(t, E), q), (upto(t), r(t, E))),
    "a definition times what does not move": ((SLOW, q), (upto(t), q * r(t, E))),
    "at one rate": ((q, 2 * w), (upto(t), t * q), (upto(t), t * w)),
    "what it tends to at rest": ((q, 0), (upto(t), q), (upto(Infinity()), w)),
    "at times long after 0 it may rest": ((q, 0), (upto(t), q), (Integral(k(s, E), s, 0, Infinity()), w)),
}


def verdict(claim, *premises):
    return posed(claim, *premises, spoken=SPOKEN_OF)


@pytest.mark.parametrize("name", TRUE)
def test_a_true_claim_is_not_refuted(name):
    assert verdict(*TRUE[name]) != "invalid"


@pytest.mark.parametrize("name", FALSE)
def test_a_false_claim_is_refuted(name):
    assert verdict(*FALSE[name]) == "invalid"
