"""`SecretStr`, `SecretBytes` and `Secret[…]`."""

from datetime import date

from pydantic import BaseModel, Field, Secret, SecretBytes, SecretStr, field_serializer


class Login(BaseModel):
    user: str
    password: SecretStr
    key: SecretBytes | None = None
    pin: SecretStr = Field("0000", min_length=4)
    token: SecretStr = SecretStr("default")


class Dumped(BaseModel):
    password: SecretStr

    @field_serializer("password", when_used="json")
    def dump_secret(self, value):
        return value.get_secret_value()


class Birthday(BaseModel):
    date: Secret[date]


def example_secrets():
    login = Login(user="a", password="p", key=b"k")
    return (
        login,
        login.password.get_secret_value(),
        str(login.password),
        len(login.password),
        login.model_dump(),
    )


def example_equal():
    return (
        SecretStr("a") == SecretStr("a"),
        hash(SecretStr("a")) == hash(SecretStr("a")),
        Dumped(password="x").model_dump_json(),
    )


def example_isinstance():
    return isinstance(Login(user="a", password="p").password, SecretStr), Birthday(
        date="2024-01-01"
    ).date.get_secret_value()
