"""`__repr_args__` and `__repr_name__` overridden, `repr=False`."""

from pydantic import BaseModel, Field


class Login(BaseModel):
    user: str
    password: str = Field(repr=False)

    def __repr_name__(self) -> str:
        return "Login!"


class Short(BaseModel):
    long: str = "x"
    other: int = 1

    def __repr_args__(self):
        for name, value in super().__repr_args__():
            if name != "long":
                yield name, value


def example_repr():
    return repr(Login(user="a", password="b")), str(Short(long="y")), repr(Short())
