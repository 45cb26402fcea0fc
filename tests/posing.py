"""A claim posed under premises of one's own, for the tests of what follows and what does not."""

from derive import Derivation, Step
from derive.language import Equation
from derive.prover import infer


def infer_posed(claim, *premises, later=(), spoken=None):
    """The inference of a claim; each equation is a pair of sides.  `later` are definitions that stand after the claim, `spoken`
    an equation that is not cited, so that what it speaks of is not new."""
    steps = [] if spoken is None else [Step("spoken of", "postulate", Equation(*spoken))]
    steps += [Step(f"P{k}", "postulate", Equation(*sides)) for k, sides in enumerate(premises)]
    steps.append(Step("C", "claim", Equation(*claim), cites=tuple(f"P{k}" for k in range(len(premises)))))
    steps += [Step(f"A{k}", "definition", Equation(*sides)) for k, sides in enumerate(later)]
    (found,) = infer(Derivation(name="posed", title="posed", source="tests", steps=tuple(steps)), "C", {}, seconds=20)
    return found


def posed(claim, *premises, later=(), spoken=None):
    """The verdict alone."""
    return infer_posed(claim, *premises, later=later, spoken=spoken).verdict
