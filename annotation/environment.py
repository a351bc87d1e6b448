"""What Label Studio's processes get to see: settings, where files and database are, and little of the caller's."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from annotation.private import Login
from pipeline.errors import Refusal

HOST = "127.0.0.1"

# Of the caller's environment the server sees only this: no proxies, no credentials, no settings meant for another one.
_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "PYTHONPATH")
_SWITCHES = {
    "COLLECT_ANALYTICS": "false",
    "LATEST_VERSION_CHECK": "false",
    "SENTRY_DSN": "",
    "FRONTEND_SENTRY_DSN": "",
    "DISABLE_SIGNUP_WITHOUT_LINK": "true",
    "ALLOWED_HOSTS": f"{HOST},localhost",  # against DNS rebinding
    "CORS_ALLOW_ALL_ORIGINS": "false",
    "SESSION_COOKIE_SAMESITE": "Strict",
    "LOG_LEVEL": "ERROR",
}


def build(folder: Path, account: Login, database: str | None = None) -> dict[str, str]:
    """What a process of Label Studio sees: its settings, its folder, its database, and nothing of the caller's.

    `database`: the `DATABASE_URL` that a running server was started with ("" for SQLite in the folder); by default the
    caller's.

    Raises:
        Refusal: `DATABASE_URL` is not a PostgreSQL address.
    """
    folder = folder.absolute()
    settings = {
        **_SWITCHES,
        "BASE_DATA_DIR": str(folder),
        "DATABASE_NAME": str(folder / "label_studio.sqlite3"),
        "USERNAME": account.email,
        "PASSWORD": account.password,
    }
    return {
        **{name: os.environ[name] for name in _INHERITED if name in os.environ},
        **{f"LABEL_STUDIO_{name}": value for name, value in settings.items()},
        **_database(os.environ.get("DATABASE_URL", "") if database is None else database),
        "DJANGO_SETTINGS_MODULE": "annotation.label_studio.settings",
        "TMPDIR": str(folder / "tmp"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_DATA_HOME": str(folder / "data"),
    }


def _database(url: str) -> dict[str, str]:
    if not url:
        return {}
    try:
        parts = urlsplit(url)
        port = parts.port or 5432
    except ValueError:
        parts, port = urlsplit(""), 0
    name = unquote(parts.path.removeprefix("/"))
    if parts.scheme not in {"postgresql", "postgres"} or not (parts.hostname and parts.username and name):
        raise Refusal("DATABASE_URL is not of the form postgresql://USER:PASSWORD@HOST:PORT/DATABASE.")
    return {
        "DJANGO_DB": "default",
        "POSTGRE_USER": unquote(parts.username),
        "POSTGRE_PASSWORD": unquote(parts.password or ""),
        "POSTGRE_HOST": parts.hostname,
        "POSTGRE_PORT": str(port),
        "POSTGRE_NAME": name,
    }
