"""What this repository promises about itself, beyond what its programs compute.

A promise about the sources has its detector here, a function from text to complaints, and each detector is
tried on planted offences first: one that finds nothing anywhere would keep every promise.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

from checkout import PACKAGES, ROOT, installed, name, sources, tracked

LONGEST = 400  # lines

# They run data as code, or let SymPy decide: a verdict comes from the kernel and from numbers only.
FORBIDDEN = {
    "eval", "exec", "sympify", "parse_expr", "equals", "simplify", "nsimplify", "refine", "posify",
}  # fmt: skip
SERIALIZERS_THAT_RUN_CODE = {"pickle", "cPickle", "cloudpickle", "dill", "shelve"}


# Detectors ------------------------------------------------------------------------------------------


def called(node: ast.AST) -> str | None:
    """The last name of what a call calls: `f(x)` and `a.b.f(x)` both call f."""
    match node:
        case ast.Call(func=ast.Name(id=word) | ast.Attribute(attr=word)):
            return word
    return None


def forbidden_uses(text: str) -> Iterator[str]:
    """Calls and imports that may decide no verdict and read no data."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Call() if called(node) in FORBIDDEN:
                yield f"line {node.lineno}: calls {called(node)}"
            case ast.keyword(arg="allow_pickle", value=value) if ast.unparse(value) != "False":
                yield f"line {node.lineno}: allows pickle"
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                module = getattr(node, "module", None)
                words = {alias.name for alias in names} & FORBIDDEN
                roots = {module} if module else {alias.name for alias in names}
                words |= {root.split(".")[0] for root in roots} & SERIALIZERS_THAT_RUN_CODE
                yield from (f"line {node.lineno}: imports {word}" for word in sorted(words))


def asserts(node: ast.AST) -> bool:
    """Whether this node can fail a test: an assertion, an expected exception, a checking helper."""
    if isinstance(node, ast.Assert):
        return not isinstance(node.test, ast.Constant)
    word = called(node)
    return word is not None and (word in {"raises", "warns"} or word.startswith(("assert_", "check_")))


def assertionless(text: str) -> Iterator[str]:
    """Test functions that no result could fail."""
    for node in ast.walk(ast.parse(text)):
        is_test = isinstance(node, ast.FunctionDef) and node.name.startswith("test")
        if is_test and not any(map(asserts, ast.walk(node))):
            yield f"line {node.lineno}: {node.name} asserts nothing"


OUTSIDE = re.compile(
    r"(?<![\w.$}~-])/(?:work|tmp|root|home|Users|mnt|scratch)\b(?!-)"  # somebody's machine
    r"|\b[A-Z]:\\Users\b"
    r"|\.\./(?:shared\b|\.(?!ci\b|git)\w)"  # beside the checkout
    r"|https?://(?:10\.\d|192\.168\.|[\w.-]+\.(?:internal|local|lan|corp)\b)|--(?:extra-)?index-url"  # a host
)


def outside_mentions(text: str) -> Iterator[str]:
    """Paths and hosts that exist on one machine only."""
    for number, line in enumerate(text.splitlines(), start=1):
        yield from (f"line {number}: {found.group()}" for found in OUTSIDE.finditer(line))


@pytest.mark.parametrize(
    "offence",
    [
        "eval('1')",
        "builtins.exec('1')",
        "sympy.sympify('x')",
        "a.equals(b)",
        "from sympy import simplify as tidy",
        "import pickle",
        "from pickle import loads",
        "numpy.load(path, allow_pickle=True)",
    ],
)
def test_forbidden_uses_are_found(offence):
    assert len(list(forbidden_uses(offence))) == 1


def test_harmless_names_are_let_pass():
    for harmless in ("def eval(self): ...", "refine = 3", "evaluate(x)", "load(x, allow_pickle=False)"):
        assert list(forbidden_uses(harmless)) == []


