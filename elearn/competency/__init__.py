"""What people can do, what their post asks, and the ledger of evidence and hours."""
