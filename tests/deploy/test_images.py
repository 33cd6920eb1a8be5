"""The Dockerfiles keep the rules; what they install works in a fresh environment."""

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("indexer", "search", "ui")
IMAGES = {name: ROOT / "deploy" / "images" / f"{name}.Dockerfile" for name in NAMES}


def instructions(name: str) -> list[tuple[str, str]]:
    """The instructions of a Dockerfile, whole, with what stands behind each."""
    lines = IMAGES[name].read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.startswith("#")).replace("\\\n", " ")
    pairs = [line.split(None, 1) for line in text.splitlines() if line.strip()]
    return [(pair[0], " ".join(pair[1].split())) for pair in pairs]


def all_of(name: str, kind: str) -> list[str]:
    return [rest for first, rest in instructions(name) if first == kind]


@pytest.mark.parametrize("name", NAMES)
def test_base_images_are_pinned_and_slim(name: str) -> None:
    for base in all_of(name, "FROM"):
        assert re.fullmatch(r"python:3\.11\.\d+-slim-[a-z]+( AS build)?", base)


@pytest.mark.parametrize("name", NAMES)
def test_nobody_is_root_at_the_end(name: str) -> None:
    order = [kind for kind, _ in instructions(name)]
    assert all_of(name, "USER") == ["10001:10001"]
    last_stage = order[len(order) - order[::-1].index("FROM") :]
    assert "USER" in last_stage
    assert "RUN" not in last_stage[last_stage.index("USER") :]


@pytest.mark.parametrize("name", NAMES)
def test_every_installing_is_pinned(name: str) -> None:
    for run in all_of(name, "RUN"):
        for part in run.split("&&"):
            if "pip install" in part:
                assert "--constraint constraints.txt" in part or "^uv==" in part
                assert "--no-cache" in part
    assert "apt-get" not in IMAGES[name].read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_what_is_copied_exists_and_passes_dockerignore(name: str) -> None:
    ignore = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert ignore[1] == "*", "everything is ignored but what is named"
    passing = {line[1:] for line in ignore if line.startswith("!")}
    copied = {
        word
        for rest in all_of(name, "COPY")
        if not rest.startswith("--from=build")
        for word in rest.split()[:-1]
    }
    assert copied == passing
    assert all((ROOT / path).exists() for path in copied)


@pytest.mark.parametrize("name", NAMES)
def test_no_model_and_no_video_is_copied(name: str) -> None:
    assert not all_of(name, "ADD")
    assert "models fetch" not in IMAGES[name].read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_labels_and_health_are_told(name: str) -> None:
    labels = " ".join(all_of(name, "LABEL"))
    for key in ("title", "description", "licenses", "version"):
        assert f"org.opencontainers.image.{key}=" in labels
    (health,) = all_of(name, "HEALTHCHECK")
    assert "curl" not in health
    assert (health == "NONE") == (name == "indexer")


@pytest.mark.parametrize("name", NAMES)
def test_the_commands_use_options_that_exist(name: str, shotseek: Callable[..., Any]) -> None:
    (command,) = all_of(name, "CMD")
    words = re.findall(r'"([^"]*)"', command)
    told = shotseek(words[0], "--help", env={"COLUMNS": "200"}).out
    for option in (word for word in words if word.startswith("-")):
        assert re.search(rf"(?<![\w-]){option}(?![\w-])", told), option


def install(name: str, folder: Path) -> Path:
    """Do in a folder what the image's build stage does; the command that comes of it."""
    source, environment = folder / "source", folder / "environment"
    source.mkdir()
    ignored = shutil.ignore_patterns("__pycache__")
    for rest in all_of(name, "COPY"):
        if not rest.startswith("--from=build"):
            for path in rest.split()[:-1]:
                one = ROOT / path
                if one.is_dir():
                    shutil.copytree(one, source / path, ignore=ignored)
                else:
                    shutil.copy(one, source)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    uv = Path(sys.executable).with_name("uv")
    lines = [run for run in all_of(name, "RUN") if run.startswith("uv pip install")]
    assert len(lines) == 2
    for line in lines:
        plain = re.sub(r"\$\{TORCH_BACKEND:\+[^}]*\}", "", line).replace(" --no-cache ", " ")
        words = shlex.split(plain.replace("/opt/shotseek", str(environment)))
        done = subprocess.run([uv, *words[1:]], cwd=source, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    return environment / "bin" / "shotseek"


def libraries_of(command: Path, *names: str) -> list[str]:
    """Those of the libraries that are there."""
    code = f"import importlib.util as u; print(*[n for n in {names} if u.find_spec(n)])"
    python = command.with_name("python")
    ran = subprocess.run([python, "-I", "-c", code], capture_output=True, text=True, check=True)
    return ran.stdout.split()


@pytest.mark.slow
def test_the_page_is_installed_without_anything_heavy(tmp_path: Path) -> None:
    command = install("ui", tmp_path)
    heavy = ("torch", "faiss", "sqlalchemy", "av", "fastapi", "open_clip", "transformers", "cv2")
    assert libraries_of(command, *heavy) == []
    told = subprocess.run([command, "ui", "--help"], capture_output=True, text=True, cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    packages = next((tmp_path / "environment").glob("lib/*/site-packages"))
    left_out = {
        path.relative_to(ROOT)
        for path in (ROOT / "ui").rglob("*")
        if path.suffix in {".py", ".css", ".js"}
        and not (packages / path.relative_to(ROOT)).exists()
    }
    assert not left_out, "not packed: see [tool.setuptools] in pyproject.toml"


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_api_is_installed_with_all_it_needs(
    tmp_path: Path, plain_videos: Path, shotseek: Callable[..., Any]
) -> None:
    c = tmp_path / "c"
    flags = ("--encoder", "toy", "--analyzers", "toy,colours")
    assert shotseek("index", plain_videos, "--collection", c, *flags).code == 0
    command = install("search", tmp_path)
    assert libraries_of(command, "decord", "scenedetect", "rapidocr", "streamlit") == []
    words = [command, "search", "green", "--collection", c]
    found = subprocess.run(words, capture_output=True, text=True, cwd=tmp_path)
    assert found.returncode == 0, found.stderr
    assert "green.mp4" in found.stdout
    words = [command, "serve", "--collection", c, "--host", "0.0.0.0", "--port", "0"]
    refused = subprocess.run(words, capture_output=True, text=True, cwd=tmp_path, timeout=60)
    assert refused.returncode == 2, refused.stderr
    assert "--token-file" in refused.stderr
