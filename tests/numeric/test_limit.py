"""Truth in the limit of many levels: the repaired equations tend to nothing, others do not, and nothing is hidden."""

import ast
import dataclasses
from fractions import Fraction

import numpy as np
import pytest

import numeric.limit
from checkout import ROOT
from derive.language import Chain, D, Equation, Integral, Product, Trace, choices_in, subexpressions
from judging import JAIN, PRINTED, SEED, truths
from numeric.coarse.drives import drive
from numeric.coarse.functions import Given
from numeric.denote import opened
from numeric.functions import Bell
from numeric.limit import EFFORTS, Campaign, Effort, Group, Question, asked, in_the_limit
from numeric.recognise import read
from numeric.refusals import IllPosed, OutOfTime, Refusal
from numeric.truth import _premises
from numeric.window import check_smooth, scales, time_and_width

CHOSEN = {"limits and sums": "restored"}
RESTORED = {**PRINTED, **CHOSEN}
READ = read(JAIN, RESTORED)
QUICK = EFFORTS["quick"]
HALF = Fraction(1, 2)

T1 = JAIN["42"].claim.lhs
FLUX = JAIN["42"].claim.rhs.args[0].args[1]  # int dE g d_E[Sigma d_E rho_0' G2]
EXTRA = JAIN["42"].claim.rhs.args[1].args[1].args[1]  # int dE g Sigma d_E rho_0' d_E G2
g_of_E, (RHO0, SIGMA, G2) = (
    EXTRA.args[0].args[0],
    (EXTRA.args[0].args[2].args[0], EXTRA.args[0].args[1], EXTRA.args[0].args[3].args[0]),
)
E = EXTRA.args[1]


def question(equation, label="42", **choices):
    """The equation in the place of the step's claim."""
    found = read(JAIN, {**RESTORED, **choices})
    known = _premises(JAIN, found, JAIN[label], 0, None)
    used = dict.fromkeys(known[part] for part in opened(equation, known) if part in known)
    return Question(equation, tuple(used), found.roles)


def resolved(label, link=0, **choices):
    return read(JAIN, {**RESTORED, **choices}).claims[label].links[link]


def verdicts(equation, groups=QUICK.groups, seed=SEED, **options):
    effort = dataclasses.replace(QUICK, groups=tuple(groups), **options)
    return Campaign((question(equation),), seed, effort).truth(0)


# The equation for T1 -------------------------------------------------------------------------------------


def repaired(c, d=0):
    """T1 = c int g d_E[Sigma G2 d_E rho_0'] + d int g Sigma d_E rho_0' d_E G2."""
    return Equation(T1, Product(c, FLUX) + Product(d, EXTRA) if d else Product(c, FLUX))


def with_coefficients(label, c, d):
    """The encoded step with other coefficients of its last two terms, as a sum over all of them."""
    transport = JAIN["43"].claim.links[1].lhs.args[:2] if label == "43" else JAIN["45"].claim.links[1].lhs.args[:2]
    left = JAIN[label].claim.links[1].lhs
    flux, extra = left.args[2].args[1], left.args[3].args[1]
    made = transport[0] + transport[1] + Product(-c, flux) + Product(d, extra)
    if label == "43":
        first = JAIN["43"].claim.links[0]
        test = first.rhs.args[1].args[0].args[0]
        links = (Equation(first.lhs, -Integral(test * made, E), "claim"), Equation(made, 0, "condition"))
    else:
        links = (JAIN["45"].claim.links[0], Equation(made, 0))
    return JAIN.with_claim(label, Chain(*links))


@pytest.mark.parametrize("seed", [SEED, 2, 3])
def test_half_the_flux_without_the_extra_term_is_true(seed):
    changed = JAIN.with_claim("42", repaired(HALF))
    truth = truths(changed, "42", seed=seed, **CHOSEN)[0]
    assert truth.verdict == "asymptotic", truth.reason
    assert "N to infinity first" in truth.limit
    assert {m["ensemble"] for m in truth.measurements} == {"GOE", "GUE", "GSE"}


@pytest.mark.parametrize(
    ("c", "d"),
    [
        (-1, -HALF),  # as printed
        (-1, 0),
        (-HALF, 0),
        (1, 0),
        (Fraction(1, 4), 0),
        (Fraction(2, 5), 0),
        (Fraction(3, 5), 0),
        (HALF, HALF),
        (HALF, -HALF),
        (HALF, Fraction(1, 4)),
        (1, -HALF),
        (0, 1),
    ],
    ids=range(12),
)
def test_other_coefficients_are_false(c, d):
    changed = JAIN.with_claim("42", repaired(c, d))
    assert truths(changed, "42", **CHOSEN)[0].verdict == "fails"


