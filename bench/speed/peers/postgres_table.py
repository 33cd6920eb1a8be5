"""PostgreSQL with pgvector: a table of its own server, scanned, or searched through a graph."""

import io
import subprocess
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
from numpy.typing import NDArray

from bench.speed.peers.peer import Size

NEIGHBOURS, EF_BUILD = 16, 64  # pgvector's own defaults
EF_SEARCH = 1000  # the most it takes
HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)  # of COPY's binary format
END = b"\xff\xff"
STARTS = 3  # tries


class PostgresPeer:
    """One table in a server that is started for it and removed with it."""

    def __init__(self, size: Size, *, has_graph: bool) -> None:
        from pg8000 import dbapi

        self._dim, self._has_graph = size.dim, has_graph
        self._server = _start(size.folder)
        place = parse_qs(urlsplit(self._server.get_uri()).query)["host"][0]
        self._connection = dbapi.connect(
            user="postgres", database="postgres", unix_sock=f"{place}/.s.PGSQL.5432"
        )
        self._connection.autocommit = True
        self._cursor = self._connection.cursor()
        for command in (
            "CREATE EXTENSION vector",
            f"CREATE UNLOGGED TABLE keyframes (id int8, vector vector({size.dim}))",
            "ALTER TABLE keyframes ALTER vector SET STORAGE PLAIN",  # beside the id, not apart
            f"SET hnsw.ef_search = {EF_SEARCH}",
            "SET maintenance_work_mem = '1GB'",
        ):
            self._cursor.execute(command)

    def add(self, first: int, vectors: NDArray[np.float32]) -> None:
        """By COPY in its binary format."""
        rows = np.zeros(len(vectors), _row_type(self._dim))
        rows["fields"], rows["id_bytes"] = 2, 8
        rows["id"] = np.arange(first, first + len(vectors))
        rows["vector_bytes"], rows["dim"], rows["vector"] = 4 + 4 * self._dim, self._dim, vectors
        stream = io.BytesIO(HEADER + rows.tobytes() + END)
        self._cursor.execute("COPY keyframes FROM STDIN WITH (FORMAT binary)", stream=stream)

    def finish(self) -> None:
        """Build the graph, if it is to have one."""
        if self._has_graph:
            self._cursor.execute(
                "CREATE INDEX ON keyframes USING hnsw (vector vector_ip_ops)"
                f" WITH (m = {NEIGHBOURS}, ef_construction = {EF_BUILD})"
            )
        self._cursor.execute("ANALYZE keyframes")

    def top(self, query: NDArray[np.float32], k: int) -> NDArray[np.int64]:
        """In order of the inner product, which pgvector gives negative."""
        said = "[" + ",".join(map(repr, query.tolist())) + "]"
        self._cursor.execute(
            "SELECT id FROM keyframes ORDER BY vector <#> %s::vector LIMIT %s", (said, k)
        )
        return np.array([row[0] for row in self._cursor.fetchall()], np.int64)

    def server_bytes(self) -> int:
        """Of the server and its workers; what they share is counted once."""
        import psutil

        server = psutil.Process(self._server.get_pid())
        processes = [server, *server.children(recursive=True)]
        return sum(each.memory_full_info().pss for each in processes)

    def close(self) -> None:
        """Stop the server; its files go with it."""
        self._connection.close()
        self._server.cleanup()


def _start(folder: Path) -> Any:
    """A server with its data in a folder; it gives itself 10 s, which may be too few."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs, about XDG_RUNTIME_DIR
        import pgserver
    for _ in range(STARTS - 1):
        with suppress(subprocess.TimeoutExpired):
            return pgserver.get_server(folder, cleanup_mode="delete")
    return pgserver.get_server(folder, cleanup_mode="delete")


def _row_type(dim: int) -> np.dtype[Any]:
    """One row of COPY: how many fields, then each with its size before it, big-endian."""
    return np.dtype(
        [
            ("fields", ">i2"), ("id_bytes", ">i4"), ("id", ">i8"),
            ("vector_bytes", ">i4"), ("dim", ">i2"), ("unused", ">i2"), ("vector", ">f4", (dim,)),
        ]
    )  # fmt: skip


def make_scan(size: Size) -> PostgresPeer:
    """Every row is looked at."""
    return PostgresPeer(size, has_graph=False)


def make_graph(size: Size) -> PostgresPeer:
    """Through pgvector's HNSW."""
    return PostgresPeer(size, has_graph=True)
