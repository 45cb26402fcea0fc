"""Levels, vectors and flows of a Hamiltonian that no equation speaks of: how they move is not said, and nothing rests on it."""

import pytest

from derive import Assumption, Derivation, Step
from derive.kernel.errors import Malformed, Refused, Unsupported
from derive.kernel.replay import replay, sealed
from derive.language import At, D, Equation, Heisenberg, Ket, Level, SimpleSpectrum, Trace
from derive.prover import infer
from derive.second.germs import NoMeaning
from derive.second.replay import replay_second
from planted.statement import H, K, X, Y, hbar, n, s, t, tau

SPOKEN_OF = Step("spoken of", "postulate", Equation(Trace(X * Y) * Trace(K), 1))


def flow(x):
    return Heisenberg(x, s, hbar)


def inferred(claim, *premises, assumptions=()):
    steps = [SPOKEN_OF, *(Step(f"P{k}", "postulate", Equation(*sides)) for k, sides in enumerate(premises))]
    steps.append(Step("C", "claim", Equation(*claim), cites=tuple(f"P{k}" for k in range(len(premises)))))
    derivation = Derivation(name="posed", title="posed", source="tests", steps=tuple(steps), assumptions=assumptions)
    (found,) = infer(derivation, "C", {})
    return found


CLAIMS = {
    "a flow that does not move": ((D(flow(K), tau), 0),),
    "a flow that only its operator moves": ((D(flow(X), tau), flow(D(X, tau))),),
    "under the trace": ((D(Trace(flow(X) * K), tau), Trace(flow(D(X, tau)) * K)),),
    "from a premise": ((D(flow(X), tau), flow(Y)), (D(X, tau), Y)),
    "a level that does not move": ((D(Level(n), tau), 0),),
    "a vector that does not move": ((D(Ket(n), tau), 0 * Ket(n)),),
    "a flow at first": ((At(flow(K), tau, 0), flow(K)),),
}


@pytest.mark.parametrize("name", CLAIMS)
def test_nothing_is_decided(name):
    assert inferred(*CLAIMS[name]).verdict == "undecided"


def test_the_reason_says_what_to_do():
    assert "no equation speaks of the Hamiltonian: say which" in inferred(*CLAIMS["a flow that does not move"]).reason


def test_an_assumption_may_speak_of_it():
    simple = Assumption("simple spectrum", "The levels are distinct.", SimpleSpectrum(H))
    assert inferred(*CLAIMS["a flow that does not move"], assumptions=(simple,)).verdict == "invalid"


def test_what_does_not_ask_how_it_moves_is_decided():
    assert inferred((Trace(flow(X) * flow(K)), Trace(X * K))).verdict == "valid"
    assert inferred((D(flow(X), t), flow(D(X, t)))).verdict == "valid"


def test_both_checkers_refuse_evidence_that_takes_away_the_name():
    found = dict(inferred((D(flow(H), tau), D(H, tau))).certificate)
    replay(found)
    flowing = ["d", "slow:tau", ["flow", ["op", "K", "", [], 0], ["coord", "time:s"], ["par", "hbar"]]]
    nameless = {**found, "hamiltonian": ["", []], "claim": [flowing, ["num", "0"]], "model": None}
    del nameless["digest"]
    with pytest.raises((Malformed, Refused, Unsupported)):
        replay(sealed(nameless))
    with pytest.raises(NoMeaning, match="without a name"):
        replay_second(sealed(nameless))
