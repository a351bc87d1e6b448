"""Make annotators' accounts, which Label Studio's API cannot: run as a module on the server's database, JSON in, JSON out.

Standard input: a list of `{"service", "service_password", "password"}`; `service` is the e-mail of the organisation's
service account, by which an organisation is found again. Standard output: for each `{"user", "organization", "email",
"created"}`. What exists is left as it is, so it can be run again; it can run beside the server.
"""

import json
import sys
from typing import Any


def ensure(service: str, service_password: str, password: str) -> dict[str, Any]:
    """Find or make the organisation of a service account, with one annotator in it.

    The annotator's e-mail is made of the user's id, like the pseudonym in votes; a person's name is nowhere.
    """
    from django.apps import apps
    from django.db import transaction

    user_model = apps.get_model("users", "User")
    organization_model = apps.get_model("organizations", "Organization")
    with transaction.atomic():
        owner = user_model.objects.filter(email=service).first()
        if owner is not None:
            organization = owner.own_organization
            annotator = organization.users.exclude(pk=owner.pk).get()
            return _describe(annotator, organization, created=False)
        owner = user_model.objects.create_user(email=service, username=service, password=service_password)
        organization = organization_model.create_organization(created_by=owner, title=service)
        annotator = user_model.objects.create_user(email=f"new-{service}", password=password)
        annotator.email = f"annotator-{annotator.pk}@localhost"
        annotator.username = f"annotator-{annotator.pk}"
        organization.add_user(annotator)
        for user in (owner, annotator):
            user.active_organization = organization
            user.save()
        return _describe(annotator, organization, created=True)


def _describe(annotator: Any, organization: Any, *, created: bool) -> dict[str, Any]:
    return {"user": annotator.pk, "organization": organization.pk, "email": annotator.email, "created": created}


def main() -> None:
    """Read the wishes, make what is missing, print what is there."""
    from label_studio.server import _setup_env

    _setup_env()
    json.dump([ensure(**wish) for wish in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    main()
