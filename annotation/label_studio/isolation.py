"""A project is open to its own organisation only.

Label Studio's community edition expects a single organisation and leaves this check open. It asks it of the project
whenever somebody touches a project, a task, an annotation, a draft, a prediction or a view.
"""

from typing import Any

from projects.mixins import ProjectMixin


class Project(ProjectMixin):  # type: ignore[misc]
    """The mixin that Label Studio takes from its settings."""

    organization_id: int

    def has_permission(self, user: Any) -> bool:
        """Whether the user is in the project's organisation, and still a member."""
        return self.organization_id == user.active_organization_id and bool(super().has_permission(user))
