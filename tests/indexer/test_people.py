"""The contract of the people store: every test runs over SQLite and over PostgreSQL."""

import json
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from analyzers.error import SettingsError
from indexer.catalog.address import parse_address
from indexer.catalog.engine import Database, open_postgresql
from indexer.collection import Collection
from indexer.error import CollectionBusy, CollectionMissing, CollectionTooNew
from indexer.people.error import NameRefused, NameTaken, NothingLeft, PersonMissing
from indexer.people.people import People, open_people
from indexer.people.person import Person, Place, Span
from indexer.people.store import PEOPLE_FILE, Store, mark_for_purge

BOX = (0.1, 0.2, 1 / 3, 0.9)


def at(time_ms: int, video: str = "v1") -> Place:
    """A place in a video."""
    return Place(video, time_ms, BOX)


@pytest.fixture
def folder(tmp_path: Path, catalog_url: str | None) -> Path:
    """An empty collection, once with each of the databases."""
    Collection.create(tmp_path / "collection", catalog_url).close()
    return tmp_path / "collection"


@pytest.fixture
def people(folder: Path) -> Iterator[People]:
    """Its people store, open for writing."""
    with open_people(folder, writing=True) as opened:
        yield opened


def test_where_nobody_said_anything_nothing_is_found_and_nothing_is_made(folder: Path) -> None:
    with open_people(folder) as people:
        assert (people.revision, people.find_persons(), people.find_anchors()) == (0, [], [])
        assert (people.find_merges(), people.find_tombstones()) == ([], [])
        with pytest.raises(PersonMissing, match=r"no person is called 'Ann'$"):
            people.get_person("Ann")
    assert not list(folder.glob("people*"))


def test_a_reader_sees_what_comes_after_it_was_opened(folder: Path, people: People) -> None:
    with open_people(folder) as reader:
        assert reader.find_persons() == []
        ann = people.create_person([at(1)], "Ann")
        assert reader.find_persons() == [ann]
        assert reader.revision == people.revision == 1


def test_a_store_that_was_opened_for_reading_refuses_changes(folder: Path) -> None:
    with open_people(folder) as people, pytest.raises(SettingsError, match="for reading"):
        people.create_person([at(1)])
    assert not list(folder.glob("people*"))


def test_a_folder_without_a_collection_has_no_persons(tmp_path: Path) -> None:
    with pytest.raises(CollectionMissing):
        open_people(tmp_path, writing=True)


def test_what_was_said_is_read_back_equal_and_in_order(people: People) -> None:
    ann = people.create_person([at(5), at(3, "v2")], "  Ann\u00a0 O'Neil ")
    people.say_no(ann.id, [at(1)])

    assert ann == Person(ann.id, "Ann O'Neil") == people.get_person(ann.id)
    said = people.find_anchors("ann o'neil")
    assert [(each.place, each.is_yes) for each in said] == [
        (at(5), True),
        (at(3, "v2"), True),
        (at(1), False),
    ]
    assert {each.person for each in said} == {ann.id}
    assert people.find_anchors() == said


def test_persons_are_found_by_id_and_by_name_in_any_case(people: People) -> None:
    strasse = people.create_person([at(1)], "Jörg Strauß")
    nameless = people.create_person([at(2)])

    assert people.get_person("JO\u0308RG  STRAUSS") == strasse
    assert people.get_person(f" {nameless.id}") == nameless
    assert people.find_persons() == [strasse, nameless]


def test_a_missing_person_is_answered_with_the_nearest_names(people: People) -> None:
    people.create_person([at(1)], "Annabel")
    people.create_person([at(2)], "Zoë")

    with pytest.raises(PersonMissing, match=r"called 'anabel'; the nearest: Annabel$"):
        people.say_yes("anabel", [at(3)])


@pytest.mark.parametrize("name", ["An\x00n", "An\udc80"])
def test_what_no_database_can_hold_is_nobodys_name(people: People, name: str) -> None:
    people.create_person([at(1)], "Ann")
    with pytest.raises(PersonMissing, match="no person is called"):
        people.get_person(name)


