"""Label Studio's pages with one script of ours: words can be marked by keyboard, where Label Studio asks for a mouse.

The script stands in the page itself, so no address has to be opened for it.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

_SCRIPT = Path(__file__).with_name("keyboard.js")


class Keyboard:
    """A middleware for the end of Django's list, where a page is neither compressed nor measured yet."""

    def __init__(self, get_response: Callable[[Any], Any]) -> None:
        self._get_response = get_response
        self._script = f"<script>{_SCRIPT.read_text(encoding='utf-8')}</script></body>".encode()

    def __call__(self, request: Any) -> Any:
        """The answer, with the script at the end of it if it is a page."""
        response = self._get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming:
            response.content = response.content.replace(b"</body>", self._script)
        return response
