"""A page of hits that notebooks and terminals can show. Knows no routes."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, Protocol, Self, overload

from pydantic import PrivateAttr

from search.hits import Hit
from search.wire import Found, Media

if TYPE_CHECKING:
    from rich.table import Table

SHOWN = 20  # lines of a representation


class MediaReader(Protocol):
    """Reads the bytes behind an address of media."""

    def __call__(self, address: str, *, timeout_s: float | None = None) -> bytes:
        """The bytes; raises ApiError."""


class Moment(NamedTuple):
    """A hit, and where its pictures and film are."""

    hit: Hit
    media: Media


class FoundHits(Found):
    """One page of hits: iterate or index it, or let a notebook show it with pictures."""

    _read: MediaReader | None = PrivateAttr(None)

    def reading_by(self, read: MediaReader) -> Self:
        """The same, showing the pictures that `read` gives."""
        self._read = read
        return self

    def moments(self) -> tuple[Moment, ...]:
        """Each hit with its media."""
        return tuple(Moment(*pair) for pair in zip(self.hits, self.media, strict=True))

    def __iter__(self) -> Iterator[Hit]:  # type: ignore[override] # hits, not pydantic's fields
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)

    @overload
    def __getitem__(self, place: int) -> Hit: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Hit, ...]: ...

    def __getitem__(self, place: int | slice) -> Hit | tuple[Hit, ...]:
        return self.hits[place]

    def __repr__(self) -> str:
        from search.listing import plain_lines

        if not self.hits:
            return "no hits"
        lines = [*plain_lines(self.hits[:SHOWN])]
        if self.total > len(lines):
            lines.append(f"{self.total} hits, {len(lines)} shown")
        return "\n".join(lines)

    __str__ = __repr__

    def __rich__(self) -> "Table | str":
        """As the command line shows it on a terminal."""
        from search.listing import hit_table

        return hit_table(self.hits) if self.hits else "no hits"

    def _repr_html_(self) -> str:
        """For notebooks: a table with the small pictures inside."""
        from search.client.page import write_page

        return write_page(self, self._read)
