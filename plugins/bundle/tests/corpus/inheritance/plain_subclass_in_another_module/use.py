from .models import Reply


class NotFound(Reply):
    """Changes a default by assignment in the body, and adds a method."""

    status: int = 404

    def headers(self) -> dict[str, str]:
        return {"status": str(self.status)}


class Same(Reply):
    pass


def example_replies():
    return NotFound(body="x").headers(), Same(body="y"), Same(body="y") == Reply(body="y")
