"""The administrator's desk: every setting with its history, what comes from the environment."""
