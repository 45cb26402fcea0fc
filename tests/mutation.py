"""Code mutants of the kernel: does a test fail when a line of a trusted file is wrong?

    PYTHONPATH=tests python tests/mutation.py                        every file, 8 mutants of each; prints the figures
    PYTHONPATH=tests python tests/mutation.py --sample 0 rules.py    every mutant of one file
    PYTHONPATH=tests python tests/mutation.py --seed 7               another sample

A mutant is one change in the syntax tree of one file of derive/kernel:

    a comparison denied or moved (== and !=, < and <=, in and not in, is and is not), an operator changed (+ and -, * and //,
    & and |), `and` for `or`, `not` put before a condition, a constant changed (n to n + 1, True to False, a text to another),
    a statement left out (an assignment in place, a call, a raise), a value returned lost

Messages, docstrings and other texts for people are left alone.
Each mutant runs in a process of its own, forked from one that has loaded the libraries, against the tests below; the first that
fails kills it.  A mutant that runs out of time is counted apart, never as killed.
The score is a lower bound: the slower tests of tests/derive and the planted corpus are not run.

A runner of our own rather than mutmut, so that a mutant costs one fork, and the changes, the sample and what counts as killed
stand here to be read.
"""

import argparse
import ast
import contextlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import random
import signal
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KERNEL = ROOT / "derive" / "kernel"
TESTS = (  # quick, and written against the kernel alone: what they do not kill, a slower test may
    "tests/derive/test_forged_certificates.py",
    "tests/derive/test_forged_models.py",
    "tests/derive/test_forged_values.py",
    "tests/derive/test_general_orders.py",
    "tests/derive/test_grammar.py",
    "tests/derive/test_refusals_expressions.py",
    "tests/derive/test_refusals.py",
    "tests/derive/test_replay_by_hand.py",
    "tests/derive/test_smooth_fields_attacked.py",
    "tests/derive/test_jets.py",
    "tests/derive/test_evolution.py",
)
SECONDS = 120
FLIPPED = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
CHANGED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.Pow: ast.Mult, ast.Mod: ast.Mult,
}  # fmt: skip


def mutants(tree):
    """Every change of a tree: (line, what, number of the node, number of the change)."""
    for number, node in enumerate(_nodes(tree)):
        for turn, (what, _) in enumerate(_changes(node)):
            yield node.lineno, what, number, turn


def changed(text, number, turn):
    """The tree of a text with one change made."""
    tree = ast.parse(text)
    node = _nodes(tree)[number]
    list(_changes(node))[turn][1](node)
    return ast.fix_missing_locations(tree)


def _nodes(tree):
    """The nodes that may be changed, in one order: not those in annotations, messages and docstrings."""
    silent = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            silent |= {id(inner) for argument in node.exc.args for inner in ast.walk(argument)}
        for annotation in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            silent |= {id(inner) for inner in ast.walk(annotation)} if annotation else set()
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            silent |= {id(node), id(node.value)}
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node in tree.body:
            silent |= {id(node)} | {id(inner) for inner in ast.walk(node.value) if isinstance(inner, ast.BinOp | ast.Subscript)}
    return [node for node in ast.walk(tree) if id(node) not in silent and hasattr(node, "lineno")]


