"""What a model's folder may say of it beyond open_clip's own keys."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from analyzers.encoder import KnowsWords, Range
from analyzers.error import ModelUnavailable
from analyzers.openclip import PICTURES, OpenClipEncoder

OWN = {"text_range": [0.1, 0.8], "image_range": [0.2, 1.0], "whole_words": True}


@pytest.fixture
def folder(tiny_folder: Path, tmp_path: Path) -> Path:
    """A model with a vocabulary of pieces: three words, and all letters of others."""
    copy = shutil.copytree(tiny_folder, tmp_path / "model")
    config = json.loads((copy / "open_clip_config.json").read_text(encoding="utf-8"))
    config["model_cfg"]["text_cfg"]["hf_tokenizer_name"] = "own"
    config["shotseek"] = OWN
    (copy / "open_clip_config.json").write_text(json.dumps(config), encoding="utf-8")
    write_pieces(copy)
    return copy


def write_pieces(folder: Path) -> None:
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    letters = "abcdefghijklmnopqrstuvwxyz"
    pieces = ["<pad>", "</s>", "<unk>", *letters, *(f"##{letter}" for letter in letters)]
    pieces += ["red", "dog", "two"]
    numbered = {piece: number for number, piece in enumerate(pieces)}
    plain: Any = Tokenizer(models.WordPiece(numbered, unk_token="<unk>"))
    plain.normalizer = normalizers.Lowercase()
    plain.pre_tokenizer = pre_tokenizers.Whitespace()
    PreTrainedTokenizerFast(
        tokenizer_object=plain, pad_token="<pad>", eos_token="</s>", unk_token="<unk>"
    ).save_pretrained(folder)


def change(folder: Path, **own: Any) -> None:
    file = folder / "open_clip_config.json"
    config = json.loads(file.read_text(encoding="utf-8"))
    config["shotseek"] = own
    file.write_text(json.dumps(config), encoding="utf-8")


def test_the_ranges_of_the_space_are_those_that_the_folder_states(folder: Path) -> None:
    space = OpenClipEncoder(f"local-dir:{folder}").space
    assert (space.text_range, space.image_range) == (Range(0.1, 0.8), Range(0.2, 1.0))


def test_a_folder_that_states_one_range_has_the_usual_other(folder: Path) -> None:
    change(folder, text_range=[0.0, 0.9])
    space = OpenClipEncoder(f"local-dir:{folder}").space
    assert (space.text_range, space.image_range) == (Range(0.0, 0.9), PICTURES)


def test_words_that_it_was_never_trained_on_are_named_once_in_order(folder: Path) -> None:
    encoder = OpenClipEncoder(f"local-dir:{folder}")
    assert isinstance(encoder, KnowsWords)
    text = "Two red zebras, a zebra; red dog & zebras"
    assert encoder.find_unknown_words(text) == ("zebras", "zebra")
    assert encoder.find_unknown_words("two RED dog") == ()


def test_a_model_that_cuts_known_words_too_names_none(folder: Path) -> None:
    change(folder, text_range=[0.0, 0.9])
    assert OpenClipEncoder(f"local-dir:{folder}").find_unknown_words("zebra") == ()


@pytest.mark.parametrize("own", [{"text_range": 3}, {"text_range": [1]}])
def test_a_range_that_is_none_is_refused_with_the_files_name(folder: Path, own: Any) -> None:
    change(folder, **own)
    with pytest.raises(ModelUnavailable, match=r"open_clip_config\.json"):
        _ = OpenClipEncoder(f"local-dir:{folder}").space
