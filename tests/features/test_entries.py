"""The catalogue of both definitions: complete, consistent, and true of degenerate regions."""

from __future__ import annotations

import pytest
from tests.features.degenerate_regions import measured, statement

import perirad
from perirad.features.columns import feature_names, ibsi_code
from perirad.features.entries import ENTRIES, Entry, unit_of
from perirad.features.ibsi.catalogue import IBSI_CATALOGUE
from perirad.features.presets import preset
from perirad.features.settings import FeatureSettings


def key_of(entry: Entry) -> str:
    return entry.ibsi if entry.definitions == "ibsi" else entry.pyradiomics


def test_every_feature_is_there_once_analytic() -> None:
    keys = [key_of(entry) for entry in ENTRIES]
    assert len(keys) == len(set(keys)) == 102 + 14 + 174
    assert {entry.ibsi for entry in ENTRIES if entry.definitions == "ibsi"} == {f.code for f in IBSI_CATALOGUE}
    assert len({(entry.family, entry.name) for entry in ENTRIES}) == len(ENTRIES)


def test_nothing_is_left_empty_analytic() -> None:
    for entry in ENTRIES:
        assert all((entry.unit, entry.formula, entry.flat, entry.one_pixel, entry.empty, entry.meaning)), entry


def test_one_code_has_one_unit_in_both_definitions_analytic() -> None:
    units: dict[str, set[str]] = {}
    for entry in ENTRIES:
        units.setdefault(entry.ibsi, set()).add(entry.unit)
    assert [code for code, found in units.items() if code and len(found) > 1] == []


@pytest.mark.parametrize("settings", [preset(474), preset(851), FeatureSettings(definitions="ibsi")])
def test_every_column_is_in_the_catalogue_analytic(settings: FeatureSettings) -> None:
    codes = {(entry.family, entry.name): entry.ibsi for entry in ENTRIES}
    for name in feature_names(settings):
        _, family, feature = name.split("_")
        assert unit_of(family, feature)
        plain = "-".join(family.split("-")[:2]) if family.startswith("ibsi-") else family
        assert ibsi_code(f"P5_{name}") == codes[plain, feature]


@pytest.mark.parametrize("kind", ["flat", "one pixel", "empty"])
def test_degenerate_values_are_what_the_code_gives_analytic(kind: str) -> None:
    found = measured(kind)
    assert set(found) == {key_of(entry) for entry in ENTRIES}
    stated = {key_of(entry): getattr(entry, kind.replace(" ", "_")) for entry in ENTRIES}
    assert stated == {name: statement(values) for name, values in found.items()}


def test_the_catalogue_is_public_analytic() -> None:
    table = perirad.catalogue()
    assert len(table) == len(ENTRIES)
    row = table[(table["family"] == "ibsi-glcm") & (table["name"] == "joint-entropy")].iloc[0]
    assert (row["ibsi"], row["unit"], row["pyradiomics"]) == ("TU9B", "bit", "glcm_JointEntropy")
