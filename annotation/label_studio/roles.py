"""Who is who on the server: an organisation's owner, which is Safelight's service account, and its annotator.

The classes are mixins that Label Studio takes from its settings into its models. Each module of ours that holds mixins
imports only what Label Studio itself would at that point; hence `isolation` beside this one.
"""

from typing import Any

from tasks.mixins import AnnotationMixin
from users.mixins import UserMixin


def owns_organization(user: Any) -> bool:
    """Whether the user is the service account or administrator of their organisation; else it is an annotator."""
    organization = user.active_organization
    return organization is not None and organization.created_by_id == user.id


class User(UserMixin):  # type: ignore[misc]
    """A user who does not own the organisation annotates."""

    @property
    def is_annotator(self) -> bool:
        """Where true, Label Studio shows the user only their own annotations."""
        return not owns_organization(self)


class Annotation(AnnotationMixin):  # type: ignore[misc]
    """An annotation is open to whoever made it, and to the owner of its organisation."""

    completed_by_id: int

    def has_permission(self, user: Any) -> bool:
        """Asked besides the same of the project."""
        return owns_organization(user) or self.completed_by_id == user.id
