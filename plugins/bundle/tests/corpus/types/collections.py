"""Lists, tuples, sets, dicts, deques, `Sequence`, `Mapping`, `Iterable`, `defaultdict`, `OrderedDict`, `Counter`."""

from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from typing import Deque, Dict, FrozenSet, List, Set, Tuple

from pydantic import BaseModel


class Builtin(BaseModel):
    items: List[int] = []
    pair: Tuple[int, str] | None = None
    many: tuple[int, ...] = ()
    empty: tuple[()] = ()
    unique: Set[int] = set()
    frozen: FrozenSet[str] = frozenset()
    by_name: Dict[str, List[int]] = {}
    plain: list = []


class Abstract(BaseModel):
    sequence: Sequence[int] = ()
    mapping: Mapping[str, int] = {}


class Standard(BaseModel):
    queue: Deque[int] = deque()
    short: deque[int] = deque(maxlen=2)
    default: defaultdict[str, list[int]] = defaultdict(list)
    ordered: OrderedDict[str, int] = OrderedDict()
    counter: Counter[str] = Counter()
    mutable: MutableMapping[str, int] = {}


class Lazy(BaseModel):
    numbers: Iterable[int] = []


def example_lazy():
    lazy = Lazy(numbers=["1", "x", 3])
    return next(iter(lazy.numbers))


def example_default_factory():
    default = Standard(default={"a": ["1"]}).default
    default["new"].append(1)
    return default, Standard(queue=["1"], counter={"a": 2})
