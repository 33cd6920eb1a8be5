"""How the page is served, and which API it asks. Knows no flags, no Streamlit.

A flag wins over the environment (`SHOTSEEK_UI_PORT`), that over the table `[ui]` of
`shotseek.toml` in the working folder (or the file that SHOTSEEK_SETTINGS names), that over the
default.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from analyzers.error import SettingsError
from analyzers.settings_reading import merge_settings

PREFIX = "SHOTSEEK_UI_"
ADDRESS = r"^https?://[^\s/?#]+[^\s?#]*$"


class UiSettings(BaseModel):
    """What an operator can set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    api: str = Field("http://127.0.0.1:8000", pattern=ADDRESS, description="as the page sees it")
    public_api: str | None = Field(None, pattern=ADDRESS, description="as browsers see it")
    host: str = Field("127.0.0.1", min_length=1)
    port: int = Field(8501, ge=0, le=65535, description="0: any that is free")
    token_file: Path | None = Field(None, description="a file with the API's token")
    timeout_s: float = Field(30, gt=0, description="how long an answer may take")

    def read_token(self) -> str | None:
        """The token of its file.

        Raises:
            SettingsError: the file cannot be read, or is empty.
        """
        if self.token_file is None:
            return None
        try:
            token = self.token_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeError) as error:
            raise SettingsError(f"--token-file {self.token_file}: cannot be read") from error
        if not token:
            raise SettingsError(f"--token-file {self.token_file}: is empty")
        return token

    def environment(self) -> dict[str, str]:
        """The same as environment variables, for the script that Streamlit runs."""
        given = self.model_dump(mode="json", exclude_none=True)
        return {f"{PREFIX}{name.upper()}": str(value) for name, value in given.items()}


def read_settings(flags: Mapping[str, Any], environment: Mapping[str, str]) -> UiSettings:
    """The settings from all four places; a flag that is None was not given.

    Raises:
        SettingsError: a value cannot be used, or a name is unknown.
    """
    return merge_settings(UiSettings, "ui", PREFIX, flags, environment)
