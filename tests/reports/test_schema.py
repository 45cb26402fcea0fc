"""The schema of the ledger: what the program writes obeys it, what was edited does not, and it names what the program knows."""

import copy
import json
from importlib import resources

import jsonschema
import pytest

import derive
from derive.audits.answer import QUESTIONS
from derive.audits.answer import VERDICTS as ANSWERS
from derive.language.relations import ROLES
from derive.verdicts import INFERENCE_ORDER, TRUTH_ORDER
from reports import check
from reports.ledger import FORMAT, PROSE_VERDICTS, STANDING_ORDER
from reports.ledger_json import encode
from reports.request import SECONDS

SCHEMA = json.loads((resources.files("reports") / "ledger.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


@pytest.fixture(scope="module")
def paper():
    """A valid, a conditional, an exact and a refuted step, with audits, of the paper; and a claim in words."""
    return json.loads(encode(check(derive.load("jain"), only=["15", "24", "37", "47", "W3"], workers=0)))


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_a_ledger_obeys_it(paper):
    assert list(VALIDATOR.iter_errors(paper)) == []
    assert paper["audits"]


def test_a_played_ledger_obeys_it(small, play):
    play(inferences={"2": "invalid", "3": "conditional", "4": "undecided"}, truths={"2": "fails", "3": "asymptotic"})
    assert list(VALIDATOR.iter_errors(json.loads(encode(check(small, workers=0))))) == []


def edited(ledger, path, value):
    changed = copy.deepcopy(ledger)
    *way, last = path
    place = changed
    for key in way:
        place = place[key]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return changed


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("format",), 2),
        (("seed",), -1),
        (("seed",), None),
        (("steps", 0, "role"), "guess"),
        (("steps", 0, "inference", "verdict"), "certain"),
        (("steps", 0, "inference", "certificate"), 3),
        (("steps", 0, "links"), []),
        (("steps", 0, "opinion"), "good"),
        (("steps", 0, "truth", "measurements", 0, "size"), "large"),
        (("steps", 0, "standing"), None),
        (("summary", "headline", "search"), "lucky"),
        (("summary", "lost_at"), "37"),
        (("audits", 0, "question"), "beauty"),
        (("prose", 0, "verdict"), "yes"),
    ],
)
def test_an_edited_ledger_does_not(paper, path, value):
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(edited(paper, path, value))


def test_a_verdict_without_its_evidence_does_not(paper):
    """valid and conditional need a certificate, invalid a countermodel; each has no other."""
    steps = {step["inference"]["verdict"]: number for number, step in enumerate(paper["steps"])}
    for verdict, wrong in (("valid", "certificate"), ("conditional", "certificate"), ("invalid", "countermodel")):
        changed = copy.deepcopy(paper)
        changed["steps"][steps[verdict]]["inference"][wrong] = None
        with pytest.raises(jsonschema.ValidationError):
            VALIDATOR.validate(changed)


def test_its_words_are_the_program_s():
    definitions = SCHEMA["$defs"]
    assert SCHEMA["properties"]["format"]["const"] == FORMAT
    assert tuple(definitions["inference"]["properties"]["verdict"]["enum"]) == INFERENCE_ORDER
    assert tuple(definitions["truth"]["properties"]["verdict"]["enum"]) == TRUTH_ORDER
    assert tuple(definitions["standing"]["enum"]) == STANDING_ORDER
    assert tuple(definitions["role"]["enum"]) == ROLES
    assert tuple(definitions["prose"]["properties"]["verdict"]["enum"]) == PROSE_VERDICTS
    assert definitions["audit"]["properties"]["question"]["enum"] == list(QUESTIONS)
    assert tuple(definitions["audit"]["properties"]["verdict"]["enum"]) == ANSWERS
    assert definitions["summary"]["properties"]["profile"]["enum"] == list(SECONDS)
