"""LanceDB: a table in a folder, searched through an index of lists of 8 bit vectors."""

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.speed.peers.peer import Size

LISTS_READ = 20  # its own default
COLUMN = "vector"


class LancePeer:
    """One table. It builds the index that its makers advise where recall matters."""

    def __init__(self, size: Size) -> None:
        os.environ.setdefault("LANCE_LOG", "error")
        import lancedb

        self._database = lancedb.connect(str(size.folder))
        self._table: Any = None

    def add(self, first: int, vectors: NDArray[np.float32]) -> None:
        """A fragment of the table."""
        rows = _to_arrow(first, vectors)
        if self._table is None:
            self._table = self._database.create_table("keyframes", data=rows)
        else:
            self._table.add(rows)

    def finish(self) -> None:
        """Build the index; small tables are scanned."""
        if self._table.count_rows() >= 5000:
            self._table.create_index(
                metric="dot", vector_column_name=COLUMN, index_type="IVF_SQ", replace=True
            )

    def top(self, query: NDArray[np.float32], k: int) -> NDArray[np.int64]:
        """Numbers alone, with the distances it insists on."""
        asked = self._table.search(query, vector_column_name=COLUMN).metric("dot")
        wanted = asked.nprobes(LISTS_READ).limit(k).select(["id", "_distance"])
        return np.asarray(wanted.to_arrow()["id"].to_numpy(), np.int64)

    def server_bytes(self) -> int:
        """None: it lives in this process."""
        return 0

    def close(self) -> None:
        """Forget the table."""
        self._table = None


def _to_arrow(first: int, vectors: NDArray[np.float32]) -> Any:
    """A table of numbers and vectors."""
    import pyarrow as pa

    numbers = pa.array(np.arange(first, first + len(vectors)))
    flat = pa.array(vectors.ravel())
    column = pa.FixedSizeListArray.from_arrays(flat, vectors.shape[1])
    return pa.table({"id": numbers, COLUMN: column})
