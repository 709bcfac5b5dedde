"""`POST /lucky_numbers`: what it draws, and what it takes and gives."""

import json
import random
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.types import ProxyResponse
from handler import lucky_numbers
from lucky_numbers.draw import clamp_count, draw_numbers
from lucky_numbers.payload import U32_MAX
from tests.support.events import rest_event
from tests.support.responses import payload_of, problem_of

COUNTS = st.integers(0, U32_MAX)


def ask(name: object, count: object) -> ProxyResponse:
    """Return the proxy response for that name and count."""
    return lucky_numbers(rest_event(body=json.dumps({"name": name, "count": count})), None)


@pytest.mark.parametrize(
    ("asked", "given"),
    [(0, 2), (1, 2), (2, 2), (3, 3), (10, 10), (19, 19), (20, 20), (21, 20), (U32_MAX, 20)],
)
def test_a_count_is_clamped_to_between_two_and_twenty(asked: int, given: int) -> None:
    assert clamp_count(asked) == given
    assert len(payload_of(ask("SilentByte", asked))["numbers"]) == given


@given(count=COUNTS)
def test_a_clamped_count_is_the_nearest_in_range(count: int) -> None:
    clamped = clamp_count(count)
    assert 2 <= clamped <= 20
    assert clamped == count or (count < 2 and clamped == 2) or (count > 20 and clamped == 20)


@given(count=st.integers(0, 50), seed=st.integers())
def test_count_numbers_from_1_to_41_are_drawn(count: int, seed: int) -> None:
    numbers = draw_numbers(count, random.Random(seed).randbytes)
    assert len(numbers) == count
    assert all(1 <= number <= 41 for number in numbers)


def test_draws_are_uniform() -> None:
    draws = 41_000
    counts = Counter(draw_numbers(draws, random.Random(1729).randbytes))
    expected = draws / 41
    chi_squared = sum((counts[number] - expected) ** 2 / expected for number in range(1, 42))
    # 40 degrees of freedom: a uniform source passes it once in a thousand seeds.
    assert chi_squared < 73.4


def test_a_draw_does_not_depend_on_the_previous_one() -> None:
    numbers = draw_numbers(41 * 41 * 10, random.Random(1729).randbytes)
    pairs = Counter(pairwise(numbers))
    expected = (len(numbers) - 1) / 41**2
    chi_squared = sum(
        (pairs[a, b] - expected) ** 2 / expected for a in range(1, 42) for b in range(1, 42)
    )
    # 1 680 degrees of freedom: likewise.
    assert chi_squared < 1863


def test_two_calls_draw_different_numbers() -> None:
    # Twenty draws agree by chance once in 41**20.
    first, second = (payload_of(ask("SilentByte", 20))["numbers"] for _ in range(2))
    assert first != second


def test_seeding_the_shared_generator_does_not_repeat_a_draw() -> None:
    draws = []
    for _ in range(2):
        random.seed(0)  # What a restored snapshot amounts to.
        draws.append(payload_of(ask("SilentByte", 20))["numbers"])
    assert draws[0] != draws[1]


@given(name=st.text(max_size=256), count=COUNTS)
def test_every_valid_payload_gets_its_greeting_and_numbers(name: str, count: int) -> None:
    payload = payload_of(ask(name, count))
    assert list(payload) == ["message", "numbers"]
    assert payload["message"] == f"Hi, '{name.upper()}'. Your lucky numbers are:"
    assert len(payload["numbers"]) == clamp_count(count)
    assert all(type(number) is int and 1 <= number <= 41 for number in payload["numbers"])


def test_a_name_is_greeted_in_full_unicode_upper_case() -> None:
    names = {"Straße": "STRASSE", "ŉ": "\u02bcN", "ﬁ": "FI", "ǰ": "J\u030c", "": "", "i": "I"}
    greetings = {name: payload_of(ask(name, 2))["message"] for name in names}
    assert greetings == {
        name: f"Hi, '{upper}'. Your lucky numbers are:" for name, upper in names.items()
    }


def test_non_ascii_characters_are_not_escaped() -> None:
    assert "STRASSE ☘ 😀" in str(ask("Straße ☘ 😀", 2)["body"])


@pytest.mark.parametrize("name", ["n" * 256, "ß" * 256, "😀" * 256])
def test_a_name_of_256_characters_is_accepted(name: str) -> None:
    assert payload_of(ask(name, 2))["message"].startswith(f"Hi, '{name.upper()}'")


@pytest.mark.parametrize("name", ["n" * 257, "😀" * 257])
def test_a_name_of_257_characters_is_refused(name: str) -> None:
    errors = [{"pointer": "/name", "detail": "String should have at most 256 characters"}]
    assert problem_of(ask(name, 2), 422)["errors"] == errors


@pytest.mark.parametrize("count", ["10", 10.0, True, None, [], {}, [10], -1, U32_MAX + 1, 2**64])
def test_a_count_that_is_not_a_u32_is_refused(count: object) -> None:
    errors = problem_of(ask("SilentByte", count), 422)["errors"]
    assert [error["pointer"] for error in errors] == ["/count"]


@pytest.mark.parametrize("name", [1, 1.5, True, None, [], {}, ["SilentByte"]])
def test_a_name_that_is_not_a_string_is_refused(name: object) -> None:
    errors = problem_of(ask(name, 10), 422)["errors"]
    assert [error["pointer"] for error in errors] == ["/name"]


def test_each_error_has_a_pointer() -> None:
    errors = problem_of(lucky_numbers(rest_event(body='{"count": "10"}'), None), 422)["errors"]
    assert errors == [
        {"pointer": "/name", "detail": "Field required"},
        {"pointer": "/count", "detail": "Input should be a valid integer"},
    ]


@pytest.mark.parametrize("body", ["null", "1", '"SilentByte"', "[]", '["SilentByte", 10]'])
def test_json_that_is_not_an_object_is_refused(body: str) -> None:
    errors = problem_of(lucky_numbers(rest_event(body=body), None), 422)["errors"]
    assert errors == [{"pointer": "", "detail": "Input should be an object"}]


def test_other_fields_are_ignored() -> None:
    body = '{"x": {"count": "y"}, "name": "a", "Name": 1, "count": 3, "COUNT": null}'
    assert len(payload_of(lucky_numbers(rest_event(body=body), None))["numbers"]) == 3
