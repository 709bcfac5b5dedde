"""`UUID` and `UUID4` and their kin."""

import uuid

from pydantic import UUID1, UUID4, UUID7, BaseModel


class Ids(BaseModel):
    id: uuid.UUID
    four: UUID4 | None = None
    one: UUID1 | None = None
    seven: UUID7 | None = None
    default: uuid.UUID = uuid.UUID("12345678-1234-4678-9234-567812345678")
