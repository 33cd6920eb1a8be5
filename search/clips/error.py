"""The errors of clips that people see."""

from analyzers.error import ShotseekError


class ClipUnavailable(ShotseekError):
    """No clip can be made of this stretch: the file is missing, unreadable or shows nothing."""


class ClipStopped(ClipUnavailable):
    """The caller gave up, or the time for one clip was over, before the clip was ready."""


class ClipUnwritten(ClipUnavailable):
    """The folder of clips is full, or may not be written to."""


class TooBusy(ShotseekError):
    """As many clips as are allowed are being made at the moment."""
