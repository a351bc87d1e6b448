"""What Safelight asks of a running Label Studio: one project per codebook version, tasks in, annotations out.

It logs in as the administrator, whose password only the server's folder holds, and uses the REST API of the session.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from markdown_it import MarkdownIt

from annotation import guidelines, interface, private, server
from annotation.codebook import Codebook
from annotation.private import Login
from annotation.server import Server
from pipeline import store
from pipeline.errors import Refusal
from pipeline.store import Row

BATCH = 500  # tasks in one request

# Label Studio's dialog resets headings and paragraphs to plain lines.
_DIALOG_STYLE = """
.safelight-dialog h1 { font-size: 1.5rem; line-height: 1.3; margin-bottom: 0.5em; }
.safelight-dialog h2 { font-size: 1.25rem; line-height: 1.3; margin: 1.5em 0 0.5em; }
.safelight-dialog h3 { font-size: 1rem; margin: 1em 0 0; }
.safelight-dialog p { margin-bottom: 0.5em; }
"""


@dataclass(frozen=True, slots=True)
class Pushed:
    """Tasks `added` by a push, tasks there `already`, and how many of the latter hold an `outdated` text."""

    added: int
    already: int
    outdated: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a project is. A task can be annotated and skipped, by two people."""

    tasks: int
    annotated: int
    skipped: int


class Studio:
    """A session with a running Label Studio. Every method raises a `Refusal` when the server is gone or says no."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def find_project(self, codebook: Codebook) -> int | None:
        """The id of the codebook version's project, if there is one."""
        found = self._get("/api/projects/", title=_title(codebook), page_size=100)["results"]
        return next((project["id"] for project in found if project["title"] == _title(codebook)), None)

    def ensure_project(self, codebook: Codebook) -> int:
        """Create the codebook version's project or bring its interface and guidelines up to date; return its id."""
        project = {
            "title": _title(codebook),
            "label_config": interface.render(codebook),
            "expert_instruction": _dialog(guidelines.render(codebook)),
            "show_instruction": True,
            "show_skip_button": True,
            "enable_empty_annotation": False,
            "show_collab_predictions": True,  # a task has a prediction only where its suggestion is to be seen
            "sampling": "Sequential sampling",
        }
        existing = self.find_project(codebook)
        if existing is not None:
            self._send("PATCH", f"/api/projects/{existing}/", project)
            return existing
        return int(self._send("POST", "/api/projects/", project)["id"])

    def push(self, project: int, tasks: Iterable[Row]) -> Pushed:
        """Import the tasks whose `ad_id` the project does not have yet, in their order.

        Run again after an interruption, it adds what is missing and nothing twice.
        """
        there = {task["data"].get("ad_id"): hash(task["data"].get("text")) for task in self._tasks(project)}
        added = already = outdated = 0
        for batch in store.batches(tasks, BATCH):
            new = [task for task in batch if task["data"]["ad_id"] not in there]
            known = [task["data"] for task in batch if task["data"]["ad_id"] in there]
            if new:
                self._send("POST", f"/api/projects/{project}/import", new)
            added += len(new)
            already += len(known)
            outdated += sum(hash(data["text"]) != there[data["ad_id"]] for data in known)
        return Pushed(added, already, outdated)

    def pull(self, project: int, export: Path) -> int:
        """Write every annotated or skipped task to `export`, as Label Studio's JSON format; return the size in bytes.

        The file is replaced only when the whole export has arrived.
        """
        with store.replacing(export) as partial, partial.open("wb") as file:
            with _refusing(), self._client.stream("GET", f"/api/projects/{project}/export?exportType=JSON") as response:
                _check(response)
                for chunk in response.iter_bytes():
                    file.write(chunk)
            return file.tell()

    def progress(self, project: int) -> Progress:
        """How far the project is."""
        counts = self._get(f"/api/projects/{project}/")
        return Progress(
            counts["task_number"] or 0,
            counts["num_tasks_with_annotations"] or 0,
            counts["skipped_annotations_number"] or 0,
        )

    def _tasks(self, project: int) -> Iterator[Row]:
        page, seen, total = 1, 0, 1
        while seen < total:
            answer = self._get("/api/tasks", project=project, page=page, page_size=BATCH, include="id,data")
            if not answer["tasks"]:
                return
            yield from answer["tasks"]
            page, seen, total = page + 1, seen + len(answer["tasks"]), answer["total"]

    def _get(self, path: str, **query: str | int) -> Any:
        with _refusing():
            return _check(self._client.get(path, params=query)).json()

    def _send(self, method: str, path: str, content: Any) -> Any:
        with _refusing():
            return _check(self._client.request(method, path, json=content)).json()


@contextmanager
def connect(running: Server, account: Login) -> Iterator[Studio]:
    """Log in and yield the session.

    Raises:
        Refusal: the server does not answer, or does not accept the account.
    """
    with httpx.Client(base_url=running.url, timeout=300, trust_env=False) as client, _refusing():
        _check(client.get("/user/login/"))
        form = {
            "email": account.email,
            "password": account.password,
            "csrfmiddlewaretoken": client.cookies["csrftoken"],
        }
        answer = client.post("/user/login/", data=form, headers={"Referer": f"{running.url}/user/login/"})
        if not answer.is_redirect:
            raise Refusal(
                f"Label Studio does not accept the account {account.email} with the password in "
                f"{private.FOLDER / 'login.json'}. If it was changed in the browser, write the new one there. If it is "
                "lost, stop the server and give the account the password of that file:\n  LABEL_STUDIO_SENTRY_DSN= "
                f"LABEL_STUDIO_LATEST_VERSION_CHECK=false .venv/bin/label-studio reset_password "
                f"--username {account.email} --data-dir {private.FOLDER}"
            )
        yield Studio(client)


def read_tasks(path: Path) -> Iterator[Row]:
    """The tasks that `annotation.tasks` wrote.

    Raises:
        Refusal: a line is not a task, or its data holds anything besides `ad_id` and `text`.
    """
    for number, task in enumerate(store.read_jsonl(path), 1):
        data = task.get("data")
        if (
            not {"data"} <= set(task) <= {"data", "meta", "predictions"}
            or not isinstance(data, dict)
            or set(data) != {"ad_id", "text"}
        ):
            raise Refusal(
                f"{path}, line {number}: not a task of ad_id and text only. Make it again: `dvc repro tasks`."
            )
        yield task


def _dialog(page: str) -> str:
    return f'<style>{_DIALOG_STYLE}</style><div class="safelight-dialog">{MarkdownIt().render(page)}</div>'


def _title(codebook: Codebook) -> str:
    return f"Safelight, codebook {codebook.version}"


def _check(response: httpx.Response) -> httpx.Response:
    if response.is_error:
        request = response.request
        # Label Studio's own message may quote a task.
        raise Refusal(
            f"Label Studio answered {request.method} {request.url.path} with status {response.status_code}; its log is "
            f"{private.FOLDER / server.LOG}."
        )
    return response


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except httpx.TransportError as error:
        raise Refusal(
            f"Label Studio does not answer ({type(error).__name__}). `safelight annotate status` says whether it runs, "
            "`safelight annotate up` starts it. Nothing is lost: run this again."
        ) from None
    except json.JSONDecodeError:
        raise Refusal("Label Studio's answer is not JSON: another program may have taken its port.") from None
