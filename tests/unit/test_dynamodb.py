"""Items of DynamoDB as Python values, and back."""

from decimal import Decimal
from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from aws.dynamodb import Number, marshal, unmarshal

SCALARS = st.none() | st.booleans() | st.text() | st.integers(-(10**37), 10**37)
VALUES = st.recursive(
    SCALARS | st.decimals(-(10**9), 10**9, places=2),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
)


@given(values=st.dictionaries(st.text(), VALUES))
def test_items_are_marshalled_as_by_boto3(values: dict[str, Any]) -> None:
    item = marshal(values)
    assert item == {name: TypeSerializer().serialize(value) for name, value in values.items()}
    assert unmarshal(item) == values
    assert unmarshal(item) == {
        name: TypeDeserializer().deserialize(value) for name, value in item.items()
    }


@pytest.mark.parametrize(
    "value", [0, -7, 10**37, Decimal("1.50"), Decimal("-0.1"), Decimal("1E+40")]
)
def test_integers_are_int_and_other_numbers_are_decimals(value: Any) -> None:
    assert repr(unmarshal({"number": {"N": str(value)}})) == repr({"number": value})


@given(value=st.decimals(-(10**9), 10**9) | st.integers())
def test_a_number_keeps_its_text(value: Any) -> None:
    item = {"list": {"L": [{"M": {"number": {"N": str(value)}}}]}}
    numbers = unmarshal(item, Number)
    assert numbers == {"list": [{"number": str(value)}]}
    assert marshal(numbers) == item


@pytest.mark.parametrize("value", [1.5, {1}, b"", object()])
def test_other_types_are_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="DynamoDB has no type for"):
        marshal({"value": value})
