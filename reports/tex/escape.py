r"""Text as TeX may be given it: every character stands for itself, none is a command.

    escaped(r"\input{x} 100%")  ->  \textbackslash{}input\{x\} 100\%

The result is ASCII: letters with accents are taken apart, what has a name in TeX is named, and of what is left the code point is
shown.  Long words may be broken anywhere, for nothing is to stand out of the margin.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Mapping

SPECIAL: Mapping[str, str] = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "'": r"\textquotesingle{}",
    "`": r"\textasciigrave{}",
    "-": "{-}",  # or two of them would become a dash
    "?": "{?}",  # or, before a grave, another sign
    "!": "{!}",
}
NAMED: Mapping[str, str] = {
    "–": "--", "—": "---", "…": r"\dots{}", "“": "``", "”": "''", "‘": "`", "’": "'", "„": r"\quotedblbase{}", "ß": r"\ss{}",
    "±": r"\ensuremath{\pm}", "×": r"\ensuremath{\times}", "−": r"\ensuremath{-}", "→": r"\ensuremath{\to}",
    "≤": r"\ensuremath{\le}", "≥": r"\ensuremath{\ge}", "≠": r"\ensuremath{\ne}", "∞": r"\ensuremath{\infty}",
    "∂": r"\ensuremath{\partial}", "ħ": r"\ensuremath{\hbar}", "⟨": r"\ensuremath{\langle}", "⟩": r"\ensuremath{\rangle}",
    "·": r"\ensuremath{\cdot}", "§": r"\S{}", "°": r"\ensuremath{^\circ}", "√": r"\ensuremath{\surd}", "∫": r"\ensuremath{\int}",
    "∝": r"\ensuremath{\propto}", "≈": r"\ensuremath{\approx}", "≪": r"\ensuremath{\ll}", "≫": r"\ensuremath{\gg}",
}  # fmt: skip
ACCENTS = {"\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0308": '"', "\u0327": "c", "\u030a": "r", "\u030c": "v"}
SMALL = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega".split()  # noqa: SIM905
)
LARGE = "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega".split()  # noqa: SIM905
GREEK = {
    unicodedata.lookup(f"GREEK {size} LETTER {name.upper().replace('LAMBDA', 'LAMDA')}"): f"\\ensuremath{{\\{name}}}"
    for size, names in (("SMALL", SMALL), ("CAPITAL", LARGE))
    for name in names
}
BREAK = r"\hspace{0pt}"
CLOSING = frozenset(")]},;:.!?”’")  # no line begins with one of these
LONG, EVERY = 14, 4  # characters of a word after which it may be broken, and how often


class Tex(str):
    """TeX of our own making, which is not escaped again."""

    __slots__ = ()


def escaped(value: object) -> Tex:
    """The text, with places to break where a word is long."""
    if isinstance(value, Tex):
        return value
    made = []
    run = 0
    text = str(value)
    for character, following in itertools.pairwise(f"{text} "):
        run = 0 if character.isspace() else run + 1
        made.append(_one(character))
        long = run >= LONG and run % EVERY == 0
        if long or (run > 4 and character in "(),;=+/|.:" and following not in CLOSING):
            made.append(BREAK)
    return Tex("".join(made))


def _one(character: str) -> str:
    if character in SPECIAL:
        return SPECIAL[character]
    if " " <= character <= "~":
        return character
    if character.isspace():
        return " "
    known = NAMED.get(character) or GREEK.get(character)
    if known is not None:
        return known
    letter, *accents = list(unicodedata.normalize("NFD", character))
    if letter.isascii() and letter.isalpha() and len(accents) == 1 and accents[0] in ACCENTS:
        return f"{{\\{ACCENTS[accents[0]]}{{{letter}}}}}"
    return f"{{\\ttfamily [U+{ord(character):04X}]}}"
