"""When videos are committed while others are still being read, and that readers change nothing."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from analyzers.analyzer import Scope, Wants
from analyzers.clip import Clip
from analyzers.finding import Finding, Measure
from indexer.collection import Collection
from indexer.filling import runner
from indexer.filling.indexing import Indexer, Options
from indexer.filling.progress import Silent
from indexer.filling.readahead import ReadAhead
from indexer.filling.scanning import find_video_files
from indexer.segmenters.fixed import FixedSegmenter


class Onlooker:
    """Notes how many videos are committed whenever it is asked about a batch."""

    name, version, needs, scope, wants = "onlooker", "1", (), Scope.SHOT, Wants(keyframes=True)

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self.committed: list[int] = []

    def analyze(self, clips: Sequence[Clip]) -> list[list[Finding]]:
        self.committed.append(len(self._collection.catalog.find_videos()))
        return [[Measure(clip.start_ms, clip.end_ms, "seen", 1.0)] for clip in clips]


@pytest.fixture
def videos(plain_videos: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "videos"
    folder.mkdir()
    for number in range(6):
        shutil.copy(plain_videos / "green.mp4", folder / f"{number}.mp4")
    return folder


def fill(collection: Collection, onlooker: Onlooker, videos: Path, workers: int) -> Indexer:
    options = Options(lambda path: FixedSegmenter(0.4), lambda path: "fixed:0.4", workers=workers)
    indexer = Indexer(collection, [onlooker], options, Silent())
    report = indexer.run(find_video_files([videos], []), [videos])
    assert (report.videos["added"], report.failures) == (6, [])
    return indexer


def test_videos_are_committed_though_readers_are_always_ahead(
    videos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ReadAhead, "idle", property(lambda self: False))
    monkeypatch.setattr(runner, "BATCH_PICTURES", 5)  # of four that a video has
    with Collection.create(tmp_path / "c") as collection:
        onlooker = Onlooker(collection)
        fill(collection, onlooker, videos, 1)
    assert onlooker.committed == [0, 1, 2, 3, 5]


@pytest.mark.parametrize("workers", [2, 5])
def test_several_readers_find_what_one_finds(videos: Path, tmp_path: Path, workers: int) -> None:
    found = []
    for count in (1, workers):
        with Collection.create(tmp_path / f"c{count}") as collection:
            fill(collection, Onlooker(collection), videos, count)
            catalog = collection.catalog
            found.append(
                {
                    video.path: (
                        catalog.find_shots(video),
                        catalog.find_keyframes(video),
                        [(each.start_ms, each.end_ms) for each in collection.find_findings(video)],
                    )
                    for video in catalog.find_videos()
                }
            )
    assert len(found[0]) == 6
    assert found[0] == found[1]
