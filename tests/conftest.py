"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The development data beside the project; skipped aloud where a machine lacks it."""
    folder = Path(os.environ.get("KIEMTIN_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"development data not found at {folder} (set KIEMTIN_SHARED)")
    return folder
