"""The errors about persons that people see.

ShotseekError
├── PersonMissing     no person of that name or id; the nearest names are given
├── NameTaken         another person has that name
├── NameRefused       a name that cannot be one
├── NothingLeft       a person would be seen nowhere any more
├── FaceMissing       no face is known at that place
└── AmbiguousFace     several faces are; their boxes are given
"""

from analyzers.error import ShotseekError


class PersonMissing(ShotseekError):
    """No person of that name or id; the message gives the nearest names."""


class NameTaken(ShotseekError):
    """Another person has that name."""


class NameRefused(ShotseekError):
    """A name that is empty, too long, not plain text, or looks like an id."""


class NothingLeft(ShotseekError):
    """A split that would leave nothing of the person that is split."""


class FaceMissing(ShotseekError):
    """No face is known at that place."""


class AmbiguousFace(ShotseekError):
    """Several faces are seen at that time; the message gives their boxes."""
