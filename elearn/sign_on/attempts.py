"""A sign-in under way, from the button to the answer of the provider.

The browser keeps a signed cookie with a random seed and nothing is stored here. State, nonce and
the PKCE verifier (RFC 7636) are made from the seed with a key of the server, so all three belong
to one browser and one attempt, and the verifier never leaves the server.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import BigInteger, String, delete
from sqlalchemy.orm import Mapped, mapped_column

from elearn import clock
from elearn.database import Model, db, insert_new
from elearn.sign_on.refusing import Reason, Refused

LIFE_MS = 10 * 60_000
SEED_BYTES = 32
SALT = "elearn sign-on"


class SpentAttempt(Model):
    """An attempt that has been answered; kept as long as its cookie could be shown again."""

    __tablename__ = "spent_attempt"

    state: Mapped[str] = mapped_column(String(64), primary_key=True)
    until_ms: Mapped[int] = mapped_column(BigInteger, index=True)


@dataclass(frozen=True)
class Attempt:
    """What one attempt is known by, where it leads, and whether a fresh sign-in is asked for."""

    state: str
    nonce: str
    verifier: str
    target: str
    is_again: bool
    begun_ms: int


class Attempts:
    """Begins attempts and takes them up again."""

    def __init__(self, secret_key: str) -> None:
        self._cookies = URLSafeSerializer(secret_key, SALT)
        self._key = f"{SALT}:{secret_key}".encode()

    def begin(self, target: str, *, is_again: bool) -> tuple[Attempt, str]:
        """A new attempt, and the cookie for its browser."""
        content: list[Any] = [secrets.token_urlsafe(SEED_BYTES), target, is_again, clock.now_ms()]
        return self._of(*content), str(self._cookies.dumps(content))

    def resume(self, cookie: str, state: str) -> Attempt:
        """The attempt of this browser, if the state that came back is its own. Raises Refused."""
        try:
            attempt = self._of(*self._cookies.loads(cookie))
        except BadSignature:
            raise Refused(Reason.NOT_BEGUN) from None
        if clock.now_ms() - attempt.begun_ms > LIFE_MS:
            raise Refused(Reason.NOT_BEGUN)
        if not hmac.compare_digest(attempt.state.encode(), state.encode()):
            raise Refused(Reason.STATE)
        return attempt

    def _of(self, seed: str, target: str, is_again: bool, begun_ms: int) -> Attempt:
        state, nonce, verifier = (self._made(seed, use) for use in ("state", "nonce", "verifier"))
        return Attempt(state, nonce, verifier, target, is_again, begun_ms)

    def _made(self, seed: str, use: str) -> str:
        """43 letters, as RFC 7636 (4.1) asks of a verifier."""
        digest = hmac.digest(self._key, f"{use}:{seed}".encode(), "sha256")
        return urlsafe_b64encode(digest).rstrip(b"=").decode()


def spend(attempt: Attempt) -> None:
    """Let an attempt be answered once. Raises Refused."""
    now_ms = clock.now_ms()
    db.session.execute(delete(SpentAttempt).where(SpentAttempt.until_ms <= now_ms))
    spent = {"state": attempt.state, "until_ms": now_ms + 2 * LIFE_MS}
    if not insert_new(SpentAttempt, [spent]):
        raise Refused(Reason.USED)
