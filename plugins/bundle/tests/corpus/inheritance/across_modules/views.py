from corpus.inheritance.across_modules.orders import Order


class OrderView(Order):
    """Subclasses only, and imports nothing of pydantic."""

    visible: bool = True

    @property
    def label(self) -> str:
        return f"order {self.entity_id}"


def example_view():
    view = OrderView.model_validate({"entityId": "7", "visible": "no"})
    return view, view.label, view.model_dump(by_alias=True, exclude_defaults=True)
