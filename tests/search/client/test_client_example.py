"""The examples of the client run as they are written."""

import re
from pathlib import Path

import pytest

import search.client

README = Path(search.client.__file__).parents[1] / "README.md"
PAGES = (search.client.__doc__ or "", README.read_text(encoding="utf-8"))
BLOCKS = re.findall(r"^```python\n(.*?)^```", "\n".join(PAGES), re.M | re.S)


@pytest.mark.parametrize("example", BLOCKS)
def test_an_example_runs(
    example: str, api: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "http://127.0.0.1:8000" in example
    exec(example.replace("http://127.0.0.1:8000", api), {})