@pytest.mark.parametrize("label", ["43", "45"])
def test_equations_for_the_next_term_follow_their_coefficients(label):
    printed = truths(JAIN, label, **CHOSEN)
    assert printed[-1].verdict == "fails"
    same = truths(with_coefficients(label, 1, -HALF), label, **CHOSEN)
    assert [x.verdict for x in same] == [x.verdict for x in printed]
    mended = truths(with_coefficients(label, HALF, 0), label, **CHOSEN)
    assert all(x.verdict in ("asymptotic", "not-applicable") for x in mended), [x.reason for x in mended]
    assert truths(with_coefficients(label, HALF, HALF), label, **CHOSEN)[-1].verdict == "fails"


def test_drives_tell_apart_what_an_independent_one_cannot():
    """With G2 ~ Sigma, Sigma' G2 = Sigma G2': a wrong equation passes there, and fails on a shaped drive."""
    rho = D(RHO0, E)
    wrong = Equation(T1, HALF * Integral(g_of_E * SIGMA * G2 * D(rho, E), E) + Integral(g_of_E * D(SIGMA, E) * G2 * rho, E))
    blind, seeing = Group("GUE", "independent", "gumbel"), Group("GUE", "rising", "gaussian")
    assert verdicts(wrong, [blind]).verdict == "asymptotic"
    assert verdicts(wrong, [seeing]).verdict == "fails"
    both = verdicts(wrong, [blind, seeing])
    assert both.verdict == "fails"
    assert "rising" in both.reason
    assert "independent" not in both.reason


def test_flux_is_constant_on_the_flat_drive_alone():
    """d_E(Sigma int C ds) = 0 for a^2 ~ 1/Sigma: of the real part; the imaginary part does not care."""
    claim = resolved("37")
    real = Equation(D(SIGMA * G2, E), 0)
    flat, rising = Group("GUE", "flat", "gaussian"), Group("GUE", "rising", "gaussian")
    held, lost = (verdicts(real, [group], samples=((176, 40), (280, 30), (432, 20))) for group in (flat, rising))
    assert held.verdict != "fails"
    assert lost.verdict == "fails"
    assert held.measurements[-1]["residual"] < 0.15 < 0.5 < lost.measurements[-1]["residual"]
    assert verdicts(claim, [flat]).verdict == "fails"


def test_real_and_imaginary_part_are_judged_apart():
    truth = truths(JAIN, "41")[0]
    assert truth.verdict == "fails"
    assert {m["part"] for m in truth.measurements} == {"imaginary"}
    assert all(abs(m["limit"]) > 0.1 for m in truth.measurements)


def test_whole_paper_is_not_one_verdict():
    found = {label: truths(JAIN, label, **CHOSEN)[link].verdict for label, link in (("36", 0), ("36", 1), ("37", 0), ("38", 0))}
    assert found == {"36": "fails", "37": "fails", "38": "fails"}
    assert truths(JAIN, "36", **CHOSEN)[0].verdict == "asymptotic"


# How it is measured --------------------------------------------------------------------------------------


def small(**options):
    return Effort(
        **{
            "groups": (Group("GUE", "rising", "gaussian"),),
            "samples": ((96, 4), (128, 3), (192, 2)),
            "tolerance": 0.1,
            "mean_squares": True,
        }
        | options
    )


def test_a_lower_limit_that_is_not_printed_does_not_matter():
    """Begun at 0 or at any fixed time: the same limit, so that the print need not say."""
    body = JAIN["29"].claim.links[0].rhs
    printed = read(JAIN, PRINTED).claims["29"].links[0].rhs
    restored = read(JAIN, RESTORED).claims["29"].links[0].rhs
    assert body != printed != restored
    assert asked(Equation(printed, 0), (), READ.roles) == asked(Equation(restored, 0), (), READ.roles)
    fixed = JAIN["35"].claim.lhs.arguments[0]  # a fast time that is not t: of the order of t_c
    other = _with_lower_limit(restored, fixed)
    assert other != restored
    assert verdicts(Equation(restored, other)).verdict == "asymptotic"
    assert verdicts(Equation(restored, 2 * other)).verdict == "fails"


def _with_lower_limit(e, place):
    if isinstance(e, Integral) and e.args[1].kind == "time":
        return Integral(e.args[0], e.args[1], place, e.args[3])
    return e.func(*(_with_lower_limit(part, place) for part in e.args)) if e.args else e


def test_same_seed_same_truth_and_other_seed_another():
    one = question(repaired(HALF))
    first, again, other = (Campaign((one,), seed, small()).truth(0) for seed in (1, 1, 2))
    assert first == again
    assert first.measurements != other.measurements


