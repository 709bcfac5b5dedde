from corpus.uses.star_imports import Item, Items, make


def example_items():
    return Items(items=[make("x"), {"name": "y"}]), Item(name="")
