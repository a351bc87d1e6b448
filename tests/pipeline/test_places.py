import pytest

from pipeline.places import is_coarse

COARSE = ["Mexico", "méxico", "U.S.A.", "UK", "texas", "NORTH DAKOTA", "Philippines", "Europe", "MEX"]
FINE = ["Dallas", "Brooklyn", "New York", "Jalisco, Mexico", "Main Street", "Soho", "", "in"]


@pytest.mark.parametrize("place", COARSE)
def test_countries_continents_and_states_are_coarse(place: str) -> None:
    assert is_coarse(place)


@pytest.mark.parametrize("place", FINE)
def test_anything_else_is_fine(place: str) -> None:
    assert not is_coarse(place)
