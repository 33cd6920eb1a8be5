"""Settings of `index`, read in one place: flag > environment (SHOTSEEK_*) > file > default.

In the file they stand under `[index]`; what is said there of `[serve]` and `[ui]` is let pass.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from analyzers.settings_reading import PREFIX, merge_settings


class IndexSettings(BaseModel):
    """How a collection is filled."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    profile: str = "standard"
    encoder: tuple[str, ...] = ()
    analyzers: str = ""
    catalog: str | None = None
    shots: str = "auto"
    device: str = Field(default="auto", pattern="^(auto|cpu|cuda)$")
    face_detector: str | None = None
    face_embedder: str | None = None
    face_fps: float | None = Field(default=None, gt=0, description="None = keyframes only")
    detector: str | None = None
    object_fps: float | None = Field(default=None, gt=0, description="None = keyframes only")
    action_model: str | None = None
    workers: int = Field(default=0, ge=0, description="videos decoded at once; 0 = by the cores")


def read_settings(flags: Mapping[str, Any], environment: Mapping[str, str]) -> IndexSettings:
    """Merge the four sources.

    Args:
        flags: what was given on the command line; None and () mean not given.
        environment: usually `os.environ`.

    Raises:
        SettingsError: an unknown key or a value that cannot be used, naming where it stands.
    """
    return merge_settings(IndexSettings, "index", PREFIX, flags, environment)
