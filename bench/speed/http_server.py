"""The server as `shotseek serve` runs it, in a process of its own, over a made collection.

Run as a module (`python -m bench.speed.http_server FOLDER KEYFRAMES DIM SEED`) this file is that
process: it says its port on standard output, and ends when its standard input does. It asks for no
token. A made collection has search files only; a catalog without videos is put beside them, so no
file counts as one that browsers play, and `play` leads to the clip. Texts are looked up, as
everywhere in this bench: there is no model in it.
"""

import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import TYPE_CHECKING

from bench.speed.asking import ReadyEncoder
from bench.speed.collection import Plan

if TYPE_CHECKING:
    import uvicorn

HOST = "127.0.0.1"
QUERIES = 64  # texts that have a vector
GRACE_S = 10.0  # between asking to end and ending


@contextmanager
def serving(collection: Path, plan: Plan) -> Iterator[int]:
    """The port on which a process of its own answers for a made collection; ended afterwards.

    Raises:
        subprocess.CalledProcessError: it did not start; what it said went to stderr.
    """
    words = [str(each) for each in (collection, plan.keyframes, plan.dim, plan.seed)]
    command = [sys.executable, "-P", "-m", "bench.speed.http_server", *words]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        if not said:
            raise subprocess.CalledProcessError(process.wait(), command)
        yield int(said)
    finally:
        _end(process)


def _end(process: "subprocess.Popen[str]") -> None:
    try:
        process.communicate(timeout=GRACE_S)  # closes its standard input
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


def serve(collection: Path, plan: Plan, folder: Path) -> None:
    """Answer until standard input ends.

    Args:
        collection: the made one.
        plan: how it was made.
        folder: an empty one, for the catalog and what the server keeps.
    """
    from indexer.collection import Collection
    from indexer.generations.opening import INDEXES
    from search.api.running import make_server, settle_heap
    from search.api.serving import Serving
    from search.api.settings import ServeSettings
    from search.encoders import Encoders

    Collection.create(folder).close()
    (folder / INDEXES).symlink_to((collection / INDEXES).resolve(), target_is_directory=True)
    ready = Encoders({plan.space.name: ReadyEncoder(plan.space, plan.queries(QUERIES))})
    settings = ServeSettings(cache=folder / "cache")
    opened = Serving.open_(folder, settings, None, ready)
    server = make_server(opened)
    opened.edition()
    settle_heap()
    bound = socket.create_server((HOST, 0))
    Thread(target=_end_with_input, args=(server,), daemon=True).start()
    sys.stdout.write(f"{bound.getsockname()[1]}\n")
    sys.stdout.flush()
    server.run(sockets=[bound])


def _end_with_input(server: "uvicorn.Server") -> None:
    sys.stdin.read()
    server.should_exit = True


def main(arguments: Sequence[str]) -> None:
    """Serve, in a folder that goes again."""
    collection, keyframes, dim, seed = arguments
    with TemporaryDirectory(prefix="shotseek-http-") as folder:
        plan = Plan(int(keyframes), int(dim), int(seed))
        serve(Path(collection), plan, Path(folder, "made.collection"))


if __name__ == "__main__":
    main(sys.argv[1:])
