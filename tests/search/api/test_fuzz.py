"""Schemathesis asks a running server what its own document allows, and what it forbids."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
    "unsupported_method",
)


def fuzz(address: str, seconds: int, folder: Path, *flags: str) -> None:
    """Fail with schemathesis' own report if it finds anything."""
    program = Path(sys.executable).with_name("schemathesis")
    line = [program, "run", f"{address}/openapi.json", "--checks", ",".join(CHECKS)]
    line += ["--max-time", str(seconds), "--max-examples", "100000", "--no-color"]
    line += ["--continue-on-failure", "--generation-database", "none", *flags]
    done = subprocess.run(
        [*map(str, line)], cwd=folder, capture_output=True, text=True, timeout=seconds + 200
    )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_an_open_server_keeps_to_its_document(
    small_address: str, tmp_path: Path, fuzz_seconds: int
) -> None:
    fuzz(small_address, fuzz_seconds, tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("knows", [True, False], ids=["with its token", "without"])
def test_a_guarded_server_keeps_to_its_document(
    served: Callable[..., str],
    small_collection: Path,
    tmp_path: Path,
    fuzz_seconds: int,
    token: str,
    knows: bool,
) -> None:
    address = served(small_collection, token=token)
    flags = ["--header", f"Authorization: Bearer {token}"] if knows else []
    fuzz(address, fuzz_seconds, tmp_path, *flags)