def test_a_campaign_that_is_broken_off_goes_on_and_ends_the_same():
    one = question(repaired(HALF))
    whole = Campaign((one,), 1, small()).truth(0)
    campaign = Campaign((one,), 1, small())
    with pytest.raises(OutOfTime):
        campaign.truth(0, deadline=0.0)
    assert not any(campaign.tables.values())
    campaign.tables[campaign.effort.groups[0], 96] = campaign._samples(campaign.effort.groups[0], 96, [0])
    assert campaign.truth(0) == whole


def test_company_changes_nothing():
    """A question alone and among others has the same measurements."""
    one, other = question(repaired(HALF)), question(repaired(1))
    alone = Campaign((one,), 1, small()).truth(0)
    assert Campaign((other, one), 1, small()).truth(1) == alone
    assert in_the_limit(one, lambda: [other], 1, "quick", float("inf")) == Campaign((one,), 1, QUICK).truth(0)


def test_a_question_that_is_refused_leaves_the_others_alone():
    one, bad = (
        question(repaired(HALF)),
        question(resolved("30", **{"limits and sums": "as printed"}), **{"limits and sums": "as printed"}),
    )
    campaign = Campaign((bad, one), 1, small())
    with pytest.raises(Refusal, match="not printed"):
        campaign.truth(0)
    assert campaign.truth(1) == Campaign((one,), 1, small()).truth(0)


@pytest.mark.parametrize("law", ["GOE", "GUE", "GSE"])
def test_mean_squares_change_no_mean(law):
    """The elements of W at their root mean square: every term keeps its mean, within four standard errors."""
    group, one = Group(law, "rising", "gaussian"), question(repaired(HALF))
    found = {}
    for flag, count in ((True, 20), (False, 160)):
        campaign = Campaign((one,), 5, small(groups=(group,), mean_squares=flag))
        table = np.stack([row[0] for row in campaign._samples(group, 192, range(count))])
        found[flag] = table.mean(axis=0), table.std(axis=0, ddof=1) / count**0.5, table.sum(axis=2).std(axis=0, ddof=1)
    apart = np.abs(found[True][0] - found[False][0])
    error = np.hypot(found[True][1], found[False][1])
    assert (apart <= 4 * error + 1e-9).all()
    assert found[True][2].max() < found[False][2].max() / 2  # of the residual, whose noise is that of the moduli


@pytest.mark.parametrize("law", ["GOE", "GUE", "GSE"])
def test_without_phases_nothing_changes(law):
    """T1, its flux and the encoded correlation are traces of two matrices: the moduli alone give the same numbers."""
    group = Group(law, "rising", "gaussian")
    campaign = Campaign((question(repaired(HALF)), question(resolved("36"))), 5, small(groups=(group,)))
    bare = campaign._samples(group, 192, [0])[0]
    assert not campaign.with_phases
    campaign.with_phases |= {0, 1}
    whole = campaign._samples(group, 192, [0])[0]
    for a, b in zip(bare, whole, strict=True):
        assert np.abs(a - b).max() < 1e-10 * np.abs(b).max()


def test_a_product_of_three_matrices_has_its_phases():
    """Tr g V V V: refused without phases, and then read on a sample that has them."""
    dH = next(part for part in subexpressions(JAIN["31"].claim.rhs) if isinstance(part, D))
    cubed = Equation(Trace(g_of_E.function(dH.args[0]) * dH * dH * dH), 0)
    campaign = Campaign((question(cubed), question(repaired(HALF))), 5, small())
    row = campaign._samples(small().groups[0], 96, [0])[0]
    assert campaign.with_phases == {0}
    assert np.abs(row[0]).max() > 0


def test_samples_read_together_are_those_read_alone():
    one = question(repaired(HALF))
    campaign = Campaign((one,), 5, small())
    together = campaign._samples(small().groups[0], 96, range(3))
    for index, row in enumerate(together):
        alone = Campaign((one,), 5, small())._samples(small().groups[0], 96, [index])[0]
        assert np.abs(row[0] - alone[0]).max() < 1e-12 * np.abs(alone[0]).max()


def test_nothing_to_measure_is_undecided():
    zero = Equation(Product(0, FLUX), Product(0, EXTRA))
    assert Campaign((question(zero),), 1, small()).truth(0).verdict == "undecided"


def test_a_size_without_window_is_refused_with_the_least_that_has_one():
    with pytest.raises(IllPosed, match=r"no window at size 16: .* the least size is \d+"):
        Campaign((question(repaired(HALF)),), 1, small(samples=((16, 2), (96, 2), (192, 2)))).truth(0)


