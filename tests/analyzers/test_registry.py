"""Which analyzers a command gets: the grammar of --analyzers, needs, other packages."""

import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from analyzers.analyzer import Analyzer
from analyzers.clip import Clip, Picture
from analyzers.embed import EmbedAnalyzer
from analyzers.error import LibraryMissing, ModelUnavailable, SettingsError
from analyzers.openclip import OpenClipEncoder
from analyzers.registry import ensure_available, find_analyzers, make_analyzers, make_encoder
from analyzers.toy import ToyEncoder

BUILT_IN = ["colours", "ocr", "subtitles", "container"]
README = Path(__file__).resolve().parents[2] / "analyzers" / "README.md"

Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Install a package with analyzers: `install("a = 'code'", a="module:Class")`."""

    def add(code: str, *, distribution: str = "witnesses", **points: str) -> None:
        folder = tmp_path / distribution
        folder.mkdir()
        module = distribution.replace("-", "_")
        preamble = "from analyzers.analyzer import Scope, Wants\n"
        (folder / f"{module}.py").write_text(preamble + textwrap.dedent(code), encoding="utf-8")
        info = folder / f"{module}-1.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1\n", encoding="utf-8"
        )
        lines = [f"{name} = {module}:{target}" for name, target in points.items()]
        group = "\n".join(["[shotseek.analyzers]", *lines])
        (info / "entry_points.txt").write_text(group, encoding="utf-8")
        monkeypatch.syspath_prepend(folder)
        monkeypatch.delitem(sys.modules, module, raising=False)  # of an earlier test

    return add


def plain(name: str, more: str = "", needs: str = "()") -> str:
    """The code of an analyzer that says nothing."""
    return f"""
class {name.capitalize()}:
    name, version, scope, wants, needs = {name!r}, "1", Scope.SHOT, Wants(), {needs}
    {more}
    def analyze(self, clips):
        return [[] for _ in clips]
