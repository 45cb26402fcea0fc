"""`derive mutate`: what is noticed, what is proved to be no change, what is a hole; the matrix, the JSON, the ledger."""

import json
from dataclasses import replace

import pytest

import derive as package
from derive.kernel.replay import replay
from derive.language import D, Delta, Equation, Trace
from derive.mutants import ALL_KINDS, mutants_of_assumptions, mutants_of_link
from derive.mutate import operator_valued
from derive.noticing import without_meaning
from jain_readings import HEADLINE
from model_case import E, H, V, X, Y, case, tau
from reports import check
from reports.ledger_json import read
from reports.mutants import COLUMNS, EQUIVALENT, NOTICED, OUTCOMES, Finding, matrix, summary
from reports.mutate_command import before_of
from reports.mutating import judge, judge_all

LABELS = ("4", "9")


@pytest.fixture(scope="module")
def kubo():
    derivation = package.load("kubo")
    return derivation, before_of(derivation, check(derivation, only=LABELS, workers=0), 0, "quick")


@pytest.fixture(scope="module")
def jain_before():
    derivation = package.load("jain")
    labels = ["5", "6", "8", "9", "19", "30"]
    return before_of(derivation, check(derivation, only=labels, workers=0, assignment=HEADLINE), 0, "quick")


@pytest.fixture(scope="module")
def found(kubo):
    return judge_all(kubo[1], LABELS, 0, lambda done, total, label: None)


def named(found, label, kind):
    return [one for one in found if (one.label, one.kind) == (label, kind)]


def test_slips_are_noticed_and_multiples_of_zero_are_none(found):
    assert {one.outcome for one in named(found, "4", "factor 2")} == {"equivalent"}  # 2 [rho_0, H] = 0
    for kind in ("sign", "factor 2", "factor 1/2", "drop derivative"):
        assert {one.column for one in named(found, "9", kind)} == {"inference"}
    assert not named(found, "4", "drop term")  # a whole side is no term


def test_every_survivor_carries_a_certificate_that_replays(found):
    survivors = [one for one in found if one.outcome == "equivalent"]
    assert survivors
    for one in survivors:
        assert one.how in EQUIVALENT
        replay(dict(one.certificate))
    assert not [one for one in found if one.outcome != "equivalent" and one.certificate is not None]


def test_the_number_of_workers_does_not_matter(kubo, found):
    assert judge_all(kubo[1], LABELS, 2, lambda done, total, label: None) == found


def test_what_is_left_of_a_refuted_equation_tells():
    derivation = case(Equation(Trace(X), Trace(Y)))
    before = before_of(derivation, check(derivation, only=["1"], workers=0), 0, "quick")
    assert before.pair(("1", 0))[1] == "fails"
    changes = {one.kind: judge(before, one) for one in mutants_of_link(derivation, "1", 0, {})}
    assert {one.column for one in changes.values()} == {"residual"}


def test_a_crash_is_a_hole_with_its_reason(kubo, monkeypatch):
    derivation, before = kubo
    mutant = next(mutants_of_link(derivation, "9", 0, {}))

    def crash(*arguments, **more):
        raise RuntimeError("a defect")

    monkeypatch.setattr("reports.mutating.infer_link", crash)
    assert (judge(before, mutant).outcome, judge(before, mutant).reason) == ("hole", "RuntimeError: a defect")


def test_a_change_to_undecided_is_no_noticing(kubo, monkeypatch):
    derivation, before = kubo
    mutant = next(one for one in mutants_of_link(derivation, "9", 0, {}) if one.kind == "drop derivative")
    assert judge(before, mutant).outcome == "noticed"
    from derive.verdicts import Inference, Truth

    monkeypatch.setattr("reports.mutating.infer_link", lambda *a, **k: Inference("undecided", "gave up"))
    monkeypatch.setattr("reports.mutating.judge_link", lambda *a, **k: Truth("undecided", "gave up"))
    assert judge(before, mutant).outcome == "hole"


