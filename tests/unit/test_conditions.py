"""The grammar of If-Match and If-None-Match: RFC 9110, 13.1, with 8.8.3 and 5.6.1."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gateway import EntityTags, Preconditions
from items.etags import find_versions

ENTITY_TAG = r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"'
LIST = re.compile(rf"[ \t,]*({ENTITY_TAG}([ \t]*(,[ \t]*)+{ENTITY_TAG})*[ \t]*(,[ \t]*)*)?")
VERSION = re.compile(r"[1-9][0-9]{0,17}")

# Parts of valid lists, and what is wrong beside them. Spaces beyond ASCII are wrong.
PARTS = st.sampled_from(['"1"', 'W/"2"', '""', '"a,b"', ",", ", ", ",", " ", "\t"])
ODD_PARTS = st.sampled_from(
    ['"', "W/", "w/", "W", "*", "a", '"\x7f"', '"\xff"', '"\u0100"', '"a b"', "\x85", "\xa0"]
)
HEADERS = st.lists(PARTS | PARTS | ODD_PARTS, max_size=6).map("".join) | st.text()


@settings(max_examples=1000)
@given(header=HEADERS)
@example(header="")
@example(header=", ")
@example(header='"1",')
@example(header=' , ,"1"')
@example(header='"1"a')
@example(header='a"1"')
@example(header='"1"a,"2"')
@example(header='"1""2"')
@example(header='"1" "2"')
@example(header='"1"W/"2"')
@example(header='"1",,"2"')
@example(header='"1","')
@example(header='"\x7f"')
@example(header='W/ "1"')
@example(header='W/W/"1"')
@example(header="*,")
def test_a_header_is_accepted_as_by_the_grammar(header: str) -> None:
    if header.strip(" \t") == "*":
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


@pytest.mark.parametrize(
    ("one", "other", "strong", "weak"),
    [
        ('W/"1"', 'W/"1"', False, True),
        ('W/"1"', 'W/"2"', False, False),
        ('W/"1"', '"1"', False, True),
        ('"1"', 'W/"1"', False, True),
        ('"1"', '"1"', True, True),
        ('""', '""', True, True),
        ('"W/1"', 'W/"1"', False, False),
    ],
)
def test_etags_are_compared_as_in_the_table_of_rfc_9110(
    one: str, other: str, *, strong: bool, weak: bool
) -> None:
    tags = EntityTags(f'"0", {one}')
    assert (tags.match_strongly(other), tags.match_weakly(other)) == (strong, weak)


TAGS = st.lists(
    st.text("0123456789", max_size=20)
    | st.text(st.characters(min_codepoint=0x80, max_codepoint=0xFF))
    | st.sampled_from(["²", "1²", "-1", "+1", "1_0", "1.0", "9" * 18, "9" * 19])
)


@given(tags=TAGS)
def test_the_versions_of_an_item_are_positive_integers_of_up_to_18_digits(tags: list[str]) -> None:
    header = ", ".join(f'"{tag}"' for tag in [*tags, "1"])
    expected = [int(tag) for tag in [*tags, "1"] if VERSION.fullmatch(tag)]
    assert find_versions(Preconditions(EntityTags(header))).listed == expected


HEADER = st.none() | st.just("*") | st.lists(st.sampled_from(['"1"', 'W/"2"', '"3"'])).map(",".join)


@given(if_match=HEADER, if_none_match=HEADER, version=st.integers(1, 4))
def test_a_write_may_change_the_versions_for_which_both_preconditions_are_true(
    if_match: str | None, if_none_match: str | None, version: int
) -> None:
    etag = f'"{version}"'
    matched, excluded = (
        None if header is None else EntityTags(header) for header in (if_match, if_none_match)
    )
    expected = matched is None or matched.match_strongly(etag)
    expected &= excluded is None or not excluded.match_weakly(etag)
    assert (version in find_versions(Preconditions(matched, excluded))) == expected
