"""Label Studio's settings for a blind study: its own, plus organisations that are closed to each other.

The server takes this module from `DJANGO_SETTINGS_MODULE`. Label Studio loads its model mixins from the settings, so
that `isolation` takes part in every permission check that it makes; `guard` stands before all views.
"""

import os

# While its module is loaded, parts of Label Studio take it for the settings.
os.environ["DJANGO_SETTINGS_MODULE"] = "label_studio.core.settings.label_studio"
from label_studio.core.settings.label_studio import *  # noqa: F403
from label_studio.core.settings.label_studio import DATABASES, MIDDLEWARE

os.environ["DJANGO_SETTINGS_MODULE"] = __name__

MIDDLEWARE.insert(0, "annotation.label_studio.guard.Guard")
MIDDLEWARE.append("annotation.label_studio.keyboard.Keyboard")

PROJECT_MIXIN = "annotation.label_studio.isolation.Project"
ANNOTATION_MIXIN = "annotation.label_studio.roles.Annotation"
USER_MIXIN = "annotation.label_studio.roles.User"

SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # The server and our own commands write by turns, and wait for each other.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 60,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;",
    }
