"""The contract of catalogs: every test runs over SQLite and over PostgreSQL."""

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzers.error import SettingsError
from analyzers.finding import End, EndKind, Label, Measure, Relation, Words, WordsKind
from indexer.catalog import bulk, tables
from indexer.catalog.address import parse_address, public_text, server_of, with_password
from indexer.catalog.engine import Database
from indexer.collection import Collection
from indexer.error import CatalogUnreachable, CollectionTooNew
from indexer.records import CollectionResult, Failure, FileKind, Result, RunStanding, RunState
from indexer.storable import pack_text, unpack_text

TEXTS = st.text(st.characters(exclude_categories=()), max_size=20)  # surrogates and NUL too
TIMES = st.integers(-(2**40), 2**40)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
BOXES = st.none() | st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
SPANS = st.tuples(TIMES, st.integers(1, 10**9)).map(lambda pair: (pair[0], pair[0] + pair[1]))
ENDS = st.builds(End, st.sampled_from(EndKind), TEXTS)
FINDINGS = SPANS.flatmap(
    lambda span: st.one_of(
        st.builds(
            Words,
            *map(st.just, span),
            st.sampled_from(WordsKind),
            TEXTS,
            NUMBERS,
            BOXES,
            st.none() | TEXTS,
        ),
        st.builds(Label, *map(st.just, span), TEXTS, TEXTS, NUMBERS, BOXES, st.none() | TEXTS),
        st.builds(Measure, *map(st.just, span), TEXTS, NUMBERS, TEXTS),
        st.builds(Relation, *map(st.just, span), ENDS, TEXTS, ENDS, NUMBERS),
    )
)


def test_findings_of_all_kinds_are_read_back_equal_and_in_order(
    collection: Collection, maker: Any
) -> None:
    results = [maker.result("look"), maker.result("again", seed=1)]
    video = maker.commit(collection, "/videos/a.mp4", *results)
    maker.commit(collection, "/videos/b.mp4", maker.result(seed=2), sample_hash="b")

    both = [*maker.findings(), *maker.findings(seed=1)]
    assert maker.plain(collection.find_findings(video)) == maker.plain(both)
    assert maker.plain(collection.find_findings(video, ["again"])) == maker.plain(both[11:])
    assert collection.find_findings(video, []) == []


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(findings=st.lists(FINDINGS, max_size=8))
def test_any_finding_is_read_back_equal(
    collection: Collection, maker: Any, findings: list[Any]
) -> None:
    video = maker.commit(collection, "/videos/a.mp4")
    collection.commit_results(video, [Result("any", "1", 0.0, findings)])

    assert collection.find_findings(video) == findings


@given(TEXTS)
def test_any_text_becomes_one_that_every_database_takes(text: str) -> None:
    packed = pack_text(text)

    assert unpack_text(packed) == text
    assert b"\x00" not in packed.encode()


def test_a_video_is_read_back_equal(collection: Collection, maker: Any) -> None:
    path = "/videos/\udc80\tschöner 'Film' \U0001f3ac.mp4"
    video = maker.commit(collection, path, full_hash="ff")

    assert collection.catalog.find_videos() == [video]
    found = maker.found(path, full_hash="ff")
    facts = {name: getattr(video, name) for name in found.__dataclass_fields__}
    assert facts == {name: getattr(found, name) for name in facts}
    assert (video.id, video.name) == (1, path.removeprefix("/videos/"))
    assert collection.catalog.find_shots(video) == list(maker.shots)
    assert collection.catalog.find_keyframes(video) == list(maker.keyframes)
    assert collection.catalog.find_scenes(video) == list(maker.scenes)


def test_numbers_that_are_none_are_stored_as_zero(collection: Collection, maker: Any) -> None:
    container = maker.found().container.__class__("a", "gif", "gif", 1, 1, float("nan"), 0, 1, 0)
    maker.commit(collection, container=container)

    assert collection.catalog.find_videos()[0].container.fps == 0.0


