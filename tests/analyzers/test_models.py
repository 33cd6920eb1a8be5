"""`shotseek models`, and the files behind it: with a small hub that speaks HTTP, and with none."""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from analyzers.cli import models
from analyzers.error import SettingsError
from analyzers.models import hash_file
from analyzers.profiles import MODELS, PROFILES, Job, find_model, get_profile
from tests.analyzers.small_detectors import save_d_fine

Shotseek = Callable[..., Any]
FAST = "ViT-B-32-256:datacomp_s34b_b86k"
STANDARD = "ViT-B-16-SigLIP2-256:webli"
COMMIT = "c" * 40
FREE = {"Apache-2.0", "MIT", "BSD-3-Clause"}


@dataclass
class Hub:
    """A hub of models on this machine: what it publishes, what it was asked."""

    files: dict[str, bytes] = field(default_factory=dict)  # "owner/repo/name"
    lies: set[str] = field(default_factory=set)  # names whose published hash is another
    asked: list[str] = field(default_factory=list)
    address: str = ""

    def environment(self, home: Path) -> dict[str, str]:
        return {"HF_ENDPOINT": self.address, "HF_HOME": str(home), "HF_HUB_DISABLE_XET": "1"}


class HubServer(ThreadingHTTPServer):
    hub: Hub


