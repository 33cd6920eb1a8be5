"""Puts the helpers beside these tests within reach, by their own names."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
