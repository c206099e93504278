"""A small study that was run, for tests that only read its results."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.study.small import write_small_study

from perirad.study import engine
from perirad.study.settings import open_study


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the study; its results are there, every clinical variable is in the model. Copy it to change it."""
    folder = write_small_study(tmp_path_factory.mktemp("ran") / "study", 60, radius=(7.0, 11.0))
    toml = folder / "study.toml"
    text = toml.read_text(encoding="utf-8").replace('keep = "multivariable"', 'keep = "all"')
    toml.write_text(text, encoding="utf-8")
    engine.run(open_study(folder), workers=1)
    return folder
