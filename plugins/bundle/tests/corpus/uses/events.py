"""API Gateway and SQS events as strangers model them."""

from typing import Any, Literal, Optional

from pydantic import BaseModel, ConfigDict, Field, Json, field_validator


class Body(BaseModel):
    order_id: str = Field(alias="orderId")
    quantity: int = Field(ge=1, le=100)


class RequestContext(BaseModel):
    model_config = ConfigDict(extra="allow")
    requestId: str
    stage: Optional[str] = None


class ApiGatewayEvent(BaseModel):
    httpMethod: Literal["GET", "POST", "PUT"]
    path: str
    headers: dict[str, str] = {}
    queryStringParameters: Optional[dict[str, str]] = None
    requestContext: RequestContext
    body: Optional[Json[Body]] = None

    @field_validator("headers", mode="before")
    @classmethod
    def lower(cls, value: Any) -> Any:
        return (
            {key.lower(): each for key, each in value.items()} if isinstance(value, dict) else value
        )


class SqsRecord(BaseModel):
    messageId: str
    body: Json[Any]
    attributes: dict[str, str] = {}


class SqsEvent(BaseModel):
    Records: list[SqsRecord]


def example_event():
    event = {
        "httpMethod": "POST",
        "path": "/orders",
        "headers": {"Content-Type": "application/json"},
        "requestContext": {"requestId": "1", "identity": {"sourceIp": "::1"}},
        "body": '{"orderId": "a", "quantity": 3}',
        "isBase64Encoded": False,
    }
    parsed = ApiGatewayEvent(**event)
    return parsed, parsed.body.order_id, ApiGatewayEvent(**{**event, "body": '{"quantity": 0}'})
