"""What may be stored: a result with a finding that no store could keep becomes a failed one.

So an analyzer that says nonsense of one video costs its run on that video, nothing else.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from analyzers.finding import Box, Embedding, Finding, Label, Measure, Relation, Track, Words
from indexer.records import Result

UNIT_TOLERANCE = 1e-2  # of a vector's length: encoders that compute in bf16 are off by 4e-3


def admit(result: Result, dims: Mapping[str, int]) -> Result:
    """The result as it is, or a failed one in its place; `dims` are those of known spaces."""
    if result.reason is not None:
        return replace(result, findings=())
    reason = _first_fault(result.findings, dims)
    return result if reason is None else replace(result, findings=(), reason=reason)


def _first_fault(findings: Sequence[Finding], dims: Mapping[str, int]) -> str | None:
    for finding in findings:
        fault = _fault(finding, dims)
        if fault is not None:
            kind = type(finding).__name__
            return f"gave a {kind} at {finding.start_ms} ms {fault}"
    return None


def _fault(finding: Finding, dims: Mapping[str, int]) -> str | None:
    if not finding.start_ms < finding.end_ms:
        return f"that ends at {finding.end_ms} ms"
    match finding:
        case Embedding():
            return _fault_of_embedding(finding, dims)
        case Words() | Label():
            return _fault_of_numbers(finding.score, finding.box)
        case Measure():
            return _fault_of_numbers(finding.value)
        case Relation():
            return _fault_of_numbers(finding.score)
        case Track():
            return _fault_of_track(finding)


def _fault_of_numbers(number: float, box: Box | None = None) -> str | None:
    if not math.isfinite(number):
        return f"with the value {number}"
    if box is not None and (len(box) != 4 or not all(map(math.isfinite, box))):
        return f"with the box {box}"
    return None


def _fault_of_embedding(embedding: Embedding, dims: Mapping[str, int]) -> str | None:
    vector = np.asarray(embedding.vector, np.float32)
    dim = dims.get(embedding.space)
    if dim is None:
        return f"in the space {embedding.space}, which the collection does not know"
    if vector.shape != (dim,):
        return f"of shape {vector.shape} in the space {embedding.space}, which has {dim} dimensions"
    length = float(np.linalg.norm(vector))
    if not abs(length - 1) <= UNIT_TOLERANCE:
        return f"of length {length:.4g}, not 1"
    return _fault_of_numbers(length, embedding.box)


def _fault_of_track(track: Track) -> str | None:
    count = len(track.times_ms)
    shapes = [np.shape(track.times_ms), np.shape(track.boxes), np.shape(track.scores)]
    if shapes != [(count,), (count, 4), (count,)]:
        return f"whose times, boxes and scores have the shapes {shapes}"
    marks = track.landmarks
    if marks is not None and (marks.ndim != 3 or marks.shape[::2] != (count, 2)):
        return f"whose landmarks have the shape {marks.shape}"
    return None
