"""Signing in with the agency's account: OpenID Connect, matched by NIP."""
