"""The Python client of the HTTP API. Knows no engine, no collection on disk.

```python
from search.client import SearchClient

client = SearchClient("http://127.0.0.1:8000")
found = client.search("red", then=["green"], where=["colour=red"], k=5)
for hit, media in found.moments():
    print(hit.video, hit.start_ms, client.address(media.play))
```
"""

from search.client.client import SearchClient
from search.client.error import ApiError, ApiFailed, ApiRefused, ApiUnreachable
from search.client.found import FoundHits, Moment

__all__ = [
    "ApiError",
    "ApiFailed",
    "ApiRefused",
    "ApiUnreachable",
    "FoundHits",
    "Moment",
    "SearchClient",
]
