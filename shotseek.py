"""The console command: looks up the asked verb and hands over to the package that owns it.

Knows no verb by name: every package registers its own in the entry-point group `shotseek.verbs`.
"""

import os
import sys
from importlib.metadata import entry_points


def main() -> None:
    """Run `shotseek VERB ...`; user errors become one line and their exit code."""
    import typer

    app = typer.Typer(
        name="shotseek",
        help="Find moments in video: index a folder of videos, then search it.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(lambda: None)
    verbs = entry_points(group="shotseek.verbs")
    asked = next((word for word in sys.argv[1:] if not word.startswith("-")), None)
    for verb in sorted(verbs, key=lambda v: v.name):
        if asked in verbs.names and verb.name != asked:
            continue
        command = verb.load()
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=verb.name)
        else:
            app.command(verb.name)(command)
    _run(app)


def _run(app: object) -> None:
    from analyzers.error import ShotseekError

    try:
        app()  # type: ignore[operator]
    except ShotseekError as error:
        if os.environ.get("SHOTSEEK_DEBUG"):
            raise
        sys.stderr.write(f"shotseek: {error}\n")
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
