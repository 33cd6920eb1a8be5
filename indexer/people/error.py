"""The errors about persons that people see.

ShotseekError
├── PersonMissing     no person of that name or id; the nearest names are given
├── NameTaken         another person has that name
├── NameRefused       a name that cannot be one
└── NothingLeft       a person would be seen nowhere any more
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
