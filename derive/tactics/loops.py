"""Proposes a closed exact loop on which a residual does not integrate to zero, so that it is no total slow derivative."""

from __future__ import annotations

import random
from typing import Any

from derive.kernel.calculus import Frame
from derive.kernel.errors import KernelError
from derive.kernel.gaussian import Gaussian
from derive.kernel.loop import Laurent, Loop, Polynomial
from derive.kernel.replay import replay, sealed
from derive.kernel.rules import Equation
from derive.kernel.terms import sub, to_json, walk

TRIES = 4
DEGREE = 3


def find_loop(claim: Equation, frame: Frame) -> tuple[dict[str, Any] | None, str]:
    """Sealed loop evidence against the claim modulo a slow derivative; or None with the reason."""
    residual = sub(*claim)
    reason = "the residual integrates to zero over every loop tried"
    for attempt in range(TRIES):
        size = 2 + attempt % 2
        rng = random.Random(attempt)
        matrices = {frame.name: _hermitian(rng, size)}
        functions: dict[str, Polynomial] = {}
        for part in walk(residual):
            if part[0] == "op":
                moves = bool(set(part[3]) & set(frame.coords))
                drawn = _hermitian(rng, size)
                matrices.setdefault(part[1], drawn if moves else {0: drawn[0]})
            elif part[0] == "fun":
                slow = any(a[0] == "coord" and a[1] in frame.coords for a in part[3])
                functions.setdefault(part[1], _polynomial(rng, slow))
        test = [Gaussian(rng.choice((-2, -1, 1, 2, 3))) for _ in range(DEGREE + 1)]
        try:
            value = Loop(frame, size, matrices, functions).integral(residual, test)
        except KernelError as error:
            return None, str(error)
        if not value:
            continue
        evidence = {
            "kind": "loop",
            "hamiltonian": [frame.name, list(frame.coords)],
            "claim": [to_json(side) for side in claim],
            "modulo": list(frame.coords),
            "size": size,
            "matrices": {n: {str(k): [[e.pair() for e in row] for row in m] for k, m in p.items()} for n, p in matrices.items()},
            "functions": {n: [{str(k): c.pair() for k, c in x.items()} for x in p] for n, p in functions.items()},
            "test": [c.pair() for c in test],
            "integral": value.pair(),
        }
        made = sealed(evidence)
        replay(made)
        return made, ""
    return None, reason


def _hermitian(rng: random.Random, size: int) -> Laurent:
    """H_0 + H_1 z + H_1^dagger / z."""

    def entry() -> Gaussian:
        return Gaussian(rng.randint(-3, 3), rng.randint(-3, 3))

    first = tuple(tuple(entry() for _ in range(size)) for _ in range(size))
    raw = tuple(tuple(entry() for _ in range(size)) for _ in range(size))
    middle = tuple(tuple(raw[a][b] + raw[b][a].conjugate() for b in range(size)) for a in range(size))
    last = tuple(tuple(first[b][a].conjugate() for b in range(size)) for a in range(size))
    return {-1: last, 0: middle, 1: first}


def _polynomial(rng: random.Random, slow: bool) -> Polynomial:
    made: Polynomial = []
    for _ in range(DEGREE + 1):
        z = Gaussian(rng.randint(-3, 3), rng.randint(-3, 3))
        made.append({0: Gaussian(rng.randint(-3, 3)), **({1: z, -1: z.conjugate()} if slow else {})})
    return made
