"""Settings of `index`, read in one place: flag > environment (SHOTSEEK_*) > file > default.

The file is `shotseek.toml` in the current folder, or the one that SHOTSEEK_SETTINGS names.
"""

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from analyzers.error import SettingsError

PREFIX = "SHOTSEEK_"
FILE_VARIABLE = "SHOTSEEK_SETTINGS"
OTHER_VARIABLES = {PREFIX + name for name in ("SETTINGS", "DEBUG", "MATERIAL", "CATALOG_PASSWORD")}


class IndexSettings(BaseModel):
    """How a collection is filled."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    profile: str = "standard"
    encoder: tuple[str, ...] = ()
    analyzers: str = ""
    catalog: str | None = None
    shots: str = "auto"
    device: str = Field(default="auto", pattern="^(auto|cpu|cuda)$")
    workers: int = Field(default=0, ge=0, description="videos decoded at once; 0 = by the cores")


def read_settings(flags: Mapping[str, Any], environment: Mapping[str, str]) -> IndexSettings:
    """Merge the four sources.

    Args:
        flags: what was given on the command line; None and () mean not given.
        environment: usually `os.environ`.

    Raises:
        SettingsError: an unknown key or a value that cannot be used, naming where it stands.
    """
    given = {key: value for key, value in flags.items() if value not in (None, ())}
    known = set(IndexSettings.model_fields)
    merged = _read_file(environment, known) | _read_environment(environment, known) | given
    try:
        return IndexSettings.model_validate(merged)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"setting {field!r}: {first['msg']}, got {first['input']!r}") from None


def _read_file(environment: Mapping[str, str], known: set[str]) -> dict[str, Any]:
    named = environment.get(FILE_VARIABLE)
    path = Path(named or "shotseek.toml")
    if not path.is_file():
        if named:
            raise SettingsError(f"{FILE_VARIABLE} names {named}, which does not exist")
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from None
    for name in table:
        _refuse_unknown(name, {"index"}, str(path))
    values = table.get("index", {})
    for key in values:
        _refuse_unknown(key, known, f"{path} [index]")
    if isinstance(values.get("encoder"), list):
        values["encoder"] = tuple(values["encoder"])
    return dict(values)


def _read_environment(environment: Mapping[str, str], known: set[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for variable, text in environment.items():
        if not variable.startswith(PREFIX) or variable in OTHER_VARIABLES:
            continue
        key = variable.removeprefix(PREFIX).lower()
        _refuse_unknown(key, known, "environment")
        values[key] = tuple(text.split()) if key == "encoder" else text
    return values


def _refuse_unknown(key: str, known: set[str], where: str) -> None:
    if key in known:
        return
    near = get_close_matches(key, known, 1, cutoff=0.0)
    raise SettingsError(f"{where}: unknown setting {key!r}; the nearest is {near[0]!r}")
