"""The second factor of a sign-in: codes of an app, recovery codes, trusted devices."""
