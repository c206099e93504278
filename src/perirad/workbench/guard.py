"""Who may speak to the workbench: browsers of this machine that were given its token, and pages of its own."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs

__all__ = ["COOKIE", "LARGEST", "Guard", "Rules"]

COOKIE = "perirad_session"
LARGEST = 64 * 1024 * 1024
"""Bytes of the largest request."""
_SAFE = {"GET", "HEAD", "OPTIONS"}
_DOOR, _LONGEST_FORM, _PATIENCE_S = "/enter", 4096, 1.0
_PAGE = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>perirad</title>
<body style="font-family:system-ui;max-width:28rem;margin:4rem auto">
<h1>perirad</h1><p>{word}, or give its key or your password:</p>
<form method="post" action="/enter"><label>Key or password <input type="password" name="token" autofocus></label>
<button>Enter</button></form></body></html>
"""

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass(frozen=True)
class Rules:
    """Hosts by which the workbench is called (with port), and the token of the session."""

    hosts: frozenset[str]
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))


class Guard:
    """ASGI middleware: every request needs the session's token, in its cookie, a header, or once in the address.

    A foreign Host (DNS rebinding), a foreign Origin of anything that writes or of a socket, and a request that is too
    large are refused before anything else looks at them.
    """

    def __init__(self, app: App, rules: Rules) -> None:
        self.app = app
        self.rules = rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request pass, or refuse it."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        status, word = self._verdict(scope, headers)
        if status == 401 and scope["type"] == "http" and (scope["path"], scope["method"]) == (_DOOR, "POST"):
            if await _knows(receive, self.rules.token):
                await _enter({**scope, "path": "/"}, send, self.rules.token)
                return
            await asyncio.sleep(_PATIENCE_S)
        if status:
            await _refuse(scope, send, status, word)
            return
        if scope["type"] == "http" and self._by_address(scope):
            await _enter(scope, send, self.rules.token)
            return
        await self.app(scope, _limited(receive), send)

    def _verdict(self, scope: Scope, headers: dict[str, str]) -> tuple[int, str]:
        if headers.get("host", "") not in self.rules.hosts:
            return 421, "this address is not the workbench's"
        origin = headers.get("origin", "")
        writes = scope["type"] == "websocket" or scope.get("method", "GET") not in _SAFE
        if writes and origin and origin.split("://", 1)[-1] not in self.rules.hosts:
            return 403, "requests of other pages are refused"
        if writes and not origin and headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            return 403, "requests of other pages are refused"
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > LARGEST:
            return 413, f"a request must be at most {LARGEST // 1024 // 1024} MB"
        given = headers.get("x-perirad-token", "") or _cookie(headers.get("cookie", ""))
        if self._by_address(scope) or hmac.compare_digest(given.encode(), self.rules.token.encode()):
            return 0, ""
        return 401, "open the address that the terminal shows"

    def _by_address(self, scope: Scope) -> bool:
        found = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("token", [""])[0]
        return hmac.compare_digest(found.encode(), self.rules.token.encode())


def _cookie(text: str) -> str:
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(text)
    except Exception:  # noqa: BLE001  (whatever a browser sent: it is no token)
        return ""
    return jar[COOKIE].value if COOKIE in jar else ""


def _limited(receive: Receive) -> Receive:
    """Requests that do not tell their length end where they become too long."""
    total = 0

    async def counted() -> MutableMapping[str, Any]:
        nonlocal total
        message = await receive()
        if message["type"] == "http.request":
            total += len(message.get("body", b""))
            if total > LARGEST:
                return {"type": "http.disconnect"}
        return message

    return counted


async def _enter(scope: Scope, send: Send, token: str) -> None:
    """Take the token out of the address and keep it in a cookie that scripts and other sites do not get."""
    place = scope["path"].encode() or b"/"
    cookie = f"{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict".encode()
    headers = [(b"location", place), (b"set-cookie", cookie), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 303, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _refuse(scope: Scope, send: Send, status: int, word: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 4000 + status})
        return
    kind, body = (b"text/html", _PAGE.format(word=word)) if status == 401 else (b"text/plain", f"{word}\n")
    headers = [(b"content-type", kind + b"; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body.encode()})


async def _knows(receive: Receive, token: str) -> bool:
    """Whether the form of the door holds the password or the token."""
    body = b""
    while len(body) <= _LONGEST_FORM:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body", False):
            given = parse_qs(body.decode("utf-8", "replace")).get("token", [""])[0]
            return hmac.compare_digest(given.encode(), token.encode())
    return False