def test_runs_tell_how_they_ended(collection: Collection, maker: Any) -> None:
    failed = Result("look", "2", 0.5, reason="ran out of\nmemory")
    video = maker.commit(collection, "/videos/a.mp4", maker.result("say"), failed)

    say, look = collection.catalog.find_runs(video)
    assert (say.analyzer, say.version, say.state, say.seconds) == ("say", "1", RunState.DONE, 1.5)
    assert [file.path.split("/")[:2] for file in say.files] == [
        ["tracks", "say"],
        ["vectors", "faces"],
        ["vectors", "toy"],
    ]
    assert [file.rows for file in say.files] == [2, 1, 2]
    assert (look.state, look.reason, look.files) == (RunState.FAILED, "ran out of\nmemory", ())
    assert collection.catalog.read_runs() == [
        RunStanding(video.id, "say", "1", RunState.DONE),
        RunStanding(video.id, "look", "2", RunState.FAILED),
    ]


def test_a_stale_run_keeps_its_findings_until_it_is_made_anew(
    collection: Collection, maker: Any
) -> None:
    video = maker.commit(collection, "/videos/a.mp4", maker.result("look"), maker.result("say"))
    look = collection.catalog.read_runs()[0]
    collection.mark_stale([look], "version 2 is out")

    assert [run.state for run in collection.catalog.read_runs()] == ["stale", "done"]
    assert collection.catalog.find_runs(video)[0].reason == "version 2 is out"
    assert len(collection.find_findings(video, ["look"])) == 11
    collection.commit_results(video, [Result("look", "2", 0.0, maker.findings()[:1])])
    assert len(collection.find_findings(video, ["look"])) == 1
    assert {run.state for run in collection.catalog.read_runs()} == {"done"}


def test_a_replaced_video_keeps_its_ids_and_nothing_else(
    collection: Collection, maker: Any
) -> None:
    other = maker.commit(collection, "/videos/0.mp4", sample_hash="0")
    old = maker.commit(collection, "/videos/a.mp4", maker.result(), maker.result("old"))
    new = maker.commit(collection, "/videos/a.mp4", maker.result(seed=5), sample_hash="b")

    assert (new.id, new.uid, new.added_at) == (old.id, old.uid, old.added_at)
    assert new.sample_hash == "b"
    assert new.revision > old.revision
    assert collection.catalog.find_videos() == [other, new]
    assert [run.analyzer for run in collection.catalog.find_runs(new)] == ["look"]
    assert maker.plain(collection.find_findings(new)) == maker.plain(maker.findings(5))
    assert len(collection.catalog.read_columns("labels", ["video_id"])["video_id"]) == 2


def test_a_removed_video_leaves_no_row_and_its_number_is_not_used_again(
    collection: Collection, maker: Any
) -> None:
    maker.commit(collection, "/videos/a.mp4")
    video = maker.commit(collection, "/videos/b.mp4", maker.result(), sample_hash="b")
    collection.remove_video(video)

    for table in tables.metadata.sorted_tables:
        if "video_id" in table.c:
            ids = collection.catalog.read_columns(table.name, ["video_id"])["video_id"]
            assert video.id not in ids, table.name
    assert maker.commit(collection, "/videos/c.mp4", sample_hash="c").id == video.id + 1


def test_the_revision_moves_with_what_generations_are_made_from(
    collection: Collection, maker: Any
) -> None:
    seen = [0]

    def moved() -> bool:
        seen.append(collection.revision)
        return seen[-1] > seen[-2]

    assert not moved()
    video = maker.commit(collection, "/videos/a.mp4")
    assert moved()
    collection.commit_results(video, [maker.result()])
    assert moved()
    failed = Result("broken", "1", 0.0, reason="no luck")
    collection.commit_results(video, [failed])
    collection.commit_results(video, [failed])
    failure = Failure("/videos/b.mp4", "decode", "no video", 0, 0, video.added_at)
    collection.record_failure(failure)
    collection.mark_stale(collection.catalog.read_runs(), "why not")
    assert not moved()
    collection.move_video(video, Path("/videos/c.mp4"))
    assert moved()
    collection.touch_video(video, 1_234, 77)
    assert moved()
    collection.remove_video(video)
    assert moved()


