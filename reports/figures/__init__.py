"""The pictures of a report: one file for each kind, found by being in this folder.

    ORDER                      where the kind stands among the others
    SOURCES                    what it is held against (may be missing)
    draw(material)             yields Drawn values, of whatever the ledger and the derivation hold that this kind can show

A kind looks at node types, roles and what the ledger holds, never at a label.  What it draws is measured (in the ledger, or here
through the one bridge from the encoding to numbers), never a formula of its own.  A file whose name begins with _ is no kind.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import threadpoolctl

from derive import Derivation
from reports.ledger import Ledger
from reports.view.values import Picture, Source


@dataclass(frozen=True)
class Material:
    """What pictures are drawn from; `assignment` decides the readings."""

    ledger: Ledger
    derivation: Derivation

    @property
    def assignment(self) -> dict[str, str]:
        """The headline's, and the first option of what no judged step leaves open."""
        first = {reading.name: next(iter(reading.options)) for reading in self.derivation.readings if reading.options}
        return first | dict(self.ledger.summary["headline"]["assignment"])


@dataclass(frozen=True)
class Drawn:
    """A picture, and the step on whose card it belongs; of the whole report if there is none."""

    picture: Picture
    step: str = ""


@dataclass(frozen=True)
class Gallery:
    pictures: tuple[Picture, ...]
    of_steps: Mapping[str, Picture]
    sources: tuple[Source, ...]
    remarks: tuple[str, ...]


def gallery(material: Material) -> Gallery:
    """Every picture that some kind can draw, in the order of the kinds; a kind that fails says so and harms no other."""
    pictures: list[Picture] = []
    of_steps: dict[str, Picture] = {}
    sources: dict[str, Source] = {}
    remarks: list[str] = []
    for module in kinds():
        with threadpoolctl.threadpool_limits(limits=1):  # two threads change the last bits, and are slower
            drawn, failure = _attempt(module.draw, material)
        if failure:
            remarks.append(f"no picture of {module.__name__.rpartition('.')[2].replace('_', ' ')}: {failure}")
        for one in drawn:
            if one.step:
                of_steps[one.step] = one.picture
            else:
                pictures.append(one.picture)
                sources |= {source.key: source for source in getattr(module, "SOURCES", ()) if source.key in one.picture.sources}
    return Gallery(tuple(pictures), of_steps, tuple(sources.values()), tuple(remarks))


def kinds() -> list[Any]:
    """The modules of this folder, in their order."""
    names = [info.name for info in pkgutil.iter_modules(__path__) if not info.name.startswith("_")]
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return sorted(modules, key=lambda module: (module.ORDER, module.__name__))


def _attempt(draw: Callable[[Material], Iterable[Drawn]], material: Material) -> tuple[list[Drawn], str]:
    from reports.reasons import described

    found: list[Drawn] = []
    try:
        found.extend(draw(material))
    except Exception as error:  # whatever a derivation of somebody's own does to a picture, the report is written
        return found, described(error)
    return found, ""
