"""The generated client, wrapped so that a test reads well: `ok` for what must succeed, `refused` for what must not."""

import os
from http import HTTPStatus
from typing import Any, Protocol, TypeVar

import httpx
from latchkey_client import AuthenticatedClient, Client
from latchkey_client.models import Problem
from latchkey_client.types import Response

T_co = TypeVar("T_co", covariant=True)

BASE_URL = os.environ["LATCHKEY_URL"]  # set by scripts/with-server
TIMEOUT = httpx.Timeout(10)

anonymous = Client(base_url=BASE_URL, timeout=TIMEOUT)


class Reply(Protocol[T_co]):
    """What `ok` reads of the generated `Response`, whose type parameter is invariant: `Problem` would stay in it."""

    @property
    def status_code(self) -> HTTPStatus: ...

    @property
    def content(self) -> bytes: ...

    @property
    def parsed(self) -> T_co | Problem | None: ...


def bearer(token: str) -> AuthenticatedClient:
    """A client that sends the token with each request."""
    return AuthenticatedClient(base_url=BASE_URL, token=token, timeout=TIMEOUT)


def ok(reply: Reply[T_co]) -> T_co:
    """The body of a reply that must be a success."""
    assert reply.status_code < HTTPStatus.BAD_REQUEST, f"{reply.status_code}: {reply.content!r}"
    assert reply.parsed is not None and not isinstance(reply.parsed, Problem)
    return reply.parsed


def done(response: Response[Any]) -> None:
    """Insists on a success that has no body."""
    assert response.status_code == HTTPStatus.NO_CONTENT, f"{response.status_code}: {response.content!r}"


def refused(response: Response[Any], status: int, code: str) -> Problem:
    """The problem of a reply that must be a refusal with this status and this code."""
    assert response.status_code == status, f"{response.status_code}: {response.content!r}"
    assert response.headers["content-type"].startswith("application/problem+json")
    problem = response.parsed
    assert isinstance(problem, Problem)
    assert (problem.code, problem.status) == (code, status), problem
    return problem
