"""Which `raise` statements of the kernel a test run reaches: a pytest plugin.

    pytest -p raises tests/derive tests/planted

Before each `raise` in derive/kernel a line is put in that remembers it; what no test has reached is listed at the end.  A
rejection that no test has seen is a rejection that may not work.
"""

import ast
import importlib.abc
import importlib.machinery
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KERNEL = ROOT / "derive" / "kernel"
REACHED: set[tuple[str, int]] = set()


def raises_in(path):
    """The lines of the raise statements of a file, but for those that raise again what was caught."""
    return {node.lineno for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if _raises(node)}


def _raises(node):
    return isinstance(node, ast.Raise) and node.exc is not None


class _Marked(ast.NodeTransformer):
    def __init__(self, name):
        self.name = name

    def visit_Raise(self, node):
        if not _raises(node):
            return node
        call = ast.parse(f"__import__('raises').REACHED.add(({self.name!r}, {node.lineno}))").body[0]
        return [ast.copy_location(ast.fix_missing_locations(ast.copy_location(call, node)), node), node]


class _Loader(importlib.machinery.SourceFileLoader):
    def source_to_code(self, data, path, *, _optimize=-1):
        tree = ast.fix_missing_locations(_Marked(Path(path).name).visit(ast.parse(data)))
        return compile(tree, path, "exec", dont_inherit=True, optimize=_optimize)

    def get_code(self, fullname):  # never from a cache of compiled files
        return self.source_to_code(self.get_data(self.path), self.path)


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if not name.startswith("derive.kernel."):
            return None
        file = KERNEL / f"{name.removeprefix('derive.kernel.')}.py"
        return importlib.util.spec_from_file_location(name, file, loader=_Loader(name, str(file))) if file.is_file() else None


def every():
    """All the raise statements of the kernel."""
    return {(path.name, line) for path in KERNEL.glob("*.py") for line in raises_in(path)}


if __name__ == "raises":  # as a plugin, before anything imports the kernel
    sys.meta_path.insert(0, _Finder())


def pytest_terminal_summary(terminalreporter):
    missed = sorted(every() - REACHED)
    terminalreporter.write_line(f"raise statements of the kernel: {len(every())}, reached {len(every()) - len(missed)}")
    for name, line in missed:
        terminalreporter.write_line(f"not reached: derive/kernel/{name}:{line}")
