"""Bad settings are named; good ones survive a round trip through TOML."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from perirad.errors import StudyError
from perirad.study.settings import StudySettings, open_study
from perirad.study.toml import toml_text


def _problems(folder: Path, text: str) -> list[str]:
    (folder / "study.toml").write_text(text, encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        open_study(folder)
    return [problem.line() for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "outcome: Field required"),
        ('[outcome]\ncolumn = "y"\n[split]\ntest_fraction = 1.5', "split.test_fraction"),
        ('[outcome]\ncolumn = "y"\n[regions]\nwidths_mm = [5, 3]', "ring widths must be positive and ascending"),
        ('[outcome]\ncolumn = "y"\ncolour = "red"', "outcome.colour: a known setting, got an unknown name"),
        ('[outcome]\nlabel = "y"', "name the outcome column"),
        ('[outcome]\ncolumn = "y"\nevent = ["0"]', "only one of event, nonevent and excluded"),
        ('[outcome]\ncolumn = "y"\n[split]\nby = "centre"', "name the test centres"),
        ('[outcome]\ncolumn = "y"\n[score]\nscenarios = ["I+P4"]', "scenario 'I+P4' names region 'P4'"),
        ('[outcome]\ncolumn = "y"\n[features]\nbin_width = 5\nbin_count = 8', "bin_width or bin_count, not both"),
        ('[outcome]\ncolumn = "y"\n[regions]\nwidths_mm = [2, 2.0000001]', "must differ in their first six digits"),
        ('[outcome]\ncolumn = "y"\n[[clinical.variables]]\nname = "y"', "'y' must not be what the outcome is made of"),
        (
            '[outcome]\nrule = "her2-low"\n[[clinical.variables]]\nname = "her2_ihc"',
            "'her2_ihc' must not be what the outcome is made of",
        ),
        ('[outcome]\ncolumn = "y"\n[[clinical.variables]]\nname = "radscore"', "not be called 'radscore'"),
        (
            '[outcome]\ncolumn = "y"\n' + '[[clinical.variables]]\nname = "age"\n' * 2,
            "clinical variable 'age' must be named once",
        ),
        (
            '[outcome]\ncolumn = "y"\n[features]\nfilters = ["sharpen"]',
            "a filter must be one of original, wavelet, log",
        ),
        ("seed = = 1", "study.toml must be valid TOML"),
    ],
)
def test_a_bad_setting_is_named_analytic(tmp_path: Path, text: str, words: str) -> None:
    assert any(words in line for line in _problems(tmp_path, text))


def test_all_bad_settings_are_listed_at_once_analytic(tmp_path: Path) -> None:
    text = '[outcome]\ncolumn = "y"\n[split]\ntest_fraction = 2\n[selection]\nalpha = -1\nfolds = 1'
    assert len(_problems(tmp_path, text)) == 3


def test_a_missing_study_is_said_analytic(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"a study folder holds study\.toml, got none"):
        open_study(tmp_path / "nowhere")


def test_filters_and_ibsi_are_checked_with_their_place_analytic(tmp_path: Path) -> None:
    head = '[outcome]\ncolumn = "y"\n'
    found = {
        text: _problems(tmp_path, head + text)
        for text in (
            '[[features.responses]]\nkind = "laws"\nkernels = "L5"',
            '[[features.responses]]\nkind = "laws"\nkernels = "L5E5"\nenergy = 7',
            '[[features.responses]]\nkind = "lows"',
            '[features.ibsi]\nfamilies = ["glm"]',
            '[features]\ndefinitions = "ibsi"\nslice_mm = 1.0',
        )
    }
    expected = (
        "features.responses.0.laws: Laws kernels must be two of L3 E3 S3 L5 E5 S5 W5 R5, as L5E5, got 'L5'",
        "features.responses.0.laws.energy: a known setting, got an unknown name",
        "features.responses.0: Input tag 'lows' found",
        "features.ibsi: families must be of local, statistics",
        "features: slice_mm goes with PyRadiomics' definitions, got definitions='ibsi'",
    )
    for problems, line in zip(found.values(), expected, strict=True):
        assert len(problems) == 1
        assert str(problems[0]).startswith(line)


def test_settings_survive_toml_analytic() -> None:
    settings = StudySettings.model_validate(
        {
            "title": 'Quotes " and \\ and é',
            "outcome": {"column": "y"},
            "clinical": {"variables": [{"name": "age"}, {"name": "m", "levels": ["a", "b"]}]},
            "features": {
                "bin_count": 32,
                "definitions": "ibsi",
                "ibsi": {"resegment": (0.0, 200.0), "families": ("glcm",)},
                "responses": ({"kind": "mean", "support": 3}, {"kind": "riesz", "order": (1, 0)}),
            },
        }
    )
    text = toml_text(settings)
    assert StudySettings.model_validate(tomllib.loads(text)) == settings