def test_a_delta_that_lost_its_energy_is_no_statement():
    """Tr(delta(E - H) X) with E dropped: `no meaning`, never accepted; with H dropped it is one still."""
    claim = Equation(Trace(Delta(E - H) * X), Trace(Delta(E - H) * X))
    derivation = case(claim)
    before = before_of(derivation, check(derivation, only=["1"], workers=0), 0, "quick")
    dropped = {one.place: judge(before, one) for one in mutants_of_link(derivation, "1", 0, {}) if one.kind == "drop term"}
    outcomes = {("term 1" in place): one for place, one in dropped.items()}
    assert outcomes[True].outcome == "no meaning"
    assert outcomes[True].after[0] not in ("valid", "conditional")
    assert outcomes[False].outcome == "noticed"
    assert not without_meaning(derivation, "1", 0, {})


@pytest.mark.parametrize(
    ("label", "kind", "place", "outcome", "said"),
    [
        ("8", "another field", "Omega for Sigma", "no meaning", "more singular"),
        ("9", "another field", "p_E for p_N", "no meaning", "product of distributions"),
        ("8", "drop derivative", "right side", "no meaning", "a step times a delta"),
        ("5", "another field", "p_N for p_E", "hole", "no verdict changes among (6)"),  # (6) is undecided then
        ("5", "drop derivative", "d_E", "hole", "no verdict changes among (6)"),
        ("19", "another field", "Sigma for Omega", "noticed", "does not follow"),  # a second definition of Sigma
        ("30", "H for E", "E for H in u", "hole", "invalid"),  # what has a verdict has a meaning
    ],
)
def test_what_becomes_no_statement_is_told_from_a_hole(jain_before, label, kind, place, outcome, said):
    found = [
        judge(jain_before, one)
        for link in range(len(jain_before.derivation[label].links))
        for one in mutants_of_link(jain_before.derivation, label, link, jain_before.assignment)
        if one.kind == kind and place in one.place
    ]
    assert found
    assert found[0].outcome == outcome
    assert said in found[0].reason


def test_a_crash_is_a_hole_though_it_is_no_statement(monkeypatch):
    derivation = case(Equation(Trace(Delta(E - H) * X), Trace(Delta(E - H) * X)))
    before = before_of(derivation, check(derivation, only=["1"], workers=0), 0, "quick")
    mutant = next(one for one in mutants_of_link(derivation, "1", 0, {}) if one.kind == "drop term" and "term 1" in one.place)

    def crash(*arguments, **more):
        raise RuntimeError("a defect")

    monkeypatch.setattr("reports.mutating.infer_link", crash)
    assert judge(before, mutant).outcome == "hole"


def test_what_vanishes_between_fields_may_be_changed():
    """(39)'s third term holds d_E(V - u(H)), which is zero: a change inside it is proved to say the same."""
    derivation = package.load("jain")
    before = before_of(derivation, check(derivation, only=["39"], workers=0, assignment=HEADLINE), 0, "quick")
    changes = [one for one in mutants_of_link(derivation, "39", 0, HEADLINE) if one.kind == "without the flow"]
    found = [judge(before, one) for one in changes]
    assert changes
    assert [one.outcome for one in found] == ["equivalent"] * len(found)
    assert {one.certificate["kind"] for one in found} == {"fields"}


def test_a_definition_is_noticed_downstream():
    derivation = package.load("golden_rule")
    before = before_of(derivation, check(derivation, only=["2", "4"], workers=0), 0, "quick")
    changes = [judge(before, one) for one in mutants_of_link(derivation, "2", 0, {}, every=False) if one.kind == "factor 2"]
    assert [one.column for one in changes] == ["downstream"] * len(changes)
    assert all("(4) becomes" in one.reason for one in changes)


def test_an_assumption_is_dropped_and_missed():
    derivation = package.load("kubo")
    before = before_of(derivation, check(derivation, only=["4", "5", "6", "7"], workers=0), 0, "quick")
    dropped = {one.label: judge(before, one) for one in mutants_of_assumptions(derivation)}
    assert list(dropped) == ["simple spectrum", "start"]
    assert dropped["start"].kind == "drop assumption"
    assert dropped["start"].outcome in ("noticed", "hole")


def test_a_number_never_becomes_an_operator():
    derivation = case(Equation(Trace(D(H, tau)), Trace(V)))
    changes = list(mutants_of_link(derivation, "1", 0, {}))
    assert changes
    for one in changes:
        assert one.kind in ALL_KINDS
        assert not any(map(operator_valued, one.derivation["1"].claim.args[:2])), one.name


