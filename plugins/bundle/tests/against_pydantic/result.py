"""What became of a case of the corpus."""

from dataclasses import dataclass, field


@dataclass
class Result:
    """The outcome is "compiled", "different" or "kept"; "skipped" by an older pydantic."""

    case: str
    feature: str
    outcome: str
    reason: str = ""
    differences: list[str] = field(default_factory=list)
    seconds: float = 0.0
