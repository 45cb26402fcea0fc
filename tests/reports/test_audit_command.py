"""`derive audit`: the table, the JSON, the exit codes; and the audits in the ledger."""

import json

import pytest

from derive import load
from derive.audits import QUESTIONS, audit, check_audit
from reports import LedgerError, check
from reports.audit_command import HEADINGS, encode, outcome, summary
from reports.ledger_json import decode
from reports.ledger_json import encode as encode_ledger
from reports.replay import replay

WIDE = 110


@pytest.fixture(scope="module")
def jain():
    return audit(load("jain"))


def edited(data, **changes):
    return {**data, **changes}


def test_the_table_has_every_equation_and_question(derive):
    code, out, err = derive("audit", "jain")
    assert (code, err) == (1, "")
    lines = out.splitlines()
    assert lines[0].split() == ["step", "evolves", *HEADINGS.values()]
    rows = {line.split()[0]: line for line in lines[1:] if line and not line.startswith("(")}
    assert rows["47"].split() == ["47", "eta", "no", "yes", "yes", "no", "yes", "no", "yes", "-", "yes"]
    assert {"24", "25", "44.2", "45.2", "47"} <= set(rows)


@pytest.mark.parametrize("case", ["jain", "smoluchowski"])
def test_no_line_is_too_long_or_ends_in_blanks(derive, case):
    lines = derive("audit", case)[1].splitlines()
    assert all(len(line) <= WIDE and line == line.rstrip() for line in lines)
    assert not any("…" in line for line in lines)  # no reason is cut


def test_the_counts_are_those_of_the_answers(derive, jain):
    counted = derive("audit", "jain")[1].splitlines()[-1]
    assert counted == ", ".join(f"{n} {word}" for word, n in summary(jain).items())
    assert sum(summary(jain).values()) == len(jain)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("jain",), 1),
        (("jain", "44"), 0),
        (("jain", "44,47"), 1),
        (("jain", "1"), 4),
        (("jain", "1", "--allow-undecided"), 0),
        (("smoluchowski",), 0),
    ],
    ids=str,
)
def test_exit_codes(derive, arguments, code):
    assert derive("audit", *arguments)[0] == code


def test_labels_choose_the_steps(derive):
    out = derive("audit", "jain", "44,47", "--json", "-")[1]
    assert {one["label"] for one in json.loads(out)["audits"]} == {"44.2", "47"}


def test_the_json_replays_and_is_the_same_each_time(derive, tmp_path, jain):
    path = tmp_path / "audits.json"
    code, out, _ = derive("audit", "jain", "--json", path)
    assert (code, out[:4]) == (1, "step")
    content = path.read_bytes()
    assert content == encode("jain", jain)
    data = json.loads(content)
    assert list(data) == ["format", "case", "summary", "audits"]
    assert (data["format"], data["case"], data["summary"]) == (1, "jain", summary(jain))
    for one in data["audits"]:
        evidence = one["certificate"] or one["countermodel"]
        assert (evidence is not None) == (one["verdict"] in ("yes", "no"))
        assert evidence is None or check_audit(evidence) == (one["question"], one["verdict"])


def test_every_question_has_a_heading():
    assert list(HEADINGS) == list(QUESTIONS)


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        ((), 2, "expected CASE"),
        (("nowhere",), 3, "nowhere"),
        (("jain", "99"), 2, "came '99'"),
        (("jain", ","), 2, "expected labels separated by commas"),
        (("jain", ""), 2, "expected labels separated by commas"),
        (("jain", "47", "44"), 2, "unexpected extra argument"),
        (("jain", "--only", "47"), 2, "expected an option of this command"),
        (("jain", "--json"), 2, "expected a value after --json"),
        (("jain", "--json", "/no/such/folder/x.json"), 2, "cannot write"),
    ],
    ids=str,
)
def test_bad_input_gets_one_line(derive, arguments, code, complaint):
    came, out, err = derive("audit", *arguments)
    assert (came, out) == (code, "")
    assert err.startswith("error: ")
    assert complaint in err
    assert err.count("\n") == 1


def test_nothing_is_written_where_a_case_is_refused(derive, tmp_path):
    path = tmp_path / "audits.json"
    assert derive("audit", "jain", "99", "--json", path)[0] == 2
    assert not path.exists()


def test_a_case_without_evolution_equations_says_so(derive, mine):
    assert derive("audit", mine) == (4, "no evolution equation was found\n", "")


