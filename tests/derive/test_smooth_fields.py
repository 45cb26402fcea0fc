"""Equations between smooth fields: what follows, what fails, and evidence that must be refused."""

import copy

import pytest

import derive
from derive.kernel import KernelError
from derive.kernel.calculus import Frame
from derive.kernel.levels import from_levels
from derive.kernel.replay import replay, sealed
from derive.language import Chain, D, Equation
from derive.mutate import mutations
from derive.prover import infer

JAIN = derive.load("jain")
FIRST = {reading.name: next(iter(reading.options)) for reading in JAIN.readings}
FRAME = Frame("H", ("slow:tau",))
RESTORED = {"limits and sums": "restored"}
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
    assert (found.verdict, found.premises) == ("valid", ("37",))
    found = judged("44")[1]
    assert found.verdict == "conditional"
    assert "citation of (16)" in found.assumptions


def test_the_rate_of_p1_follows_for_the_homogeneous_part_only():
    assert judged("45", p1="homogeneous")[1].verdict == "conditional"
    assert judged("45", p1="whole", **RESTORED)[1].verdict == "invalid"


def test_the_second_half_as_printed():
    """(39) has a factor 2 too many; (42) follows from it, (43) has the sign of (42) lost; (47) needs that nothing grows on
    the fast scale, and holds for the whole of p_1 alone, for which (45) does not."""
    assert judged("39", **RESTORED)[0].verdict == "invalid"
    assert judged("42", **RESTORED)[0].verdict == "conditional"
    assert [found.verdict for found in judged("43", **RESTORED)] == ["invalid", "invalid"]
    (found,) = judged("47", p1="whole", **RESTORED)
    assert (found.verdict, "12" in found.premises) == ("conditional", True)
    assert {name for name in found.assumptions if name.startswith("rho_")} == {
        "rho_1 keeps its diagonal on the fast scale",
        "rho_2 keeps its diagonal on the fast scale",
    }
    assert judged("47", p1="homogeneous", **RESTORED)[0].verdict == "invalid"


@pytest.mark.parametrize("label", ["42", "43", pytest.param("47", marks=pytest.mark.nightly)])
def test_slips_in_the_second_half_are_noticed(label):
    """What follows no longer follows, or needs one more assumption, as that the term which was changed vanishes; of what does not
    follow, the difference changes, unless the slip is what the step needs."""
    derivation, chosen = JAIN, {"p1": "whole", **RESTORED}
    before = judged(label, derivation, **chosen)
    noticed = slips = 0
    for slip in mutations(JAIN[label].claim, ("sign", "factor 2", "drop term")):
        after = judged(label, JAIN.with_claim(label, slip.claim), **chosen)[slip.link]
        slips += 1
        old = before[slip.link]
        assert after.verdict != "undecided", slip.place
        if old.verdict == "invalid":
            noticed += (after.verdict, after.countermodel) != (old.verdict, old.countermodel)
        else:
            noticed += after.verdict == "invalid" or set(after.assumptions) > set(old.assumptions)
    assert noticed == slips >= 6


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


@pytest.mark.parametrize(("label", "link"), [("36", 1), ("44", 1)])
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


N = ("fun", "p", (0,), (("level", "n"),), 1, 0)
X = ("op", "X", "", (), 0)
ELEMENT = ("prod", ("bra", "n"), X, ("ket", "n"))


def test_what_holds_at_every_level_holds_of_moments():
    left, right = from_levels((N, ELEMENT), "energy:E", FRAME)
    delta = ("delta", 0, ("sum", ("coord", "energy:E"), ("prod", ("num", "-1"), ("ham", "H", ("slow:tau",)))))
    assert left == ("prod", ("fun", "p", (0,), (("coord", "energy:E"),), 1, 0), ("tr", ("prod", delta, ("num", "1"))))
    assert right == ("prod", ("tr", ("prod", delta, X)))


@pytest.mark.parametrize(
    "right",
    [
        X,
        ("prod", ("bra", "n"), X, ("ket", "m")),
        ("prod", ELEMENT, ELEMENT),
        ("prod", ("ket", "n"), X, ("bra", "n")),
        ("prod", ("bra", "n"), ("level", "n"), ("ket", "n")),
        ("lsum", "n", ELEMENT),
        ("d", "slow:tau", ELEMENT),
        ("fun", "p", (0,), (("coord", "energy:E"),), 1, 0),
    ],
)
def test_nothing_else_leaves_the_levels(right):
    with pytest.raises(KernelError):
        from_levels((N, right), "energy:E", FRAME)


def test_the_levels_are_left_only_where_the_coarse_graining_is_cited():
    from dataclasses import replace

    steps = tuple(replace(step, cites=("3", "25")) if step.label == "44" else step for step in JAIN.steps)
    assert judged("44", replace(JAIN, steps=steps))[1].verdict not in ("valid", "conditional")


def test_a_term_that_an_assumption_makes_vanish_may_be_changed_given_that():
    """The third term of (47), with its sign changed: `classical limit`, that it vanishes, is named besides."""
    chosen = {"p1": "whole", **RESTORED}
    (whole,) = judged("47", **chosen)
    slip = next(one for one in mutations(JAIN["47"].claim, ("sign",)) if "term 3" in one.place)
    (found,) = judged("47", JAIN.with_claim("47", slip.claim), **chosen)
    assert (whole.verdict, found.verdict) == ("conditional", "conditional")
    assert set(found.assumptions) - set(whole.assumptions) == {"classical limit"}
