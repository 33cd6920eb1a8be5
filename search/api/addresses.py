"""Makes and checks the addresses of pictures, videos and clips. Knows no files.

With a key they carry the moment they expire and a signature over path and moment (HMAC-SHA256), so
that a browser can load them without knowing the token. The moment is rounded up, so that an
address stays the same for a while and browsers can cache what it names.
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping

from analyzers.error import ShotseekError
from search.wire import Media

ROUNDS = 6  # an address is good for its lifetime, and up to a sixth of it longer
SIGNATURE_BYTES = 18
BLOCK_BYTES = 64  # of SHA-256


class AddressInvalid(ShotseekError):
    """The signature of an address is missing, wrong or too old."""


class Addresses:
    """Addresses of media, signed if there is a token.

    Args:
        token: what the key of signatures is derived from; without it nothing is signed.
        lifetime_s: how long a signature is good.
    """

    def __init__(self, token: str | None, lifetime_s: float) -> None:
        key = token and hmac.digest(token.encode(), b"shotseek media 1", "sha256")
        self._mac = KeyedHash(key) if key else None
        self._lifetime_s = lifetime_s

    def picture(self, video_id: str, time_ms: int) -> str:
        """Of a keyframe, at most 1280 px long."""
        return self.sign(f"/media/pictures/{video_id}@{time_ms}")

    def small(self, video_id: str, time_ms: int) -> str:
        """Of a keyframe, for lists."""
        return self.sign(f"/media/pictures/{video_id}@{time_ms}.small")

    def part(self, video_id: str, time_ms: int, box: str) -> str:
        """Of a part of a keyframe; the signature is that of the whole."""
        whole = self.picture(video_id, time_ms)
        return f"{whole}{'&' if '?' in whole else '?'}box={box}"

    def video(self, video_id: str) -> str:
        """Of a whole video, as it is."""
        return self.sign(f"/media/videos/{video_id}")

    def clip(self, video_id: str, start_ms: int) -> str:
        """Of a shot, as a file that browsers play."""
        return self.sign(f"/media/clips/{video_id}@{start_ms}.mp4")

    def moment(self, video_id: str, start_ms: int, time_ms: int, *, playable: bool) -> Media:
        """All addresses of one moment of a shot that starts at `start_ms`."""
        clip = self.clip(video_id, start_ms)
        return Media(
            picture=self.picture(video_id, time_ms),
            small=self.small(video_id, time_ms),
            play=self.video(video_id) if playable else clip,
            play_from_ms=0 if playable else start_ms,
            clip=clip,
            clip_from_ms=start_ms,
        )

    def sign(self, path: str) -> str:
        """The path with its signature; as it is without a key."""
        if self._mac is None:
            return path
        step = self._lifetime_s / ROUNDS
        expires = int((int((time.time() + self._lifetime_s) / step) + 1) * step)
        return f"{path}?expires={expires}&signature={_sign(self._mac, path, str(expires))}"

    def check(self, path: str, parameters: Mapping[str, str]) -> None:
        """Check the signature of a path.

        Raises:
            AddressInvalid: it is missing, wrong or too old.
        """
        assert self._mac is not None, "without a token there is nothing to check"
        expires, given = parameters.get("expires", ""), parameters.get("signature", "")
        wanted = _sign(self._mac, path, expires)
        if not hmac.compare_digest(wanted.encode(), given.encode("utf-8", "replace")):
            raise AddressInvalid("the signature of this address is missing or wrong")
        if int(expires) < time.time():
            raise AddressInvalid("this address has expired")


class KeyedHash:
    """HMAC-SHA256 (RFC 2104) under one key, whose own part of the work is done once.

    A page of hits has thousands of signatures; `hmac.digest` takes three times as long.
    """

    def __init__(self, key: bytes) -> None:
        block = key.ljust(BLOCK_BYTES, b"\0")
        assert len(block) == BLOCK_BYTES, "longer keys would have to be hashed first"
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))

    def digest(self, text: bytes) -> bytes:
        """(32,) bytes."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(text)
        outer.update(inner.digest())
        return outer.digest()


def _sign(mac: KeyedHash, path: str, expires: str) -> str:
    digest = mac.digest(f"{expires}\n{path}".encode("utf-8", "surrogateescape"))
    return base64.urlsafe_b64encode(digest[:SIGNATURE_BYTES]).decode("ascii")
