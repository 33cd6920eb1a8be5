"""The verb `ui`: flags in, a running page out. Light to import."""

from pathlib import Path
from typing import Annotated

import typer


def ui(
    api: Annotated[
        str | None, typer.Option(help="The API's address. [default: http://127.0.0.1:8000]")
    ] = None,
    public_api: Annotated[
        str | None, typer.Option(help="Its address as browsers see it, where that is another.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="0: any that is free. [default: 8501]", min=0, max=65535)
    ] = None,
    host: Annotated[str | None, typer.Option(help="Where to listen. [default: 127.0.0.1]")] = None,
    token_file: Annotated[
        Path | None, typer.Option(help="A file with the API's token; browsers never get it.")
    ] = None,
) -> None:
    """Show the page in browsers."""
    import os

    from ui.running import run_page
    from ui.settings import read_settings

    flags = {
        "api": api,
        "public_api": public_api,
        "port": port,
        "host": host,
        "token_file": token_file,
    }
    run_page(read_settings(flags, os.environ))
