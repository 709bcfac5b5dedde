"""The `hello` function: `GET /hello` greets the caller. Copy it to start your own."""

from gateway import endpoint
from hello.payload import HelloQuery


@endpoint
def hello(query: HelloQuery) -> str:
    """Greet the caller by name, or the world."""
    return f"Hello, {query.first_name or 'world'}!"
