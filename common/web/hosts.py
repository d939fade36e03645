"""Names of machines, as servers and browsers write them."""

import ipaddress


def is_loopback(host: str) -> bool:
    """Tell whether a name or address can only mean this machine itself."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def host_name(header: str) -> str:
    """Return the host of a `Host` header, without its port: `[::1]:80` is `[::1]`."""
    name, colon, port = header.rpartition(":")
    return name if colon and port.isdecimal() else header


def web_address(host: str, port: int) -> str:
    """Return the address to type into a browser on this machine."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/"
