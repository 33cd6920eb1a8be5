"""Signed addresses of media: stable for a while, good for one path, not for ever."""

import time

import pytest

from search.api.addresses import Addresses, AddressInvalid


def split(address: str) -> tuple[str, dict[str, str]]:
    path, _, rest = address.partition("?")
    return path, dict(part.split("=", 1) for part in rest.split("&"))


def test_without_a_token_nothing_is_signed() -> None:
    assert Addresses(None, 60).clip("abcd", 7) == "/media/clips/abcd@7.mp4"


def test_an_address_stays_the_same_within_a_step() -> None:
    addresses = Addresses("secret", 6 * 3600)
    first = addresses.picture("abcd", 7)
    assert addresses.picture("abcd", 7) == first
    expires = int(split(first)[1]["expires"])
    assert 6 * 3600 <= expires - time.time() <= 7 * 3600 + 1
    assert Addresses("secret", 6 * 3600).picture("abcd", 7) == first
    assert Addresses("other", 6 * 3600).picture("abcd", 7) != first


def test_a_signature_is_good_for_its_path_alone() -> None:
    addresses = Addresses("secret", 60)
    path, signed = split(addresses.video("abcd"))
    addresses.check(path, signed)
    addresses.check(path, {**signed, "download": "1"})
    wrong = [
        ("/media/videos/abce", signed),
        (path, {**signed, "expires": str(int(signed["expires"]) + 1)}),
        (path, {**signed, "signature": signed["signature"][:-1]}),
        (path, {**signed, "signature": "é"}),
        (path, {"expires": signed["expires"]}),
        (path, {"signature": signed["signature"]}),
        (path, {}),
    ]
    for asked, parameters in wrong:
        with pytest.raises(AddressInvalid):
            addresses.check(asked, parameters)


def test_an_address_expires() -> None:
    addresses = Addresses("secret", 1.5)  # expiry is in whole seconds
    path, signed = split(addresses.video("abcd"))
    addresses.check(path, signed)
    time.sleep(2.5)
    with pytest.raises(AddressInvalid, match="expired"):
        addresses.check(path, signed)
