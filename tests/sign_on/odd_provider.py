"""A provider whose answers a test decides: what a real one never says."""

from __future__ import annotations

import hmac
import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import ECKey

KEY = ECKey.generate_key("P-256", {"kid": "first", "use": "sig"}, private=True)
OTHER = ECKey.generate_key("P-256", {"kid": "first", "use": "sig"}, private=True)
NEXT = ECKey.generate_key("P-256", {"kid": "next", "use": "sig"}, private=True)
PUBLIC_PEM = KEY.as_pem(private=False)
BEARER = {"access_token": "at", "token_type": "Bearer"}


class OddProvider:
    """Tells ``claims`` of whoever comes, signed with ``key``; ``published`` are its keys."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.mend()

    def mend(self) -> None:
        """As a provider should be."""
        self.key, self.published = KEY, [KEY]
        self.claims: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.metadata: dict[str, Any] = {}
        self.broken: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.form: dict[str, list[str]] = {}
        self.nonce = ""
        self.wait_seconds = 0.0
        self.forged = ""

    def answer(self, path: str, body: str) -> bytes:
        self.asked.append(path)
        time.sleep(self.wait_seconds)
        if path in self.broken:
            return self.broken[path]
        if path == "/token":
            self.form = parse_qs(body)
        told = {
            "/.well-known/openid-configuration": self._metadata,
            "/keys": lambda: {"keys": [key.as_dict(private=False) for key in self.published]},
            "/token": lambda: {**BEARER, "id_token": self.token()},
            "/userinfo": lambda: self.userinfo,
        }[path]()
        return json.dumps(told).encode()

    def _metadata(self) -> dict[str, Any]:
        paths = {"authorization_endpoint": "/auth", "token_endpoint": "/token"}
        paths |= {"jwks_uri": "/keys", "userinfo_endpoint": "/userinfo"}
        addresses = {name: self.issuer + path for name, path in paths.items()}
        return {"issuer": self.issuer, **addresses, **self.metadata}

    def token(self) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": "elearn", "sub": "s", "nonce": self.nonce}
        claims |= {"iat": now, "exp": now + 300, **self.claims}
        if self.forged:
            return forged(self.forged, claims)
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode({"alg": "ES256", "kid": self.key.kid}, kept, self.key)

    @classmethod
    @contextmanager
    def serving(cls) -> Iterator[OddProvider]:
        """Serve one on this host."""
        provider: OddProvider

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                content = provider.answer(self.path, self.rfile.read(length).decode())
                with suppress(ConnectionError):  # who asked has gone
                    self.send_response(200)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)

            do_POST = do_GET  # noqa: N815

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        provider = cls(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def forged(algorithm: str, claims: dict[str, Any]) -> str:
    """A token of a forger: unsigned, or signed by the public key as if it were a secret."""
    parts = [{"alg": algorithm, "kid": "first"}, claims]
    text = ".".join(
        urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts
    )
    if algorithm == "none":
        return f"{text}."
    digest = hmac.digest(PUBLIC_PEM, text.encode(), "sha256")
    return f"{text}.{urlsafe_b64encode(digest).decode().rstrip('=')}"