def _changes(node):
    match node:
        case ast.Compare(ops=[operator]):
            yield "comparison", lambda t: t.ops.__setitem__(0, FLIPPED[type(operator)]())
        case ast.BinOp(op=operator) if type(operator) in CHANGED:
            yield "operator", lambda t: setattr(t, "op", CHANGED[type(operator)]())
        case ast.BoolOp(op=operator):
            yield "and, or", lambda t: setattr(t, "op", ast.Or() if isinstance(operator, ast.And) else ast.And())
        case ast.UnaryOp(op=ast.Not()):
            yield "not dropped", lambda t: setattr(t, "operand", ast.UnaryOp(ast.Not(), t.operand))
        case ast.UnaryOp(op=ast.USub()):
            yield "minus dropped", lambda t: setattr(t, "op", ast.UAdd())
        case ast.Constant(value=bool(value)):
            yield "constant", lambda t: setattr(t, "value", not value)
        case ast.Constant(value=int(value)):
            yield "constant", lambda t: setattr(t, "value", value + 1)
        case ast.Constant(value=str(value)) if value and " " not in value:  # a text with a space is for people
            yield "constant", lambda t: setattr(t, "value", value + "?")
        case ast.If() | ast.IfExp():
            yield "not put in", lambda t: setattr(t, "test", ast.UnaryOp(ast.Not(), t.test))
        case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Raise():
            yield "statement dropped", _dropped
        case ast.Return(value=value) if value is not None:
            yield "return lost", lambda t: setattr(t, "value", ast.Constant(None))
        case ast.Continue():
            yield "continue dropped", _dropped


def _dropped(node):
    node.__class__ = ast.Pass
    for field in ("value", "target", "op", "exc", "cause"):
        if hasattr(node, field):
            delattr(node, field)


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads a module from a changed tree."""

    def __init__(self, name, path, tree):
        super().__init__(name, str(path))
        self.tree = tree

    def get_code(self, fullname):
        return compile(self.tree, self.path, "exec", dont_inherit=True)


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, path, tree):
        self.name, self.path, self.tree = f"derive.kernel.{path.stem}", path, tree

    def find_spec(self, name, path=None, target=None):
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(name, self.path, loader=_Loader(name, self.path, self.tree))


def judge(path, tree, tests, seconds=SECONDS):
    """`killed`, `survived` or `out of time`."""
    child = os.fork()
    if not child:
        _in_child(path, tree, tests)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return "survived" if os.waitstatus_to_exitcode(status) == 0 else "killed"
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "out of time"


def _in_child(path, tree, tests):
    import pytest

    code = 1
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        sys.meta_path.insert(0, _Finder(path, tree))
        with contextlib.chdir(ROOT):
            code = int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", *tests]))
    finally:
        os._exit(code)


def sampled(path, size, seed):
    """Some mutants of a file, the same for the same seed; all of them for size 0."""
    text = path.read_text(encoding="utf-8")
    found = list(mutants(ast.parse(text)))
    chosen = found if not size or size >= len(found) else random.Random(f"{seed}|{path.name}").sample(found, size)
    return [(line, what, changed(text, number, turn)) for line, what, number, turn in chosen]


def main():
    options = argparse.ArgumentParser(description="Code mutants of the kernel.")
    options.add_argument("files", nargs="*", help="files of derive/kernel; all where none is named")
    options.add_argument("--sample", type=int, default=8, help="mutants of each file; 0 for all")
    options.add_argument("--seed", default="0")
    chosen = options.parse_args()
    os.environ.setdefault("CI", "1")
    import hypothesis  # noqa: F401  # loaded once, before any fork
    import numpy  # noqa: F401
    import pytest  # noqa: F401
    import sympy  # noqa: F401

    whole = KERNEL / "terms.py"
    if judge(whole, ast.parse(whole.read_text(encoding="utf-8")), TESTS) != "survived":
        sys.exit("the tests fail, or take too long, without any change: nothing can be learnt from mutants")
    totals = {"killed": 0, "survived": 0, "out of time": 0}
    for path in [KERNEL / name for name in chosen.files] or sorted(KERNEL.glob("*.py")):
        counts = dict.fromkeys(totals, 0)
        for line, what, tree in sampled(path, chosen.sample, chosen.seed):
            outcome = judge(path, tree, TESTS)
            counts[outcome] += 1
            if outcome != "killed":
                print(f"{outcome}: derive/kernel/{path.name}:{line} {what}", flush=True)
        print(f"derive/kernel/{path.name}: " + ", ".join(f"{n} {word}" for word, n in counts.items()), flush=True)
        totals = {word: n + counts[word] for word, n in totals.items()}
    print("code mutants of the kernel: " + ", ".join(f"{n} {word}" for word, n in totals.items()))


if __name__ == "__main__":
    main()
