"""No clock in the tests of truth: a busy machine is not a wrong program."""

import dataclasses

import pytest

import numeric.truth


@pytest.fixture(autouse=True, scope="session")
def _unhurried():
    profiles = {name: dataclasses.replace(one, seconds=3600.0) for name, one in numeric.truth.PROFILES.items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numeric.truth, "PROFILES", profiles)
        yield
