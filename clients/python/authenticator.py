"""A phone: it knows only what it read from the QR picture."""

import subprocess
import time
from typing import Literal

import pyotp

STEP_SECONDS = 30


def scan(png: bytes) -> str:
    """The text in a picture of a QR code, read by zbarimg, which has nothing in common with what drew it."""
    command = ["zbarimg", "--quiet", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", "-"]
    return subprocess.run(command, input=png, capture_output=True, check=True, timeout=10).stdout.decode().rstrip("\n")


class Authenticator:
    """The codes of one secret.

    Each code counts once, and the service takes those of the neighbouring steps too, so that three logins need no
    waiting: enrol with the code before, then use that of now, then the one after.
    """

    def __init__(self, uri: str) -> None:
        parsed = pyotp.parse_uri(uri)
        assert isinstance(parsed, pyotp.TOTP), "the QR code is one for TOTP"
        self._totp = parsed
        self.issuer = parsed.issuer
        self.account_name = parsed.name
        self.secret = parsed.secret

    def code(self, steps: Literal[-1, 0, 1]) -> str:
        """The code shown that many half minutes from now. Waits, three seconds at most, for a step about to end."""
        left = STEP_SECONDS - time.time() % STEP_SECONDS
        if left < 3:
            time.sleep(left + 0.1)
        return self._totp.at(int(time.time()) + steps * STEP_SECONDS)
