"""What an action may be asked by."""

import pytest
from pydantic import ValidationError

from search.leaves.action import ActionLeaf


def test_blanks_ask_for_nothing() -> None:
    assert ActionLeaf(name=" action/carry ", text="  ") == ActionLeaf(name="action/carry")
    for blank in ({}, {"name": " ", "text": "\n"}):
        with pytest.raises(ValidationError, match="by its name or by a text"):
            ActionLeaf(**blank)
