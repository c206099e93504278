"""A small study, run once for all tests that only read its results."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.study.small import write_small_study

from perirad.study import engine
from perirad.study.settings import open_study


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small study that nobody changes."""
    return write_small_study(tmp_path_factory.mktemp("small") / "study one")


@pytest.fixture
def small(pristine: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copytree(pristine, tmp_path / "study"))


@pytest.fixture(scope="session")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small study with results; its lesions are tiny, so that what is planted around them is hard to see in them."""
    folder = write_small_study(tmp_path_factory.mktemp("done") / "study", radius=(7.0, 11.0))
    engine.run(open_study(folder), workers=1)
    return folder
