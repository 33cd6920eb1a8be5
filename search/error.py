"""The errors of asking that people see.

ShotseekError
├── AskedWrong            (a SettingsError) one part of what was asked in flags or parameters
├── QueryInvalid          a query, or one field of it, cannot be used; the message names the field
├── PictureUnreadable     what was handed in as a picture cannot be read as one, or is too large
├── CursorExpired         a page was asked of another generation, or of another query
├── QueryTooSlow          a query took longer than it may
└── (indexer.error)       SpaceMismatch, VideoMissing, AmbiguousVideo
    └── NameShared        (an AmbiguousVideo) which videos those are

"""

from analyzers.error import SettingsError, ShotseekError
from indexer.error import AmbiguousVideo


class AskedWrong(SettingsError):
    """One part of what was asked cannot be used.

    As text it speaks of flags, as people at the command line know them (`--where KEY: ...`);
    `plain` says the same of parameters (`where KEY: ...`).

    Args:
        field: the parameter that is wrong; "" if nothing was asked.
        said: what is wrong with it, without any flag.
        given: its value, as far as it helps.
        flags: the whole text for the command line, where it is worded otherwise.
    """

    def __init__(
        self, field: str, said: str, *, given: str | None = None, flags: str | None = None
    ) -> None:
        named = field if given is None else f"{field} {given}"
        super().__init__(f"--{named}: {said}" if flags is None else flags)
        self.field = field
        self.plain = f"{named}: {said}" if named else said


class QueryInvalid(ShotseekError):
    """A query, or one field of it, cannot be used; the message names the field."""


class PictureUnreadable(ShotseekError):
    """What was handed in as a picture cannot be read as one, or is too large."""


class CursorExpired(ShotseekError):
    """A page was asked of another generation, or of another query."""


class QueryTooSlow(ShotseekError):
    """A query took longer than it may."""


class NameShared(AmbiguousVideo):
    """Several videos have the name that was asked; the message tells them apart by their paths.

    Args:
        said: the message.
        name: what was asked.
        found: the videos' numbers in the generation.
    """

    def __init__(self, said: str, name: str, found: list[int]) -> None:
        super().__init__(said)
        self.name, self.found = name, found
