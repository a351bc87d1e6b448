"""What stands before every view of the server: annotators reach only what labelling needs, and nobody another's work.

Three rules, each by default-deny. An annotator's requests must be in `LABELLING`. Every id in a path, a query or a body
must be of something in the user's own organisation, and of an annotator's own: that closes views which do not ask. And
only sessions count, so a token that somebody made or found opens nothing. What is refused answers 404, as if it were
not there.
"""

import json
from collections.abc import Callable, Iterator
from threading import RLock
from typing import Any

from django.apps import apps
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.request import RawPostDataException

from annotation.label_studio.roles import owns_organization

# Open to everybody: names of views, as Django's resolver gives them.
PUBLIC = {
    "user-login",
    "logout",
    "health",
    "core.utils.static_serve.serve",
    "core.views.serve_file",
    "django.views.generic.base.RedirectView",
}

# Closed to everybody: pages across organisations, and what asks other machines.
CLOSED = ("admin/", "django-rq/", "heidi-tips/")

# What the label stream asks for in a browser, with the methods it needs.
LABELLING = {
    "current-user-whoami": {"GET"},
    "version": {"GET"},
    "data_manager:project-data": {"GET"},
    "data_manager:api:view-list": {"GET", "POST"},
    "data_manager:dm-actions": {"POST"},
    "data_manager:dm-columns": {"GET"},
    "data_manager:dm-project": {"GET"},
    "labels_manager:api-labels:label_link-list": {"GET"},
    "projects:api:label-stream-history": {"GET"},
    "projects:api:project-detail": {"GET"},
    "projects:api:project-next": {"GET"},
    "tasks:api:task-annotations": {"POST"},
    "tasks:api:task-annotations-drafts": {"POST"},
    "tasks:api:task-detail": {"GET"},
    "tasks:api:task-drafts": {"POST"},
    "tasks:api:task-list": {"GET"},
    "tasks:api-annotations:annotation-convert-to-draft": {"POST"},
    "tasks:api-annotations:annotation-detail": {"GET", "PATCH"},
    "tasks:api-drafts:draft-detail": {"GET", "PATCH", "DELETE"},
}
PAGES = {"main", "projects:project-index", "data_manager:project-data"}  # from these an annotator is led to labelling

# Lists that the page cannot do without: of the organisation's members the annotator sees only themself.
LISTS: dict[str, Callable[[Any], list[dict[str, Any]]]] = {
    "user-list": lambda user: [{"id": user.pk, "email": user.email, "initials": user.get_initials()}],
    "ml:api:ml-list": lambda user: [],
}

# What `pk` means, by the start of the route; a route with an id that is not here is closed to everybody.
ROUTES = {
    "api/annotations/": "annotation",
    "api/dm/views/": "view",
    "api/drafts/": "draft",
    "api/organizations/": "organization",
    "api/predictions/": "prediction",
    "api/projects/": "project",
    "api/tasks/": "task",
    "api/users/": "user",
    "projects/": "project",
}
IDS = {  # in routes, queries and bodies
    "annotation": "annotation",
    "annotation_id": "annotation",
    "completed_by": "user",
    "created_by": "user",
    "draft": "draft",
    "draft_id": "draft",
    "organization": "organization",
    "parent_annotation": "annotation",
    "parent_prediction": "prediction",
    "prediction": "prediction",
    "project": "project",
    "project_id": "project",
    "task": "task",
    "task_id": "task",
    "task__project": "project",
    "updated_by": "user",
    "user": "user",
    "user_pk": "user",
    "view": "view",
}
# The model, where its organisation stands, and where the user it belongs to.
OWNERS = {
    "annotation": ("tasks", "Annotation", "project__organization", "completed_by"),
    "draft": ("tasks", "AnnotationDraft", "task__project__organization", "user"),
    "organization": ("organizations", "Organization", "pk", None),
    "prediction": ("tasks", "Prediction", "project__organization", None),
    "project": ("projects", "Project", "organization", None),
    "task": ("tasks", "Task", "project__organization", None),
    "user": ("users", "User", "organizations", "pk"),
    "view": ("data_manager", "View", "project__organization", None),
}

_importing = RLock()


class Guard:
    """The middleware; it comes first, so that it sees what the others add."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Take away tokens. Imports run one by one, and whoever asks `settled` waits for the one that runs."""
        request.META.pop("HTTP_AUTHORIZATION", None)
        request.META.pop("HTTP_X_API_KEY", None)
        if request.path.rstrip("/").endswith("/import") or "settled" in request.GET:
            with _importing:
                return self.get_response(request)
        return self.get_response(request)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: dict[str, Any]) -> HttpResponse | None:
        """The answer to what is refused; None lets it through."""
        match = request.resolver_match
        if match.view_name in PUBLIC:
            return None
        if match.route.startswith(CLOSED):
            return _refuse()
        if not request.user.is_authenticated:
            if request.path.startswith("/api/"):
                return JsonResponse({"detail": "Log in first."}, status=401)
            return redirect_to_login(request.get_full_path(), "/user/login/")
        annotates = not owns_organization(request.user)
        if annotates and match.view_name in PAGES and request.GET.get("labeling") != "1":
            return _lead_to_labelling(request.user)
        if annotates and match.view_name in LISTS and request.method == "GET":
            return JsonResponse(LISTS[match.view_name](request.user), safe=False)
        if annotates and not _labels(request, match.view_name):
            return _refuse()
        if not all(_owns(request.user, *found, annotates) for found in _ids(request, match, kwargs)):
            return _refuse()
        return None


def _refuse() -> HttpResponse:
    return JsonResponse({"detail": "Not found."}, status=404)


def _lead_to_labelling(user: Any) -> HttpResponse:
    project = apps.get_model("projects", "Project").objects.filter(organization=user.active_organization).last()
    if project is None:
        return HttpResponse("There is nothing to label yet.", content_type="text/plain")
    return HttpResponseRedirect(f"/projects/{project.pk}/data?labeling=1")


def _labels(request: Any, name: str) -> bool:
    method = "GET" if request.method == "HEAD" else request.method
    if method not in LABELLING.get(name, ()):
        return False
    if name == "data_manager:dm-actions" and request.GET.getlist("id") != ["next_task"]:
        return False
    return method in {"GET", "DELETE"} or request.content_type == "application/json" or not request.body


def _ids(request: Any, match: Any, kwargs: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """What kind of thing is named, and by which id, everywhere in a request."""
    route = match.route.replace("^", "")
    for key, value in kwargs.items():
        if key == "pk":
            yield next((kind for start, kind in ROUTES.items() if route.startswith(start)), ""), value
        elif key in IDS:
            yield IDS[key], value
    for key, kind in IDS.items():
        for value in request.GET.getlist(key):
            yield kind, value
        for value in _body(request, key):
            yield kind, value


def _body(request: Any, key: str) -> list[Any]:
    if request.content_type != "application/json":
        return list(request.POST.getlist(key))
    try:
        content = json.loads(request.body)
    except (ValueError, RawPostDataException):
        return []  # the view will say what is wrong with it
    return [content[key]] if isinstance(content, dict) and key in content else []


def _owns(user: Any, kind: str, value: Any, annotates: bool) -> bool:
    if value in (None, "", 0, "0"):
        return True
    if kind not in OWNERS or isinstance(value, bool) or not str(value).isdecimal():
        return False
    app, model, organization, owner = OWNERS[kind]
    found = (
        apps.get_model(app, model).objects.filter(pk=int(value)).filter(**{organization: user.active_organization_id})
    )
    if annotates and owner:
        found = found.filter(**{owner: user.pk})
    return bool(found.exists())
