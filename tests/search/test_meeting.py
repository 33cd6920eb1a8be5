"""Which face is meant by a place, beside what a look at all tracks says."""

from datetime import UTC, datetime

import numpy as np
from casts import LEFT, LOOKS, RIGHT, Film, build, face_in
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.generations.followed import clusters_of
from indexer.generations.generation import Generation
from indexer.people.person import Anchor, Place
from indexer.people.resolving import NOBODY, find_meant
from search.meeting import find_meant_faces

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
FACES = st.tuples(
    st.sampled_from((LEFT, RIGHT)), st.sets(st.integers(0, 4), min_size=1).map(sorted)
)
FILMS = st.lists(st.lists(st.lists(FACES, max_size=2), min_size=1, max_size=4), max_size=4)
PLACES = st.lists(
    st.builds(
        lambda film, time_ms, body: Anchor("p", Place(film, time_ms, face_in(body)), True, NOON),
        st.sampled_from(["0", "1", "2", "3", "elsewhere"]),
        st.sampled_from([-1, 0, 999, 1000, 10**12]) | st.integers(0, 4000),
        st.sampled_from((LEFT, RIGHT, (0.0, 0.0, 0.1, 0.1))),
    ),
    max_size=6,
)


def make(films: list[list[list[tuple[tuple[float, ...], list[int]]]]]) -> Generation:
    made = []
    for number, shots in enumerate(films):
        film = Film(str(number))
        for faces in shots:
            start = film.shot()
            for body, seen in faces:
                film.act(start, body, {})  # somebody's body is no face
                film.face(start, LOOKS["ann"], face_in(body), seen)
        made.append(film)
    return build(*made)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(FILMS.filter(bool), PLACES)
def test_the_faces_that_are_meant_are_those_of_a_look_at_all_tracks(
    films: list[list[list[tuple[tuple[float, ...], list[int]]]]], said: list[Anchor]
) -> None:
    generation = make(films)
    faces = clusters_of(generation, "face")
    meant = find_meant(said, faces.clusters.tracks).tolist()
    expected = [NOBODY if each == NOBODY else faces.numbers[each] for each in meant]
    found = find_meant_faces(said, generation)
    assert found.tolist() == expected
    assert found.dtype == np.int64


def test_where_nobody_was_followed_no_face_is_meant() -> None:
    film = Film("0")
    film.shot()
    said = Anchor("p", Place("0", 500, face_in(LEFT)), True, NOON)
    assert find_meant_faces([said], build(film)).tolist() == [NOBODY]
    assert not len(find_meant_faces([], build(film)))
