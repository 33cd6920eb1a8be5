"""Takes out of what is stored what its tombstones forbid, video by video, wholly or not at all.

The runs that said it are written anew without it; then one transaction names the new files, and the
older ones are removed. Knows no search files, no pictures, no names of persons.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from analyzers.finding import Finding, Track
from indexer.catalog.catalog import Catalog
from indexer.deposit import Deposit, rewrite_runs
from indexer.error import CollectionDamaged
from indexer.people.person import Span
from indexer.people.withholding import Withheld
from indexer.records import Result, Run, Video
from indexer.run_files import stage_run
from indexer.staging import Staging


@dataclass(frozen=True)
class Withdrawer:
    """Withdraws from one collection; `writing` is its writer's lock."""

    folder: Path
    catalog: Catalog
    writing: Callable[[], AbstractContextManager[None]]
    find_findings: Callable[[Video, Sequence[str] | None], Sequence[Finding]]

    def withdraw(self, video: Video, find_spans: Callable[[Video], tuple[Span, ...]]) -> bool:
        """Withdraw what the spans forbid of a video; whether there was anything."""
        with self.writing(), Staging(self.folder) as staging:
            with self.catalog.reading() as reader:
                now = reader.find_video("id", video.id)
                runs = {} if now is None else {run.analyzer: run for run in reader.find_runs(now)}
            if now is None:
                return False
            said = {name: self.find_findings(now, [name]) for name in runs}
            kept = Withheld(find_spans(now)).leave_out(said)
            left = {name: kept[name] for name in runs if len(kept[name]) < len(said[name])}
            if left:
                deposit = self._rewrite(staging, now, [(runs[name], left[name]) for name in left])
                for path in deposit.unnamed:
                    (self.folder / path).unlink(missing_ok=True)
        return bool(left)

    def find_tracks(self, video: Video) -> tuple[Track, ...]:
        """The tracks that are stored of a video; none where a file of it is lost."""
        try:
            found = self.find_findings(video, None)
        except CollectionDamaged:
            return ()  # what refers to a track that is not there is left out
        return tuple(finding for finding in found if isinstance(finding, Track))

    def _rewrite(
        self, staging: Staging, video: Video, left: Sequence[tuple[Run, Sequence[Finding]]]
    ) -> Deposit:
        keyframes = self.catalog.find_keyframes(video)
        runs = [
            (run, stage_run(staging, _result_of(run, findings), keyframes))
            for run, findings in left
        ]
        with self.catalog.changing() as change:
            return rewrite_runs(change, staging, video, runs)


def _result_of(run: Run, findings: Sequence[Finding]) -> Result:
    return Result(run.analyzer, run.version, run.seconds, findings, decoder=run.decoder)
