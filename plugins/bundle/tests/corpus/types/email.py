"""`EmailStr` and `NameEmail`."""

from pydantic import BaseModel, EmailStr, NameEmail


class Contact(BaseModel):
    email: EmailStr
    named: NameEmail | None = None
    others: list[EmailStr] = []


def example_contacts():
    contact = Contact(email="Ann@Example.COM", named="Ann <ann@example.com>")
    return contact, contact.named.name, contact.model_dump_json(), str(contact.named)


def example_wrong():
    return Contact(email="not an address", others=["a@b", "ann@localhost"])
