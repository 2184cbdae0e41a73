"""What has happened: one append-only chain of events per person."""