def test_failures_stand_until_the_video_is_indexed(collection: Collection, maker: Any) -> None:
    moment = maker.commit(collection, "/videos/a.mp4").added_at
    failures = [
        Failure(f"/videos/{name}.mp4", "decode", reason, 5, 6, moment)
        for name, reason in [("z", "late"), ("b", "first"), ("b", "second")]
    ]
    for failure in failures:
        collection.record_failure(failure)
    assert collection.find_failures() == [failures[2], failures[0]]
    maker.commit(collection, "/videos/b.mp4", sample_hash="b")

    assert collection.find_failures() == [failures[0]]


@pytest.mark.parametrize("rows", [1, 7, 50_000])
def test_columns_come_whole_and_in_order_whatever_the_chunks(
    collection: Collection, maker: Any, rows: int
) -> None:
    videos = [maker.commit(collection, f"/{n}.mp4", sample_hash=str(n)) for n in range(4)]
    expected = []
    for video in [videos[3], videos[0], videos[2]]:
        labels = [Label(n, n + 1, "v", f"\x00{n}", n / 3) for n in range(video.id)]
        collection.commit_results(video, [Result("one", "1", 0.0, labels)])
        collection.commit_results(video, [Result("two", "1", 0.0, labels)])
        expected += [(video.id, each.start_ms, each.name, each.score) for each in labels * 2]
    names = ["video_id", "start_ms", "name", "score", "x0", "track"]
    with collection.catalog.reading() as reader:
        chunks = list(reader.read_chunks("labels", names, rows))
    columns = collection.catalog.read_columns("labels", names)

    assert list(zip(*(columns[name] for name in names[:4]), strict=True)) == sorted(
        expected, key=lambda row: row[0]
    )
    assert columns["start_ms"].dtype == np.int64
    assert columns["score"].dtype == np.float64
    assert np.isnan(columns["x0"]).all()
    assert columns["track"] == [None] * 16
    assert [list(map(int, set(chunk["video_id"]))) for chunk in chunks] == {
        1: [[1], [3], [4]],
        7: [[1], [3], [4]],
        50_000: [[1, 3, 4]],
    }[rows]


