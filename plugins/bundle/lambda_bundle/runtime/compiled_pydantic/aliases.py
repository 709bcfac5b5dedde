"""Aliases. A compiled schema has them written down; these are for other code that names them."""


class AliasPath:
    """A path of keys and indexes to a value."""

    def __init__(self, first_arg, *args):
        self.path = [first_arg, *args]

    def __eq__(self, other):
        return self.path == other.path if isinstance(other, AliasPath) else NotImplemented

    __hash__ = None

    def __repr__(self):
        return f"AliasPath(path={self.path!r})"


class AliasChoices:
    """Aliases of which the first that is found counts."""

    def __init__(self, first_choice, *choices):
        self.choices = [first_choice, *choices]

    def __eq__(self, other):
        return self.choices == other.choices if isinstance(other, AliasChoices) else NotImplemented

    __hash__ = None

    def __repr__(self):
        return f"AliasChoices(choices={self.choices!r})"


class AliasGenerator:
    """Functions that make aliases of the names of fields."""

    def __init__(self, alias=None, validation_alias=None, serialization_alias=None):
        self.alias = alias
        self.validation_alias = validation_alias
        self.serialization_alias = serialization_alias
