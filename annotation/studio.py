"""What Safelight asks of a running Label Studio: projects, tasks in, annotations out, one organisation at a time.

`connect` logs in as an organisation's service account and uses the REST API of the session.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from annotation import private, server
from annotation.private import Login
from annotation.server import Server
from pipeline import store
from pipeline.errors import Refusal
from pipeline.store import Row

BATCH = 500  # tasks in one request
PAGE = 100  # tasks in one answer that holds the annotations

_SETTINGS = {
    "show_instruction": True,
    "show_skip_button": True,
    "enable_empty_annotation": False,
    "show_collab_predictions": True,  # where a task brings predictions
    "sampling": "Sequential sampling",
}


@dataclass(frozen=True, slots=True)
class Project:
    """A project's id, whether it is `new`, and whether its interface was another and was put back (`restored`)."""

    id: int
    new: bool
    restored: bool


@dataclass(frozen=True, slots=True)
class Pushed:
    """Tasks by what was done: `added`, `updated` (their data differed), `doubled` (stood twice; one was removed)."""

    added: int = 0
    already: int = 0
    updated: int = 0
    doubled: int = 0


class Studio:
    """A session with a running Label Studio. Every method raises a `Refusal` when the server is gone or says no."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def projects(self) -> dict[str, int]:
        """The organisation's projects, title to id; of several with one title the first."""
        found: dict[str, int] = {}
        page = 1
        while True:
            answer = self._get("/api/projects/", page=page, page_size=100, ordering="id")
            for project in answer["results"]:
                found.setdefault(project["title"], project["id"])
            if not answer["next"]:
                return found
            page += 1

    def ensure_project(self, title: str, config: str, instruction: str) -> Project:
        """Create the project called `title`, or put its interface, guidelines and settings right."""
        project = {"title": title, "label_config": config, "expert_instruction": instruction, **_SETTINGS}
        existing = self.projects().get(title)
        if existing is None:
            return Project(int(self._send("POST", "/api/projects/", project)["id"]), new=True, restored=False)
        restored = self._get(f"/api/projects/{existing}/")["label_config"].strip() != config.strip()
        self._send("PATCH", f"/api/projects/{existing}/", project)
        return Project(existing, new=False, restored=restored)

    def push(self, project: int, tasks: Iterable[Row]) -> Pushed:
        """Bring the project's tasks to `tasks`, told apart by `ad_id`; others stay. New ones come in the given order.

        Run again after an interruption, it adds what is missing and nothing twice.
        """
        there, doubled = self._settle(project)
        added = already = updated = 0
        for batch in store.batches(tasks, BATCH):
            new = []
            for task in batch:
                data = task["data"]
                if data["ad_id"] not in there:
                    new.append(task)
                    continue
                already += 1
                task_id, digest = there[data["ad_id"]]
                if digest != _digest(data):
                    self._send("PATCH", f"/api/tasks/{task_id}/", {"data": data})
                    updated += 1
            if new:
                self._send("POST", f"/api/projects/{project}/import", new)
            added += len(new)
        return Pushed(added, already, updated, doubled)

    def tasks(self, project: int) -> Iterator[Row]:
        """Every task of the project by id, with `data` and `annotations`, a page in memory at a time."""
        return self._pages(PAGE, project=project, fields="all")

    def ads(self, project: int) -> dict[str, int]:
        """The tasks of the project, `ad_id` to Label Studio's id, in the order in which they are labelled."""
        return {
            task["data"].get("ad_id"): task["id"] for task in self._pages(BATCH, project=project, include="id,data")
        }

    def _settle(self, project: int) -> tuple[dict[str, tuple[int, int]], int]:
        """The project's tasks, `ad_id` to id and digest of the data, once no import runs; doubles are removed.

        A push that was killed leaves the server with its last request, which it may still be working on.
        """
        there: dict[str, tuple[int, int]] = {}
        doubled = 0
        include = "id,data,total_annotations,cancelled_annotations"
        found = list(self._pages(BATCH, project=project, include=include, settled="true"))
        found.sort(key=lambda task: not (task["total_annotations"] or task["cancelled_annotations"]))
        for task in found:
            ad = task["data"].get("ad_id")
            if ad not in there:
                there[ad] = (task["id"], _digest(task["data"]))
            elif not (task["total_annotations"] or task["cancelled_annotations"]):
                self._send("DELETE", f"/api/tasks/{task['id']}/", None)
                doubled += 1
        return there, doubled

    def _pages(self, size: int, **query: str | int) -> Iterator[Row]:
        page, seen, total = 1, 0, 1
        while seen < total:
            answer = self._get("/api/tasks", page=page, page_size=size, **query)
            if page > 1 and answer["total"] < total:
                raise Refusal("tasks were deleted in Label Studio while they were being read. Run this again.")
            if not answer["tasks"]:
                return
            yield from answer["tasks"]
            page, seen, total = page + 1, seen + len(answer["tasks"]), answer["total"]

    def _get(self, path: str, **query: str | int) -> Any:
        with _refusing():
            return _check(self._client.get(path, params=query)).json()

    def _send(self, method: str, path: str, content: Any) -> Any:
        with _refusing():
            answer = _check(self._client.request(method, path, json=content))
            return answer.json() if answer.content else None


@contextmanager
def connect(running: Server, account: Login, kept: str = "login.json") -> Iterator[Studio]:
    """Log in and yield the session. `kept`: the file in the server's folder that holds the password.

    Raises:
        Refusal: the server does not answer, or does not accept the account.
    """
    with httpx.Client(base_url=running.url, timeout=300, trust_env=False) as client:
        with _refusing():
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
                f"{private.FOLDER / kept}. If it was changed in the browser, write the new one there. If it is "
                "lost, stop the server and give the account the password of that file:\n  LABEL_STUDIO_SENTRY_DSN= "
                f"LABEL_STUDIO_LATEST_VERSION_CHECK=false .venv/bin/label-studio reset_password "
                f"--username {account.email} --data-dir {private.FOLDER}"
            )
        yield Studio(client)


def _digest(data: Row) -> int:
    return hash(json.dumps(data, sort_keys=True))


def _check(response: httpx.Response) -> httpx.Response:
    if response.status_code == httpx.codes.UNAUTHORIZED:
        raise Refusal("Label Studio has ended the session. Nothing is lost: run this again.")
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
