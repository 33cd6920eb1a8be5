"""How the server answers: flag > environment (SHOTSEEK_SERVE_*) > `[serve]` of the file > default.

Each setting stands here once, with its default and what it may be. Knows no flags.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from analyzers.settings_reading import merge_settings

PREFIX = "SHOTSEEK_SERVE_"
_ORIGIN = re.compile(r"https?://[^/\s*]+|\*")


def _check_origin(text: str) -> str:
    if not _ORIGIN.fullmatch(text):
        raise ValueError("an origin is http://HOST or https://HOST:PORT, without a path")
    return text


Origin = Annotated[str, AfterValidator(_check_origin)]
Seconds = Annotated[float, Field(gt=0, le=86_400)]
Hours = Annotated[float, Field(gt=0, le=24 * 366)]


class ServeSettings(BaseModel):
    """What an operator can set."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    host: str = Field("127.0.0.1", min_length=1, description="where to listen")
    port: int = Field(8000, ge=0, le=65535, description="0: any that is free")
    token_file: Path | None = Field(None, description="a file with the token clients must send")
    device: str = Field("auto", pattern="^(auto|cpu|cuda)$", description="where encoders run")
    first_pass: Literal["auto", "always", "never"] = Field(
        "auto", description="whether a rough pass over large spaces goes ahead of the full one"
    )
    media_root: tuple[str, ...] = Field((), description="OLD=NEW: where videos were moved to")
    cors: tuple[Origin, ...] = Field((), description="origins whose pages may call the API")
    cache: Path | None = Field(None, description="where clips and query pictures are kept")
    cache_mb: int = Field(2000, ge=10, le=10**8, description="of clips")
    body_mb: float = Field(16, gt=0, le=1000, description="the largest body of a request")
    body_seconds: Seconds = Field(60, description="until the body of a request must be here")
    picture_mp: float = Field(50, gt=0, le=1000, description="megapixels of a query picture")
    picture_hours: Hours = Field(24 * 7, description="how long a query picture is kept")
    media_hours: Hours = Field(6, description="how long a signed address is good")
    query_seconds: Seconds = Field(20, description="of one query, and of waiting for its turn")
    queries: int = Field(8, ge=1, le=1000, description="answered at the same time; more wait")
    transcodes: int = Field(2, ge=1, le=100, description="clips made at the same time; more wait")
    clip_seconds: Seconds = Field(120, description="the longest clip")


def read_serve_settings(flags: Mapping[str, Any], environment: Mapping[str, str]) -> ServeSettings:
    """Merge the four sources.

    Args:
        flags: what was given on the command line; None and () mean not given.
        environment: usually `os.environ`.

    Raises:
        SettingsError: an unknown key or a value that cannot be used, naming where it stands.
    """
    return merge_settings(ServeSettings, "serve", PREFIX, flags, environment)
