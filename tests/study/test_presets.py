"""Presets: the file goes first, what the publication does not state is called assumed."""

from __future__ import annotations

from pathlib import Path

import pytest

from perirad.cli.init import init
from perirad.errors import InputError
from perirad.study.presets import ASSUMED, PRESETS
from perirad.study.settings import StudySettings, open_study


def test_the_preset_is_the_published_design_analytic() -> None:
    settings = StudySettings.model_validate({"preset": "her2-low-2025"})
    assert settings.regions.widths_mm == (3.0, 5.0, 8.0)
    assert list(settings.scenario_regions()) == ["I", "I+P3", "I+P5", "I+P8"]
    assert (settings.outcome.rule, settings.split.test_fraction) == ("her2-low", 0.3)


def test_the_file_goes_before_the_preset_analytic() -> None:
    given = {"preset": "her2-low-2025", "features": {"bin_width": 10.0}, "clinical": {"keep": "all"}}
    settings = StudySettings.model_validate(given)
    assert settings.features.bin_width == 10.0
    assert settings.features.filters == ("original", "wavelet")
    assumed = dict(settings.assumed_choices)
    assert "features.bin_width" not in assumed
    assert "clinical.keep" not in assumed
    assert "selection.test" in assumed


@pytest.mark.parametrize("name", list(PRESETS))
def test_every_assumption_is_a_setting_in_force_analytic(name: str) -> None:
    settings = StudySettings.model_validate({"preset": name})
    assert dict(settings.assumed_choices) == dict(ASSUMED[name])


def test_without_a_preset_nothing_is_assumed_analytic() -> None:
    assert StudySettings.model_validate({"outcome": {"column": "y"}}).assumed_choices == ()


def test_init_begins_with_a_preset_analytic(tmp_path: Path) -> None:
    init(tmp_path / "new", preset="her2-low-2025")
    assert open_study(tmp_path / "new").settings.preset == "her2-low-2025"
    with pytest.raises(InputError, match="her2-low-2025"):
        init(tmp_path / "other", preset="her2")
    assert not (tmp_path / "other").exists()
