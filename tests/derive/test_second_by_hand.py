"""The second checker's numbers for what is written by hand: identities between moments, integrals without end, and its parts."""

import json
import random

import pytest

from derive.kernel.replay import sealed
from derive.second import Disagrees, NoMeaning, replay_second
from derive.second.numbers import PRIME, P
from derive.second.taylor import Space
from derive.second.words import value

# integrals without end: two integrands with other numbers are two fields

H, ENERGY, SLOW = ["ham", "H", ["slow:tau"]], "energy:E", "slow:tau"
DRIVE = ["d", SLOW, H]
DELTA = ["delta", 0, ["sum", ["coord", ENERGY], ["prod", ["num", "-1"], H]]]
MEMORY = ["tr", ["prod", DELTA, DRIVE, ["flow", DRIVE, ["coord", "time:s"], ["par", "hbar"]]]]
STILL = ["fun", "u", [0, 0], [["coord", ENERGY], ["coord", SLOW]], 1, 0]


def endless(number):
    body = ["sum", MEMORY, ["prod", ["num", number], STILL]]
    return ["int", "time:s", ["prod", ["num", "-1"], ["oo"]], ["oo"], body]


def bare(claim, **more):
    return sealed(
        {
            "kind": "fields", "answer": "follows", "hamiltonian": ["H", [SLOW]], "energy": ENERGY, "claim": claim,
            "premises": [], "rewrites": [], "levels": [], "nonzero": [], "steps": [], "values": {}, "modulo": [], "series": -1,
            **more,
        }
    )  # fmt: skip


def test_an_integral_without_end_is_that_of_its_own_integrand():
    assert replay_second(bare([endless("1"), endless("1")])).values > 0
    for number in ("5", "-1", "1/2"):
        with pytest.raises(Disagrees, match="does not vanish"):
            replay_second(bare([endless("1"), endless(number)]))


def test_another_hamiltonian_is_not_the_one():
    other = json.loads(json.dumps([["tr", ["prod", DELTA, DRIVE]]]).replace('"H"', '"G"'))[0]
    with pytest.raises(Disagrees, match="Hamiltonian"):
        replay_second(bare([["tr", ["prod", DELTA, DRIVE]], other]))


TRUE = {
    "the density of states moves with the levels": (
        ["d", SLOW, ["tr", DELTA]],
        ["prod", ["num", "-1"], ["d", ENERGY, ["tr", ["prod", DELTA, DRIVE]]]],
    ),
    "a function of H goes outside as one of E": (
        ["tr", ["prod", DELTA, ["fun", "f", [0], [H], 1, 0], DRIVE]],
        ["prod", ["fun", "f", [0], [["coord", ENERGY]], 1, 0], ["tr", ["prod", DELTA, DRIVE]]],
    ),
    "the slope of f(H) is f'(E) times the drive": (
        ["tr", ["prod", DELTA, ["d", SLOW, ["fun", "f", [0], [H], 1, 0]]]],
        ["prod", ["fun", "f", [1], [["coord", ENERGY]], 1, 0], ["tr", ["prod", DELTA, DRIVE]]],
    ),
    "a flow does not move what is alone": (
        ["tr", ["prod", DELTA, ["flow", DRIVE, ["coord", "time:s"], ["par", "hbar"]]]],
        ["tr", ["prod", DELTA, DRIVE]],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TRUE)
def test_identities_between_moments(name):
    lhs, rhs = TRUE[name]
    assert replay_second(bare([lhs, rhs])).values > 0
    for wrong in (["prod", ["num", "-1"], rhs], ["prod", ["num", "2"], rhs], ["d", ENERGY, rhs]):
        with pytest.raises(Disagrees, match="does not vanish"):
            replay_second(bare([lhs, wrong]))


# its parts


def test_series_obey_leibniz_and_divide():
    space = Space(PRIME, {"x": 4, "y": 2})
    rng = random.Random(0)
    a, b = ({k: (rng.randrange(1, P), rng.randrange(P)) for k in range(len(space.powers))} for _ in "ab")
    for token in ("x", "y"):
        left = space.derivative(space.mul(a, b), token)
        right = space.add(space.mul(space.derivative(a, token), b), space.mul(a, space.derivative(b, token)))
        at = space.tokens.index(token)
        below = [k for k, powers in enumerate(space.powers) if powers[at] < space.bounds[token]]
        assert [left.get(k) for k in below] == [right.get(k) for k in below]
    assert space.mul(a, space.inverse(a)) == space.number(PRIME.one)
    with pytest.raises(NoMeaning):
        space.inverse(space.increment("x"))


V, W = (("op", name, "", ("slow:tau",), ()) for name in "VW")


def test_words_are_told_apart():
    assert value((("dd", (("id",),), (V,)),)) == value((V,))
    assert value((("dd", (("id",),), (V, V)),)) == (0, 0)
    forward, back = value((V, W)), value((W, V))
    assert forward != back
    assert forward == (back[0], (P - back[1]) % P), "the adjoint's number is the conjugate"
    f = (("fun", "f", (0,), (("ham",),)),)
    assert value((("dd", f, (V, W)),)) != value((("dd", f, (W, V)),))
