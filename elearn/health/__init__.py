"""How the installation is: one look at everything an administrator must not miss."""
