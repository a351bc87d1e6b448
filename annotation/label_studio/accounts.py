"""Make annotators' accounts, which Label Studio's API cannot: a module run on the server's database, JSON in, JSON out.

Standard input: a list of `{"service", "service_password", "password", "user"}`; `service` is the e-mail of the service
account that owns the organisation, by which it is found again; `user` is the annotator's id where the account was made
before. Standard output, last line: for each `{"user", "organization", "email"}`, or null where such a user is not here.
What exists is left as it is, so it can be run again; it can run beside the server.
"""

import json
import sys
from typing import Any


def ensure(service: str, service_password: str, password: str, user: int | None) -> dict[str, Any] | None:
    """Find or make the organisation of a service account, with one annotator in it.

    The annotator's e-mail is made of the user's id, like the pseudonym in votes; a person's name is nowhere.
    """
    from django.apps import apps
    from django.db import transaction

    users = apps.get_model("users", "User").objects
    organizations = apps.get_model("organizations", "Organization")
    with transaction.atomic():
        owner = users.filter(email=service).first()
        if owner is not None:
            organization = owner.own_organization
            annotator = organization.users.exclude(pk=owner.pk).get()
        elif user is not None:
            return None
        else:
            owner = users.create_user(email=service, username=service, password=service_password)
            organization = organizations.create_organization(created_by=owner, title=service)
            annotator = users.create_user(email=f"new-{service}", password=password)
            annotator.email = f"annotator-{annotator.pk}@localhost"
            annotator.username = f"annotator-{annotator.pk}"
            organization.add_user(annotator)
            for account in (owner, annotator):
                account.active_organization = organization
                account.save()
    return {"user": annotator.pk, "organization": organization.pk, "email": annotator.email}


def main() -> None:
    """Read the wishes, make what is missing, print what is there."""
    from label_studio.server import _setup_env

    _setup_env()
    made = [ensure(**wish) for wish in json.load(sys.stdin)]
    sys.stdout.write(f"\n{json.dumps(made)}\n")


if __name__ == "__main__":
    main()
