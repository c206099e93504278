"""The guard: no token, no entry; foreign hosts, foreign pages and too much are refused first of all."""

from __future__ import annotations

import time
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest

from perirad.errors import InputError

pytest.importorskip("nicegui", reason="the workbench needs its extra")

from tests.workbench.asked import waited_for

from perirad.workbench.app import check_address
from perirad.workbench.guard import COOKIE, LARGEST, Guard, Rules

HOST = "127.0.0.1:8479"
RULES = Rules(frozenset({HOST, "localhost:8479"}), "secret-token")


def ask(
    path: str = "/", *, method: str = "GET", kind: str = "http", query: str = "", body: bytes = b"", **headers: str
) -> list[MutableMapping[str, Any]]:
    """What the guard answers; the application behind it answers 200 with "inside"."""
    sent: list[MutableMapping[str, Any]] = []

    async def behind(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"inside"})

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    given = {"host": HOST, **{name.replace("_", "-"): value for name, value in headers.items()}}
    scope = {
        "type": kind, "method": method, "path": path, "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
    }  # fmt: skip
    waited_for(Guard(behind, RULES)(scope, receive, send))
    return sent


def status(sent: list[MutableMapping[str, Any]]) -> int:
    return int(sent[0].get("status", sent[0].get("code", 0)))


def test_without_the_token_nobody_enters_analytic() -> None:
    assert status(ask()) == 401
    assert status(ask(cookie=f"{COOKIE}=wrong")) == 401
    assert status(ask(x_perirad_token="secret-toke")) == 401
    assert status(ask(kind="websocket")) == 4401
    assert status(ask(cookie=f"{COOKIE}=secret-token")) == 200
    assert status(ask(x_perirad_token="secret-token")) == 200


def test_the_token_of_the_address_goes_into_a_cookie_that_scripts_do_not_get_analytic() -> None:
    sent = ask(query="token=secret-token")
    headers = dict(sent[0]["headers"])
    assert status(sent) == 303
    assert headers[b"location"] == b"/"
    assert b"HttpOnly" in headers[b"set-cookie"]
    assert b"SameSite=Strict" in headers[b"set-cookie"]
    assert status(ask(query="token=wrong")) == 401


def test_the_door_takes_the_password_and_lets_guessers_wait_analytic() -> None:
    found = ask("/enter", method="POST", body=b"token=secret-token")
    assert status(found) == 303
    assert b"secret-token" in dict(found[0]["headers"])[b"set-cookie"]
    before = time.monotonic()
    for body in (b"token=wrong", b"", b"token=" + b"x" * 9000):
        assert status(ask("/enter", method="POST", body=body)) == 401
    assert time.monotonic() - before > 2.5
    assert status(ask("/enter", method="POST", body=b"token=secret-token", origin="http://evil.example")) == 403
    assert b"<form" in ask()[1]["body"]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:9999", "", "127.0.0.1:8479.evil.example"])
def test_a_foreign_host_is_refused_analytic(host: str) -> None:
    assert status(ask(host=host, cookie=f"{COOKIE}=secret-token")) == 421


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:1"])
def test_requests_of_other_pages_are_refused_analytic(kind: str, origin: str) -> None:
    sent = ask("/api/score", method="POST", kind=kind, origin=origin, cookie=f"{COOKIE}=secret-token")
    assert status(sent) in {403, 4403}
    assert status(ask("/api/score", method="POST", origin=f"http://{HOST}", cookie=f"{COOKIE}=secret-token")) == 200
    crossed = ask("/api/score", method="POST", sec_fetch_site="cross-site", cookie=f"{COOKIE}=secret-token")
    assert status(crossed) == 403


@pytest.mark.parametrize("length", [str(LARGEST + 1), "-1", "many"])
def test_too_much_is_refused_analytic(length: str) -> None:
    sent = ask("/api/score", method="POST", content_length=length, cookie=f"{COOKIE}=secret-token")
    assert status(sent) == 413


def test_a_strange_cookie_is_no_token_analytic() -> None:
    assert status(ask(cookie="a=b; \x01=\x02; [=]")) == 401


def test_other_addresses_need_a_password_and_tls_analytic(tmp_path: Path) -> None:
    check_address("127.0.0.1", certificate=None, password="", open_network=False)
    check_address("::1", certificate=None, password="", open_network=False)
    with pytest.raises(InputError, match="password"):
        check_address("0.0.0.0", certificate=tmp_path / "c.pem", password="", open_network=True)
    with pytest.raises(InputError, match="TLS"):
        check_address("0.0.0.0", certificate=None, password="long", open_network=False)
    check_address("0.0.0.0", certificate=tmp_path / "c.pem", password="long", open_network=False)
    check_address("192.168.1.4", certificate=None, password="long", open_network=True)
