"""Assignment: as properties of every study."""

from hypothesis import given
from hypothesis import strategies as st

from annotation.assign import assign

ADS = st.lists(st.text("abcdef", min_size=1, max_size=4), unique=True, max_size=40)
PEOPLE = st.lists(st.integers(1, 99).map(lambda n: f"annotator-{n}"), unique=True, min_size=1, max_size=6)
SEED = st.integers(0, 5)
OVERLAP = st.integers(1, 4)


@given(ADS, PEOPLE, OVERLAP, SEED)
def test_every_ad_has_its_annotators_and_loads_are_even(
    ads: list[str], people: list[str], overlap: int, seed: int
) -> None:
    given = assign(ads, people, {}, overlap, seed)
    assert given == assign(ads, people, {}, overlap, seed)
    for ad in ads:
        assert sum(ad in own for own in given.values()) == min(overlap, len(people))
    assert all(len(own) == len(set(own)) for own in given.values())
    loads = [len(own) for own in given.values()]
    assert max(loads) - min(loads) <= 1


@given(ADS, ADS, PEOPLE, PEOPLE, OVERLAP, OVERLAP, SEED)
def test_what_somebody_has_stays_theirs_in_its_order(
    ads: list[str], more: list[str], people: list[str], joining: list[str], overlap: int, wider: int, seed: int
) -> None:
    before = assign(ads, people, {}, overlap, seed)
    after = assign([*ads, *more], list(dict.fromkeys([*people, *joining])), before, max(overlap, wider), seed)
    for person, own in before.items():
        assert after[person][: len(own)] == own
    everyone = set(people) | set(joining)
    for ad in {*ads, *more}:
        assert sum(ad in own for own in after.values()) == min(max(overlap, wider), len(everyone))


@given(ADS, PEOPLE, OVERLAP, SEED)
def test_a_study_with_nothing_new_stays_as_it_is(ads: list[str], people: list[str], overlap: int, seed: int) -> None:
    given = assign(ads, people, {}, overlap, seed)
    assert assign(ads, people, given, overlap, seed) == given


@given(ADS, PEOPLE, OVERLAP, SEED)
def test_an_ad_that_is_gone_stays_with_whoever_has_it(
    ads: list[str], people: list[str], overlap: int, seed: int
) -> None:
    given = assign(ads, people, {}, overlap, seed)
    assert assign(ads[1:], people, given, overlap, seed) == given


def test_whoever_joins_takes_of_what_is_short() -> None:
    ads = [f"ad{n}" for n in range(20)]
    alone = assign(ads, ["annotator-1"], {}, 2, 7)
    both = assign(ads, ["annotator-1", "annotator-2"], alone, 2, 7)
    assert sorted(both["annotator-2"]) == sorted(ads)
    assert both["annotator-1"] != both["annotator-2"]
    third = assign(ads, ["annotator-1", "annotator-2", "annotator-3"], both, 2, 7)
    assert third["annotator-3"] == []


def test_pairs_mix() -> None:
    people = [f"annotator-{n}" for n in range(4)]
    given = assign([f"ad{n}" for n in range(600)], people, {}, 2, 2011)
    shared = [len(set(given[a]) & set(given[b])) for i, a in enumerate(people) for b in people[i + 1 :]]
    assert sum(shared) == 600
    assert min(shared) > 50
