"""The errors of collections that people see.

ShotseekError
├── CollectionMissing     the folder holds no collection
├── CollectionTooNew      made by a newer shotseek
├── CollectionBusy        another process holds the writer's lock for too long
├── CatalogUnreachable    the database cannot be opened, or holds something else
├── CollectionDamaged     a file of the collection is not there, or cannot be understood
├── CollectionChanged     another process replaced what was being read
├── SpaceMismatch         vectors or an encoder of another space of the same name
├── VideoMissing          no video of that name; the nearest names are given
└── AmbiguousVideo        several videos of that name; their paths are given
"""

from analyzers.error import ShotseekError


class CollectionMissing(ShotseekError):
    """The folder holds no collection."""


class CollectionTooNew(ShotseekError):
    """The collection was made by a newer shotseek."""


class CollectionBusy(ShotseekError):
    """Another process holds the writer's lock for too long."""


class CatalogUnreachable(ShotseekError):
    """The catalog's database cannot be opened, or holds something else."""


class CollectionDamaged(ShotseekError):
    """A file of the collection is not there, or cannot be understood."""


class CollectionChanged(ShotseekError):
    """Another process replaced what was being read; reading again helps."""


class SpaceMismatch(ShotseekError):
    """Vectors or an encoder of another space of the same name."""


class VideoMissing(ShotseekError):
    """No video of that name; the message gives the nearest."""


class AmbiguousVideo(ShotseekError):
    """Several videos of that name; the message gives their paths."""
