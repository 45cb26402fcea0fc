"""The versions that a verdict may depend on; nothing of the machine or of the hour."""

from __future__ import annotations

import platform
from importlib import metadata

PROJECT = "derive-verifier"


def version(package: str) -> str:
    """The installed version, read from its metadata; nothing is imported."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:  # this project, run from a checkout
        return "not installed"


def environment() -> dict[str, str]:
    return {"python": platform.python_version()} | {package: version(package) for package in ("sympy", "numpy", "scipy", PROJECT)}
