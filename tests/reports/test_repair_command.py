"""`derive repair`: the proposal, what becomes of the verdicts, the JSON, the exit codes and what is refused."""

import json

import pytest

from derive import load
from derive.language import Equation, Product
from reports.repair_command import encode, mend


@pytest.fixture(scope="module")
def found():
    return mend(load("jain"), "42")


def test_the_repaired_step_is_checked_like_any_other(found):
    (one,) = found.links
    assert one.before[1].verdict == "fails"
    assert one.after[1].verdict == "asymptotic"
    assert not found.open


def test_json_has_the_factors_and_both_verdicts(derive, found):
    code, out, err = derive("repair", "jain", "42", "--json", "-")
    assert (code, err) == (0, "")
    assert out.encode() == encode(found)
    data = json.loads(out)
    assert list(data) == ["format", "case", "label", "given", "seed", "profile", "assignment", "links"]
    (link,) = data["links"]
    assert [factor["proposed"] for factor in link["factors"]] == ["1", "-1/2", "0"]
    assert (link["before"]["truth"]["verdict"], link["after"]["truth"]["verdict"]) == ("fails", "asymptotic")
    assert link["equation"] != link["printed"]


def test_what_no_factor_mends_is_open(derive, tmp_path):
    path = tmp_path / "out.json"
    code, out, err = derive("repair", "jain", "37", "--json", str(path))
    assert (code, err) == (4, "")
    assert "no factor of the others mends that" in " ".join(out.split())
    (link,) = json.loads(path.read_text())["links"]
    assert (link["equation"], link["after"]) == (None, None)


def test_a_true_step_needs_no_repair(derive):
    code, out, _ = derive("repair", "jain", "24")
    assert code == 0
    assert "nothing to repair" in out


def test_a_slip_is_mended_and_follows_again():
    """d_tau Sigma + 3 d_E(Sigma u) = 0 is refuted twice; with 1/3 of its second term it follows and is exact."""
    jain = load("jain")
    moved, carried = jain["24"].claim.lhs.args
    slip = jain.with_claim("24", Equation(moved + Product(3, carried), 0))
    (one,) = mend(slip, "24").links
    assert [verdict.verdict for verdict in one.before] == ["invalid", "fails"]
    assert [verdict.verdict for verdict in one.after] == ["conditional", "exact"]


def test_a_step_from_a_given_one_is_mended_by_itself():
    """With T1 what (42) says it is, (43) is true of it with the other sign: the two slips of sign compensate each other."""
    (step, _) = mend(load("jain"), "43", given="42").links
    shown = {str(factor.term).partition("(")[0]: factor.proposed for factor in step.repair.factors}
    assert [factor.proposed for factor in step.repair.factors] == [1, -1, -1]
    assert "T1" in shown
    assert step.after[1].verdict in ("exact", "asymptotic")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("jain", "99"), 2, "came '99'"),
        (("jain", "42", "--seed", "-1"), 2, "--seed: expected an integer"),
        (("jain", "42", "--profile", "slow"), 2, "came 'slow'"),
        (("jain", "42", "--json", "/no/such/folder/x.json"), 2, "/no/such/folder"),
        (("nowhere", "42"), 3, "nowhere"),
        (("jain",), 2, "expected LABEL"),
        (("jain", "43", "--given", "99"), 2, "came '99'"),
        (("jain", "43", "--given", "37"), 2, "--given: expected a step whose left side another step defines"),
    ],
)
def test_refusals_are_one_line(derive, arguments, code, words):
    found, out, err = derive("repair", *arguments)
    assert (found, out) == (code, "")
    assert words in err
    assert len(err.splitlines()) == 1
