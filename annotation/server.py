"""Starting, finding and stopping the real Label Studio on this machine, for this machine only.

Everything it keeps lives in one folder of mode 0700: database, login, secret key, log, temporary files. It listens on
127.0.0.1, sends nothing anywhere (no analytics, version check or crash reports), and is closed to sign-ups. The process
holds a lock for as long as it lives, so a process id on file is never mistaken for another program's.
"""

import fcntl
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path

import httpx

from annotation import environment
from annotation.environment import HOST
from annotation.private import FOLDER, login, make_folder, open_private, write_private
from pipeline import store
from pipeline.errors import Refusal

PORT = 8080
LOG = "server.log"

START_SECONDS = 900  # the first start builds the database
STOP_SECONDS = 20

# --debug does one thing only: it keeps the server from moving to another port by itself.
_OPTIONS = ("--no-browser", "--debug", "--internal-host", HOST)


@dataclass(frozen=True, slots=True)
class Server:
    """A Label Studio process of ours. `database`: the `DATABASE_URL` that it was started with, "" for SQLite."""

    pid: int
    port: int
    database: str = field(default="", repr=False)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{HOST}:{self.port}"


def start(folder: Path = FOLDER, port: int | None = None) -> Server:
    """Start Label Studio unless it runs already, and return at once (see `wait`).

    Without `port` it is 8080, or any free one where that is taken.

    Raises:
        Refusal: the port is taken, it runs on another port, or the login file can be read by others.
    """
    if (server := find(folder)) is not None:
        if port not in {None, server.port}:
            raise Refusal(f"Label Studio is running at {server.url} already. `safelight annotate down` stops it.")
        return server
    make_folder(folder)
    account = login(folder)
    server_port = _choose(port)
    with open_private(folder / "server.lock") as lock, open_private(folder / LOG) as log:
        fcntl.flock(lock, fcntl.LOCK_EX)
        (folder / "server.json").unlink(missing_ok=True)
        process = subprocess.Popen(
            [sys.executable, "-m", "label_studio.server", "start", *_OPTIONS, "--port", str(server_port)],
            cwd=folder,
            env=environment.build(folder, account),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            pass_fds=[lock.fileno()],
            start_new_session=True,
            umask=0o077,
        )
    server = Server(process.pid, server_port, os.environ.get("DATABASE_URL", ""))
    write_private(folder / "server.json", asdict(server))
    return server


def find(folder: Path = FOLDER) -> Server | None:
    """The running server that keeps its data in `folder`, ready or not; None if there is none.

    Raises:
        Refusal: one runs, but whoever started it was killed before its process id was on file.
    """
    record = folder / "server.json"
    try:
        with (folder / "server.lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return None
    except FileNotFoundError:
        return None
    except BlockingIOError:
        if not record.exists():
            raise Refusal(
                f"{record} is missing, but Label Studio runs. Stop that process by hand, then go on."
            ) from None
        return Server(**store.read_json(record))


def require(folder: Path = FOLDER) -> Server:
    """The running server.

    Raises:
        Refusal: none runs.
    """
    server = find(folder)
    if server is None:
        raise Refusal("Label Studio is not running. `safelight annotate up` starts it.")
    return server


def environment_beside(folder: Path = FOLDER) -> dict[str, str]:
    """What another process of Label Studio sees, on the database of the running server if one runs."""
    running = find(folder)
    return environment.build(folder, login(folder), running.database if running else None)


def wait(server: Server, folder: Path = FOLDER, progress: Callable[[int], None] = lambda _: None) -> None:
    """Return when the server answers. `progress` is told how many database migrations are done.

    Raises:
        Refusal: it stopped, or did not answer within 15 minutes.
    """
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if find(folder) != server:
            raise Refusal(f"Label Studio stopped while it was starting. {folder / LOG} says why.")
        if is_ready(server):
            return
        progress(_migrations(folder))
        time.sleep(0.5)
    raise Refusal(f"Label Studio did not answer at {server.url} for {START_SECONDS} s; see {folder / LOG}.")


def is_ready(server: Server) -> bool:
    """Whether the server answers its health check."""
    try:
        return httpx.get(f"{server.url}/health", timeout=5, trust_env=False).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def stop(folder: Path = FOLDER) -> bool:
    """Stop the server, if one runs; say whether there was one."""
    server = find(folder)
    if server is None:
        return False
    os.kill(server.pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while find(folder) is not None:
        if time.monotonic() > deadline:
            os.kill(server.pid, signal.SIGKILL)
        time.sleep(0.1)
    return True


def _choose(port: int | None) -> int:
    for candidate in (PORT, 0) if port is None else (port,):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, candidate))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise Refusal(f"port {port} on {HOST} is taken or not allowed. Choose another one with --port.")


def _migrations(folder: Path) -> int:
    try:
        with closing(sqlite3.connect(f"file:{folder / 'label_studio.sqlite3'}?mode=ro", uri=True)) as database:
            return int(database.execute("SELECT count(*) FROM django_migrations").fetchone()[0])
    except sqlite3.Error:
        return 0
