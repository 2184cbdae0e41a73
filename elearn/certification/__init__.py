"""The office of certificates: lists, the register of numbers, signing, packages, settings."""