def test_two_living_persons_never_share_a_name(people: People) -> None:
    ann = people.create_person([at(1)], "Ann")
    bob = people.create_person([at(2)], "Bob")

    with pytest.raises(NameTaken, match="a person named Ann already"):
        people.create_person([at(3)], "ANN")
    with pytest.raises(NameTaken):
        people.name_person(bob.id, "aNN")
    assert len(people.find_persons()) == 2  # the third was not made either

    assert people.name_person("Ann", "ANN").name == "ANN"  # its own
    people.name_person("Ann", None)
    assert people.name_person("Bob", "Ann") == Person(bob.id, "Ann")
    assert people.get_person(ann.id).name is None


@pytest.mark.parametrize(
    "name", ["", " \n", "x" * 201, "a\x00b", "\udc80", "P-0123456789abcdef", "P17"]
)
def test_what_is_no_name_is_refused(people: People, name: str) -> None:
    with pytest.raises(NameRefused):
        people.create_person([at(1)], name)
    assert people.find_persons() == []


def test_the_last_word_on_a_place_stands(people: People) -> None:
    ann = people.create_person([at(1), at(2)], "Ann")
    people.say_no("Ann", [at(1)])
    people.say_no("Ann", [at(9), at(9)])
    people.take_back("Ann", [at(2), at(77)])

    assert [(each.place, each.is_yes) for each in people.find_anchors(ann.id)] == [
        (at(1), False),
        (at(9), False),
    ]


def test_a_yes_takes_away_the_yes_of_others_and_a_no_does_not(people: People) -> None:
    people.create_person([at(1), at(2)], "Ann")
    bob = people.create_person([at(3)], "Bob")
    people.say_yes("Bob", [at(1)])
    people.say_no("Bob", [at(2)])

    assert [each.place for each in people.find_anchors("Ann")] == [at(2)]
    assert {(each.place, each.is_yes) for each in people.find_anchors(bob.id)} == {
        (at(3), True),
        (at(1), True),
        (at(2), False),
    }


def test_hidden_persons_stay_hidden_until_they_are_shown(people: People) -> None:
    ann = people.create_person([at(1)], "Ann")

    assert people.hide("Ann") == replace(ann, is_hidden=True) == people.get_person("Ann")
    assert people.unhide(ann.id) == ann == people.get_person("Ann")


def test_merged_persons_lead_to_the_one_that_they_are(people: People) -> None:
    ann = people.create_person([at(1)], "Ann")
    anna = people.create_person([at(2)], "Anna")
    nameless = people.create_person([at(3)])

    assert people.merge(["Anna"], nameless.id) == replace(nameless, name="Anna")
    assert people.merge([nameless.id, nameless.id], "Ann") == ann
    assert people.merge([anna.id, ann.id], ann.id) == ann  # again: nothing happens

    assert people.find_persons() == [ann]
    assert {people.get_person(each) for each in (anna.id, nameless.id, "anna")} == {ann}
    assert [each.place for each in people.find_anchors("Anna")] == [at(1), at(2), at(3)]
    assert [(each.id, each.name, each.into) for each in people.find_merges()] == [
        (anna.id, "Anna", ann.id),
        (nameless.id, "Anna", ann.id),
    ]


def test_a_merged_name_is_free_again(people: People) -> None:
    people.create_person([at(1)], "Ann")
    people.create_person([at(2)], "Anna")
    people.merge(["Anna"], "Ann")
    other = people.create_person([at(3)], "Anna")

    assert people.get_person("anna") == other


def test_a_merge_with_somebody_missing_changes_nothing(people: People) -> None:
    people.create_person([at(1)], "Ann")
    people.create_person([at(2)], "Bob")

    with pytest.raises(PersonMissing):
        people.merge(["Bob", "Carl"], "Ann")
    assert len(people.find_persons()) == 2


