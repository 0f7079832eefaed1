"""What the measurements share: building, starting and asking the service. All traffic is on loopback."""

import base64
import contextlib
import hmac
import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))


def build(variable: str, *what: str) -> Path:
    """A release program, such as `--bin latchkey`; the variable may name another."""
    if named := os.environ.get(variable):
        return Path(named)
    subprocess.run(["cargo", "build", "--release", "--locked", *what], cwd=ROOT, check=True)
    folder = "release/examples" if "--example" in what else "release"
    return TARGET / folder / what[-1]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def is_ready(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return connection.recv(12) == b"HTTP/1.1 200"
    except OSError:
        return False


@contextlib.contextmanager
def service(command: list[str | Path], environment: dict[str, str]) -> Iterator[tuple[int, int, float]]:
    """The service: its port, its process id, and the seconds until it was ready."""
    port = free_port()
    environment = os.environ | environment | {"LATCHKEY__SERVER__BIND": f"127.0.0.1:{port}"}
    started = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not is_ready(port):
            if process.poll() is not None or time.perf_counter() - started > 60:
                raise SystemExit("bench: the service did not become ready")
            time.sleep(0.000_5)
        yield port, process.pid, time.perf_counter() - started
    finally:
        process.terminate()
        process.wait(timeout=60)


def totp(secret: str) -> str:
    """The six digits of this moment (RFC 6238)."""
    digest = hmac.digest(base64.b32decode(secret), (int(time.time()) // 30).to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 15
    return f"{(int.from_bytes(digest[offset : offset + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


class Client:
    """One connection that is kept alive."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Content-Type": "application/json"}

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """What is replied; None when there is no body."""
        text = None if body is None else json.dumps(body)
        self.connection.request(method, path, text, self.headers)
        reply = self.connection.getresponse()
        content = reply.read()
        if reply.status >= 300:
            raise SystemExit(f"bench: {method} {path} gave {reply.status}: {content.decode()}")
        return json.loads(content) if content else None

    def sign_in(self, account: str, username: str, password: str) -> None:
        """From then on with a token, which is good for ten minutes."""
        login = {"account": account, "username": username, "password": password}
        self.headers["Authorization"] = "Bearer " + self.ask("POST", "/v1/login", login)["access_token"]

    def enrol(self, username: str, password: str) -> None:
        """The first sign-in of a platform administrator, who is always asked for a second factor."""
        login = {"account": "platform", "username": username, "password": password}
        self.headers["Authorization"] = "Bearer " + self.ask("POST", "/v1/login", login)["challenge_token"]
        path = "/v1/login/challenge/totp-enrollment"
        confirmed = self.ask("POST", path, {"code": totp(self.ask("GET", path)["secret"])})
        self.headers["Authorization"] = "Bearer " + confirmed["result"]["access_token"]

    def milliseconds(self, method: str, path: str, body: Any = None, seconds: float = 1.5) -> float:
        """The median time of one request after another."""
        self.ask(method, path, body)
        times: list[float] = []
        begun = time.perf_counter()
        while len(times) < 5 or (len(times) < 500 and time.perf_counter() - begun < seconds):
            started = time.perf_counter()
            self.ask(method, path, body)
            times.append(time.perf_counter() - started)
        return statistics.median(times) * 1000


def wrk(url: str, clients: int, seconds: int, body: Any = None, token: str | None = None) -> float:
    """Requests per second. Every reply has to be a good one."""
    lines = ["wrk.headers['Content-Type'] = 'application/json'"]
    if body is not None:
        lines += ["wrk.method = 'POST'", f"wrk.body = [==[{json.dumps(body)}]==]"]
    if token is not None:
        lines.append(f"wrk.headers['Authorization'] = 'Bearer {token}'")
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write("\n".join(lines) + "\n")
        script.flush()
        command = ["wrk", "--threads", "1", "--connections", str(clients), "--duration", f"{seconds}s"]
        command += ["--timeout", "10s", "--script", script.name, url]
        output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=seconds + 30).stdout
    if "Non-2xx" in output:
        raise SystemExit(f"bench: not every request succeeded\n{output}")
    match = re.search(r"Requests/sec:\s+([\d.]+)", output)
    assert match, output
    return float(match[1])


def table(header: list[str], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
