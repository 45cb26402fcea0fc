r"""Which LaTeX may be typeset: formulas of a closed vocabulary, well formed; everything else is shown as the text it is.

TeX is a programming language, and a formula in a case is somebody's input: `\input`, `\write18`, `\def` or a missing brace must
do nothing, in a browser and in TeX alike.  So a formula is read by a grammar of its own:

    formula  = item*                              item   = atom scripts | space | \\ and & within an environment
    atom     = letter | digit | sign | symbol | group | accent arg | fraction arg arg | \left d formula \right d | ...
    scripts  = at most one ^ and one _, each with one arg; primes count as a superscript

What it does not know, it refuses; a refused formula is shown letter by letter.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass

from reports.view.text import shown

LONGEST, DEEPEST = 4000, 40
WIDE = 150  # characters of a piece after which a line may end within its big brackets too

SYMBOLS = set(
    """
    alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho varrho sigma tau upsilon
    phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega hbar ell partial nabla infty prime
    dagger ast star cdot times circ pm mp otimes oplus wedge langle rangle lvert rvert lVert rVert vert Vert mid to rightarrow
    leftarrow leftrightarrow Rightarrow Leftrightarrow mapsto le leq ge geq ne neq equiv approx sim simeq propto ll gg in notin
    subset cup cap forall exists sum prod int oint lim sup inf max min exp log ln sin cos tan sinh cosh tanh det dim dots ldots
    cdots vdots Re Im quad qquad colon displaystyle textstyle arg deg ker tr Tr
    """.split()  # noqa: SIM905  # a list literal of these would be a hundred lines
)
ONE_ARGUMENT = {"hat", "bar", "dot", "ddot", "tilde", "vec", "check", "widehat", "widetilde", "overline", "underline", "sqrt",
                "mathcal", "mathbf", "mathbb", "boldsymbol", "mathit"}  # fmt: skip
TWO_ARGUMENTS = {"frac", "tfrac", "dfrac", "binom"}
IN_WORDS = {"text", "mathrm", "operatorname"}
SIZES = {size + side for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")}
DELIMITERS = {"(", ")", "[", "]", "|", ".", "/", "\\{", "\\}", "\\|", "\\langle", "\\rangle", "\\lvert", "\\rvert", "\\vert"}
# environment -> how many & a row may have
ENVIRONMENTS = {"aligned": 8, "gathered": 0, "cases": 1, "matrix": 9, "pmatrix": 9, "bmatrix": 9}
SPACES = {"\\,", "\\;", "\\:", "\\!", "\\ "}
BRACES = {"\\{", "\\}", "\\|"}
BREAKS = {"=", "+", "-"}
OPENING, CLOSING = {"(", "[", "\\{"}, {")", "]", "\\}"}
SIGNS_BETWEEN = BREAKS | {":", "(", "[", "<", ">", ",", "/", "*", "\\langle", "\\{"}
SIGNS = set("+-*/=<>()[]|.,;:!?'@\"")
WORDS = re.compile(r"[A-Za-z0-9 .,;:()'/+*=<>-]*")
TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\s+|.", re.DOTALL)


class Refused(ValueError):
    """Why a formula is not typeset."""


@dataclass(frozen=True)
class Formula:
    """LaTeX with the decision whether it is typeset; `reason` says why not; `pieces` is where a line may end."""

    latex: str
    typeset: bool
    reason: str = ""
    pieces: tuple[str, ...] = ()


def formula(latex: object) -> Formula:
    """The formula, to be typeset if the grammar accepts it."""
    text = shown(latex)
    try:
        return Formula(text, True, "", pieces(text))
    except Refused as refusal:
        return Formula(text, False, str(refusal))


def within(value: object) -> Iterator[Formula]:
    """Every formula in a value of the view, however deep."""
    if isinstance(value, Formula):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from within(one)
    elif is_dataclass(value):
        for field in fields(value):
            yield from within(getattr(value, field.name))


def pieces(latex: str) -> tuple[str, ...]:
    """The formula cut before the signs outside brackets, so that a line may begin with each; Refused where it is no formula."""
    if not latex:
        raise Refused("no LaTeX is given")
    if len(latex) > LONGEST:
        raise Refused(f"expected at most {LONGEST} characters, came {len(latex)}")
    if not latex.isascii():
        raise Refused(f"expected ASCII, came {next(c for c in latex if not c.isascii())!r}")
    reader = _Reader([token if token.strip() or token == "\\ " else " " for token in TOKEN.findall(latex)])
    reader.formula(None)
    outer = [place for place, small, big in reader.breaks if not small and not big]
    inner = [place for place, small, big in reader.breaks if not small and big == 1]
    parts = [
        piece
        for part in _cut(len(reader.tokens), outer)
        for piece in (_within(part, inner) if _length(reader.tokens, part) > WIDE else [part])
    ]
    return tuple("".join(reader.tokens[start:end]).strip() for start, end in parts)


def _cut(count: int, places: list[int]) -> list[tuple[int, int]]:
    return list(itertools.pairwise([0, *places, count]))


def _within(part: tuple[int, int], places: list[int]) -> list[tuple[int, int]]:
    start, end = part
    return list(itertools.pairwise([start, *(place for place in places if start < place < end), end]))


def _length(tokens: list[str], part: tuple[int, int]) -> int:
    return sum(map(len, tokens[slice(*part)]))


class _Reader:
    """Reads tokens by the grammar."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.place = 0
        self.depth = 0
        self.open = [0, 0]  # brackets that are open, small and big ones
        self.breaks: list[tuple[int, int, int]] = []  # where a line may end, and within how many of these

    def peek(self) -> str | None:
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def next(self, expected: str) -> str:
        token = self.peek()
        if token is None:
            raise Refused(f"expected {expected}, came the end")
        self.place += 1
        return token

    def blanks(self) -> None:
        while self.peek() == " ":
            self.place += 1

    def formula(self, end: str | None, columns: int | None = None) -> None:
        """Items up to the token `end`, which is taken; in an environment rows, with at most so many & in each."""
        used = 0
        self.depth += 1
        if self.depth > DEEPEST:
            raise Refused(f"expected at most {DEEPEST} levels of braces")
        while True:
            token = self.peek()
            if token is None and end is not None:
                raise Refused(f"expected {end}, came the end")
            if token == end:
                self.place += token is not None
                self.depth -= 1
                return
            if token == " " or token in SPACES:
                self.place += 1
            elif token == "&" and columns is not None and used < columns:
                self.place += 1
                used += 1
            elif token == "\\\\" and columns is not None:
                self.place += 1
                self.blanks()
                used = 0
                if self.peek() in ("[", "*"):
                    raise Refused("expected a row, came what TeX takes for an option of the line end")
            else:
                if end is None and token in BREAKS and self._after_term():
                    self.breaks.append((self.place, self.open[0], self.open[1]))
                self.atom()
                self.scripts()

    def _after_term(self) -> bool:
        """Whether a sign here stands between two terms."""
        before = [token for token in self.tokens[: self.place] if token != " " and token not in SPACES]
        return bool(before) and before[-1] not in SIGNS_BETWEEN

    def scripts(self) -> None:
        seen = set()
        while True:
            self.blanks()
            token = self.peek()
            if token == "'" and "^" not in seen:
                while self.peek() == "'":
                    self.place += 1
                if self.peek() == "^":
                    self.place += 1
                    self.argument()
                seen.add("^")
            elif token in ("^", "_"):
                if token in seen:
                    raise Refused(f"expected one {token} at an atom, came two")
                seen.add(token)
                self.place += 1
                self.argument()
            else:
                return

    def argument(self) -> None:
        self.blanks()
        token = self.peek()
        if token == "{":
            self.place += 1
            self.formula("}")
        elif token is not None and (token.isalnum() or (token[0] == "\\" and token[1:] in SYMBOLS)):
            self.place += 1
        else:
            raise Refused(f"expected a letter, a symbol or a group as argument, came {token or 'the end'}")

    def words(self) -> None:
        if self.next("{") != "{":
            raise Refused("expected words in braces")
        text = ""
        while (token := self.next("}")) != "}":
            text += token
        if not WORDS.fullmatch(text):
            raise Refused(f"expected plain words, came {text!r}")

    def delimiter(self) -> None:
        self.blanks()
        token = self.next("a delimiter")
        if token not in DELIMITERS:
            raise Refused(f"expected a delimiter, came {token}")
        self.bracket(token, 1)

    def bracket(self, token: str, big: int = 0) -> None:
        if token in OPENING:
            self.open[big] += 1
        elif token in CLOSING:
            self.open[big] = max(0, self.open[big] - 1)

    def atom(self) -> None:
        token = self.next("an atom")
        name = token[1:] if token[0] == "\\" else ""
        if token == "{":
            self.formula("}")
        elif token.isalnum() or token in SIGNS or token in BRACES or name in SYMBOLS:
            self.bracket(token)
        elif name in ONE_ARGUMENT:
            self.argument()
        elif name in TWO_ARGUMENTS:
            self.argument()
            self.argument()
        elif name in IN_WORDS:
            self.words()
        elif name in SIZES:
            self.delimiter()
        elif name == "left":
            self.delimiter()
            self.formula("\\right")
            self.delimiter()
        elif name == "begin":
            self.environment()
        else:
            raise Refused(f"expected the vocabulary of formulas, came {token}")

    def environment(self) -> None:
        found = self._name()
        if found not in ENVIRONMENTS:
            raise Refused(f"expected an environment of formulas, came {found!r}")
        self.formula("\\end", ENVIRONMENTS[found])
        if (closed := self._name()) != found:
            raise Refused(f"expected the end of {found}, came that of {closed}")

    def _name(self) -> str:
        if self.next("{") != "{":
            raise Refused("expected a name in braces")
        name = ""
        while (token := self.next("}")) != "}":
            name += token
        return name