def test_of_merged_persons_the_latest_word_on_a_place_stands(people: People) -> None:
    people.create_person([at(1), at(2)], "Ann")
    people.create_person([at(3)], "Anna")
    people.say_no("Anna", [at(1)])
    people.say_no("Ann", [at(3)])
    people.merge(["Anna"], "Ann")

    said = {each.place: each.is_yes for each in people.find_anchors("Ann")}
    assert said == {at(1): False, at(2): True, at(3): False}


def test_a_split_takes_places_along_also_such_that_were_never_named(people: People) -> None:
    people.create_person([at(1), at(2)], "Ann")
    people.say_no("Ann", [at(4)])
    bob = people.split("Ann", [at(2), at(3), at(4)], "Bob")

    assert [each.place for each in people.find_anchors("Ann")] == [at(1)]
    assert {(each.place, each.is_yes) for each in people.find_anchors(bob.id)} == {
        (at(2), True),
        (at(3), True),
        (at(4), True),
    }


def test_a_split_leaves_something_of_the_person(people: People) -> None:
    people.create_person([at(1)], "Ann")

    with pytest.raises(NothingLeft, match="nothing would be left of Ann"):
        people.split("Ann", [at(1), at(2)])
    assert len(people.find_persons()) == 1


def test_an_export_tells_everything_of_a_person(people: People) -> None:
    ann = people.create_person([at(1)], "Ann")
    people.create_person([at(2)], "Änn")
    people.merge(["Änn"], "Ann")
    people.say_no("Ann", [at(7)])

    record = people.export("Ann")
    assert record.person == ann
    assert (list(record.anchors), list(record.merges)) == (
        people.find_anchors(ann.id),
        people.find_merges(),
    )
    told = json.loads(record.to_json())
    assert told["person"] == {"id": ann.id, "name": "Ann", "is_hidden": False}
    assert told["anchors"][0]["place"] == {"video": "v1", "time_ms": 1, "box": list(BOX)}
    assert told["merges"][0]["name"] == "Änn"
    assert told["merges"][0]["merged_at"].endswith("+00:00")


def test_a_forgotten_person_leaves_places_without_content(people: People) -> None:
    ann = people.create_person([at(1), at(2)], "Ann")
    people.create_person([at(3)], "Anna")
    people.create_person([at(4)], "Bob")
    people.merge(["Anna"], "Ann")
    people.say_no("Ann", [at(9)])
    track = Span("v2", 10, 20, BOX)

    buried = people.forget("Ann", [track, track])

    assert buried == [track, *(Span("v1", time, time + 1, BOX) for time in (1, 2, 3))]
    assert people.find_tombstones() == [*buried[1:], track]
    assert people.find_tombstones("v2") == [track]
    assert [each.name for each in people.find_persons()] == ["Bob"]
    assert [each.place for each in people.find_anchors()] == [at(4)]
    assert people.find_merges() == []
    for name in ("Ann", "Anna", ann.id):
        with pytest.raises(PersonMissing):
            people.get_person(name)
    people.create_person([at(1)], "Ann")
    people.forget("Ann", [track])  # tombstones that are there already
    assert people.find_tombstones() == [*buried[1:], track]


def test_who_is_forgotten_while_the_file_is_rewritten_is_purged_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Collection.create(tmp_path).close()
    with open_people(tmp_path, writing=True) as people:
        people.create_person([at(1)], "Ann")
        rewrite, times = Store._purge_file, []

        def rewrite_slowly(store: Store) -> None:
            rewrite(store)
            times.append(1)
            if len(times) == 1:
                with store.writing() as connection:  # as another process
                    mark_for_purge(connection)

        monkeypatch.setattr(Store, "_purge_file", rewrite_slowly)
        people.forget("Ann")
        open_people(tmp_path, writing=True).close()
        open_people(tmp_path, writing=True).close()
    assert len(times) == 2


SECRETS = ("Xanthippe-Quillfeather", "Zwiebelmuster", "Yggdrasil-Montgolfier")


def tell_secrets(people: People) -> None:
    """Write names into every column that takes some, change and merge them, then forget."""
    for number in range(200):  # more than a page, so that rows move
        people.create_person([at(number, f"w{number}")], f"Somebody {number}")
    secret = people.create_person([at(1)], SECRETS[0])
    people.create_person([at(2)], SECRETS[1])
    people.merge([SECRETS[1]], SECRETS[0])
    people.name_person(secret.id, SECRETS[2])


