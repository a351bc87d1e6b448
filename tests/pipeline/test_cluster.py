from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import params
from pipeline.cluster import components, near_duplicates, shared_contacts, shingles

SETTINGS = params.load(params.Cluster, Path(__file__).parents[2] / "params.yaml")
TEMPLATE = "Clean blue sofa for sale, seats three people, one small mark on the left arm, pick up only, write to {}"


def contact(token: str) -> dict[str, str]:
    return {"kind": "PHONE", "token": token}


def test_placeholders_of_any_number_are_equal() -> None:
    assert shingles("call <PHONE_1> or <PHONE_2> now", 3) == shingles("Call <PHONE_7>, or <PHONE_9> now!", 3)


@pytest.mark.parametrize("text", ["", "one", "one two"])
def test_a_short_text_has_one_shingle(text: str) -> None:
    assert len(shingles(text, 3)) == 1


def test_a_repost_is_a_near_duplicate_and_another_ad_is_not() -> None:
    ads = [
        ("a", TEMPLATE.format("<EMAIL_1>")),
        ("b", TEMPLATE.format("<PHONE_1>")),
        ("c", "Maths lessons in the evening"),
    ]
    assert list(near_duplicates(ads, SETTINGS)) == [("b", "a")]


def test_a_shared_contact_links_ads_unless_too_many_share_it() -> None:
    ads = [{"ad_id": name, "contacts": [contact("t"), contact("t")]} for name in "abc"]
    assert list(shared_contacts(ads, 3)) == [("a", "b"), ("a", "c")]
    assert list(shared_contacts(ads, 2)) == []


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef"))), st.randoms())
def test_components_do_not_depend_on_order(pairs: list[tuple[str, str]], random: object) -> None:
    found = components("abcdef", pairs)
    assert found == components("fedcba", [(b, a) for a, b in reversed(pairs)])
    assert all(found[a] == found[b] for a, b in pairs)
    assert all(name <= member for member, name in found.items())
