"""Every metric that dashboard and alerts name is one that a working server tells."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
MONITORING = DEPLOY / "monitoring"
BOARD = json.loads((MONITORING / "grafana" / "shotseek.json").read_text(encoding="utf-8"))
RULES = yaml.safe_load((MONITORING / "alerts.yml").read_text(encoding="utf-8"))
ALERTS = [rule for group in RULES["groups"] for rule in group["rules"]]
EXPRESSIONS = [target["expr"] for panel in BOARD["panels"] for target in panel["targets"]]
EXPRESSIONS += [rule["expr"] for rule in ALERTS]
TOKEN = "for-the-tests-only-0123456789"


@pytest.fixture(scope="module")
def told(
    shotseek: Callable[..., Any], plain_videos: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """What /metrics says, after a search and a wrong address, on a server with a token."""
    from search.client import ApiRefused, SearchClient

    folder = tmp_path_factory.mktemp("watched")
    c, token_file = folder / "c", folder / "token"
    flags = ("--encoder", "toy", "--analyzers", "toy,colours")
    assert shotseek("index", plain_videos, "--collection", c, *flags).code == 0
    token_file.write_text(TOKEN)
    words = ["serve", "--collection", str(c), "--port", "0", "--token-file", str(token_file)]
    server = subprocess.Popen(
        [sys.executable, "-m", "shotseek", *words], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        address = re.search(r"http://\S+", server.stdout.readline())
        assert address is not None
        client = SearchClient(address[0], token=TOKEN)
        wait_for(client)
        assert client.search("green").hits
        with pytest.raises(ApiRefused):
            client.video("nowhere")
        yield client.read_media("/metrics").decode()
    finally:
        server.terminate()
        server.communicate(timeout=20)


def wait_for(client: Any) -> None:
    from search.client import ApiUnreachable

    for _ in range(300):
        try:
            client.health()
            return
        except ApiUnreachable:
            time.sleep(0.1)
    pytest.fail("the API does not answer")


def test_every_metric_that_is_used_exists(told: str) -> None:
    there = set(re.findall(r"^([a-z_]+)[ {]", told, re.MULTILINE)) | {"up"}
    named = {
        name
        for expression in EXPRESSIONS
        for name in re.findall(r"\b(?:shotseek|process)_[a-z_]+", expression)
    }
    assert len(named) > 10
    assert named <= there, named - there


def test_every_label_that_is_used_exists(told: str) -> None:
    there = set(re.findall(r"[{,](\w+)=\"", told)) | {"job", "instance"}
    for expression in EXPRESSIONS:
        named = set(re.findall(r"[{,]\s*(\w+)(?:=~|!=|=)\"", expression))
        for inside in re.findall(r"(?:by|on) \(([^)]*)\)", expression):
            named |= {label.strip() for label in inside.split(",")}
        assert named <= there, expression


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_expressions_are_balanced(expression: str) -> None:
    for opening, closing in ("()", "[]", "{}"):
        assert expression.count(opening) == expression.count(closing)


def test_every_alert_says_what_it_is_and_the_runbook_what_to_do() -> None:
    runbook = (DEPLOY / "RUNBOOK.md").read_text(encoding="utf-8")
    for rule in ALERTS:
        assert rule["annotations"]["summary"]
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert f"| {rule['alert']} |" in runbook


def test_prometheus_sends_the_token_from_a_file() -> None:
    config = yaml.safe_load((MONITORING / "prometheus.yml").read_text(encoding="utf-8"))
    (job,) = config["scrape_configs"]
    assert job["job_name"] == "shotseek"
    assert job["authorization"] == {
        "type": "Bearer",
        "credentials_file": "/run/secrets/token",
    }


def test_panels_have_places_of_their_own_and_the_known_data_source() -> None:
    source = yaml.safe_load((MONITORING / "grafana" / "datasource.yml").read_text("utf-8"))
    uid = source["datasources"][0]["uid"]
    places = set()
    for panel in BOARD["panels"]:
        place = panel["gridPos"]
        places.add((place["x"], place["y"]))
        assert place["x"] + place["w"] <= 24
        assert panel["datasource"]["uid"] == uid
    assert len(places) == len(BOARD["panels"])
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(BOARD["panels"])
