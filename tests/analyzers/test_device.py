"""Where the models run."""

import subprocess
import sys

import pytest

from analyzers.device import pick_device
from analyzers.error import SettingsError


def test_cpu_is_cpu_and_wakes_no_torch() -> None:
    code = (
        "import sys; from analyzers.device import pick_device;"
        "print(pick_device('cpu'), 'torch' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["cpu", "False"]


def test_auto_is_one_of_the_two() -> None:
    assert pick_device("auto") in ("cpu", "cuda")


def test_a_device_that_is_not_there_is_refused() -> None:
    if pick_device("auto") == "cuda":
        assert pick_device("cuda") == "cuda"
        return
    with pytest.raises(SettingsError, match="--device cpu"):
        pick_device("cuda")


def test_an_unknown_device_is_refused_with_what_there_is() -> None:
    with pytest.raises(SettingsError, match="auto, cpu, cuda"):
        pick_device("gpu")


@pytest.mark.gpu
def test_auto_takes_the_gpu() -> None:
    assert pick_device("auto") == pick_device("cuda") == "cuda"
