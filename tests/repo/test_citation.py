"""CITATION.cff says of the program what the program says of itself."""

import re
import tomllib

from checkout import ROOT


def field(name):
    found = re.search(rf'^{name}: "?(.+?)"?$', (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.MULTILINE)
    assert found, f"no field {name}"
    return found[1]


def test_it_agrees_with_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert field("version") == project["version"]
    assert field("license") == project["license"]
    assert field("title").startswith(f"{project['name']}: ")
    assert project["authors"][0]["name"] in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