# the values


def test_the_matrix_counts_every_mutant_once(found):
    rows = matrix(found, ALL_KINDS)
    assert sum(sum(row.values()) for row in rows.values()) == len(found)
    assert all(tuple(row) == COLUMNS for row in rows.values())
    told = summary(found, ALL_KINDS)
    assert told["mutants"] == sum(told["outcomes"].values()) == len(found)
    assert told["holes"] == [one.name for one in found if one.outcome == "hole"]


def test_an_unknown_outcome_is_refused():
    with pytest.raises(ValueError, match="expected one of"):
        Finding("1", 0, "claim", "sign", "", ("", ""), ("", ""), "passed", "", "")
    assert set(NOTICED) < set(COLUMNS)
    assert "hole" in OUTCOMES


# the command


def test_the_command_prints_the_matrix_and_writes_every_mutant(derive, tmp_path):
    path = tmp_path / "mutants.json"
    code, out, err = derive("mutate", "kubo", "9", "--json", path)
    data = json.loads(path.read_bytes())
    assert (code, err) == (0, "")
    assert out.splitlines()[0].split() == " ".join(["change", *COLUMNS, "all"]).split()
    assert out.splitlines()[-1].startswith(f"{len(data['mutants'])} mutants: ")
    assert (data["format"], data["case"], data["seed"]) == (1, "kubo", 0)
    assert data["summary"]["mutants"] == len(data["mutants"])


def test_a_ledger_gives_the_verdicts_and_keeps_the_matrix(derive, tmp_path):
    ledger, first = tmp_path / "ledger.json", tmp_path / "first.json"
    derive("check", "kubo", "--json", ledger)
    before = read(ledger)
    assert derive("mutate", "kubo", "4", "--ledger", ledger, "--json", first)[0] == 0
    after = read(ledger)
    assert after.summary["mutants"] == json.loads(first.read_bytes())["summary"]
    assert replace(after, summary={k: v for k, v in after.summary.items() if k != "mutants"}) == before
    assert derive("replay", ledger)[0] == 0
    assert derive("replay", ledger, "--second")[0] == 0
    assert derive("replay", ledger, "--case", "jain")[0] == 2


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        ((), 2, "expected CASE"),
        (("nowhere",), 3, "nowhere"),
        (("kubo", "99"), 2, "came '99'"),
        (("kubo", ","), 2, "expected labels separated by commas"),
        (("kubo", "--seed", "-1"), 2, "--seed"),
        (("kubo", "--profile", "slow"), 2, "profiles"),
        (("kubo", "--json", "/no/such/folder/x.json"), 2, "cannot write"),
        (("kubo", "--ledger", "/no/such/ledger.json"), 2, "cannot read"),
    ],
    ids=str,
)
def test_bad_input_gets_one_line(derive, arguments, code, complaint):
    came, out, err = derive("mutate", *arguments)
    assert (came, out) == (code, "")
    assert err.startswith("error: ")
    assert complaint in err
    assert err.count("\n") == 1


def test_a_ledger_of_another_case_or_version_is_refused(derive, tmp_path):
    path = tmp_path / "ledger.json"
    derive("check", "golden_rule", "--only", "2", "--json", path)
    stored = path.read_bytes()
    came, _, err = derive("mutate", "kubo", "--ledger", path)
    assert (came, "came one of golden_rule" in err) == (2, True)
    for old, new, complaint in (
        (b'"case": "golden_rule"', b'"case": "kubo"', "this version"),
        (b'"format": 1', b'"format": 2', "format"),
        (stored[-40:], b"", "cut off"),
    ):
        path.write_bytes(stored.replace(old, new))
        came, _, err = derive("mutate", "kubo", "2", "--ledger", path)
        assert (came, complaint in err, err.count("\n")) == (2, True, 1), err
        assert path.read_bytes() == stored.replace(old, new)  # nothing is written
    path.write_bytes(stored)
    for more, complaint in ((("--seed", "5"), "seed 5"), ((), "step 1"), (("4",), "step 4")):
        came, _, err = derive("mutate", "golden_rule", *more, "--ledger", path)
        assert (came, complaint in err, err.count("\n")) == (2, True, 1), err
