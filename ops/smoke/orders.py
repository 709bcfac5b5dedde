"""The checks of orders: one that is placed, and what is refused."""

from ops.smoke.api import Response
from ops.smoke.run import JSON, NO_STORE, UNKNOWN_ITEM, UNKNOWN_ORDER, Smoke


def check_orders(smoke: Smoke, item_id: str) -> str | None:
    """Place an order, and return its id. The pipeline may take a moment to process it."""

    def place(quantity: int, *, line_item: str = item_id, purpose: str = "order") -> Response:
        lines = [{"item_id": line_item, "quantity": quantity}]
        body = {"user_id": "smoke-test", "order_items": lines}
        return smoke.call("POST", "/orders", body, has_key=True, headers=smoke.key(purpose))

    smoke.expect("placing an order needs the key", smoke.call("POST", "/orders", {}), 403)
    unknown = place(2, line_item=UNKNOWN_ITEM, purpose="unknown")
    smoke.expect("an unknown item is refused", unknown, 422, headers=NO_STORE)
    placed = place(2)
    members = {"order_status": "ORDERED", "cart_product_status": "PENDING", "order_total": "3.00"}
    smoke.expect("an order is placed", placed, 201, headers=JSON | NO_STORE, members=members)
    order_id = placed.member("order_id")
    if not order_id:
        return None
    path = f"/orders/{order_id}"
    smoke.expect_location(placed, "/orders", path)
    smoke.expect("a replay places nothing", place(2), 201, members={"order_id": order_id})
    smoke.expect("a key with another body is refused", place(3), 422)
    smoke.expect("reading an order needs the key", smoke.call("GET", path), 403)
    known = {"order_id": order_id}
    read = smoke.call("GET", path, has_key=True)
    smoke.expect("an order is read", read, 200, headers=JSON | NO_STORE, members=known)
    head = smoke.call("HEAD", path, has_key=True)
    smoke.expect("HEAD responds", head, 200, headers=JSON | NO_STORE, text="")
    unknown = smoke.call("GET", f"/orders/{UNKNOWN_ORDER}", has_key=True)
    smoke.expect("an unknown order is refused", unknown, 404, headers=NO_STORE)
    return str(order_id)
