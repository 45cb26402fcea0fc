"""Claims under premises that hold at the start alone: what follows from them, and what fails as soon as time passes."""

import pytest

from derive.kernel.errors import Malformed, Refused, Unsupported
from derive.kernel.replay import replay, sealed
from derive.kernel.rules import move
from derive.language import At, Commutator, D, Operator, Trace
from derive.second.replay import replay_second
from planted.statement import H, I, hbar, t, tau
from posing import infer_posed, posed

A, B = (Operator(name, (t, tau)) for name in ("A1", "B1"))
S = Operator("S0", ())
SPOKEN_OF = (Trace(A * B) * Trace(S), 1)
SOURCE = (I * hbar * D(A, t), Commutator(H, A) + I * hbar * S)


def start(x, y, time=t):
    return At(x, time, 0), At(y, time, 0)


def moves(x):
    return I * hbar * D(x, t), Commutator(H, x)


TRUE = {
    "alike at first and as fast": ((A, B), start(A, B), (D(A, t), D(B, t))),
    "in the slow time": ((A, B), start(A, B, tau), (D(A, tau), D(B, tau))),
    "their difference stays": ((A - B, 0), (At(A - B, t, 0), 0), (D(A - B, t), 0)),
    "both moved by H": ((A, B), start(A, B), moves(A), moves(B)),
    "traces": ((Trace(A), Trace(B)), start(Trace(A), Trace(B)), (D(Trace(A), t), D(Trace(B), t))),
    "nothing moves it": ((Trace(A), 0), (At(Trace(A), tau, 0), 0), (D(Trace(A), tau), 0)),
    "the rate at first": ((At(D(A, t), t, 0), S), SOURCE, (At(A, t, 0), 0)),
    "the rate at first, solved": ((At(D(A, t), t, 0), S), (D(A, t), -I / hbar * Commutator(H, A) + S), (At(A, t, 0), 0)),
    "at rest for ever": ((D(A, t), 0), moves(A), (Commutator(At(A, t, 0), H), 0)),
    "squares at first": ((At(A, t, 0) * At(A, t, 0), At(B, t, 0) * At(B, t, 0)), (A - B, 0)),
    "traces at first": ((At(Trace(A * S), t, 0), At(Trace(B * S), t, 0)), (A - B, 0)),
}
FALSE = {
    "alike at first only": ((A, B), start(A, B)),
    "in the slow time": ((A, B), start(A, B, tau)),
    "twice as fast": ((A, B), start(A, B), (D(A, t), 2 * D(B, t))),
    "moved the other way": ((A, B), start(A, B), moves(A), (-I * hbar * D(B, t), Commutator(H, B))),
    "a trace that is 0 at first": ((Trace(A), 0), (At(Trace(A), tau, 0), 0)),
}
WRONG_AT_FIRST = {
    "the rate at first, twice": ((At(D(A, t), t, 0), 2 * S), SOURCE, (At(A, t, 0), 0)),
    "squares at first, twice": ((At(A, t, 0) * At(A, t, 0), 2 * At(B, t, 0) * At(B, t, 0)), (A - B, 0)),
}


@pytest.mark.parametrize("name", TRUE)
def test_it_follows(name):
    assert posed(*TRUE[name], spoken=SPOKEN_OF) == "valid"


@pytest.mark.parametrize("name", WRONG_AT_FIRST)
def test_it_is_wrong_at_first(name):
    found = infer_posed(*WRONG_AT_FIRST[name], spoken=SPOKEN_OF)
    assert found.verdict == "invalid", found.reason
    assert "derived" not in found.countermodel
    replay(found.countermodel)


def test_what_runs_along_both_times_is_not_held_at_one_of_them():
    both = ("prod", ("op", "R", "", ("time:t",), 0), ("ham", "H", ("slow:tau",)))
    with pytest.raises(Unsupported, match="along which both run"):
        move(both, ["at", "time:t", ("num", "0")], [])


@pytest.mark.parametrize(
    ("step", "complaint"),
    [
        (["at", "energy:E", ("num", "0")], "expected a time"),
        (["at", "time:t", ("coord", "time:t")], "expected a time"),
        (["at", "time:t", ("ham", "H", ())], "expected a time made of"),
    ],
)
def test_only_times_are_held_and_only_at_numbers(step, complaint):
    with pytest.raises(Malformed, match=complaint):
        move(("op", "X", "", ("time:t",), 0), step, [])


@pytest.mark.parametrize("name", FALSE)
def test_it_fails_as_time_passes(name):
    found = infer_posed(*FALSE[name], spoken=SPOKEN_OF)
    assert found.verdict == "invalid"
    assert found.countermodel["derived"]  # the two sides agree at the start, and not their derivatives
    assert "the derivatives in t" in found.reason
    replay(found.countermodel)


def test_the_second_checker_agrees():
    found = infer_posed(*FALSE["twice as fast"], spoken=SPOKEN_OF)
    assert replay_second(found.countermodel).values > 0


@pytest.mark.parametrize(
    ("derived", "complaint"),
    [
        ([], "the claim holds on the model"),
        (["slow:tau"], "the claim holds|does not say|not the one stored"),
        (["energy:E"], "differentiated in one time"),
        (["time:t", "time:t"], "differentiated in one time"),
        (7, "fields of"),
    ],
)
def test_a_countermodel_differentiated_otherwise_is_refused(derived, complaint):
    found = dict(infer_posed(*FALSE["twice as fast"], spoken=SPOKEN_OF).countermodel)
    del found["digest"]
    with pytest.raises((Malformed, Refused), match=complaint):
        replay(sealed({**found, "derived": derived}))
