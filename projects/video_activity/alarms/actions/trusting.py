"""Whom an encrypted connection trusts."""

import ssl
from pathlib import Path

from projects.video_activity.alarms.toml_table import Table


def trust(ca_file: Path | None) -> ssl.SSLContext:
    """Return a context that trusts a certificate; None: those of the system."""
    return ssl.create_default_context(cafile=ca_file and str(ca_file))


def read_ca_file(table: Table) -> Path | None:
    """Read the key `ca_file`, the certificate of a network of one's own.

    Raises:
        UserError: The file is missing or holds no certificate.
    """
    name = table.text("ca_file", None)
    if name is None:
        return None
    path = table.path.parent / Path(name).expanduser()
    try:
        trust(path)
    except OSError:  # ssl.SSLError is one
        table.refuse("ca_file", "a file with a certificate (PEM)", path)
    return path
