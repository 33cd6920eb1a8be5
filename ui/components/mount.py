"""Registers a component from the .js and .css files beside this one, and mounts it.

Browsers get one script per component: parts that several share are put before it. Knows nothing
of what the components show.
"""

from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files


def mount(
    name: str,
    parts: Sequence[str],
    data: Mapping[str, object],
    key: str,
    triggers: Sequence[str],
) -> Mapping[str, object]:
    """Show a component and return its triggers by name, None for those that were not pulled.

    Args:
        name: of the component; its script is `<name>.js`, its style `<name>.css`.
        parts: names of scripts and styles it shares, put before its own.
        data: what its script gets, as JSON.
        key: unique in the app.
        triggers: names its script may pull.
    """
    import streamlit as st

    # Registering the same text again is cheap, and a fresh runtime (a test's) needs it.
    show: Callable[..., Mapping[str, object]] = st.components.v2.component(
        f"shotseek.{name}",
        js=_text(*parts, name, suffix="js"),
        css=_text(*parts, name, suffix="css"),
    )
    listeners = {f"on_{trigger}_change": _nothing for trigger in triggers}
    return show(key=key, data=dict(data), **listeners)


def _text(*names: str, suffix: str) -> str:
    folder = files("ui.components")
    rows = [folder.joinpath(f"{name}.{suffix}") for name in names]
    return "\n".join(row.read_text(encoding="utf-8") for row in rows if row.is_file())


def _nothing() -> None:
    """Streamlit reports only the triggers that have a listener."""
