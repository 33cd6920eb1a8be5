"""The errors that people see.

ShotseekError            one line with the remedy; the command ends with `exit_code`
├── SettingsError        a flag, a file of settings or an environment variable is wrong
├── ModelUnavailable     weights cannot be had on this machine
└── LibraryMissing       an optional library is not installed

Packages downstream derive their own from `ShotseekError`, next to the interface that raises them.
Anything else that is raised is a bug and shows its traceback.
"""


class ShotseekError(Exception):
    """A failure that the user can mend: the message names the thing and the remedy, in one line."""

    exit_code = 2


class SettingsError(ShotseekError):
    """A flag, setting or environment variable has a value that cannot be used."""


class ModelUnavailable(ShotseekError):
    """The weights of a model are not on this machine and could not be fetched."""


class LibraryMissing(ShotseekError):
    """An optional library is not installed; the message gives the `pip install` line."""
