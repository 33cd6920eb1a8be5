"""What tests share: the material (real videos and pictures), the command, plain videos."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

NEAR = Path(__file__).resolve().parents[2] / "shared" / "material"
COMMAND = Path(sys.executable).with_name("shotseek")


def pytest_addoption(parser: pytest.Parser) -> None:
    """How long the slow tests of the API ask at random."""
    parser.addoption("--fuzz-seconds", type=int, default=60, help="of each fuzz test; 60")
    parser.addoption("--stress-seconds", type=int, default=60, help="of the stress test; 60")


@pytest.fixture(scope="session")
def fuzz_seconds(pytestconfig: pytest.Config) -> int:
    """How long one fuzz test takes."""
    return int(pytestconfig.getoption("--fuzz-seconds"))


@pytest.fixture(scope="session")
def stress_seconds(pytestconfig: pytest.Config) -> int:
    """How long the stress test takes."""
    return int(pytestconfig.getoption("--stress-seconds"))


@pytest.fixture(scope="session")
def material() -> Path:
    """The folder of real videos and pictures; a test that needs it skips where it is absent."""
    named = os.environ.get("SHOTSEEK_MATERIAL")
    if named and not Path(named).is_dir():
        pytest.fail(f"SHOTSEEK_MATERIAL names {named}, which is no folder")
    folder = Path(named) if named else NEAR
    if not folder.is_dir():
        pytest.skip("no material: set SHOTSEEK_MATERIAL to the folder of test videos")
    return folder


class Ran:
    """What a run of the command gave."""

    def __init__(self, done: subprocess.CompletedProcess[str]) -> None:
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr

    @property
    def json(self) -> Any:
        """Standard output as JSON; a run that printed none shows its error."""
        assert self.out.strip(), self.err
        return json.loads(self.out)


@pytest.fixture(scope="session")
def shotseek() -> Callable[..., Ran]:
    """Run the console command as a user would: `shotseek("search", "red", "--collection", c)`."""

    def run(*words: object, env: dict[str, str] | None = None) -> Ran:
        line = [str(COMMAND), *(str(word) for word in words)]
        merged = {**os.environ, **(env or {})}
        return Ran(subprocess.run(line, capture_output=True, text=True, timeout=250, env=merged))

    return run


PLAIN = {"red": (200, 20, 20), "green": (20, 160, 30), "blue": (20, 40, 220), "white": (245,) * 3}


@pytest.fixture(scope="session")
def plain_videos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three short videos of plain colours; the one of blue and white has sound."""
    from analyzers.clip import Sound
    from bench.videos import write_video

    folder = tmp_path_factory.mktemp("plain-videos")
    hum = np.sin(np.arange(3 * 16_000) * 0.1).astype(np.float32) * 0.5
    for name in ("red-green", "blue-white", "green"):
        sound = Sound(0, 16_000, hum) if name == "blue-white" else None
        write_video(folder / f"{name}.mp4", plain_frames(*name.split("-")), sound=sound)
    return folder


def plain_frames(*colours: str, each: int = 40, size: tuple[int, int] = (96, 128)) -> Any:
    """`each` frames of each colour, with a moving darker bar so that no two frames are alike."""
    for colour in colours:
        for number in range(each):
            frame = np.full((*size, 3), PLAIN[colour], np.uint8)
            frame[:, number : number + 8] //= 2
            yield frame


DIED = pytest.StashKey[bool]()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Keep that a process of tests died: what it ran is not among the tests that failed."""
    if error:
        node.config.stash[DIED] = True


def pytest_sessionfinish(session: pytest.Session) -> None:
    """End otherwise than by failed tests where a process died, so that nobody only repeats them."""
    if session.config.stash.get(DIED, False):
        session.exitstatus = pytest.ExitCode.INTERNAL_ERROR
