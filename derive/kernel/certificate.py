"""Certificates: residual(claim) = sum of factor x rules(residual(premise)), identically.

A certificate is a JSON object:

    kind         "certificate"
    hamiltonian  [name, coordinates]                the frozen Hamiltonian, whose eigenbasis every vector and level belongs to
    claim        [lhs, rhs]
    premises     [{"name", "equation": [lhs, rhs]}, ...]          assumptions that are equations stand here too
    nonzero      [{"name", "term"}, ...]                          scalars one may divide by
    simple       name of the assumption that the spectrum is simple, or ""
    rewrites     numbers of premises whose left symbol is replaced everywhere, in order
    steps        [{"premise": number, "moves": [...], "factor": term}, ...]
    closing      ["vanishes"]                       the claim minus the steps is identically zero
                 ["derivative", token, X]           ... is d X / d token, which the equation allows itself
                 ["initial value", token, value, flow, initial steps]
                                                    the steps show d X/dt (+ (i/hbar)[H, X] with flow = hbar's name) = 0 for the
                                                    claim X = 0, the initial steps that X = 0 at the value
                 ["commutant", place, function]     premise `place` says [X, H] = 0; then X is a function of H, which is
                                                    named by a function that occurs in no premise
    modulo       [] | ["derivative", token]

`check` decides by normal forms only; it raises Refused with the reason, and returns what the certificate used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from derive.kernel.algebra import Expression, add_into
from derive.kernel.calculus import MINUS, Frame
from derive.kernel.clocks import is_run_along
from derive.kernel.errors import Malformed, Refused
from derive.kernel.interpret import Interpreter, frame_of
from derive.kernel.normal import vanishes
from derive.kernel.orders import explicit_orders, numbered
from derive.kernel.rules import Equation, moved, rewritten, up_to
from derive.kernel.shapes import NUMBER, OPERATOR, require_equal_shapes, shape
from derive.kernel.terms import Term, coordinates_in, dependence, from_json, neg, sub, walk


@dataclass(frozen=True)
class Used:
    """What a certificate rests on: numbers of premises, and names of the nonvanishing scalars."""

    premises: tuple[int, ...]
    nonzero: tuple[str, ...]
    simple: bool


@dataclass(frozen=True)
class _Read:
    frame: Frame
    claim: Equation
    premises: list[Equation]
    nonzero: list[tuple[str, Term]]
    simple: str
    rewrites: list[int]
    steps: list[Any]
    closing: list[Any]
    modulo: list[Any]


def check(certificate: Any) -> Used:
    """Replays a certificate; Refused where it does not show its claim, Malformed where it is none."""
    read = _read(certificate)
    equations = [read.premises[k] for k in read.rewrites]
    terms = [*read.claim, *(side for equation in read.premises for side in equation)]
    require_frame(read.frame, *terms)
    run = _Checker(read, equations, read.frame)
    simple = run.close() or run.simple
    used = {*read.rewrites, *(step["premise"] for step in read.steps)}
    if read.closing[0] == "initial value":
        used |= {step["premise"] for step in read.closing[4]}
    if read.closing[0] == "commutant":
        used |= {read.closing[1]}
    return Used(tuple(sorted(used)), tuple(sorted(run.divided)), simple)


class _Checker:
    def __init__(self, read: _Read, equations: list[Equation], frame: Frame) -> None:
        self.read = read
        self.equations = equations
        self.frame = frame
        self.divided: set[str] = set()
        self.simple = False
        self.unit = Interpreter(frame)
        for _, term in read.nonzero:
            require_one_clock(frame, term)
        self.invertible = [(name, self.atoms_of(self.unit(rewritten(t, equations)))) for name, t in read.nonzero]

    def atoms_of(self, x: Expression) -> set[Any]:
        if len(x) != 1:
            raise Refused("nonzero: expected a product of fields, traces and parameters")
        ((scalars, word),) = x
        if word:
            raise Refused("nonzero: expected a scalar")
        return {item for item, _ in scalars if item[0] != "par"}

    def expression(self, term: Term) -> Expression:
        """The term, rewritten, with every division in it justified."""
        require_one_clock(self.frame, term)
        term = rewritten(term, self.equations)
        for part in walk(term):
            if part[0] == "pow" and part[2] < 0:
                self.justify(self.unit(part[1]))
            elif part[0] == "coef" and not isinstance(part[2], int):
                self.require_general(part)
            elif part[0] == "onlevels":
                if not self.read.simple:
                    raise Refused("a field at the levels supposes a simple spectrum, and no assumption declares it")
                self.simple = True
        return Interpreter(self.frame)(term)

    def require_general(self, coefficient: Term) -> None:
        """A symbolic order stands for every number from 1, those of the members written out too: these must be as the others."""
        _, parameter, (name, shift), body = coefficient
        general = self.unit(coefficient)
        for k in range(1, explicit_orders(self.unit(body), parameter) - shift + 1):
            spelled = self.unit(("coef", parameter, k + shift, up_to(body, k + shift)))
            add_into(spelled, numbered(general, name, k), MINUS)
            if not vanishes(spelled):
                raise Refused(f"the equation of order {name} = {k} is not as those of higher orders")

    def justify(self, denominator: Expression) -> None:
        if not denominator:
            raise Refused("division by zero")
        for item in self.atoms_of(denominator):
            name = next((n for n, atoms in self.invertible if item in atoms), None)
            if name is None:
                raise Refused("division by a scalar that no assumption declares nonzero")
            self.divided.add(name)

    def close(self) -> bool:
        claim = sub(*self.read.claim)
        match self.read.closing:
            case ["vanishes"]:
                self.must_vanish(claim, self.read.steps)
            case ["derivative", str(token), total]:
                if self.read.modulo != ["derivative", token]:
                    raise Refused("the claim does not allow itself a total derivative")
                if any(part[0] == "int" and token in coordinates_in(("sum", *part[2:4])) for part in walk(total)):
                    raise Refused(
                        "everything is the derivative of its own integral, which is no function of what the claim is made of"
                    )
                self.must_vanish(sub(claim, ("d", token, total)), self.read.steps)
            case ["initial value", str(token), value, str(flow), list(initial)]:
                if is_run_along(self.expression(claim), bool(flow)):
                    raise Refused("the claim speaks of the exact state at both times, which run together: neither is held fixed")
                change: Term = ("d", token, claim)
                if flow:
                    hamiltonian = ("ham", self.frame.name, self.frame.coords)
                    rate = ("prod", ("i",), ("pow", ("par", flow), -1), ("comm", hamiltonian, claim))
                    change = ("sum", change, rate)
                self.must_vanish(change, self.read.steps)
                self.must_vanish(("at", claim, token, value), initial)
            case ["commutant", int(place), str(function)]:
                self.commutant(place, function)
                return True
            case _:
                raise Malformed(f"closing: expected one of the table, came {self.read.closing!r:.60}")
        return False

    def must_vanish(self, term: Term, steps: list[Any]) -> None:
        parts = [term]
        for step in steps:
            place = step["premise"]
            if not 0 <= place < len(self.read.premises):
                raise Malformed(f"step: expected the number of a premise, came {place}")
            residual = moved(sub(*self.read.premises[place]), step["moves"], self.read.premises)
            parts.append(neg(("prod", step["factor"], residual)))
        if not vanishes(self.expression(("sum", *parts))):
            raise Refused("the combination does not vanish: the claim does not follow in this way")

    def commutant(self, place: int, function: str) -> None:
        """From c [X, H] = 0 with c != 0 and a simple spectrum: X is diagonal, so X = f(H) for the function f(E_n) := X_nn."""
        if not self.read.simple:
            raise Refused("a simple spectrum is needed, and no assumption declares it")
        if not 0 <= place < len(self.read.premises):
            raise Malformed(f"commutant: expected the number of a premise, came {place}")
        spoken = [*(side for equation in self.read.premises for side in equation), *(term for _, term in self.read.nonzero)]
        if any(part[0] == "fun" and part[1] == function for term in spoken for part in walk(term)):
            raise Refused("the function is not new: a premise says something of it already")
        lhs, rhs = self.read.claim
        names = [part for part in walk(rhs) if part[0] == "fun"]
        scalars = rhs[1:-1] if rhs[0] == "prod" else ()
        value = rhs[-1] if rhs[0] == "prod" else rhs
        before = lhs[1:-1] if lhs[0] == "prod" else ()
        lhs = lhs[-1] if lhs[0] == "prod" else lhs
        scalars = (*scalars, *before)
        if lhs[0] != "op" or len(names) != 1 or value != names[0] or names[0][1] != function or names[0][5]:
            raise Refused("commutant: expected a claim `operator = new function of the Hamiltonian`")
        arguments = [a for a in names[0][3] if a[0] != "ham"]
        if any(names[0][2]) or len(arguments) != len(names[0][3]) - 1:
            raise Refused("commutant: expected the new function at the Hamiltonian, not a derivative of it")
        if any(a[0] != "coord" for a in arguments) or len(set(arguments)) != len(arguments):
            raise Refused("commutant: expected the new function at different coordinates besides the Hamiltonian")
        if lhs[4] or isinstance(lhs[2], tuple):
            raise Refused("commutant: expected one operator: one function is not that of every operator, or of every order")
        if not {*lhs[3], *self.frame.coords} <= {a[1] for a in arguments}:
            raise Refused("commutant: the function must know every coordinate that the operator or the Hamiltonian depends on")
        if any(s[0] not in ("num", "par") or s == ("num", "0") for s in scalars):
            raise Refused("commutant: expected a nonzero constant before the new function")
        commutator = self.expression(("comm", lhs, ("ham", self.frame.name, self.frame.coords)))
        premise = self.expression(sub(*self.read.premises[place]))
        if len(premise) != len(commutator) or not premise:
            raise Refused("commutant: the premise does not say that the operator commutes with the Hamiltonian")
        ratios = []
        for monomial, coefficient in commutator.items():
            found = [(m, c) for m, c in premise.items() if m[1] == monomial[1]]
            if len(found) != 1 or any(item[0] != "par" for item, _ in found[0][0][0]):
                raise Refused("commutant: the premise does not say that the operator commutes with the Hamiltonian")
            ratios.append((found[0][0][0], found[0][1] * coefficient.inverse()))
        if len(set(ratios)) != 1:
            raise Refused("commutant: the premise does not say that the operator commutes with the Hamiltonian")


def _read(data: Any) -> _Read:
    try:
        return _Read(
            frame=read_frame(data["hamiltonian"]),
            claim=_equation(data["claim"]),
            premises=[_equation(p["equation"]) for p in data["premises"]],
            nonzero=[(str(n["name"]), from_json(n["term"])) for n in data["nonzero"]],
            simple=str(data["simple"]),
            rewrites=[int(k) for k in data["rewrites"]],
            steps=[_step(s) for s in data["steps"]],
            closing=_closing(data["closing"]),
            modulo=list(data["modulo"]),
        )
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise Malformed(f"certificate: expected the fields of derive/kernel/certificate.py; {error!r:.80}") from error


def read_frame(data: Any) -> Frame:
    """The Hamiltonian that stored evidence names."""
    name, coords = data
    if not isinstance(name, str) or not all(isinstance(c, str) for c in coords):
        raise Malformed(f"hamiltonian: expected a name and coordinates, came {data!r:.60}")
    return Frame(name, tuple(coords))


def require_frame(frame: Frame, *terms: Term) -> None:
    """Refused where a term speaks of another Hamiltonian than the one named."""
    found = frame_of(*terms)
    if found.name and found != frame:
        raise Refused(f"the evidence names the Hamiltonian {frame.name}, and its equations speak of {found.name}")
    for term in terms:
        require_one_clock(frame, term)


def require_one_clock(frame: Frame, term: Term) -> None:
    """Refused where a term speaks of a second coordinate of the kind that the Hamiltonian depends on: its levels and vectors
    show no coordinate and are those at the first, so nothing can be said at the second by renaming."""
    kinds = {token.partition(":")[0] for token in frame.coords}
    spoken = coordinates_in(term) | {token for part in walk(term) for token in dependence(part)}
    for token in sorted(spoken - set(frame.coords)):
        if token.partition(":")[0] in kinds:
            raise Refused(f"a second coordinate {token} beside {', '.join(frame.coords)}, on which the Hamiltonian depends")


def _equation(data: Any) -> Equation:
    lhs, rhs = data
    equation = from_json(lhs), from_json(rhs)
    require_equal_shapes(equation)
    return equation


def _step(data: Any) -> dict[str, Any]:
    return {
        "premise": int(data["premise"]),
        "moves": [_move(m) for m in data["moves"]],
        "factor": from_json(data["factor"]),
    }


def _move(data: Any) -> list[Any]:
    head = data[0]
    if head in ("left", "right"):
        return [head, from_json(data[1])]
    if head == "at":
        return [head, str(data[1]), from_json(data[2])]
    if head == "flow":
        return [head, from_json(data[1]), str(data[2])]
    if head == "operator":
        body = from_json(data[2])
        if shape(body) not in (NUMBER, OPERATOR):
            raise Malformed("instance: expected an operator, came a vector")
        return [head, data[1], body]
    if head == "commutes":
        return [head, from_json(data[1], hole=True)]
    if head == "function":
        return [head, data[1], from_json(data[2], hole=True)]
    if head == "order":
        return [head, data[1], tuple(data[2]) if isinstance(data[2], list | tuple) else int(data[2])]
    return list(data)


def read_moves(data: Any) -> list[Any]:
    """A list of moves from JSON."""
    return [_move(m) for m in data]


def _closing(data: Any) -> list[Any]:
    closing = list(data)
    if closing[0] == "derivative":
        closing[2] = from_json(closing[2])
    if closing[0] == "initial value":
        closing[2] = from_json(closing[2])
        closing[4] = [_step(s) for s in closing[4]]
    return closing