@pytest.mark.parametrize(
    ("body", "empty"),
    [
        ("run()", True),
        ("assert True", True),
        ("with pytest.raises(ValueError): run()", False),
        ("assert run() == 1", False),
        ("numpy.testing.assert_allclose(a, b)", False),
        ("check_all(run())", False),
    ],
)
def test_tests_without_assertion_are_found(body, empty):
    assert bool(list(assertionless(f"def test_it():\n    {body}"))) is empty


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see |work|x", True),
        ("cd |tmp", True),
        ("'|home|me'", True),
        ("C:" + r"\Users\me", True),
        ("..|shared", True),
        ("..|.hidden|file", True),
        ("https:||pypi.corp|simple", True),
        ("--extra-" + "index-url x", True),
        ("..|.github|workflows|ci.yml", False),
        ("the framework|home of #!|usr|bin|env", False),
        ("https:||example.org|home|page", False),
    ],
)
def test_outside_mentions_are_found(text, found):
    """Written with | for the slash, since this file is read by the detector too."""
    assert bool(list(outside_mentions(text.replace("|", "/")))) is found


# Promises about the sources --------------------------------------------------------------------------


def test_there_are_sources_to_read():
    assert all(sources(package) for package in PACKAGES)


@pytest.mark.parametrize("path", sources(), ids=name)
def test_no_forbidden_use(path):
    assert list(forbidden_uses(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", sources(), ids=name)
def test_no_long_file(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("path", sources("tests"), ids=name)
def test_every_test_asserts_something(path):
    assert list(assertionless(path.read_text(encoding="utf-8"))) == []


def test_the_project_stands_alone():
    complaints = [
        f"{name(path)}, {complaint}"
        for path in tracked()
        for complaint in outside_mentions(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert complaints == []


# Promises about imports ------------------------------------------------------------------------------


def lint_imports(folder):
    return subprocess.run([installed("lint-imports"), "--no-cache"], cwd=folder, capture_output=True, text=True, timeout=300)


def test_import_contracts_are_kept():
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("path", "line", "contract"),
    [
        ("numeric/planted.py", "import reports", "reports -> numeric -> derive"),
        ("derive/planted.py", "def late(): from numeric import x", "reports -> numeric -> derive"),
        ("derive/planted.py", "import numpy.linalg", "The symbolic layer"),
        ("derive/kernel/planted.py", "def late(): import sympy", "The kernel stands alone"),
        ("derive/kernel/planted.py", "from derive import language", "The kernel stands alone"),
        ("derive/planted.py", "import derive.cases", "Cases plug in"),
        ("reports/planted.py", "from derive import cases", "Cases plug in"),
    ],
)
def test_a_broken_import_contract_is_found(tmp_path, path, line, contract):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / path).write_text(line + "\n", encoding="utf-8")
    result = lint_imports(tmp_path)
    assert result.returncode == 1
    assert re.search(rf"^{contract}.* BROKEN$", result.stdout, re.MULTILINE), result.stdout


def test_the_kernel_runs_on_the_standard_library_alone():
    """A certificate can be replayed where nothing is installed: -S hides every installed package."""
    modules = [name(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in sources("derive/kernel")]
    script = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import {', '.join(modules)}"
    result = subprocess.run([sys.executable, "-I", "-S", "-c", script], capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr


def test_help_loads_neither_sympy_nor_numpy():
    """Asking what the command can do is quick; the heavy packages wait for a command that computes."""
    result = subprocess.run(
        [installed("derive"), "--help"],
        env={**os.environ, "PYTHONPROFILEIMPORTTIME": "1"}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    loaded = {line.split("|")[-1].strip() for line in result.stderr.splitlines()}
    assert result.returncode == 0, result.stderr
    assert "reports.cli" in loaded
    assert loaded.isdisjoint({"sympy", "numpy"})


# Promises about the tests themselves -----------------------------------------------------------------


def test_blas_has_one_thread():
    import scipy.linalg  # noqa: F401  # brings its own BLAS beside NumPy's
    import threadpoolctl

    pools = threadpoolctl.threadpool_info()
    assert pools
    assert {pool["num_threads"] for pool in pools} == {1}
