"""A localnet on a port of this machine: HTTP, websockets, the control API."""
