"""Identifiers are UUIDs that say what they mean, and nothing else is taken for one of ours."""

from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.hsds import ids
from api.hsds.ids import Kind, Meant


@given(
    kind=st.sampled_from(Kind),
    number=st.integers(min_value=1, max_value=2**62 - 1),
    slug=st.text(max_size=20),
)
def test_an_identifier_tells_what_it_means(kind: Kind, number: int, slug: str) -> None:
    said = ids.of(slug, kind, number)
    assert str(UUID(said)) == said
    assert (UUID(said).version, UUID(said).variant) == (8, "specified in RFC 4122")
    assert ids.meant(slug, said) == Meant(kind, number)
    assert ids.meant(f"{slug}x", said) is None


@pytest.mark.parametrize(
    "said",
    ["", "17", "f282e80c-2920-4b03-a522-287cc68fb580", "0" * 36, ids.of("hier", Kind.SERVICE, 1).upper()],
)
def test_what_is_not_ours_means_nothing(said: str) -> None:
    assert ids.meant("hier", said) is None


def test_parts_are_named_as_version_5_names_them() -> None:
    whole = ids.of("hier", Kind.SERVICE, 17)
    assert ids.part(whole, "language", "de") == str(uuid5(UUID(whole), "language/de"))
    assert ids.of_everywhere("taxonomy", "topic") == str(uuid5(ids.NAMESPACE, "taxonomy/topic"))


def test_identifiers_stay_as_they_are_for_good() -> None:
    # Whoever has linked to them keeps the links: a change here is a break.
    assert ids.of("lichtenberg", Kind.SERVICE, 17) == "ab33f545-65ae-8001-8000-000000000011"
    assert ids.of_everywhere("term", "topic:geld") == "179f940e-c572-54c7-97f3-7312f16407aa"
