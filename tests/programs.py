"""Programs of the system that the tests of the reports need; where one is missing the test fails and says what to install."""

import shutil

import pytest

INSTALL = (
    "apt-get install chromium graphviz texlive-latex-recommended texlive-publishers texlive-fonts-recommended lmodern latexmk"
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def program(*names):
    """The path of the first of these programs that is installed."""
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.fail(f"this test needs {' or '.join(names)}, which is not installed (Debian: {INSTALL})", pytrace=False)
    return found