def narrow(breadth):
    """A bell of that breadth in the middle, and smooth functions of the state."""
    return Given((Bell((1.0,), 0.0, 1 / (2 * breadth**2)),), (Bell((1.0,), 0.5), Bell((1.0,), 0.1, 0.1)))


def test_a_test_function_that_is_not_smooth_on_the_width_is_refused_with_the_width_that_would_do():
    one = question(repaired(HALF))
    assert Campaign((one,), 1, small(), functions=narrow(0.4)).truth(0).verdict in ("asymptotic", "undecided")
    with pytest.raises(
        IllPosed, match=r"test function number 1 is not smooth on the width .* the largest width for it is 0\.0\d+"
    ):
        Campaign((one,), 1, small(), functions=narrow(0.1)).truth(0)
    rough = Given(narrow(0.4).tests, (Bell((1.0,), 0.0, 60.0), Bell((1.0,), 0.1)))
    with pytest.raises(IllPosed, match="state of order 0 is not smooth"):
        Campaign((one,), 1, small(), functions=rough).truth(0)


def test_the_width_that_is_named_is_the_largest():
    found = scales("GUE", drive("rising"), 0.8, SEED)
    with pytest.raises(IllPosed) as refused:
        check_smooth(narrow(0.1), 0.2, 1.0)
    allowed = float(str(refused.value).split("for it is ")[1].split(";")[0])
    check_smooth(narrow(0.1), 0.99 * allowed, 1.0)
    with pytest.raises(IllPosed):
        check_smooth(narrow(0.1), 1.02 * allowed, 1.0)
    assert found.memory > 0


def test_a_time_beyond_heisenbergs_is_refused_with_the_latest_that_is_allowed():
    one = question(repaired(HALF))
    with pytest.raises(IllPosed, match=r"the time 1e\+04 lies outside the window: the nearest allowed is \d.*Heisenberg"):
        Campaign((one,), 1, small(), time=1e4).truth(0)
    with pytest.raises(IllPosed, match="the time 1e-06 lies outside the window"):
        Campaign((one,), 1, small(), time=1e-6).truth(0)
    found = scales("GUE", drive("rising"), 0.8, SEED)
    latest = found.heisenberg * 256 / 6
    assert time_and_width(found, 1.0, 256, latest)[0] == latest
    with pytest.raises(IllPosed, match="Heisenberg"):
        time_and_width(found, 1.0, 256, 1.01 * latest)
    with pytest.raises(IllPosed, match="width"):
        time_and_width(found, 1.0, 256, width=2.0)


def test_a_measurement_outside_the_window_gives_no_verdict():
    """In the judge it is a reason to be undecided, never a pass."""
    effort = small(samples=((16, 2), (20, 2), (24, 2)))
    with pytest.raises(IllPosed, match="no window"):
        Campaign((question(repaired(HALF)),), 1, effort).truth(0)


@pytest.mark.parametrize("group", sorted({(g.law, g.drive) for e in EFFORTS.values() for g in e.groups}))
def test_every_size_that_is_used_has_a_window(group):
    law, name = group
    chosen = drive(name)
    found = scales(law, chosen, 0.8, SEED)
    for size in {found.degeneracy * levels for effort in EFFORTS.values() for levels, _ in effort.samples}:
        t, width = time_and_width(found, chosen.stretch, size)
        assert found.memory < t < found.heisenberg * size
        assert width > 0


# No equation is known by name ----------------------------------------------------------------------------


def words_of(text):
    return {node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def forbidden_words():
    """Labels, names of readings and their options, letters of the case."""
    names = {step.label for step in JAIN} | {prose.label for prose in JAIN.prose} | {reading.name for reading in JAIN.readings}
    return names | {label for step in JAIN for labels in choices_in(step.claim).values() for label in labels if " " in label}


def test_no_function_knows_a_label_or_a_reading():
    assert "as printed" in forbidden_words()
    assert words_of("x = '42'") & forbidden_words()
    for path in sorted((ROOT / "numeric").rglob("*.py")):
        found = words_of(path.read_text(encoding="utf-8")) & forbidden_words()
        assert not found, f"{path.name} holds {found}"


def test_efforts_name_all_three_ensembles_and_both_kernels():
    for effort in numeric.limit.EFFORTS.values():
        assert {group.law for group in effort.groups} == {"GOE", "GUE", "GSE"}
        assert {group.kernel for group in effort.groups} == {"gaussian", "gumbel"}
    assert {group.drive for group in EFFORTS["full"].groups} >= {"independent", "rotating", "flat", "rising", "hump"}
