"""Fixtures and settings of all tests."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder with reference data beside the checkout; its licences forbid a copy in the repository."""
    if not SHARED.is_dir():
        pytest.skip(f"needs the reference data folder {SHARED.name!r} beside the checkout")
    return SHARED
