import pytest

from pipeline.recognizers.town import TownRecognizer
from tests.pipeline.recognizers.trials import found

RECOGNIZER = TownRecognizer()

FOUND = [
    pytest.param("It is in Quillford, Tennessee, by the lake", ["Quillford"], id="state"),
    pytest.param("Quillford, TN", ["Quillford"], id="code"),
    pytest.param("Quillford TN", ["Quillford"], id="code without a comma"),
    pytest.param("Rooms in Hot Coffee, Mississippi", ["Hot Coffee"], id="ordinary words after in"),
    pytest.param("Hot Coffee, MS 39428", ["Hot Coffee"], id="ordinary words before a ZIP"),
    pytest.param("casa en Villa de los Quilles, Spain", ["Villa de los Quilles"], id="particles"),
    pytest.param("rooms near quillford, tn area", ["quillford"], id="small letters"),
    pytest.param("live in hot coffee, mississippi", ["hot coffee"], id="small letters, ordinary words"),
    pytest.param("visiting atl, then PHX and dtla", ["atl", "PHX", "dtla"], id="short forms"),
    pytest.param("QUILLFORD, OHIO", ["QUILLFORD"], id="capitals"),
]
KEPT = [
    pytest.param("Sales Manager, New York", id="a job"),
    pytest.param("Cook, Server, TX", id="jobs"),
    pytest.param("Remote, California", id="no place"),
    pytest.param("live in quillford, or nearby", id="a code that is a word"),
    pytest.param("We serve Quillford and Ohio", id="another word between"),
    pytest.param("Quillford\nOhio", id="lines"),
    pytest.param("CALL NOW, OK", id="capitals"),
    pytest.param("patlan, dfws, lax_2", id="parts of words"),
]


@pytest.mark.parametrize(("text", "towns"), FOUND)
def test_a_town_is_found_without_its_state(text: str, towns: list[str]) -> None:
    assert found(RECOGNIZER, text) == towns


@pytest.mark.parametrize("text", KEPT)
def test_other_words_stay(text: str) -> None:
    assert found(RECOGNIZER, text) == []
