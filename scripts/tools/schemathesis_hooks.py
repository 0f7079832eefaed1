"""What schemathesis cannot invent: sessions, login challenges and the ids of things that exist.

Loaded by scripts/schemathesis. Most generated requests that need a credential get a valid one of its kind, some a bad
one or none; ids that are well formed are replaced by those of an account and a user that exist; and now and then a
login or a refresh is a true one, so that the successful replies are checked too.
"""

import collections
import itertools
import os
import random
import time
import uuid
from typing import Any

import httpx
import pyotp
import schemathesis

BASE_URL = os.environ["LATCHKEY_URL"]
PASSWORD = "a long phrase for everybody"
TRUE_EVERY = 4  # each fourth login or refresh is a true one
BAD_EVERY = 8  # each eighth request of an operation has a bad credential
RENEW_AFTER = 300  # seconds; well before an access token ends

http = httpx.Client(base_url=BASE_URL, timeout=10)
numbers = itertools.count()
requests: collections.Counter[str] = collections.Counter()
chance = random.Random(1)


def source() -> dict[str, str]:
    """A sender of its own. The service counts failures by source address, and would soon answer nothing but 429."""
    return {"X-Forwarded-For": f"10.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(1, 255)}"}


def post(path: str, body: Any, token: str | None = None) -> Any:
    headers = source() | ({"Authorization": f"Bearer {token}"} if token else {})
    reply = http.post(path, json=body, headers=headers)
    assert reply.is_success, f"{path}: {reply.status_code} {reply.text}"
    return reply.json() if reply.content else None


class World:
    """The people and things of this run, made with the first request that needs them."""

    def __init__(self) -> None:
        post("/v1/activations", {"code": os.environ["ACTIVATION_CODE"], "new_password": PASSWORD})
        self._maker = enrolled("root")
        self._made_at = time.monotonic()
        self._session: dict[str, Any] | None = None
        self._challenge: str | None = None
        self._platform_id: str = self._maker["user"]["account_id"]
        token = self.token()
        # What is changed at random, and where those live who log in at random: a policy that changes would spoil that.
        self.account_id = post("/v1/accounts", {"slug": "fuzzed", "name": "Fuzzed"}, token)["id"]
        self.user_id = self._user(self.account_id, "victim")
        self._home_id = post("/v1/accounts", {"slug": "home", "name": "Home"}, token)["id"]
        url = f"/v1/accounts/{self._home_id}/two-factor-policy"
        headers = {"Authorization": f"Bearer {token}"}
        etag = http.get(url, headers=headers).headers["etag"]
        http.put(url, json={"mode": "all_users"}, headers=headers | {"If-Match": etag}).raise_for_status()
        # Somebody who signs in with a password alone.
        self._user(post("/v1/accounts", {"slug": "plain", "name": "Plain"}, token)["id"], "ann")

    def _user(self, account_id: str, username: str, *permissions: str) -> str:
        new = {"username": username, "permissions": permissions}
        created = post(f"/v1/accounts/{account_id}/users", new, self.token())
        post("/v1/activations", {"code": created["activation"]["code"], "new_password": PASSWORD})
        user_id: str = created["user"]["id"]
        return user_id

    def administrator(self) -> dict[str, Any]:
        """The session of a new platform administrator. None signs in twice, since a code counts once."""
        username = f"administrator{next(numbers)}"
        permissions = ["account_settings", "password_management", "user_permissions", "platform_administration"]
        self._user(self._platform_id, username, *permissions)
        return enrolled(username)

    def token(self) -> str:
        """The access token of who makes what these hooks need. No generated request has it, so none ends it."""
        if time.monotonic() - self._made_at > RENEW_AFTER:
            self._made_at = time.monotonic()
            self._maker = self.administrator()
        token: str = self._maker["access_token"]
        return token

    def session(self) -> dict[str, Any]:
        """The session of a platform administrator, for a generated request."""
        if self._session is None:
            self._session = self.administrator()
        return self._session

    def challenge(self) -> str:
        """A login that waits for its second factor. Each has a user of its own: wrong codes are counted by user."""
        if self._challenge is None:
            self._challenge = post("/v1/login", self.newcomer())["challenge_token"]
        return self._challenge

    def newcomer(self) -> dict[str, str]:
        """The credentials of a new user who has to enrol."""
        username = f"user{next(numbers)}"
        self._user(self._home_id, username)
        return self.credentials("home", username)

    @staticmethod
    def credentials(account: str, username: str) -> dict[str, str]:
        return {"account": account, "username": username, "password": PASSWORD}

    def forget(self, scheme: str) -> None:
        """The next request starts with a new session, or a new login."""
        if scheme == "challengeToken":
            self._challenge = None
        else:
            self._session = None


def enrolled(username: str) -> dict[str, Any]:
    """The session of a platform administrator who signs in for the first time, and so enrols a phone."""
    challenge = post("/v1/login", World.credentials("platform", username))["challenge_token"]
    path, headers = "/v1/login/challenge/totp-enrollment", source() | {"Authorization": f"Bearer {challenge}"}
    secret = http.get(path, headers=headers).raise_for_status().json()["secret"]
    session: dict[str, Any] = post(path, {"code": pyotp.TOTP(secret).now()}, challenge)["result"]
    return session


world: World | None = None


def the_world() -> World:
    global world
    if world is None:
        world = World()
    return world


def schemes(case: schemathesis.Case[Any]) -> set[str]:
    return {name for option in case.operation.definition.raw.get("security", []) for name in option}


def is_uuid(value: object) -> bool:
    try:
        return str(uuid.UUID(str(value))) == str(value).lower()
    except ValueError:
        return False


@schemathesis.serializer("application/x-ndjson", "text/csv")
def file_of_users(context: Any, value: Any) -> Any:
    """A file is sent as it was made."""
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: schemathesis.Case[Any], kwargs: Any) -> None:
    here = the_world()
    for name, value in (("account_id", here.account_id), ("user_id", here.user_id)):
        if is_uuid(case.path_parameters.get(name)):
            case.path_parameters[name] = value

    path = case.operation.path
    if isinstance(case.body, dict) and next(numbers) % TRUE_EVERY == 0:
        if path == "/v1/login" and case.body.keys() == {"account", "username", "password"}:
            case.body |= chance.choice(
                [here.credentials("platform", "root"), here.newcomer(), here.credentials("plain", "ann")]
            )
        elif path == "/v1/token/refresh" and case.body.keys() == {"refresh_token"}:
            case.body = {"refresh_token": here.session()["refresh_token"]}
            here.forget("accessToken")

    case.headers.update(source())
    if schemes(case):
        case.headers.pop("Authorization", None)
        token = here.challenge() if "challengeToken" in schemes(case) else here.session()["access_token"]
        requests[case.operation.label] += 1
        if requests[case.operation.label] % BAD_EVERY:
            case.headers["Authorization"] = f"Bearer {token}"
        elif (bad := chance.choice([f"Bearer {token[:-1]}", "Bearer", f"Basic {token}", None])) is not None:
            case.headers["Authorization"] = bad


@schemathesis.hook
def after_call(
    context: schemathesis.HookContext, case: schemathesis.Case[Any], response: schemathesis.Response
) -> None:
    ended = case.operation.path == "/v1/logout" or case.operation.method.upper() == "DELETE"
    if response.status_code == httpx.codes.UNAUTHORIZED or ended:
        for scheme in schemes(case):
            the_world().forget(scheme)
