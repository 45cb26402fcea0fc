"""Ensembles of random matrices, one file each, and the table of their names.

>>> from numeric.streams import stream
>>> H = ensemble("GSE").sample(stream(7, "H0"), 4)
>>> H.shape, bool((H == H.conj().T).all())
((4, 4), True)
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from numeric.ensembles.base import MAX_SIZE, Ensemble, Matrices
from numeric.ensembles.goe import GOE
from numeric.ensembles.gse import GSE
from numeric.ensembles.gue import GUE
from numeric.ensembles.poisson import Poisson

__all__ = [
    "ENSEMBLES",
    "GOE",
    "GSE",
    "GUE",
    "MAX_SIZE",
    "Ensemble",
    "Matrices",
    "Poisson",
    "ensemble",
]

ENSEMBLES: Final[Mapping[str, type[Ensemble]]] = MappingProxyType(
    {
        "GOE": GOE,
        "GUE": GUE,
        "GSE": GSE,
        "Poisson": Poisson,
    }
)


def ensemble(name: str, sigma2_times_size: float = 1.0) -> Ensemble:
    """The ensemble of that name; ValueError for a name that is not in ENSEMBLES."""
    if name not in ENSEMBLES:
        raise ValueError(
            f"expected the name of an ensemble, one of {', '.join(ENSEMBLES)}; came {name!r}; "
            "a new ensemble is a new file in numeric/ensembles and a line in ENSEMBLES"
        )
    return ENSEMBLES[name](sigma2_times_size)
