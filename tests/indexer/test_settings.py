from pathlib import Path

import pytest

from analyzers.error import SettingsError
from indexer.settings import IndexSettings, read_settings


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_flag_beats_environment_beats_file_beats_default() -> None:
    Path("shotseek.toml").write_text('[index]\nprofile = "best"\nshots = "content"\nworkers = 3\n')
    environment = {"SHOTSEEK_SHOTS": "adaptive", "SHOTSEEK_PROFILE": "fast", "HOME": "/"}
    settings = read_settings({"profile": "demo", "device": None, "encoder": ()}, environment)
    assert (settings.profile, settings.shots, settings.workers) == ("demo", "adaptive", 3)
    assert settings.device == IndexSettings().device == "auto"


def test_encoders_come_as_a_list_or_as_words() -> None:
    Path("mine.toml").write_text('[index]\nencoder = ["toy", "A:b"]\n')
    from_file = read_settings({}, {"SHOTSEEK_SETTINGS": "mine.toml"})
    from_environment = read_settings({}, {"SHOTSEEK_ENCODER": "A:b toy"})
    assert from_file.encoder == ("toy", "A:b")
    assert from_environment.encoder == ("A:b", "toy")


@pytest.mark.parametrize(
    ("text", "environment", "told"),
    [
        ('[index]\nprofil = "demo"\n', {}, "profile"),
        ("[index\n", {}, "shotseek.toml"),
        ("[indexx]\n", {}, "'index'"),
        ("", {"SHOTSEEK_DEVISE": "cpu"}, "device"),
        ("", {"SHOTSEEK_DEVICE": "gpu"}, "device"),
        ("", {"SHOTSEEK_WORKERS": "-1"}, "workers"),
        ("", {"SHOTSEEK_SETTINGS": "gone.toml"}, "gone.toml"),
    ],
)
def test_what_cannot_be_used_is_named(text: str, environment: dict[str, str], told: str) -> None:
    Path("shotseek.toml").write_text(text)
    with pytest.raises(SettingsError, match=told):
        read_settings({}, environment)
