"""Walk Label Studio's whole URL list as one user, with the ids of somebody else's things, and say what comes back.

Run as a module inside the server's environment. JSON in: `{"user": e-mail, "ids": {kind: id}, "markers": [...],
"methods": [...], "start": of the routes to walk, "closed": whether our guard and isolation are on}`. JSON out:
`{"requests", "leaks", "errors", "answered"}`, each of the last three a list of "METHOD path".
"""

import json
import re
import sys
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

# Every parameter of a path that is not an id, with a value of its kind.
OTHER = {"path": "a.txt", "filename": "a.txt", "sub_path": "labeling", "action_id": "delete_tasks", "format": ".json"}


def routes(resolver: Any, before: str = "") -> Iterator[str]:
    """Every route, as one pattern."""
    for pattern in resolver.url_patterns:
        whole = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern, whole)
        else:
            yield whole


def paths(route: str, ids: dict[str, int]) -> set[str]:
    """The paths of a route, with each of the ids for its parameters."""
    named = re.sub(r"\(\?P<(\w+)>(?:[^()\[\]]|\[[^\]]*\])*\)", r"<\1>", route)
    plain = re.sub(r"\\|\^|\$|/\?$|\\Z", "", named)
    names = re.compile(r"<(?:\w+:)?(\w+)>")
    return {"/" + names.sub(partial(_fill, value), plain) for value in ids.values()}


def _fill(value: int, parameter: re.Match[str]) -> str:
    return str(OTHER.get(parameter[1], value))


def main() -> None:
    from label_studio.server import _setup_env

    wish = json.load(sys.stdin)
    _setup_env()
    from django.apps import apps
    from django.conf import settings
    from django.test import Client
    from django.urls import get_resolver

    if not wish["closed"]:
        settings.MIDDLEWARE.remove("annotation.label_studio.guard.Guard")
        apps.get_model("projects", "Project").has_permission = lambda self, user: True
    settings.ALLOWED_HOSTS.append("testserver")
    client = Client(raise_request_exception=False)
    client.force_login(
        apps.get_model("users", "User").objects.get(email=wish["user"]), "django.contrib.auth.backends.ModelBackend"
    )
    session = client.session
    session["last_login"] = time.time()  # else the session counts as too old
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    ids = wish["ids"]
    every = "&".join(f"{kind}={value}" for kind, value in ids.items()) + "&fields=all"
    singly = [f"{kind}={value}&fields=all" for kind, value in ids.items()]
    whole_list = [route for route in routes(get_resolver()) if route.replace("^", "").startswith(wish["start"])]
    seen: dict[str, list[str]] = {"leaks": [], "errors": [], "answered": []}
    requests = 0
    for method in wish["methods"]:
        some = ids if method == "GET" else {kind: ids[kind] for kind in ("annotation", "project", "task")}
        for path in sorted({path for route in whole_list for path in paths(route, some)}):
            has_id = any(part.isdecimal() for part in path.split("/"))
            for query in (["", every] if has_id else ["", every, *singly]) if method == "GET" else [every]:
                body = {} if method == "GET" else {"data": json.dumps(ids), "content_type": "application/json"}
                answer = getattr(client, method.lower())(f"{path}?{query}", **body)
                requests += 1
                content = b"".join(answer.streaming_content) if answer.streaming else answer.content
                name = f"{method} {path}?{query}"
                if any(marker.encode() in content for marker in wish["markers"]):
                    seen["leaks"].append(name)
                if answer.status_code >= 500:
                    seen["errors"].append(name)
                if answer.status_code < 300:
                    seen["answered"].append(name)
                if path.startswith("/logout"):
                    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    assert client.get("/api/current-user/whoami").status_code == 200
    sys.stdout.write("\n" + json.dumps({"requests": requests, **seen}) + "\n")


if __name__ == "__main__":
    main()