class Answer(BaseHTTPRequestHandler):
    """What the Hugging Face hub says to those who fetch."""

    protocol_version = "HTTP/1.1"
    server: HubServer

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        self.server.hub.asked.append(self.path)
        if self.path.startswith("/api/models/"):
            self._list_repo()
        else:
            self._send_file()

    def _send_file(self) -> None:
        repo, _, rest = self.path.lstrip("/").partition("/resolve/")
        name = f"{repo}/{rest.partition('/')[2]}"
        content = self.server.hub.files.get(name)
        if content is None:
            self._send(404, b"", {"X-Error-Code": "EntryNotFound"})
            return
        said = content + b"!" if name in self.server.hub.lies else content
        digest = f'"{hashlib.sha256(said).hexdigest()}"'
        self._send(200, content, {"ETag": digest, "X-Repo-Commit": COMMIT})

    def _list_repo(self) -> None:
        repo, _, rest = self.path.removeprefix("/api/models/").partition("/tree/")
        repo = repo.partition("/revision/")[0]
        files = {
            name.removeprefix(f"{repo}/"): len(content)
            for name, content in self.server.hub.files.items()
            if name.startswith(f"{repo}/")
        }
        siblings = {"id": repo, "sha": COMMIT, "siblings": [{"rfilename": one} for one in files]}
        tree = [{"type": "file", "path": one, "size": files[one], "oid": COMMIT} for one in files]
        self._send(200, json.dumps(tree if rest else siblings).encode(), {})

    def _send(self, code: int, content: bytes, head: dict[str, str]) -> None:
        self.send_response(code)
        for key, value in {**head, "Content-Length": str(len(content))}.items():
            self.send_header(key, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def hub() -> Iterator[Hub]:
    server = HubServer(("127.0.0.1", 0), Answer)
    server.hub = Hub(address=f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.hub
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def no_hub(tmp_path: Path) -> dict[str, str]:
    """The environment of a machine without a network."""
    return Hub(address="http://127.0.0.1:9").environment(tmp_path)


def is_here(shotseek: Shotseek, name: str, env: dict[str, str]) -> bool:
    rows = shotseek("models", "list", "--json", env=env).json
    return bool(next(row["here"] for row in rows if row["name"] == name))


def test_list_tells_licence_size_source_and_whether_it_is_here(
    shotseek: Shotseek, no_hub: dict[str, str]
) -> None:
    rows = {row["name"]: row for row in shotseek("models", "list", "--json", env=no_hub).json}
    assert rows.keys() == {model.name for model in MODELS}
    assert rows["toy"]["here"]
    assert rows["PP-OCRv6-small"]["here"]
    assert rows[STANDARD] == {
        "name": STANDARD,
        "job": "pictures and texts",
        "profiles": ["standard"],
        "licence": "Apache-2.0",
        "size_bytes": 1_535_000_000,
        "source": "huggingface.co/timm/ViT-B-16-SigLIP2-256",
        "here": False,
    }
    table = shotseek("models", "list", env=no_hub).out
    for name, row in rows.items():
        assert name in table
        assert row["licence"] in table


def test_fetch_lays_weights_and_tokenizer_ready(
    shotseek: Shotseek, hub: Hub, tmp_path: Path
) -> None:
    env = hub.environment(tmp_path)
    repo = "timm/ViT-B-16-SigLIP2-256"
    for name in ("open_clip_model.safetensors", "tokenizer.json", "tokenizer_config.json"):
        hub.files[f"{repo}/{name}"] = name.encode()
    hub.files[f"{repo}/README.md"] = b"not needed"
    done = shotseek("models", "fetch", "standard", "demo", "--json", env=env)
    assert done.code == 0, done.err
    assert [(one["name"], one["ok"]) for one in done.json] == [(STANDARD, True), ("world", True)]
    assert is_here(shotseek, STANDARD, env)
    assert not any("README" in path for path in hub.asked)


def test_fetch_takes_the_older_file_where_the_hub_has_no_other(
    shotseek: Shotseek, hub: Hub, tmp_path: Path
) -> None:
    repo = "laion/CLIP-ViT-B-32-256x256-DataComp-s34B-b86K"
    hub.files[f"{repo}/open_clip_pytorch_model.bin"] = b"weights"
    assert shotseek("models", "fetch", FAST, env=hub.environment(tmp_path)).code == 0
    assert list((tmp_path / "hub").rglob("open_clip_pytorch_model.bin"))


def test_fetch_refuses_a_file_that_is_not_what_was_published(
    shotseek: Shotseek, hub: Hub, tmp_path: Path
) -> None:
    name = "laion/CLIP-ViT-B-32-256x256-DataComp-s34B-b86K/open_clip_model.safetensors"
    hub.files[name] = b"weights"
    hub.lies.add(name)
    done = shotseek("models", "fetch", "fast", env=hub.environment(tmp_path))
    assert done.code == 2
    assert "SHA-256" in done.err
    assert not list((tmp_path / "hub").rglob("*.safetensors"))
    hub.lies.clear()
    assert shotseek("models", "fetch", "fast", env=hub.environment(tmp_path)).code == 0


def test_fetch_of_what_is_here_needs_no_hub(shotseek: Shotseek, hub: Hub, tmp_path: Path) -> None:
    name = "laion/CLIP-ViT-B-32-256x256-DataComp-s34B-b86K/open_clip_model.safetensors"
    hub.files[name] = b"weights"
    assert shotseek("models", "fetch", "fast", env=hub.environment(tmp_path)).code == 0
    offline = {**hub.environment(tmp_path), "HF_ENDPOINT": "http://127.0.0.1:9"}
    done = shotseek("models", "fetch", "fast", env=offline)
    assert done.code == 0
    assert "could not be asked" in done.out


def test_the_models_of_faces_are_fetched_and_checked(
    shotseek: Shotseek, hub: Hub, tmp_path: Path, material: Path
) -> None:
    env = hub.environment(tmp_path)
    yunet = (material / "models" / "yunet_n_dynamic.onnx").read_bytes()
    hub.files["opencv/face_detection_yunet/face_detection_yunet_2023mar.onnx"] = yunet
    sface = "opencv/face_recognition_sface/face_recognition_sface_2021dec.onnx"
    hub.files[sface] = b"no model"
    assert shotseek("models", "fetch", "yunet", "sface", env=env).code == 0
    assert is_here(shotseek, "yunet", env)
    offline = {**env, "HF_ENDPOINT": "http://127.0.0.1:9"}
    assert "could not be asked" in shotseek("models", "fetch", "yunet", env=offline).out
    done = shotseek("models", "check", "yunet", "sface", env=offline)
    assert done.code == 2
    assert done.out == "ok    yunet: SHA-256 as published, loads\n"
    assert "FAILS sface" in done.err


def test_a_detector_is_fetched_with_all_that_it_needs_and_checked(
    shotseek: Shotseek, hub: Hub, tmp_path: Path
) -> None:
    env = hub.environment(tmp_path / "home")
    repo = "ustc-community/dfine-nano-coco"
    for file in save_d_fine(tmp_path / "tiny").iterdir():
        hub.files[f"{repo}/{file.name}"] = file.read_bytes()
    settings = hub.files.pop(f"{repo}/preprocessor_config.json")
    assert shotseek("models", "fetch", "d-fine-nano", env=env).code == 2
    assert not is_here(shotseek, "d-fine-nano", env)
    hub.files[f"{repo}/preprocessor_config.json"] = settings
    assert shotseek("models", "fetch", "d-fine-nano", env=env).code == 0
    assert is_here(shotseek, "d-fine-nano", env)
    offline = {**env, "HF_ENDPOINT": "http://127.0.0.1:9"}
    done = shotseek("models", "check", "d-fine-nano", env=offline)
    assert done.out == "ok    d-fine-nano: SHA-256 as published, loads\n", done.err


@pytest.mark.parametrize("offline", [{}, {"HF_HUB_OFFLINE": "1"}])
def test_without_a_network_fetch_is_one_line_with_the_ways_out(
    offline: dict[str, str], shotseek: Shotseek, no_hub: dict[str, str]
) -> None:
    done = shotseek("models", "fetch", "standard", env={**no_hub, **offline})
    assert done.code == 2
    assert len(done.err.strip().splitlines()) == 1
    for part in (STANDARD, "shotseek models fetch", "--encoder PATH", "--profile demo"):
        assert part in done.err


def test_a_checkpoint_needs_only_the_tokenizer_and_takes_the_one_beside_it(
    shotseek: Shotseek, no_hub: dict[str, str], tmp_path: Path
) -> None:
    checkpoint = tmp_path / "weights.pt"
    checkpoint.write_bytes(b"weights")
    name = f"ViT-B-16-SigLIP2-256:{checkpoint}"
    done = shotseek("models", "fetch", name, env=no_hub)
    assert done.code == 2
    assert "timm/ViT-B-16-SigLIP2-256" in done.err
    (tmp_path / "tokenizer.json").write_text("{}", encoding="utf-8")
    assert shotseek("models", "fetch", name, env=no_hub).code == 0


def test_check_finds_damage_and_goes_on(shotseek: Shotseek, hub: Hub, tmp_path: Path) -> None:
    env = hub.environment(tmp_path)
    name = "laion/CLIP-ViT-B-32-256x256-DataComp-s34B-b86K/open_clip_model.safetensors"
    hub.files[name] = b"weights"
    assert shotseek("models", "fetch", "fast", env=env).code == 0
    (blob,) = (file for file in (tmp_path / "hub").rglob("blobs/*") if file.is_file())
    blob.write_bytes(b"weightz")
    done = shotseek("models", "check", "--json", env=env)
    found = {one["name"]: one for one in done.json}
    assert done.code == 2
    assert not found[FAST]["ok"]
    assert "SHA-256" in found[FAST]["detail"]
    assert found["toy"]["ok"]
    assert STANDARD not in found


def test_check_loads_the_model(tiny_folder: Path) -> None:
    done = CliRunner().invoke(models, ["check", f"local-dir:{tiny_folder}", "toy"])
    assert done.exit_code == 0, done.output
    assert done.output.count("loads and encodes") == 2


@pytest.mark.parametrize("verb", ["fetch", "check"])
def test_a_name_that_is_none_is_refused_with_the_nearest(verb: str, shotseek: Shotseek) -> None:
    done = shotseek("models", verb, "standart")
    assert done.code == 2
    assert done.err == "shotseek: no model or profile 'standart'; did you mean standard?\n"


def test_every_default_model_is_free_and_every_profile_is_whole() -> None:
    assert {model.licence for model in MODELS} <= FREE
    assert [profile.name for profile in PROFILES] == ["demo", "fast", "standard", "best"]
    for profile in PROFILES:
        for name in profile.encoders:
            model = find_model(name)
            assert model is not None
            assert model.job == Job.ENCODE
        detector = find_model(profile.detector)
        assert detector is not None
        assert detector.job == Job.FIND_OBJECTS
    assert get_profile("fast").encoders == (FAST,)
    with pytest.raises(SettingsError, match="there are best, demo, fast, standard"):
        get_profile("zzz")


def test_a_hash_follows_the_file(tmp_path: Path) -> None:
    file = tmp_path / "weights.bin"
    file.write_bytes(b"one")
    assert hash_file(file) == hashlib.sha256(b"one").hexdigest()
    file.write_bytes(b"other")
    assert hash_file(file) == hashlib.sha256(b"other").hexdigest()
