"""What /metrics tells."""

import threading
from collections.abc import Callable
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families


def ask(address: str, path: str, method: str = "GET") -> int:
    try:
        with urlopen(Request(address + path, method=method), timeout=20) as answer:
            answer.read()
            return int(answer.status)
    except HTTPError as error:
        error.close()
        return error.code


def read(address: str) -> dict[tuple[str, tuple[str, ...]], float]:
    with urlopen(f"{address}/metrics", timeout=20) as answer:
        assert answer.headers["content-type"].startswith("text/plain")
        text = answer.read().decode()
    return {
        (sample.name, tuple(sorted(sample.labels.values()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture
def address(served: Callable[..., str], small_collection: Path) -> str:
    return served(small_collection)


def test_requests_are_counted_by_template_method_and_status(address: str) -> None:
    for path in ("/v1/videos/green.mp4", "/v1/videos/red-green.mp4", "/v1/videos/none"):
        ask(address, path)
    ask(address, "/v1/videos/green.mp4", "HEAD")
    ask(address, "/v1/videos/green.mp4", "DELETE")
    for number in range(20):
        ask(address, f"/made/up/{number}")
        ask(address, "/v1/videos", f"BREW{number}")
    found = read(address)
    route = "/v1/videos/{id}"
    assert found["shotseek_requests_total", tuple(sorted((route, "200", "GET")))] == 2
    assert found["shotseek_requests_total", tuple(sorted((route, "404", "GET")))] == 1
    assert found["shotseek_requests_total", tuple(sorted((route, "200", "HEAD")))] == 1
    assert found["shotseek_requests_total", tuple(sorted((route, "405", "DELETE")))] == 1
    assert found["shotseek_requests_total", tuple(sorted(("unmatched", "404", "GET")))] == 20
    assert found["shotseek_request_seconds_count", (route,)] == 5
    assert not any("made" in label for _, labels in found for label in labels)
    assert not any("BREW" in label for _, labels in found for label in labels)


def test_the_collection_and_the_process_are_told(address: str) -> None:
    ask(address, "/v1/search?text=red")
    found = read(address)
    assert found["shotseek_videos", ()] == 3
    assert found["shotseek_shots", ()] >= 3
    assert found["shotseek_keyframes", ()] >= 3
    assert found["shotseek_generation_revision", ()] >= 1
    assert found["shotseek_search_seconds_count", ()] == 1
    assert found["shotseek_transcodes_running", ()] == 0
    assert found["shotseek_transcodes_total", ()] == 0
    assert found["shotseek_pictures", ()] == 0
    assert found["process_resident_memory_bytes", ()] > 0


def test_each_server_counts_for_itself(
    served: Callable[..., str], small_collection: Path, address: str
) -> None:
    other = served(small_collection)
    for _ in range(3):
        ask(address, "/healthz")
    key = ("shotseek_requests_total", tuple(sorted(("/healthz", "200", "GET"))))
    assert read(address)[key] == 3
    assert key not in read(other)


def test_many_may_ask_at_once(address: str) -> None:
    threads = [threading.Thread(target=ask, args=(address, "/v1/labels")) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    key = ("shotseek_requests_total", tuple(sorted(("/v1/labels", "200", "GET"))))
    assert read(address)[key] == 16