HOSTILE = """
from derive import Derivation, Step
from derive.language import Coordinate, D, Equation, Function
E, t = Coordinate("E", "energy"), Coordinate("t", "time")
v = Function("v\\x1b[31m", 2)(E, t)
derivation = Derivation("x", "", "", (Step("1\\x1b[2J", "claim", Equation(D(v, t), D(D(v, E), E))),))
"""


def test_control_characters_of_a_users_file_are_not_printed(derive, tmp_path):
    path = tmp_path / "hostile.py"
    path.write_text(HOSTILE, encoding="utf-8")
    code, out, err = derive("audit", path)
    assert "\x1b" not in out + err
    assert code in (0, 1, 2, 3, 4)


def test_exit_codes_of_answers(jain):
    yes = [one for one in jain if one.verdict == "yes"]
    no = [one for one in jain if one.verdict == "no"]
    rest = [one for one in jain if one.verdict == "not-applicable"]
    assert outcome(yes + rest, False) == 0
    assert outcome(yes + no, True) == 1
    assert outcome([], False) == 4
    assert outcome([], True) == 0


# In the ledger ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def content(jain):
    """A ledger of no steps that holds the audits of the paper."""
    from reports.ledger import Ledger

    return encode_ledger(Ledger("jain", 0, {}, {}, (), (), jain))


def test_a_check_holds_the_audits_of_what_it_was_asked(play):
    ledger = check(load("jain"), only=["44"], workers=0)
    assert {one.label for one in ledger.audits} == {"44.2"}
    assert {one.question for one in ledger.audits} == set(QUESTIONS)
    again = decode(encode_ledger(ledger))
    assert again.audits == ledger.audits
    assert encode_ledger(again) == encode_ledger(ledger)


def test_a_case_without_evolution_equations_has_no_such_key(small, play):
    assert b'"audits"' not in encode_ledger(check(small, workers=0))


def test_audits_are_read_back_and_replayed(content, jain):
    again = decode(content)
    assert again.audits == jain
    assert encode_ledger(again) == content
    found = replay(again)
    assert found.refused == ()
    assert found.certificates == summary(jain)["yes"]
    assert found.countermodels == summary(jain)["no"]


def place(data, verdict):
    return next(k for k, one in enumerate(data["audits"]) if one["verdict"] == verdict)


@pytest.mark.parametrize(
    ("verdict", "change"),
    [
        ("yes", {"certificate": None}),
        ("no", {"countermodel": None}),
        ("no", {"verdict": "yes"}),
        ("yes", {"verdict": "no"}),
        ("yes", {"verdict": "undecided"}),
        ("no", {"verdict": "not-applicable"}),
        ("yes", {"question": "stationary"}),
        ("no", {"question": "reality"}),
        ("not-applicable", {"verdict": "yes"}),
        ("not-applicable", {"verdict": "no"}),
        ("yes", {"certificate": {}}),
        ("no", {"countermodel": {"kind": "leak"}}),
    ],
    ids=str,
)
def test_an_answer_that_its_evidence_does_not_show_is_refused(content, verdict, change):
    data = json.loads(content)
    k = place(data, verdict)
    data["audits"][k] = edited(data["audits"][k], **change)
    refused = replay(decode(json.dumps(data))).refused
    assert [one.label for one in refused][:1] == [data["audits"][k]["label"]]


def test_evidence_moved_to_the_other_column_is_refused(content):
    data = json.loads(content)
    k = place(data, "yes")
    stored = data["audits"][k]["certificate"]
    for certificate in (None, stored):
        data["audits"][k] = edited(data["audits"][k], certificate=certificate, countermodel=stored)
        assert replay(decode(json.dumps(data))).refused


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": "good"},
        {"question": "colour"},
        {"reason": 3},
        {"hypotheses": "none"},
        {"hypotheses": [1]},
        {"certificate": "x"},
        {"density": None},
    ],
    ids=str,
)
def test_an_edited_audit_cannot_be_read(content, change):
    data = json.loads(content)
    data["audits"][0] = edited(data["audits"][0], **change)
    with pytest.raises(LedgerError):
        decode(json.dumps(data))


@pytest.mark.parametrize("audits", [None, {}, 3, "x", [1], [{}]], ids=str)
def test_audits_of_another_kind_cannot_be_read(content, audits):
    with pytest.raises(LedgerError):
        decode(json.dumps({**json.loads(content), "audits": audits}))