def contents(folder: Path) -> bytes:
    """All bytes of the store's files, folded like names."""
    return b"".join(path.read_bytes() for path in folder.glob(f"{PEOPLE_FILE}*")).lower()


def test_a_forgotten_name_is_in_no_byte_of_the_files(tmp_path: Path) -> None:
    Collection.create(tmp_path).close()
    with open_people(tmp_path, writing=True) as people, open_people(tmp_path) as reader:
        tell_secrets(people)
        reader.find_persons()
        assert all(secret.lower().encode() in contents(tmp_path) for secret in SECRETS)
        id_ = people.get_person(SECRETS[2]).id
        with closing(sqlite3.connect(tmp_path / PEOPLE_FILE)) as careless:  # overwrites nothing
            careless.execute("PRAGMA secure_delete=OFF")
            row = ("p-0", SECRETS[0], None, False)
            careless.execute("INSERT INTO persons VALUES (?, ?, ?, ?)", row)
            careless.execute("DELETE FROM persons WHERE id = 'p-0'")
            careless.commit()
        people.forget(id_)

        assert b"somebody 7" in contents(tmp_path)  # the bytes are looked at while it is open
        for secret in (*SECRETS, id_):
            assert secret.lower().encode() not in contents(tmp_path)
        assert len(reader.find_persons()) == 200


def test_a_forgotten_name_is_in_no_byte_of_the_tables_of_postgresql(
    tmp_path: Path, postgresql_url: str
) -> None:
    with Collection.create(tmp_path / "c", postgresql_url) as made:
        schema = f"shotseek_{made.id}_people"
    with (
        closing(open_postgresql(parse_address(postgresql_url), schema)) as database,
        open_people(tmp_path / "c", writing=True) as people,
    ):
        tell_secrets(people)
        told = _table_bytes(database, schema)
        assert all(secret.lower().encode() in told for secret in SECRETS)
        with database.reading() as older_view:  # for which PostgreSQL keeps removed rows
            older_view.exec_driver_sql("SELECT 1")
            people.forget(SECRETS[2])
        left = _table_bytes(database, schema)
        assert b"somebody 7" in left
        assert not any(secret.lower().encode() in left for secret in SECRETS)
        assert len(people.find_persons()) == 200


def test_the_statistics_of_postgresql_hold_no_names(tmp_path: Path, postgresql_url: str) -> None:
    with Collection.create(tmp_path / "c", postgresql_url) as made:
        schema = f"shotseek_{made.id}_people"
    with (
        closing(open_postgresql(parse_address(postgresql_url), schema)) as database,
        open_people(tmp_path / "c", writing=True) as people,
        database.writing() as connection,
    ):
        tell_secrets(people)
        connection.exec_driver_sql("ANALYZE persons, merges")
        rows = connection.exec_driver_sql(
            f"SELECT attname FROM pg_stats WHERE schemaname = '{schema}'"
        )
        counted = {row[0] for row in rows}
        assert "is_hidden" in counted
        assert counted.isdisjoint({"name", "name_key"})


def _table_bytes(database: Database, schema: str) -> bytes:
    """The files of all tables and indexes of a schema, folded like names."""
    with database.writing() as connection:
        connection.exec_driver_sql("CHECKPOINT")
        files = connection.exec_driver_sql(
            "SELECT pg_read_binary_file(pg_relation_filepath(pg_class.oid)) FROM pg_class"
            f" JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = '{schema}'"
            " AND relkind IN ('r', 'i')"
        )
        return b"".join(bytes(row[0]) for row in files).lower()


