"""Bodies as the HTTP library writes them."""

import json


def as_sent(body: str) -> bytes:
    """Return a body as requests writes JSON, with a space after each comma and colon."""
    return (json.dumps(json.loads(body)) if body[:1] == "{" else body).encode()
