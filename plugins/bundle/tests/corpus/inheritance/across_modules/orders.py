from . import base
from .base import DEFAULT, ApiModel


class Order(base.Entity):
    order_lines: list["Line"] = []
    parent_entity: base.Entity = DEFAULT


class Line(ApiModel):
    product_name: str
    unit_count: int = 1


Order.model_rebuild()


def total(order: Order) -> int:
    return sum(line.unit_count for line in order.order_lines)


def example_orders():
    order = Order(entityId=2, orderLines=[{"productName": "a", "unit_count": 3}])
    return order, total(order), order.model_dump_json(by_alias=True), isinstance(order, base.Entity)
