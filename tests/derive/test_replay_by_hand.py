"""Evidence written by hand: small honest pieces that must replay, and forgeries that no prover would make."""

import pytest

from derive.kernel import KernelError
from derive.kernel.replay import replay, sealed
from derive.second import Disagrees, NoMeaning, replay_second
from forging import LINE, ONE, TAU, ZERO, E, H, T, certificate, function, model, op, step

X, Y, K = op("X"), op("Y"), op("K", (), 1)
G, F = function("g", H, arbitrary=1), function("f", H)
AT_HOLE = function("f", ["hole"])
ENERGY, SLOPE = ["coord", E], ["delta", 1, ["sum", ["coord", E], ["prod", ["num", "-1"], H]]]


def loop(claim, matrices, integral, functions=()):
    return sealed(
        {
            "kind": "loop",
            "hamiltonian": ["H", [TAU]],
            "claim": claim,
            "modulo": [TAU],
            "size": 1,
            "matrices": matrices,
            "functions": dict(functions),
            "test": [["1", "0"]],
            "integral": integral,
        }
    )


DIAGONAL = {f"op|X|||{a}|{b}": [str((a == b) * (a + 1)), "0"] for a in (0, 1) for b in (0, 1)}
WITNESS = [["0,0", "1", ["1", "0"]], ["1,1", "1", ["2", "0"]]]
X_IS_ZERO = [["sum", X, X], ZERO]
COSINE = {"-1": [[["1", "0"]]], "0": [[["2", "0"]]], "1": [[["1", "0"]]]}
SINE = {"-1": [[["0", "1"]]], "0": [[["2", "0"]]], "1": [[["0", "-1"]]]}
DRIFTING = ["tr", ["prod", ["d", TAU, H], op("A", (TAU,))]]

SECOND = (Disagrees, NoMeaning, ArithmeticError, LookupError, RecursionError)  # whatever it says, it does not agree

HONEST = {
    "an identity": certificate([["comm", X, X], ZERO]),
    "half a premise": certificate([X, ZERO], [X_IS_ZERO], [step(factor=["num", "1/2"])]),
    "an instance": certificate(
        [["tr", ["prod", F, X]], ZERO], [[["tr", ["prod", G, X]], ZERO]], [step(["function", "g", AT_HOLE])]
    ),
    "an instance of an operator": certificate(
        [["tr", Y], ZERO], [[["tr", op("K", (TAU, T), 1)], ZERO]], [step(["operator", "K", Y])]
    ),
    "a definition": certificate([["tr", X], ["tr", Y]], [[X, Y]], rewrites=[0]),
    "a division": certificate([["prod", ["tr", X], ["pow", ["tr", X], -1]], ONE], nonzero=[{"name": "Tr X", "term": ["tr", X]}]),
    "an initial value": certificate(
        [X, ZERO],
        [[["d", T, X], ZERO], [["at", X, T, ZERO], ZERO]],
        [step()],
        closing=["initial value", T, ZERO, "", [step(premise=1)]],
    ),
    "a countermodel": model([X, ZERO], [], DIAGONAL, WITNESS),
    "a countermodel under a premise": model([X, ZERO], [([["comm", X, X], ZERO], [[]])], DIAGONAL, WITNESS),
    "a loop": loop([DRIFTING, ZERO], {"H": COSINE, "A": SINE}, ["-2", "0"]),
}


@pytest.mark.parametrize("name", HONEST)
def test_honest_evidence_replays(name):
    replay(HONEST[name])
    replay_second(HONEST[name])
    assert HONEST[name]["digest"]


