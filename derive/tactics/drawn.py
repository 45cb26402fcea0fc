"""The numbers that a model is drawn from, each from its own name."""

from __future__ import annotations

import random

from derive.kernel.gaussian import Gaussian


class Drawn:
    """Answers every key with a number drawn from its own name, so that asking again gives the same."""

    def __init__(self, attempt: int, held: dict[str, Gaussian]) -> None:
        self.attempt = attempt
        self.held = held
        self.values: dict[str, Gaussian] = {}

    def __call__(self, key: str) -> Gaussian:
        if key not in self.values:
            other = mirror(key)
            if other in self.values:
                self.values[key] = self.values[other].conjugate()
            else:
                self.values[key] = self._draw(key)
        return self.values[key]

    def _draw(self, key: str) -> Gaussian:
        if key in self.held:
            return self.held[key]
        rng = random.Random(f"{self.attempt}|{key}")
        kind, *rest = key.split("|")
        if kind == "level":
            return Gaussian(4 * int(rest[0]) + rng.randint(0, 2) - 3)
        if kind == "ham" and int(rest[0]) > 1 and self.attempt == 0:
            return Gaussian(0)  # a drive at constant speed is tried first: it is what H = H0 + tau V asks for
        if kind in ("ham", "op"):
            return Gaussian(rng.randint(-4, 5), 0 if rest[-1] == rest[-2] else rng.choice((-3, -2, -1, 1, 2, 3)))
        if kind == "par":
            return Gaussian(rng.randint(2, 5))
        return Gaussian(rng.choice((-5, -4, -3, -2, 2, 3, 4, 5, 7)))


def mirror(key: str) -> str:
    """The key of the matrix element on the other side of the diagonal; empty where there is none."""
    kind, *rest = key.split("|")
    return "|".join([kind, *rest[:-2], rest[-1], rest[-2]]) if kind in ("ham", "op") else ""
