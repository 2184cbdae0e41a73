"""The conversation with the agency's provider: the authorization code flow with PKCE."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import urlencode

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc.errors import InvalidKeyIdError

from elearn import clock
from elearn.sign_on import documents, tokens
from elearn.sign_on.attempts import Attempt
from elearn.sign_on.documents import Documents
from elearn.sign_on.provider_settings import ProviderSettings
from elearn.sign_on.refusing import Reason, Refused
from elearn.sign_on.tokens import Expected

log = logging.getLogger(__name__)

DECLINED = "access_denied"
# Threads that may wait for the provider at a time; the others serve those who are signed in.
MOST_WAITING = 8
MAX_CODE = 4_000
SECOND_MS = 1000


@dataclass(frozen=True)
class Known:
    """What the provider says of who has signed in there: the NIP is as it was sent."""

    nip: object
    has_second_factor: bool


class Provider:
    """The provider of one issuer, and this application as its client at ``url``."""

    def __init__(self, settings: ProviderSettings, url: str) -> None:
        self.settings = settings
        self._url = url
        self._documents = Documents(settings.issuer)
        self._waiting = BoundedSemaphore(MOST_WAITING)

    def authorization_url(self, attempt: Attempt) -> str:
        """Where the browser goes to sign in. Raises Refused."""
        fresh = {"prompt": "login", "max_age": 0} if attempt.is_again else {}
        with self._turn():
            address = self._documents.addresses().authorization
        url, _ = self._session().create_authorization_url(
            address,
            state=attempt.state,
            nonce=attempt.nonce,
            code_verifier=attempt.verifier,
            **fresh,
        )
        return str(url)

    def redeem(self, attempt: Attempt, answer: Mapping[str, str]) -> Known:
        """Who the answer of the provider tells of. Raises Refused."""
        with self._turn():
            self._refuse_errors(answer)
            given = self._redeemed(attempt, answer.get("code", ""))
            claims = self._checked(attempt, given)
            name = self.settings.nip_claim
            nip = claims[name] if name in claims else self._asked(claims, given).get(name)
        return Known(nip, tokens.tells_of(claims, self.settings.trusted_factors))

    def end_session_url(self) -> str:
        """Where one signs out of the provider as well; empty where it says nothing of it.

        No ID token is kept for it (OpenID Connect RP-Initiated Logout 1.0, section 2, has the
        client's id instead), so the provider asks before it ends the session.
        """
        try:
            with self._turn():
                address = self._documents.addresses().end_session
        except Refused:
            return ""
        back = {"client_id": self.settings.client_id, "post_logout_redirect_uri": self._signed_out}
        return f"{address}{'&' if '?' in address else '?'}{urlencode(back)}" if address else ""

    @property
    def _signed_out(self) -> str:
        return f"{self._url}/login"

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._waiting.acquire(blocking=False):
            raise Refused(Reason.AWAY)
        try:
            yield
        finally:
            self._waiting.release()

    def _session(self, methods: frozenset[str] = frozenset()) -> OAuth2Session:
        basic, posted = "client_secret_basic", "client_secret_post"
        method = posted if posted in methods and basic not in methods else basic
        return OAuth2Session(
            self.settings.client_id,
            self.settings.client_secret or None,
            token_endpoint_auth_method=method if self.settings.client_secret else "none",
            scope=self.settings.scope,
            redirect_uri=f"{self._url}/login/oidc/callback",
            code_challenge_method="S256",
            default_timeout=documents.TIMEOUT,
        )

    def _refuse_errors(self, answer: Mapping[str, str]) -> None:
        named = answer.get("iss", "")
        if named != self.settings.issuer and (named or self._documents.addresses().names_itself):
            raise Refused(Reason.ISSUER)
        if "error" in answer:
            declined = answer["error"] == DECLINED
            raise Refused(Reason.DECLINED if declined else Reason.PROVIDER)

    def _redeemed(self, attempt: Attempt, code: str) -> dict[str, Any]:
        """What the provider gives for a code (RFC 6749, 4.1.3)."""
        if not 0 < len(code) <= MAX_CODE:
            raise Refused(Reason.CODE)
        addresses = self._documents.addresses()
        with self._session(addresses.client_auth) as session:
            try:
                return dict(
                    session.fetch_token(
                        addresses.token,
                        grant_type="authorization_code",
                        code=code,
                        code_verifier=attempt.verifier,
                        allow_redirects=False,
                    )
                )
            except OAuthError as problem:
                log.warning("the provider refused a code: %s", problem.error)
                raise Refused(Reason.CODE) from None
            except (requests.RequestException, ValueError, TypeError) as problem:
                log.warning("the provider gave no token: %s", type(problem).__name__)
                raise Refused(Reason.AWAY) from None

    def _checked(self, attempt: Attempt, given: Mapping[str, Any]) -> dict[str, Any]:
        expected = Expected(
            issuer=self.settings.issuer,
            client_id=self.settings.client_id,
            nonce=attempt.nonce,
            access_token=str(given.get("access_token", "")),
            since=attempt.begun_ms // SECOND_MS if attempt.is_again else None,
        )
        text, now = str(given.get("id_token", "")), clock.now_ms() // SECOND_MS
        try:
            return tokens.checked(text, self._documents.keys(), expected, now)
        except InvalidKeyIdError:
            return self._checked_anew(text, expected, now)

    def _checked_anew(self, text: str, expected: Expected, now: int) -> dict[str, Any]:
        """With the keys as they are published now: the provider may have changed them."""
        try:
            return tokens.checked(text, self._documents.keys(is_new=True), expected, now)
        except InvalidKeyIdError:
            raise Refused(Reason.SIGNATURE) from None

    def _asked(self, claims: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
        """What the provider tells of the same person when it is asked (Core 1.0, 5.3)."""
        address = self._documents.addresses().userinfo
        if not address:
            return {}
        bearer = {"Authorization": f"Bearer {given.get('access_token', '')}"}
        told = documents.fetch(address, bearer)
        same = hmac.compare_digest(str(told.get("sub", "")).encode(), claims["sub"].encode())
        return told if same else {}