"""


def names(selection: str | None, profile: str = "", device: str = "cpu") -> list[str]:
    """Those of a profile; without one those of the toy encoder."""
    encoders = () if profile else ("toy",)
    return [one.name for one in make_analyzers(selection, profile or "demo", encoders, device)]


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (None, ["toy", *BUILT_IN]),
        ("", ["toy", *BUILT_IN]),
        ("all", ["toy", *BUILT_IN, "objects", "composition", "actions"]),
        ("none", []),
        ("ocr", ["ocr"]),
        ("ocr,colours", ["ocr", "colours"]),
        (" ocr , colours,ocr", ["ocr", "colours"]),
        ("embed", ["toy"]),
        ("-ocr", ["toy", "colours", "subtitles", "container"]),
        ("-embed", BUILT_IN),
        ("-ocr,+ocr", ["toy", "colours", "subtitles", "container"]),
        ("+ocr,-toy,-colours", ["ocr", "subtitles", "container"]),
    ],
)
def test_a_selection_names_changes_or_stands_alone(
    selection: str | None, expected: list[str]
) -> None:
    assert names(selection) == expected


@pytest.mark.parametrize(
    ("profile", "name"),
    [
        ("fast", "embed:ViT-B-32-256.datacomp_s34b_b86k"),
        ("standard", "embed:ViT-B-16-SigLIP2-256.webli"),
        ("best", "embed:ViT-SO400M-16-SigLIP2-384.webli"),
    ],
)
def test_the_profile_names_the_encoder(profile: str, name: str) -> None:
    assert names("embed", profile) == [name]
    assert names("toy,embed", profile) == ["toy", name]


def test_given_encoders_take_the_place_of_those_of_the_profile(tiny_folder: Path) -> None:
    specs = [f"local-dir:{tiny_folder}", "toy"]
    made = make_analyzers("embed", "best", specs, "cpu")
    local = make_encoder(specs[0]).space.name
    assert [one.name for one in made] == [f"embed:{local}", "toy"]


@pytest.mark.parametrize(
    ("selection", "message"),
    [
        ("colurs", "did you mean colours"),
        ("+subtitle", "did you mean subtitles"),
        ("-emebd", "did you mean embed"),
        ("ocr,-colours", "give a,b or"),
        ("all,ocr", "give a,b or"),
        ("-none", "give a,b or"),
    ],
)
def test_a_selection_that_means_nothing_is_refused(selection: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        names(selection)


def test_an_unknown_profile_is_refused_with_the_nearest() -> None:
    with pytest.raises(SettingsError, match="did you mean standard"):
        names(None, "standart")


def test_a_package_adds_analyzers_to_the_default(install: Install) -> None:
    install(plain("witness"), witness="Witness")
    assert names(None) == ["toy", *BUILT_IN, "witness"]
    assert names("witness") == ["witness"]
    assert find_analyzers()[-1].origin == "witnesses"


def test_what_is_slow_on_a_device_is_no_default_there(install: Install) -> None:
    install(plain("witness", "slow_on = frozenset({'cpu'})"), witness="Witness")
    assert "witness" not in names(None)
    assert "witness" in names(None, device="cuda")
    assert "witness" in names("+witness")
    assert "witness" in names("all")


def test_what_is_personal_is_taken_by_name_only(install: Install) -> None:
    code = plain("voices", "personal = True") + plain("choirs", needs="('voices',)")
    install(code, voices="Voices", choirs="Choirs")
    for selection in (None, "all", "-ocr"):
        assert not {"voices", "choirs"} & set(names(selection))
    assert names("choirs") == ["voices", "choirs"]


def test_what_is_needed_comes_along_and_first(install: Install) -> None:
    code = (
        plain("apple", needs="('berry', 'embed')") + plain("berry", needs="('ocr',)") + plain("cat")
    )
    install(code, apple="Apple", berry="Berry", cat="Cat")
    assert names("apple") == ["ocr", "berry", "toy", "apple"]
    assert names("cat,apple,berry") == ["cat", "ocr", "berry", "toy", "apple"]


def test_what_is_needed_cannot_be_left_out(install: Install) -> None:
    install(plain("apple", needs="('ocr',)"), apple="Apple")
    with pytest.raises(SettingsError, match="apple needs it"):
        names("-ocr")
    assert "ocr" not in names("-ocr,-apple")


def test_a_circle_of_needs_is_refused_by_name(install: Install) -> None:
    code = plain("apple", needs="('berry',)") + plain("berry", needs="('apple',)")
    install(code, apple="Apple", berry="Berry")
    with pytest.raises(SettingsError, match="apple > berry > apple"):
        names("apple")
    assert names("ocr") == ["ocr"]


def test_a_need_that_is_not_installed_names_who_needs_it(install: Install) -> None:
    install(plain("apple", needs="('speech',)"), apple="Apple")
    with pytest.raises(SettingsError, match="apple needs 'speech'"):
        names("apple")


@pytest.mark.parametrize(
    ("code", "error", "message"),
    [
        ("import no_such_library", LibraryMissing, "no_such_library"),
        ("1 / 0", SettingsError, "ZeroDivisionError"),
        ("", SettingsError, "Witness"),
        (plain("other").replace("Other", "Witness"), SettingsError, "no analyzer named 'witness'"),
        ("def Witness(): return 3", SettingsError, "no analyzer named 'witness'"),
    ],
)
def test_a_broken_package_is_one_line_and_only_when_it_is_chosen(
    code: str, error: type[Exception], message: str, install: Install
) -> None:
    install(code, witness="Witness")
    for selection in ("ocr", "-witness", "none"):
        assert "witness" not in names(selection)
    with pytest.raises(error, match=message) as raised:
        names("+witness")
    assert "\n" not in str(raised.value)
    assert "witnesses" in str(raised.value)


def test_two_analyzers_of_one_name_are_refused(install: Install) -> None:
    install(plain("ocr"), ocr="Ocr")
    with pytest.raises(SettingsError, match="shotseek and witnesses have an analyzer 'ocr'"):
        find_analyzers()


def test_a_factory_is_told_the_device_if_it_takes_one(install: Install) -> None:
    code = plain("plain") + plain("told", "def __init__(self, device): self.device = device")
    install(code, plain="Plain", told="Told")
    made = {one.name: one for one in make_analyzers("plain,told", "demo", ("toy",), "cuda")}
    assert made["told"].device == "cuda"  # type: ignore[attr-defined]


def test_encoders_are_made_from_their_names(tiny_folder: Path) -> None:
    assert isinstance(make_encoder("toy", "auto"), ToyEncoder)
    assert isinstance(make_encoder(f"local-dir:{tiny_folder}", "auto"), OpenClipEncoder)
    with pytest.raises(SettingsError, match="choose one of"):
        make_encoder(f"local-dir:{tiny_folder}", "tpu")


def test_availability_is_asked_of_those_that_need_weights(install: Install) -> None:
    more = """def ensure_available(self):
        from analyzers.error import ModelUnavailable
        raise ModelUnavailable("not here")
    """
    install(plain("heavy", more), heavy="Heavy")
    ensure_available(make_analyzers("ocr,toy", "demo"))
    with pytest.raises(ModelUnavailable, match="not here"):
        ensure_available(make_analyzers("ocr,heavy", "demo"))


def test_embeddings_carry_the_spans_and_the_space() -> None:
    shown = [Picture(5, 0, 10, np.zeros((2, 2, 3), np.uint8))]
    shown += [Picture(15, 10, 30, np.full((3, 2, 3), 255, np.uint8))]
    analyzer = EmbedAnalyzer(ToyEncoder(), "toy")
    (found,) = analyzer.analyze([Clip(0, 30, keyframes=tuple(shown))])
    assert [(one.start_ms, one.end_ms) for one in found] == [(0, 10), (10, 30)]
    assert [space.name for space in analyzer.spaces] == ["toy"]


def test_the_example_of_the_readme_is_an_analyzer(install: Install) -> None:
    text = README.read_text(encoding="utf-8")
    code = textwrap.dedent(text.partition("```python\n")[2].partition("```")[0])
    imports = (
        "from collections.abc import Sequence\n"
        "from analyzers.clip import Clip, Picture\n"
        "from analyzers.finding import Finding, Measure\n"
    )
    install(imports + code, brightness="Brightness")
    (analyzer,) = make_analyzers("brightness", "demo")
    assert isinstance(analyzer, Analyzer)
    shown = Picture(5, 0, 10, np.full((2, 2, 3), 51, np.uint8))
    ((found,),) = analyzer.analyze([Clip(0, 10, keyframes=(shown,))])
    assert found.value == pytest.approx(0.2)  # type: ignore[union-attr]


def test_the_readme_names_every_built_in_analyzer_and_finding() -> None:
    text = README.read_text(encoding="utf-8")
    assert all(f"`{name}.py`" in text for name in BUILT_IN)
    kinds = ("Embedding", "Words", "Label", "Measure", "Track", "Relation")
    assert all(f"`{kind}`" in text for kind in kinds)
