"""Equations between smooth fields: what follows, what fails, and evidence that must be refused."""

import copy

import pytest

import derive
from derive.kernel import KernelError
from derive.kernel.replay import replay, sealed
from derive.kernel.smooth import from_levels
from derive.language import Chain, D, Equation
from derive.mutate import mutations
from derive.prover import infer

JAIN = derive.load("jain")
FIRST = {reading.name: next(iter(reading.options)) for reading in JAIN.readings}
SAME = ("swap factors",)  # fields commute


def judged(label, derivation=JAIN, **chosen):
    return infer(derivation, label, {**FIRST, **chosen}, seconds=30)


def evidence(label, link):
    found = judged(label)[link]
    return found.certificate or found.countermodel


def test_as_printed():
    """(36): the product rule is not obeyed; (37) is wrong, but (38) follows from it; (44) needs (16), which it does not cite."""
    assert [found.verdict for found in judged("36")] == ["conditional", "invalid"]
    (found,) = judged("38")
    assert found.verdict == "conditional"
    assert "37" in found.premises
    assert "nonzero density of states" in found.assumptions
    found = judged("44")[1]
    assert found.verdict == "conditional"
    assert "citation of (16)" in found.assumptions


def test_the_rate_of_p1_follows_for_the_homogeneous_part_only():
    assert judged("45", p1="homogeneous")[1].verdict == "conditional"
    assert judged("45", p1="whole")[1].verdict == "undecided"


@pytest.mark.parametrize("label", ["38", "44"])
def test_slips_are_refuted(label):
    claim = JAIN[label].claim
    slips = [m for m in mutations(claim) if m.kind not in SAME and JAIN[label].role_of(JAIN[label].links[m.link]) == "claim"]
    assert len(slips) >= 6
    for slip in slips:
        found = judged(label, JAIN.with_claim(label, slip.claim))[slip.link]
        assert found.verdict == "invalid", slip.place
        assert replay(found.countermodel) is None


def test_the_step_follows_the_premise():
    """Without (37) the last link of (36), wrong too, still gives (38); with that made right, nothing does."""
    sigma, integral = JAIN["37"].claim.lhs.args[0].args
    changed = JAIN.with_claim("37", Equation(sigma * D(integral, JAIN["37"].claim.lhs.args[1]) * 0, 0))
    (found,) = judged("38", changed)
    assert (found.verdict, "36.2" in found.premises, "37" in found.premises) == ("conditional", True, False)
    first, second = JAIN["36"].links
    (found,) = judged("38", changed.with_claim("36", Chain(first, Equation(second.lhs, first.lhs))))
    assert found.verdict == "invalid"


def test_a_premise_of_36_made_right():
    """Its last link with the product rule carried through holds."""
    first, second = JAIN["36"].links
    right = Chain(first, Equation(second.lhs, first.lhs))
    assert judged("36", JAIN.with_claim("36", right))[1].verdict == "conditional"


def changes(found):
    """Forgeries of one piece of evidence, each with the seal of its own bytes."""
    for change in (
        lambda e: e.update(claim=[e["claim"][0], ["num", "7"]]),
        lambda e: e.update(nonzero=[]),
        lambda e: e["values"].update(dict.fromkeys([next(k for k in e["values"] if "Sigma" in k and k.endswith("())"))], "-1")),
        lambda e: e.update(values={}),
        lambda e: e.update(answer="true"),
        lambda e: e.update(rewrites=[]),
    ):
        forged = copy.deepcopy({k: v for k, v in found.items() if k != "digest"})
        change(forged)
        yield sealed(forged)


@pytest.mark.parametrize(("label", "link"), [("36", 1), ("38", 0), ("44", 1)])
def test_forgeries_are_refused(label, link):
    found = evidence(label, link)
    replay(found)
    for forged in changes(found):
        with pytest.raises(KernelError):
            replay(forged)


def test_a_step_more_or_less_is_refused():
    found = evidence("38", 0)
    assert found["steps"]
    for steps in ([], found["steps"] * 2, [[99, [], found["steps"][0][2]]]):
        with pytest.raises(KernelError):
            replay(sealed({**{k: v for k, v in found.items() if k != "digest"}, "steps": steps}))


def test_a_witness_is_the_kernels_own():
    found = evidence("36", 1)
    with pytest.raises(KernelError):
        replay(sealed({**{k: v for k, v in found.items() if k != "digest"}, "witness": ["1", "0"]}))


@pytest.mark.parametrize(
    "right",
    [
        ("op", "X", "", (), 0),
        ("prod", ("bra", "n"), ("op", "X", "", (), 0), ("ket", "n")),
        ("prod", ("bra", "n"), ("fun", "f", (0,), (("ham", "H", ()),), 1, 0)),
    ],
)
def test_only_functions_of_h_leave_the_levels(right):
    with pytest.raises(KernelError):
        from_levels((("fun", "p", (0,), (("level", "n"),), 1, 0), right), "energy:E")


def test_the_levels_are_left_only_where_the_coarse_graining_is_cited():
    from dataclasses import replace

    steps = tuple(replace(step, cites=("3", "25")) if step.label == "44" else step for step in JAIN.steps)
    assert judged("44", replace(JAIN, steps=steps))[1].verdict not in ("valid", "conditional")
