"""Digests are those of the standard library."""

import hashlib
import hmac
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invocation import digests
from tests.support.another_version import on_another_version

EACH_VERSION = pytest.mark.parametrize(
    "module", [digests, on_another_version(digests)], ids=["this version", "another version"]
)
BYTES = st.binary(max_size=200)  # HMAC hashes keys of more than 64.


@EACH_VERSION
@given(BYTES)
def test_a_digest_is_that_of_hashlib(module: ModuleType, data: bytes) -> None:
    assert module.sha256(data) == hashlib.sha256(data).digest()
    assert module.sha1(data) == hashlib.sha1(data).digest()


@EACH_VERSION
@given(BYTES, BYTES)
def test_a_keyed_digest_is_that_of_hmac(module: ModuleType, key: bytes, data: bytes) -> None:
    assert module.hmac_sha256(key, data) == hmac.digest(key, data, "sha256")


@EACH_VERSION
@pytest.mark.parametrize("size", [63, 64, 65, 128])
def test_a_key_of_about_a_block_is_used_as_hmac_does(module: ModuleType, size: int) -> None:
    key = bytes(range(size))
    assert module.hmac_sha256(key, b"data") == hmac.digest(key, b"data", "sha256")


@EACH_VERSION
@given(BYTES, BYTES)
def test_only_equal_digests_are_equal(module: ModuleType, one: bytes, other: bytes) -> None:
    assert module.are_equal(one, other) == (one == other)
    assert module.are_equal(one, bytes(one))
