"""Finding a derivation: a bundled case by name, or a user's Python file by path.

A case is a module that binds `derivation` to a Derivation.  Whatever goes wrong becomes a CaseError of one line.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from pathlib import Path

from derive.derivation import CaseError, Derivation


def bundled() -> tuple[str, ...]:
    """The names of the bundled cases."""
    cases = importlib.import_module("derive.cases")
    return tuple(sorted(info.name for info in pkgutil.iter_modules(cases.__path__) if not info.name.startswith("_")))


def load(case: str | Path) -> Derivation:
    """The derivation of a bundled case (`load("jain")`) or of a Python file (`load("mine.py")`).

    Raises CaseError: unknown name, no such file, a file that cannot be run, a file without a derivation.
    """
    name = str(case)
    if name in bundled():
        module = importlib.import_module(f"derive.cases.{name}")
        return _derivation_of(vars(module), name)
    path = Path(name)
    if path.suffix != ".py":
        raise CaseError(f"unknown case {name!r}: expected one of {', '.join(bundled())}, or the path of a .py file")
    if not path.is_file():
        raise CaseError(f"no such file: {name}; expected a Python file that binds `derivation`")
    spec = importlib.util.spec_from_file_location(f"_case_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise CaseError(f"{name} cannot be read as Python; expected a file that binds `derivation`")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except CaseError as error:
        raise CaseError(f"{name}: {error}") from error
    except SyntaxError as error:
        raise CaseError(f"{name}: syntax error in line {error.lineno}: {error.msg}; mend the file") from error
    except Exception as error:  # the user's file may raise anything at all
        message = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise CaseError(f"{name} cannot be loaded: {type(error).__name__}: {message}; mend the file") from error
    return _derivation_of(vars(module), name)


def _derivation_of(names: dict[str, object], where: str) -> Derivation:
    found = names.get("derivation")
    if not isinstance(found, Derivation):
        came = "nothing of that name" if found is None else type(found).__name__
        raise CaseError(f"{where}: expected the name `derivation` bound to a Derivation, came {came}")
    return found