@pytest.mark.parametrize("at_once", [1, 2, 500])
def test_some_videos_are_asked_for_without_the_others(
    collection: Collection, maker: Any, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(bulk, "ASKED_AT_ONCE", at_once)
    videos = [
        maker.commit(collection, f"/{n}.mp4", maker.result(), sample_hash=str(n)) for n in range(5)
    ]
    ids = [videos[n].id for n in (1, 2, 4)]
    names = ["video_id", "start_ms", "name"]
    with collection.catalog.reading() as reader:
        assert [video.id for video in reader.find_videos(ids)] == ids
        assert {id for id, _ in reader.find_files(FileKind.VECTORS, "toy", ids)} == set(ids)
        some, whole = (reader.read_columns("labels", names, asked) for asked in (ids, None))
        assert len(reader.read_columns("labels", names, [])["name"]) == 0
        revisions = reader.read_revisions()
    rows = list(zip(*(whole[name] for name in names), strict=True))
    assert list(zip(*(some[name] for name in names), strict=True)) == [
        row for row in rows if row[0] in ids
    ]
    assert list(revisions) == [video.id for video in videos]
    assert max(revisions.values()) == collection.revision


def test_a_video_changes_when_something_said_of_it_goes(collection: Collection, maker: Any) -> None:
    videos = [maker.commit(collection, f"/{n}.mp4", sample_hash=str(n)) for n in range(3)]
    label = (Label(0, 1, "v", "one", 0.5),)

    def changed(act: Callable[[], object]) -> list[int]:
        with collection.catalog.reading() as reader:
            before = reader.read_revisions()
        act()
        with collection.catalog.reading() as reader:
            after = reader.read_revisions()
        return [n for n, video in enumerate(videos) if before[video.id] != after[video.id]]

    def look(generation: str, *seen: int) -> None:
        said = [(videos[n], label) for n in seen]
        collection.commit_collection_result(CollectionResult("all", "1", generation, said))

    assert changed(lambda: look("1", 0, 1)) == [0, 1]
    assert changed(lambda: look("2", 1)) == [0]  # of the other it says what it said
    assert changed(lambda: look("3", 1, 2)) == [2]
    collection.commit_results(videos[2], [maker.result("more", seed=2)])
    next((collection.folder / "vectors" / "toy").glob(f"{videos[2].uid}*")).unlink()
    assert changed(collection.check) == [2], "its vectors are named no more"


def test_columns_of_an_empty_table_are_empty(collection: Collection) -> None:
    columns = collection.catalog.read_columns("words", ["start_ms", "text", "score"])

    assert columns["start_ms"].dtype == np.int64
    assert columns["score"].dtype == np.float64
    assert [len(column) for column in columns.values()] == [0, 0, 0]
    assert columns["text"] == []


def test_a_view_does_not_see_what_others_commit(collection: Collection, maker: Any) -> None:
    maker.commit(collection, "/videos/a.mp4")
    with collection.catalog.reading() as reader:
        before = reader.revision
        maker.commit(collection, "/videos/b.mp4", maker.result(), sample_hash="b")
        assert reader.revision == before
        assert len(reader.find_videos()) == 1
        assert list(reader.read_chunks("labels", ["video_id"])) == []

    assert len(collection.catalog.find_videos()) == 2


def test_a_change_that_breaks_off_changes_nothing(collection: Collection, maker: Any) -> None:
    video = maker.commit(collection, "/videos/a.mp4", maker.result())
    revision = collection.revision
    with suppress(ZeroDivisionError), collection.catalog.changing() as change:
        change.delete_video(video)
        assert change.find_videos() == []
        raise ZeroDivisionError

    assert collection.catalog.find_videos() == [video]
    assert collection.revision == revision


def test_the_migrations_make_the_tables_that_the_code_knows(collection: Collection) -> None:
    with _connected(collection) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": _compare_type})
        found = compare_metadata(context, tables.metadata)

    assert found == []


def test_a_catalog_of_a_newer_version_is_refused(collection: Collection) -> None:
    with collection.catalog._database.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9000'"))

    for again in (Collection.open_, Collection.create):
        with pytest.raises(CollectionTooNew, match=r"version 9000.*newer shotseek"):
            again(collection.folder)


def test_a_folder_whose_catalog_is_gone_says_so(collection: Collection) -> None:
    collection.close()
    if collection._content.catalog is None:
        (collection.folder / "catalog.sqlite").unlink()
    else:
        with collection.catalog._database.writing() as connection:
            connection.execute(sa.schema.DropSchema(f"shotseek_{collection.id}", cascade=True))

    with pytest.raises(CatalogUnreachable, match="no catalog there; restore it"):
        Collection.open_(collection.folder)


def test_opening_imports_no_alembic(sqlite_collection: Collection) -> None:
    code = (
        "import sys; from pathlib import Path; from indexer.collection import Collection\n"
        "with Collection.open_(Path(sys.argv[1])) as c: c.catalog.find_videos()\n"
        "print(sorted({'alembic', 'pyarrow', 'pg8000'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code, str(sqlite_collection.folder)]
    said = subprocess.run(command, capture_output=True, text=True, check=True)

    assert said.stdout == "[]\n"


def test_collections_in_one_database_do_not_see_each_other(
    tmp_path: Path, postgresql_url: str, maker: Any
) -> None:
    with (
        Collection.create(tmp_path / "a", postgresql_url) as first,
        Collection.create(tmp_path / "b", postgresql_url) as second,
    ):
        maker.commit(first, "/videos/a.mp4")

        assert first.catalog.counts().videos == 1
        assert second.catalog.counts().videos == 0


def test_no_password_is_written_down(tmp_path: Path, postgresql_url: str) -> None:
    secret = postgresql_url.replace("postgres:@", "postgres:s3cret@") + "&password=s3cret"
    Collection.create(tmp_path / "c", secret).close()

    kept = json.loads((tmp_path / "c" / "collection.json").read_text())["catalog"]
    assert kept == public_text(parse_address(postgresql_url))
    assert not [
        p for p in (tmp_path / "c").rglob("*") if p.is_file() and b"s3cret" in p.read_bytes()
    ]
    Collection.open_(tmp_path / "c").close()


def test_the_password_comes_from_the_environment() -> None:
    url = parse_address("postgresql://me@db.example/films")
    environment = {"PGPASSWORD": "second"}

    assert with_password(url, environment).password == "second"
    environment["SHOTSEEK_CATALOG_PASSWORD"] = "first"
    assert with_password(url, environment).password == "first"
    assert with_password(url.set(password="given"), environment).password == "given"
    assert with_password(url, {}).password is None


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("postgresql://db.example/films", ("db.example", 5432)),
        ("postgres://db.example:77/films", ("db.example", 77)),
        ("postgresql:///films", ("localhost", 5432)),
        ("postgresql://me@/films?host=/run/pg&port=66", ("/run/pg", 66)),
    ],
)
def test_urls_are_read_as_psql_reads_them(text: str, server: tuple[str, int]) -> None:
    assert server_of(parse_address(text)) == server


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("mysql://db/films", "begins with mysql://"),
        ("films", "is no URL"),
        ("postgresql://db/films?color=red", "the option color"),
    ],
)
def test_other_urls_are_refused(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(SettingsError, match=f"{why}.*write postgresql://USER"):
        Collection.create(tmp_path / "c", text)


@pytest.mark.parametrize("host", ["127.0.0.1:1", "?host=/nowhere"])
def test_a_server_out_of_reach_is_said_in_one_line(tmp_path: Path, host: str) -> None:
    url = f"postgresql://me:s3cret@{host}" if host[0] != "?" else f"postgresql://me@/x{host}"
    with pytest.raises(CatalogUnreachable, match="is the server up") as caught:
        Collection.create(tmp_path / "c", url)

    assert "\n" not in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert ("No such file" if host[0] == "?" else "Connection refused") in str(caught.value)
    assert not (tmp_path / "c").exists()


def test_a_folder_with_something_in_it_stays_when_the_server_is_out_of_reach(
    tmp_path: Path,
) -> None:
    with pytest.raises(CatalogUnreachable):
        Collection.create(tmp_path, "postgresql://me@127.0.0.1:1")
    assert tmp_path.exists()


@pytest.mark.parametrize("change", ["videos DROP COLUMN frames", "videos RENAME TO films"])
def test_tables_of_another_version_are_said_in_one_line(
    collection: Collection, maker: Any, change: str
) -> None:
    with collection.catalog._database.writing() as connection:
        connection.execute(sa.text(f"ALTER TABLE {change}"))
    for ask in (collection.catalog.find_videos, lambda: maker.commit(collection)):
        with pytest.raises(CatalogUnreachable, match="another version of shotseek") as caught:
            ask()
        assert "\n" not in str(caught.value)


def test_a_file_that_is_no_database_is_said_in_one_line(sqlite_collection: Collection) -> None:
    sqlite_collection.close()
    (sqlite_collection.folder / "catalog.sqlite").write_bytes(b"not a database at all " * 99)

    with pytest.raises(CatalogUnreachable, match=r"catalog\.sqlite: file is not a database"):
        Collection.open_(sqlite_collection.folder)


def _connected(collection: Collection) -> Any:
    database: Database = collection.catalog._database
    return database.reading()


def _compare_type(
    _context: object, _found: object, _known: object, found: Any, known: Any
) -> bool | None:
    """Compare what a column is made of, not its decorator."""
    plain = known.impl if isinstance(known, sa.types.TypeDecorator) else known
    if isinstance(plain, sa.Text):
        return not isinstance(found, sa.Text)
    return not isinstance(found, type(plain)) and None