def test_traces_that_a_reader_held_on_to_go_with_the_next_opening(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Collection.create(tmp_path).close()
    with open_people(tmp_path, writing=True) as people:
        tell_secrets(people)
    hasty = People(Store(tmp_path, is_writing=True, wait_ms=50))
    with closing(sqlite3.connect(tmp_path / PEOPLE_FILE, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM persons").fetchone()
        with pytest.raises(CollectionBusy, match="gone from all answers"):
            hasty.forget(SECRETS[2])
        with pytest.raises(PersonMissing):
            hasty.get_person(SECRETS[2])
        reader.execute("COMMIT")
    hasty.close()
    with open_people(tmp_path, writing=True) as people:
        assert len(people.find_persons()) == 200
        assert not any(secret.lower().encode() in contents(tmp_path) for secret in SECRETS)
    assert not caplog.records


def test_a_store_of_a_newer_shotseek_is_refused(tmp_path: Path) -> None:
    Collection.create(tmp_path).close()
    with open_people(tmp_path, writing=True) as people:
        people.create_person([at(1)])
    with closing(sqlite3.connect(tmp_path / PEOPLE_FILE)) as connection:
        connection.execute("UPDATE facts SET value = 2 WHERE key = 'schema'")
        connection.commit()

    with pytest.raises(CollectionTooNew, match="version 2, this shotseek knows 1"):
        open_people(tmp_path, writing=True)
    with open_people(tmp_path) as people, pytest.raises(CollectionTooNew):
        people.find_persons()


SPEAKER = """
import sys
from pathlib import Path
from indexer.people.people import open_people
from indexer.people.person import Place
print("ready", flush=True)
sys.stdin.readline()
with open_people(Path(sys.argv[1]), writing=True) as people:
    for number in range(30):
        place = Place(sys.argv[2], number, (0.0, 0.0, 1.0, 1.0))
        people.create_person([place], f"{sys.argv[2]} {number}")
"""


def test_two_processes_speak_of_persons_at_the_same_time_from_the_first_word(
    folder: Path,
) -> None:
    line = [sys.executable, "-c", SPEAKER, str(folder)]
    speakers = [
        subprocess.Popen([*line, name], stdin=-1, stdout=-1, stderr=-1, text=True)
        for name in ("left", "right")
    ]
    for speaker in speakers:
        assert speaker.stdout is not None
        speaker.stdout.readline()
    seen = []
    with open_people(folder) as reader:
        threads = [
            threading.Thread(target=speaker.communicate, args=["\n"]) for speaker in speakers
        ]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            seen.append((len(reader.find_persons()), len(reader.find_anchors())))
        assert [speaker.returncode for speaker in speakers] == [0, 0]
        assert seen == sorted(seen)
        names = {person.name for person in reader.find_persons()}
        assert names == {f"{side} {number}" for side in ("left", "right") for number in range(30)}
        assert reader.revision == 60


def test_what_was_said_outlives_that_videos_are_indexed_anew(
    folder: Path, people: People, maker: Any
) -> None:
    with Collection.open_(folder) as collection:
        video = maker.commit(collection)
        ann = people.create_person([at(1_000, video.uid)], "Ann")
        again = maker.commit(collection, sample_hash="other")
        assert again.uid == video.uid
        collection.check(full=True)
    assert people.export("Ann").person == ann
    assert [each.place.video for each in people.find_anchors("Ann")] == [video.uid]


def test_who_is_buried_is_hidden_and_leaves_only_when_forgotten(people: People) -> None:
    people.create_person([at(1), at(2)], "Ann")
    people.create_person([at(3)], "Bob")
    span = Span("v1", 0, 50, BOX)

    buried = people.bury("Ann", [span])
    assert buried == [span, Span("v1", 1, 2, BOX), Span("v1", 2, 3, BOX)]
    assert set(people.find_tombstones()) == set(buried)
    assert people.get_person("Ann").is_hidden
    assert [each.name for each in people.find_buried()] == ["Ann"]

    people.say_yes("Ann", [at(9)])  # spoken of again: not half forgotten any more
    assert people.find_buried() == []
    assert people.forget("Ann", buried) == [*buried, Span("v1", 9, 10, BOX)]
    assert [each.name for each in people.find_persons()] == ["Bob"]


def test_nobody_is_buried_where_nobody_said_anything(folder: Path) -> None:
    with open_people(folder) as people:
        assert people.find_buried() == []
