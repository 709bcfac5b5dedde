"""The grammar of If-Match and If-None-Match: RFC 9110, 13.1, with 8.8.3."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gateway import EntityTags
from items.etags import list_versions

ENTITY_TAG = r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"'
LIST = re.compile(rf"\s*{ENTITY_TAG}\s*(,\s*{ENTITY_TAG}\s*)*")
VERSION = re.compile(r"[1-9][0-9]{0,17}")

# Parts of valid lists, and what is wrong beside them. Most of the spaces are beyond ASCII.
SPACES = [" ", "\t", "\x1c", "\x85", "\xa0", "\u2003"]
PARTS = st.sampled_from(['"1"', 'W/"2"', '""', '"a,b"', ",", ", ", ",", *SPACES])
ODD_PARTS = st.sampled_from(
    ['"', "W/", "w/", "W", "*", "a", '"\x7f"', '"\xff"', '"\u0100"', '"a b"']
)
HEADERS = st.lists(PARTS | PARTS | ODD_PARTS, max_size=6).map("".join) | st.text()


@settings(max_examples=1000)
@given(header=HEADERS)
@example(header='"1"a')
@example(header='a"1"')
@example(header='"1"a,"2"')
@example(header='"1""2"')
@example(header='"1" "2"')
@example(header='"1",,"2"')
@example(header='"1","')
@example(header='"\x7f"')
@example(header='W/ "1"')
def test_a_header_is_accepted_as_by_the_grammar(header: str) -> None:
    if header.strip() == "*":
        assert EntityTags(header).is_any
    elif not LIST.fullmatch(header):
        with pytest.raises(ValueError, match="entity tags"):
            EntityTags(header)
    else:
        found = re.findall(ENTITY_TAG, header)
        tags = EntityTags(header)
        assert not tags.is_any
        assert tags.all == [tag for _, tag in found]
        assert tags.strong == [tag for weak, tag in found if not weak]


@given(
    tags=st.lists(
        st.text("0123456789", max_size=20)
        | st.text(st.characters(min_codepoint=0x80, max_codepoint=0xFF))
        | st.sampled_from(["²", "1²", "-1", "+1", "1_0", "1.0", "9" * 18, "9" * 19])
    )
)
def test_the_versions_of_an_item_are_positive_integers_of_up_to_18_digits(tags: list[str]) -> None:
    header = ", ".join(f'"{tag}"' for tag in [*tags, "1"])
    expected = [int(tag) for tag in [*tags, "1"] if VERSION.fullmatch(tag)]
    assert list_versions(EntityTags(header)) == expected
