"""Responses of HTTP/1.1 are read as RFC 9112 has them, and nothing else is accepted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws.response import BODY_MAX_BYTES, HEAD_MAX_BYTES, MalformedResponseError, read_response

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,9}", fullmatch=True).map("x-".__add__)
VALUES = st.text(st.characters(min_codepoint=33, max_codepoint=126))


def read(data: bytes, sizes: list[int] | None = None) -> tuple[int, dict[str, str], bytes, bool]:
    """Read a response that arrives in parts of these sizes, and then at once."""
    parts = []
    for size in sizes or []:
        parts.append(data[:size])
        data = data[size:]
    arriving = iter([part for part in [*parts, data] if part])
    response = read_response(lambda: next(arriving, b""))
    return response.status, response.headers, response.body, response.is_last


def in_chunks(body: bytes, sizes: list[int]) -> bytes:
    """Return a body in the chunked coding."""
    chunks = []
    for size in [*sizes, len(body) or 1]:
        if part := body[:size]:
            chunks.append(b"%X;extension=1\r\n%s\r\n" % (len(part), part))
        body = body[size:]
    return b"".join([*chunks, b"0\r\nTrailer: 1\r\n\r\n"])


@given(
    status=st.integers(200, 599),
    headers=st.dictionaries(NAMES, VALUES, max_size=5),
    body=st.binary(),
    chunks=st.none() | st.lists(st.integers(1, 5)),
    sizes=st.lists(st.integers(1, 50)),
)
def test_a_response_is_the_same_however_it_arrives(
    status: int, headers: dict[str, str], body: bytes, chunks: list[int] | None, sizes: list[int]
) -> None:
    lines = [f"HTTP/1.1 {status} Reason phrase", *(f"{n}:  {v}\t" for n, v in headers.items())]
    if chunks is None:
        framing, sent = f"Content-Length: {len(body)}", body
    else:
        framing, sent = "Transfer-Encoding: Chunked", in_chunks(body, chunks)
    found = read("\r\n".join([*lines, framing, "", ""]).encode() + sent, sizes)
    assert (found[0], found[2], found[3]) == (status, body, False)
    for name in {each.lower() for each in headers}:
        values = [value for each, value in headers.items() if each.lower() == name]
        assert found[1][name] == ", ".join(values)


def test_interim_responses_are_passed_over() -> None:
    interim = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n"
    response = read(interim + b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
    assert response == (200, {"content-length": "2"}, b"{}", False)


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nConnection: keep-alive, Close\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK",
    ],
)
def test_some_responses_are_the_last_of_their_connection(head: bytes) -> None:
    assert read(head)[3]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}",
        CHUNKED + b"2\r\n{}",
        CHUNKED + b"2\r\n{}\r\n",
        CHUNKED + b"2\r\n{}\r\n0\r\n",
        CHUNKED + b"2\r\n{}}\r\n0\r\n\r\n",
        CHUNKED + b"2\r\n{}xx0\r\n\r\n",
        *(
            CHUNKED + size + b"\r\n{}\r\n0\r\n\r\n"
            for size in [b"", b"+2", b"0x2", b"-2", b"2_", b"x"]
        ),
        CHUNKED + b"%X\r\n" % (BODY_MAX_BYTES + 1),
        CHUNKED + b"000000002\r\n{}\r\n0\r\n\r\n",
        CHUNKED + b"2;" + b"x" * HEAD_MAX_BYTES + b"\r\n{}\r\n0\r\n\r\n",
        CHUNKED + b"0\r\n" + b"x: y\r\n" * HEAD_MAX_BYTES + b"\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n{}",
        *(
            b"HTTP/1.1 200 OK\r\nContent-Length: " + length + b"\r\n\r\n{}"
            for length in [b"", b"-2", b"+2", b"0x2", b"2, 2", b"\xb2", b"999999999", b"99999999"]
        ),
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n folded\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n: empty\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nno colon\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nx: a\nb\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nx: " + b"x" * HEAD_MAX_BYTES + b"\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 +20 OK\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 2000 OK\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/2 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"x" * (HEAD_MAX_BYTES + 1),
    ],
    ids=lambda data: repr(data[:80]),
)
def test_a_truncated_or_malformed_response_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedResponseError):
        read(data)


def test_a_body_of_the_greatest_size_is_accepted_and_no_greater_one() -> None:
    half = BODY_MAX_BYTES // 2
    chunk = b"%X\r\n%s\r\n" % (half, b"x" * half)
    assert len(read(CHUNKED + chunk * 2 + b"0\r\n\r\n")[2]) == BODY_MAX_BYTES
    with pytest.raises(MalformedResponseError, match="too large"):
        read(CHUNKED + chunk * 2 + b"1\r\nx\r\n0\r\n\r\n")
