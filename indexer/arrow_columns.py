"""Columns of Parquet files from arrays and texts, and back.

The one door to pyarrow's Parquet, used by `vectors.py` and `tracks.py`. Columns are made from
buffers and read as buffers, because pyarrow's own ways (`array`, `to_numpy`, `read_table`) import
pandas where it is installed, which takes longer than everything else here.
"""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.storable import pack_text, unpack_text


def number_column(values: NDArray[Any], valid: NDArray[np.bool_] | None = None) -> Any:
    """A column of numbers (n,), null where not valid (n,)."""
    import pyarrow as pa

    flat = np.ascontiguousarray(values)
    buffers = [_bitmap(valid), pa.py_buffer(flat)]
    return pa.Array.from_buffers(pa.from_numpy_dtype(flat.dtype), len(flat), buffers)


def text_column(texts: Sequence[str | None]) -> Any:
    """A column of texts of any characters, null for None."""
    import pyarrow as pa

    encoded = [b"" if text is None else pack_text(text).encode() for text in texts]
    offsets = np.array([0, *accumulate(map(len, encoded))], np.int32)
    valid = np.array([text is not None for text in texts], np.bool_)
    buffers = [_bitmap(valid), pa.py_buffer(offsets), pa.py_buffer(b"".join(encoded))]
    return pa.Array.from_buffers(pa.string(), len(texts), buffers)


def list_column(arrays: Sequence[NDArray[Any]]) -> Any:
    """A column of lists: the values of each array, flat; all of one type."""
    import pyarrow as pa

    flat = [array.ravel() for array in arrays]
    offsets = np.array([0, *accumulate(map(len, flat))], np.int32)
    return pa.ListArray.from_arrays(number_column(offsets), number_column(np.concatenate(flat)))


def matrix_column(matrix: NDArray[Any]) -> Any:
    """A column of the rows of a matrix (n, dim), as lists of fixed size."""
    import pyarrow as pa

    return pa.FixedSizeListArray.from_arrays(number_column(matrix.ravel()), matrix.shape[1])


def write_columns(path: Path, columns: Mapping[str, Any], origin: str, **options: Any) -> None:
    """Write a file; `origin` is kept in it, `options` are those of `write_table`."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table(dict(columns)).replace_schema_metadata({"origin": origin.encode()})
    pq.write_table(table, path, **options)


def read_columns(path: Path, names: Sequence[str] | None = None) -> Any:
    """The table of a file, every column in one piece; with some columns only, where named."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        return file.read(columns=None if names is None else list(names)).combine_chunks()


def numbers_of(column: Any) -> NDArray[Any]:
    """The numbers of a column (n,); NaN for null."""
    return _values(column.combine_chunks())


def texts_of(column: Any) -> list[str | None]:
    """The texts of a column, None for null."""
    return [None if text is None else unpack_text(text) for text in column.to_pylist()]


def lists_of(column: Any) -> list[NDArray[Any]]:
    """The lists of a column, one flat array each."""
    whole = column.combine_chunks()
    return np.split(_values(whole.values), _values(whole.offsets)[1:-1])


def matrix_of(column: Any) -> NDArray[Any]:
    """The rows of a column of lists of fixed size, (n, dim)."""
    whole = column.combine_chunks()
    return _values(whole.flatten()).reshape(-1, whole.type.list_size)


def _values(array: Any) -> NDArray[Any]:
    """The values of an Arrow array of numbers (n,); NaN for null."""
    dtype = np.dtype(array.type.to_pandas_dtype())
    bitmap, values = array.buffers()
    span = slice(array.offset, array.offset + len(array))
    numbers = np.frombuffer(values, dtype)[span]
    if array.null_count == 0:
        return numbers
    valid = np.unpackbits(np.frombuffer(bitmap, np.uint8), bitorder="little")[span]
    return np.where(valid, numbers, np.nan)


def _bitmap(valid: NDArray[np.bool_] | None) -> Any:
    """Arrow's bits that tell values from nulls."""
    import pyarrow as pa

    return None if valid is None else pa.py_buffer(np.packbits(valid, bitorder="little"))
