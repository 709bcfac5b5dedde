"""The `hello` function: `GET /hello` greets. It is the smallest one, to begin your own from."""

from gateway import endpoint
from hello.payload import Caller


@endpoint
def hello(query: Caller) -> str:
    """Greet the caller, or everybody."""
    return f"Hello, {query.first_name or 'world'}!"
