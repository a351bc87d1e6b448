"""What a trained tagger masks of development texts, and the margins at which it is to mask.

Persons and places are counted whole; characters of neither one by one, but for spaces and for handles, which are
another recogniser's.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, islice
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save

from models.tagger.corpus import Sentence, Word
from models.tagger.network import Bytes
from pipeline.taggers.features import TAGS, common_kinds, may_be_masked
from pipeline.taggers.net import PERSON, Net, doubt, margins_over_others

# The most of the other characters that may be masked; the margin of PERSON follows from it. The whole scrubber masks a
# third more of the tweets.
OVER_MASKING = {"btc": 0.0415, "wnut17": 0.048, "job ads": 0.045}
PLACE_MARGINS = {"LOCATION": 0.5, "ADDRESS": -1.0}  # 0: the likeliest tag
# Is added to the logits: against a person speak O and OTHER_NAME together, not the likelier of them.
OTHER_BIAS = np.array([tag == "OTHER_NAME" for tag in TAGS], np.float32)
_PLACE_TAGS = range(PERSON + 1, len(TAGS))
_PLACES = np.array([PLACE_MARGINS[tag] for tag in TAGS[PERSON + 1 :]], np.float32)

Floats = npt.NDArray[np.float32]


def measured(exported: Bytes, texts: dict[str, list[Sentence]]) -> tuple[bytes, dict[str, Any]]:
    """The bytes of an exported network with its margins set, and what it masks of the texts of every name."""
    exported = exported | {"out_bias": exported["out_bias"] + OTHER_BIAS}
    tagger = Net(with_margins(exported, 0.0))
    margins = {name: _margins(tagger, part) for name, part in texts.items()}
    others = {name: _others(part, margins[name], lambda _: True) for name, part in texts.items()}
    margin = max(np.float32(np.quantile(others[name], 1 - share)) for name, share in OVER_MASKING.items())
    arrays = with_margins(exported, float(margin))
    sets: dict[str, dict[str, Any]] = {}
    for name, part in texts.items():
        persons, places = (
            [bool(run.min() >= margin) for run in _runs(part, margins[name], tags)] for tags in ((PERSON,), _PLACE_TAGS)
        )
        negatives = _others(part, margins[name], lambda word: word.weight > 0)
        sets[name] = {
            "persons": len(persons),
            "recall": _share(persons),
            "places": len(places),
            "place_recall": _share(places),
            "over_masking": round(float((others[name] >= margin).mean()), 4),
            "negatives_masked": round(float((negatives >= margin).mean()), 4),
        }
    recalls = [found[key] for found in sets.values() for key in ("recall", "place_recall") if found[key] is not None]
    report = {"recall": round(sum(recalls) / len(recalls), 4), "margin": round(float(margin), 4), "sets": sets}
    return save(with_common(arrays)), report


def with_margins(arrays: Bytes, margin: float) -> Bytes:
    """The tagger's arrays with the margins at which words are masked: other names never, persons at `margin`."""
    return arrays | {"margins": np.concatenate([[np.inf, margin], _PLACES]).astype(np.float32)}


def with_common(arrays: Bytes) -> Bytes:
    """The tagger's arrays with what its word layer makes of `common_kinds` (whole numbers; kinds x dimensions)."""
    bare = {name: array for name, array in arrays.items() if name != "common"}
    return bare | {"common": Net(bare).hidden(common_kinds()).astype(np.int8)}


def _share(masked: list[bool]) -> float | None:
    return round(sum(masked) / len(masked), 4) if masked else None


def _margins(tagger: Net, part: list[Sentence]) -> list[Floats]:
    """The margin of PERSON of every word: infinite where it is masked as a place, or can not be masked."""
    found = []
    for sentence, logits in zip(part, tagger.logits([[word.text for word in s] for s in part]), strict=True):
        over = margins_over_others(logits)
        over[:, PERSON] -= doubt([word.text for word in sentence])
        margins = np.where((over[:, PERSON + 1 :] >= _PLACES).any(axis=1), np.inf, over[:, PERSON])
        found.append(np.where([may_be_masked(word.text) for word in sentence], margins, -np.inf))
    return found


def _runs(part: list[Sentence], margins: list[Floats], tags: Sequence[int]) -> Iterator[Floats]:
    """The margins of PERSON in every run of words that have one of these tags."""
    for sentence, values in zip(part, margins, strict=True):
        rest = iter(values)
        for is_one, run in groupby(sentence, lambda word: word.tag in tags):
            of_run = np.array(list(islice(rest, len(list(run)))))
            if is_one:
                yield of_run


def _others(part: list[Sentence], margins: list[Floats], counts: Callable[[Word], bool]) -> Floats:
    """The margins of all words but persons and places, once for each character."""
    lengths = [0 if _is_passed_over(word) or not counts(word) else len(word.text) for s in part for word in s]
    return np.repeat(np.concatenate(margins), lengths)


def _is_passed_over(word: Word) -> bool:
    return word.tag >= PERSON or word.text.isspace() or word.text.startswith("@")
