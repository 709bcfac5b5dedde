from pydantic import BaseModel


class Reply(BaseModel):
    status: int = 200
    body: str = ""
