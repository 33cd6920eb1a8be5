"""Merges settings: flag > environment (SHOTSEEK_*) > shotseek.toml > default.

The file is `shotseek.toml` in the current folder, or the one that SHOTSEEK_SETTINGS names. It lies
here because `indexer` and `search` read settings alike, and search may not know indexer's verbs.
Knows no setting by name.
"""

import shlex
import tomllib
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, get_origin

from pydantic import BaseModel, ValidationError

from analyzers.error import SettingsError

PREFIX = "SHOTSEEK_"
FILE_VARIABLE = "SHOTSEEK_SETTINGS"
TABLES = ("index", "serve", "ui")
OTHER_VARIABLES = {
    PREFIX + name
    for name in (
        *("SETTINGS", "DEBUG", "CATALOG_PASSWORD", "TOKEN", "TOKEN_FILE", "API"),
        *("MATERIAL", "CHROMIUM"),  # the tests'
    )
}
SHOWN = 200  # characters of a value that cannot be used

Settings = TypeVar("Settings", bound=BaseModel)


def merge_settings(
    model: type[Settings],
    table: str,
    prefix: str,
    flags: Mapping[str, Any],
    environment: Mapping[str, str],
) -> Settings:
    """The settings of one verb.

    Args:
        model: their names, defaults and limits; fields that are tuples take several words.
        table: of the file.
        prefix: of the environment's variables. Those of other tables are let pass.
        flags: what was given on the command line; None and () mean not given.
        environment: usually `os.environ`.

    Raises:
        SettingsError: an unknown key or a value that cannot be used, naming where it stands.
    """
    given = {key: value for key, value in flags.items() if value not in (None, ())}
    merged = {
        **_read_file(environment, table, model),
        **_read_environment(environment, prefix, model),
        **given,
    }
    try:
        return model.model_validate(merged)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        said, got = first["msg"].removeprefix("Value error, "), repr(first["input"])[:SHOWN]
        raise SettingsError(f"setting {field!r}: {said}, got {got}") from None


def _read_file(
    environment: Mapping[str, str], table: str, model: type[BaseModel]
) -> dict[str, Any]:
    named = environment.get(FILE_VARIABLE)
    path = Path(named or "shotseek.toml")
    if not path.is_file():
        if named:
            raise SettingsError(f"{FILE_VARIABLE} names {named}, which does not exist")
        return {}
    try:
        whole = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from None
    for name in whole:
        _refuse_unknown(name, TABLES, str(path))
    values = whole.get(table, {})
    if not isinstance(values, dict):
        raise SettingsError(f"{path}: {table} is a table: write [{table}] above its settings")
    for key in values:
        _refuse_unknown(key, model.model_fields, f"{path} [{table}]")
    return {key: tuple(v) if isinstance(v, list) else v for key, v in values.items()}


def _read_environment(
    environment: Mapping[str, str], prefix: str, model: type[BaseModel]
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for variable, text in environment.items():
        if not variable.startswith(prefix) or _is_of_others(variable, prefix):
            continue
        key = variable.removeprefix(prefix).lower()
        _refuse_unknown(key, model.model_fields, "environment", f"{variable}: ")
        values[key] = _words(variable, text) if _takes_several(model, key) else text
    return values


def _is_of_others(variable: str, prefix: str) -> bool:
    others = (f"{PREFIX}{table.upper()}_" for table in TABLES)
    return variable in OTHER_VARIABLES or any(
        variable.startswith(other) for other in others if other != prefix
    )


def _takes_several(model: type[BaseModel], key: str) -> bool:
    return get_origin(model.model_fields[key].annotation) is tuple


def _words(variable: str, text: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(text))
    except ValueError as error:
        raise SettingsError(f"environment: {variable}: {error}") from None


def _refuse_unknown(key: str, known: Collection[str], where: str, name: str = "") -> None:
    if key in known:
        return
    near = get_close_matches(key, list(known), 1, cutoff=0.0)
    raise SettingsError(f"{where}: {name}unknown setting {key!r}; the nearest is {near[0]!r}")
