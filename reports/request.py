"""What may be asked of a check, and how much time it takes for an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from derive import Derivation

SECONDS = {"quick": 60.0, "full": 900.0}  # for one step, by profile
# Products of monomials for the inference of one step, by profile: for all its readings, and for those that numbers refute.
WORK = {"quick": 180_000, "full": 6_000_000}
WORK_ON_FALSE = {"quick": 30_000, "full": 6_000_000}
# Readings beside the headline that are judged where one step follows and another that it cites does not.
MOST_DOUBTS = {"quick": 1, "full": 40}
LARGEST_SEED = 2**63 - 1


class CheckError(ValueError):
    """A check that cannot be started as it was asked for: one line."""


def seed_of(text: str) -> int:
    """The seed that was typed; CheckError for what is no integer that a seed may be."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 40 else -1
    if number < 0:
        raise CheckError(f"--seed: expected an integer from 0 to 2^63 - 1, came {text!r}")
    return number


def check_arguments(
    derivation: Derivation,
    only: Sequence[str] | None,
    seed: int = 0,
    profile: str = "quick",
    assignment: Mapping[str, str] | None = None,
) -> None:
    """CheckError for what `check` would refuse."""
    if isinstance(only, str):
        raise CheckError(f"only: expected a list of labels, came the string {only!r}; write [{only!r}]")
    if only is not None:
        known = [step.label for step in derivation.steps] + [entry.label for entry in derivation.prose]
        unknown = [label for label in only if label not in known]
        if unknown:
            came = ", ".join(map(repr, unknown))
            has = ", ".join(known if len(known) <= 12 else [*known[:3], "...", *known[-3:]])
            raise CheckError(f"expected labels of {derivation.name}, came {came}; it has {has}")
        if not only:
            raise CheckError("expected at least one label, came none; leave `only` out to check every step")
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= LARGEST_SEED:
        raise CheckError(f"expected a seed from 0 to {LARGEST_SEED}, came {seed!r}; choose another")
    if profile not in SECONDS:
        raise CheckError(f"expected one of the profiles {', '.join(SECONDS)}, came {profile!r}; choose one")
    offered = {reading.name: reading.options for reading in derivation.readings}
    for name, label in (assignment or {}).items():
        if name not in offered or label not in offered[name]:
            raise CheckError(f"expected a reading of {derivation.name}, came {name!r}: {label!r}; leave it out")
