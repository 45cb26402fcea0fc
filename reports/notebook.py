"""How steps of a ledger, and ledgers, show themselves in a notebook: the same marks and words as in the report."""

from __future__ import annotations

from html import escape

from reports.ledger import Ledger, StepEntry
from reports.view.mathematics import formula
from reports.view.text import sentence, shown
from reports.view.tones import mark

COLOURS = {"good": "#1d6b3c", "fair": "#845400", "open": "#6a3d8f", "bad": "#a8201a", "none": "#5d646d"}


def badge(word: str) -> str:
    found = mark(word)
    return f'<strong style="color:{COLOURS[found.tone]};white-space:nowrap">{found.sign} {escape(found.word)}</strong>'


def printed(latex: str) -> str:
    """The equation as printed: typeset if it is a formula, else as the text it is."""
    found = formula(latex)
    return f"${escape(found.latex)}$" if found.typeset else f"<code>{escape(found.latex)}</code>"


def step(entry: StepEntry) -> str:
    """One step: as printed, both verdicts with their reasons, what it rests on."""
    rows = [
        ("inference", badge(entry.inference.verdict), sentence(entry.inference.reason)),
        ("truth", badge(entry.truth.verdict), sentence(entry.truth.reason)),
        ("rests on", badge(entry.standing), f"cites {', '.join(map(shown, entry.cites)) or 'nothing'}"),
    ]
    if entry.inference.assumptions:
        rows.append(("needs", "", "; ".join(map(shown, entry.inference.assumptions))))
    if entry.blame:
        rows.append(("truth is lost", "", f"at {', '.join(map(shown, entry.blame))}"))
    cells = "".join(f"<tr><td>{name}</td><td>{word}</td><td>{escape(text)}</td></tr>" for name, word, text in rows)
    return f"<div><p>({escape(shown(entry.label))}) {printed(entry.latex)}</p><table>{cells}</table></div>"


def ledger(found: Ledger) -> str:
    """A row for each step, then a row for each claim in words."""
    heads = "".join(f"<th>{name}</th>" for name in ("step", "role", "inference", "truth", "rests on", "truth is lost at"))
    rows = [
        (f"({escape(shown(s.label))})", s.role, badge(s.inference.verdict), badge(s.truth.verdict), badge(s.standing),
         escape(", ".join(map(shown, s.blame))))
        for s in found.steps
    ]  # fmt: skip
    rows += [(escape(shown(p.label)), "in words", "", badge(p.verdict), badge(p.standing), "") for p in found.prose]
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    title = f"{escape(shown(found.case))}, seed {found.seed}"
    return f"<div><p>{title}</p><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
