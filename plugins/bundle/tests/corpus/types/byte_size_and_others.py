"""`ByteSize`, `PaymentCardNumber`-less numbers, `Base64Str`, `ImportString`, `Color`-less texts."""

from pydantic import Base64Bytes, Base64Str, Base64UrlStr, BaseModel, ByteSize, ImportString


class Sizes(BaseModel):
    size: ByteSize = ByteSize(1)


class Encoded(BaseModel):
    text: Base64Str = ""
    data: Base64Bytes = b""
    url: Base64UrlStr = ""


class Imported(BaseModel):
    function: ImportString = "math.cos"


def example_sizes():
    size = Sizes(size="1.5 MiB").size
    return size, size.human_readable(), size.to("KB"), Encoded(text="aGVsbG8="), Encoded(text="x")


def example_imported():
    import math

    return Imported(function="math.sqrt").function is math.sqrt, Imported(function="nothing.there")
