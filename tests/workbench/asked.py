"""Asking the server from tests, without a network."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import httpx
from fastapi import FastAPI

__all__ = ["ask", "waited_for"]

Answer = TypeVar("Answer")


def waited_for(work: Coroutine[Any, Any, Answer]) -> Answer:
    """What a coroutine returns, run in a thread of its own: a browser of other tests may have a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def ask(server: FastAPI, method: str, path: str, **form: Any) -> httpx.Response:
    """Answer of the server to one request."""

    async def work() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(server), base_url="http://here") as client:
            return await client.request(method, path, **form)

    return waited_for(work())
