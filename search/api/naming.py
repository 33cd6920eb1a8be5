"""What is said of videos over HTTP where the command line would name paths. Knows no routes."""

from collections.abc import Iterator
from contextlib import contextmanager

from search.api.edition import Edition
from search.api.problem import Refused
from search.error import AskedWrong, NameShared, QueryInvalid

SHOWN = 20  # ids that a message lists


@contextmanager
def naming_by_id(edition: Edition) -> Iterator[None]:
    """Tell apart by their ids, not by their paths on the server, videos that share a name.

    Raises:
        Refused: several videos have the name that was asked.
    """
    try:
        yield
    except NameShared as error:
        uids = edition.engine.generation.videos.uid
        ids = ", ".join(uids[number] for number in error.found[:SHOWN])
        said = f"{len(error.found)} videos are called {error.name}: {ids}"
        raise Refused(422, said, "name the video by its id") from error


@contextmanager
def speaking_of_parameters() -> Iterator[None]:
    """Say what is wrong with a parameter without the dashes of flags.

    Raises:
        QueryInvalid: it is wrong.
    """
    try:
        yield
    except AskedWrong as error:
        raise QueryInvalid(error.plain) from error
