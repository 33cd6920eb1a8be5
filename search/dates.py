"""Dates as people write them: a year, a month or a day, each a span of time. Knows no column."""

import re
from datetime import UTC, datetime, timedelta

_WRITTEN = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read_date(text: str) -> tuple[int, int]:
    """`2024`, `2024-05` or `2024-05-01` to its half-open span in ms since 1970, UTC.

    Raises:
        ValueError: it is written otherwise, or no such day exists.
    """
    written = _WRITTEN.fullmatch(text.strip())
    if written is None:
        raise ValueError(f"a date is 2024, 2024-05 or 2024-05-01, not {text!r}")
    year, month, day = (int(part) if part else None for part in written.groups())
    try:
        first = datetime(year or 0, month or 1, day or 1, tzinfo=UTC)
        if day is not None:
            end = first + timedelta(days=1)
        elif month is not None:
            end = (first + timedelta(days=31)).replace(day=1)
        else:
            end = first.replace(year=first.year + 1)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"there is no date {text!r}: {error}") from error
    return _to_ms(first), _to_ms(end)


def write_date(ms: int) -> str:
    """Milliseconds since 1970 as `2024-05-01T12:00:00Z`."""
    return (_EPOCH + timedelta(milliseconds=ms)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _to_ms(moment: datetime) -> int:
    return round((moment - _EPOCH) / timedelta(milliseconds=1))