REFUSED = {
    "twice too much": certificate([X, ZERO], [X_IS_ZERO], [step()]),
    "division by what may vanish": certificate([["prod", ["tr", X], ["pow", ["tr", X], -1]], ONE]),
    "division by a coordinate": certificate([["prod", ENERGY, ["pow", ENERGY, -1]], ONE]),
    "division by zero": certificate([["prod", ZERO, ["pow", ZERO, -1]], ONE]),
    "an operator that is not arbitrary": certificate([["tr", Y], ZERO], [[["tr", X], ZERO]], [step(["operator", "X", Y])]),
    "a function that is not arbitrary": certificate(
        [["tr", ["prod", F, X]], ZERO], [[["tr", ["prod", function("q", H), X]], ZERO]], [step(["function", "q", AT_HOLE])]
    ),
    "an instance that is no function of H": certificate(
        [["tr", ["prod", Y, X]], ZERO], [[["tr", ["prod", G, X]], ZERO]], [step(["function", "g", Y])]
    ),
    "a commutant without a simple spectrum": certificate(
        [op("X", ()), F], [[["comm", op("X", ()), H], ZERO]], closing=["commutant", 0, "f"]
    ),
    "a commutant named by a known function": certificate(
        [op("X", ()), F],
        [[["comm", op("X", ()), H], ZERO], [F, ONE]],
        closing=["commutant", 0, "f"],
        simple="s",
    ),
    "a commutant of another premise": certificate([X, F], [[["comm", Y, H], ZERO]], closing=["commutant", 0, "f"], simple="s"),
    "an initial value in another time": certificate(
        [X, ZERO],
        [[["d", TAU, X], ZERO], [["at", X, T, ZERO], ZERO]],
        [step()],
        closing=["initial value", TAU, ZERO, "", [step(premise=1)]],
    ),
    "an initial value at no instant": certificate(
        [X, ZERO], [[["d", T, X], ZERO]], [step()], closing=["initial value", T, ["coord", T], "", []]
    ),
    "a definition that goes round": certificate([X, Y], [[X, ["sum", Y, X]], [Y, ["sum", X, Y]]], rewrites=[0, 1]),
    "a model against its premise": model([X, ZERO], [(X_IS_ZERO, [[]])], DIAGONAL, WITNESS),
    "a model that is not Hermitian": model(
        [X, ZERO], [], {**DIAGONAL, "op|X|||0|1": ["1", "0"]}, [WITNESS[0], ["0,1", "1", ["1", "0"]], WITNESS[1]]
    ),
    "a model with crossing levels": model([X, ZERO], [], {**DIAGONAL, "level|0": ["1", "0"], "level|1": ["1", "0"]}, WITNESS),
    "a model with a negative parameter": model([X, ZERO], [], {**DIAGONAL, "par|hbar": ["-1", "0"]}, WITNESS),
    "a loop that is not Hermitian": loop([DRIFTING, ZERO], {"H": COSINE, "A": {**SINE, "1": [[["0", "1"]]]}}, ["-2", "0"]),
    "a loop with half of it missing": loop([DRIFTING, ZERO], {"H": COSINE, "A": {"1": SINE["1"]}}, ["-1", "0"]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_forgery_is_refused(name):
    with pytest.raises(KernelError):
        replay(REFUSED[name])
    with pytest.raises(SECOND):
        replay_second(REFUSED[name])


FORGED = {
    # rules.py: an instance of something arbitrary may depend on more than what it stands for
    "d_t K = 0 for a constant K, at K := X(t)": certificate(
        [["d", T, X], ZERO], [[["d", T, K], ZERO]], [step(["operator", "K", X])]
    ),
    "d_E g(H) = 0, at g := E": certificate([ONE, ZERO], [[["d", E, G], ZERO]], [step(["function", "g", ENERGY])]),
    "int dE g(H) delta' = 0, at g := E": certificate(
        [["num", "-1"], ZERO], [[["int", E, *LINE, ["prod", G, SLOPE]], ZERO]], [step(["function", "g", ENERGY])]
    ),
    # rules.py: coefficients may be compared in a parameter only after a series in it was put in
    "eps X = Y, so X = 0": certificate([X, ZERO], [[["prod", ["par", "eps"], X], Y]], [step(["order", "eps", 1])]),
    # certificate.py: the function must know every coordinate that the operator knows
    "[X(t), H] = 0, so X = f(H)": certificate([X, F], [[["comm", X, H], ZERO]], closing=["commutant", 0, "f"], simple="s"),
    # countermodel.py: the forger says in which forms a premise must hold, and which premises are definitions
    "a premise in no form": model([X, ZERO], [(X_IS_ZERO, [])], DIAGONAL, WITNESS),
    "a premise times zero": model([X, ZERO], [(X_IS_ZERO, [[["left", ZERO]]])], DIAGONAL, WITNESS),
    "a premise at another order": model([X, ZERO], [(X_IS_ZERO, [[["order", "eps", 3]]])], DIAGONAL, WITNESS),
    "a premise called a definition": model([X, ZERO], [(X_IS_ZERO, [[]])], DIAGONAL, WITNESS, rewrites=[0]),
    # model.py: f at a number and f at the level of that energy are the same number
    "f(2) and f(E_0) with E_0 = 2": model(
        [function("f", ["level", "n"]), function("f", ["num", "2"])],
        [],
        {"level|0": ["2", "0"], "level|1": ["5", "0"], "fun|f|0|E0": ["1", "0"], "fun|f|0|2": ["3", "0"]},
        [["", "1", ["-2", "0"]]],
        labels={"n": 0},
    ),
    # loop.py: what does not depend on the slow time must not move along the loop
    "a constant operator that moves": loop(
        [["tr", ["prod", ["d", TAU, H], op("A", ())]], ZERO], {"H": COSINE, "A": SINE}, ["-2", "0"]
    ),
    "a function of H alone that moves": loop(
        [["tr", ["prod", F, ["d", TAU, H]]], ZERO],
        {"H": COSINE},
        ["-2", "0"],
        {"f": [{"0": ["1", "0"], "1": ["0", "-1"], "-1": ["0", "1"]}]},
    ),
}


@pytest.mark.parametrize("name", FORGED)
def test_what_an_attack_once_got_through_is_refused(name):
    with pytest.raises(KernelError):
        replay(FORGED[name])
    with pytest.raises(SECOND):
        replay_second(FORGED[name])
