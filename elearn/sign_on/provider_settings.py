"""How the agency's provider of OpenID Connect is reached, as the operator tells it."""

from __future__ import annotations

from dataclasses import dataclass, field

from authlib.common.security import is_secure_transport

OPENID = "openid"  # the scope that makes it OpenID Connect


@dataclass(frozen=True)
class ProviderSettings:
    """The provider and what it knows this application as; raises ValueError for what cannot work.

    ``issuer`` is the address exactly as the provider names itself; ``nip_claim`` the claim that
    carries the NIP; ``trusted_factors`` the values of ``acr`` or ``amr`` that tell of a second
    factor at the provider.
    """

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    nip_claim: str = "nip"
    scope: str = OPENID
    trusted_factors: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not is_secure_transport(self.issuer):
            raise ValueError("ELEARN_OIDC_ISSUER begins with https:// (http:// on this host only)")
        if not (self.client_id and self.nip_claim):
            raise ValueError("ELEARN_OIDC_CLIENT_ID and ELEARN_OIDC_NIP_CLAIM are not empty")
        if OPENID not in self.scope.split():
            raise ValueError("ELEARN_OIDC_SCOPE names openid")
