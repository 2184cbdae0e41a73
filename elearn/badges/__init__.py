"""Certificates as Open Badges 3.0 credentials: made, kept, checked against the journal, revoked."""
