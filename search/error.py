"""The errors of asking that people see.

ShotseekError
├── QueryInvalid          a query, or one field of it, cannot be used; the message names the field
├── PictureUnreadable     what was handed in as a picture cannot be read as one, or is too large
├── CursorExpired         a page was asked of another generation, or of another query
└── (indexer.error)       SpaceMismatch, VideoMissing, AmbiguousVideo

"""

from analyzers.error import ShotseekError


class QueryInvalid(ShotseekError):
    """A query, or one field of it, cannot be used; the message names the field."""


class PictureUnreadable(ShotseekError):
    """What was handed in as a picture cannot be read as one, or is too large."""


class CursorExpired(ShotseekError):
    """A page was asked of another generation, or of another query."""
