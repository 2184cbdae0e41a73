"""Learning elsewhere: people submit certificates, HR checks them or brings them in."""
