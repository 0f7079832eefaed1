"""Runs a command beside a service that is newer than its client: JSON in replies has members that nobody knows yet.

`newer_service.py COMMAND…` passes all requests on to LATCHKEY_URL, and gives the command its own address as that.
"""

import http.client
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

SERVICE = urlsplit(os.environ["LATCHKEY_URL"])
PATIENCE_SECONDS = 300


def grown(value: object) -> object:
    """The value, as a later version would send it."""
    if isinstance(value, list):
        return [grown(item) for item in value]
    if isinstance(value, dict):
        later = {"added_later": {"number": 1, "list": [None, "text"]}, "added_later_too": None, "added_text": "text"}
        return {name: grown(item) for name, item in value.items()} | later
    return value


class Proxy(BaseHTTPRequestHandler):
    """Passes one request on."""

    def pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        service = http.client.HTTPConnection(SERVICE.hostname or "", SERVICE.port, timeout=30)
        service.request(self.command, self.path, body or None, dict(self.headers.items()))
        reply = service.getresponse()
        content = reply.read()
        if reply.headers.get_content_type() == "application/json" and content:
            content = json.dumps(grown(json.loads(content))).encode()
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                self.send_header(name, value)
        if reply.status != http.HTTPStatus.NO_CONTENT:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        service.close()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = pass_on

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
threading.Thread(target=server.serve_forever, daemon=True).start()
environment = os.environ | {"LATCHKEY_URL": f"http://127.0.0.1:{server.server_port}"}
sys.exit(subprocess.run(sys.argv[1:], env=environment, check=False, timeout=PATIENCE_SECONDS).returncode)
