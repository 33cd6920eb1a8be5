"""Join: every child holds; the scores of those that score are fused. Knows no kind of child."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from search.node import Node
from search.outcome import Outcome, Scores, sum_evidence, weighed

if TYPE_CHECKING:
    from search.hits import Why
    from search.query import AnyNode
    from search.view import View

By = Literal["sum", "product", "minimum"]
