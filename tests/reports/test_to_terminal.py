"""The table and the summary as people see them."""

import io

import pytest

from reports import check
from reports.to_terminal import console_for, listed, one_line, shortened, show_ledger

GOLD = """\
step role       inference   truth      standing blame reason
1    definition -           exact      exact          because it is exact
2    claim      invalid     exact      invalid  2     because it is invalid
3    claim      conditional asymptotic invalid  2     because it is conditional
4    claim      valid       fails      fails    2,4   because it is fails
W1   in words   -           undecided  invalid        a claim in words without an encoding: there is nothing …
W2   in words   -           exact      -              because it is exact

case           small, 4 steps, seed 0, profile quick
inference      1 not-applicable, 1 valid, 1 conditional, 1 invalid
truth          2 exact, 1 asymptotic, 1 fails
in words       1 exact, 1 undecided
readings       saves 2 of 4 steps with u of: E
equivocation   none found
truth is lost  at 2, 4
"""


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def ledger(small, play):
    play(
        {"1": "not-applicable", "2": "invalid", "3": ["valid", "conditional"]},
        {"3": "asymptotic", "4": "fails"},
    )
    return check(small)


def shown(ledger, file=None):
    file = file or io.StringIO()
    show_ledger(ledger, console_for(file))
    return file.getvalue()


def test_gold(ledger):
    assert shown(ledger) == GOLD


def test_without_a_terminal_the_width_is_fixed_and_there_is_no_colour(ledger, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert shown(ledger) == GOLD


@pytest.mark.parametrize("columns", [80, 100, 160])
def test_on_a_terminal_it_fits_and_has_colour(ledger, monkeypatch, columns):
    from rich.text import Text

    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    text = shown(ledger, Terminal())
    assert "\x1b[1;31minvalid" in text
    assert max(len(Text.from_ansi(line).plain) for line in text.splitlines()) <= columns
    assert len(text.splitlines()) == len(GOLD.splitlines())


def test_no_colour_where_it_is_not_wanted(ledger, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[1;31m" not in shown(ledger, Terminal())


def test_every_step_is_one_line_whatever_its_reason_holds(small, play):
    from derive.verdicts import Inference

    reason = "first\nsecond [bold]x[/bold] \x1b[31mred\x07\r and " + "long " * 100
    play({"2": [Inference("undecided", reason)]})
    text = shown(check(small, only=["2"]))
    assert len(text.splitlines()) == len(GOLD.splitlines()) - 6
    assert "first second [bold]x[/bold] [31mred and" in text
    assert "\x1b" not in text


def test_equivocations_are_grouped(small, play):
    play(
        {"2": lambda a: "valid" if a["u of"] == "E" else "invalid"},
        {
            "3": lambda a: ["exact", "fails"] if a["u of"] == "E" else ["fails", "exact"],
            "4": lambda a: "fails" if a["u of"] == "E" else "exact",
        },
    )
    assert "equivocation   4 against 2; 3 link 2 against link 1\n" in shown(check(small))


def test_a_search_that_may_have_missed_the_best_says_so(small, play, monkeypatch):
    monkeypatch.setattr("reports.readings.MOST_ASSIGNMENTS", 1)
    assert "(coordinate ascent: a better assignment may exist)" in " ".join(shown(check(small)).split())


@pytest.mark.parametrize(
    ("labels", "text"),
    [
        ((), ""),
        (("24",), "24"),
        (("10", "15", "17", "19"), "10,15,17,19"),
        (("10", "15", "17", "19", "22", "36"), "10,15,17,19 +2"),
        (("a very long label indeed", "2"), "2 steps"),
    ],
)
def test_listed(labels, text):
    assert listed(labels, 14) == text


def test_shortened():
    assert (shortened("12345678", 8), shortened("123456789", 8)) == ("12345678", "1234567…")


def test_one_line():
    assert one_line(" a\n\tb\x00 c ").plain == "a b c"
