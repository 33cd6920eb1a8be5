"""What tests share: the material (real videos, pictures, models), found in one place."""

import os
from pathlib import Path

import pytest

NEAR = Path(__file__).resolve().parents[2] / "shared" / "material"


@pytest.fixture(scope="session")
def material() -> Path:
    """The folder of real videos and pictures; a test that needs it skips where it is absent."""
    named = os.environ.get("SHOTSEEK_MATERIAL")
    if named and not Path(named).is_dir():
        pytest.fail(f"SHOTSEEK_MATERIAL names {named}, which is no folder")
    folder = Path(named) if named else NEAR
    if not folder.is_dir():
        pytest.skip("no material: set SHOTSEEK_MATERIAL to the folder of test videos")
    return folder
