"""Random streams named by a seed and a key, one for each sample.

A stream depends on nothing but its name: not on the order in which streams are asked for, the
process, the number of workers or Python's hash seed. So samples can be computed in any order, on
any machine, and resumed.

The name is written as JSON, in which 1 differs from "1" and ("ab", "c") from ("a", "bc"); the first
128 bits of its SHA-256 are the key of a Philox counter from 0. Two different names share a stream
with probability 2^-128.

Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, Parallel random numbers: as easy as
1, 2, 3, SC '11 (Philox); NumPy's `numpy.random.Philox` (4x64, 10 rounds).
"""

import hashlib
import json
from typing import Final

import numpy as np

SEED_BOUND: Final = 2**63


def stream(seed: int, *key: int | str) -> np.random.Generator:
    """The generator named by (seed, *key), at its beginning.

    `seed` is an integer with 0 <= seed < 2**63; each part of the key an integer or a string, as in
    stream(seed, "GOE", 128, "V", 3). ValueError for anything else.

    >>> bool(stream(1, "H0").random() == stream(1, "H0").random())
    True
    """
    if not _is_integer(seed) or not 0 <= seed < SEED_BOUND:
        raise ValueError(
            f"expected a seed that is an integer with 0 <= seed < 2**63, came {seed!r}; "
            "draw one with secrets.randbelow(2**63) and write it down"
        )
    name = json.dumps([int(seed), *map(_checked_part, key)], separators=(",", ":"))
    digest = hashlib.sha256(name.encode("ascii")).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(digest[:16], "little")))


def _checked_part(part: int | str) -> int | str:
    if isinstance(part, str):
        return part
    if _is_integer(part):
        return int(part)
    raise ValueError(
        f"expected the parts of a stream's key to be integers or strings, came {part!r} of type "
        f"{type(part).__name__}; name a real number by its string, and state what it is"
    )


def _is_integer(value: object) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)
