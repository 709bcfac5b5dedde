"""A base model with camel case aliases, `populate_by_name`, nested in requests and responses."""

from datetime import datetime, timezone
from typing import Optional

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class CamelModel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, from_attributes=True)


class OrderLine(CamelModel):
    product_id: str
    unit_price: float = 0.0


class Order(CamelModel):
    order_id: int
    order_lines: list[OrderLine] = []
    created_at: datetime = datetime(2024, 1, 1, tzinfo=timezone.utc)
    shipped_at: Optional[datetime] = None

    @property
    def total(self) -> float:
        return sum(line.unit_price for line in self.order_lines)


def example_orders():
    order = Order.model_validate(
        {"orderId": "1", "order_lines": [{"productId": "a", "unitPrice": "2.5"}]}
    )
    return (
        order,
        order.total,
        order.model_dump(by_alias=True, exclude_none=True),
        order.model_dump_json(by_alias=True),
    )
