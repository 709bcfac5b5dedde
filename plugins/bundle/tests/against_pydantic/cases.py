"""The cases of the corpus: each a module, or a folder of modules, in the folder of its chapter."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).parents[1]
CORPUS = TESTS / "corpus"
NEEDS = re.compile(r"^# Needs pydantic (\d+)\.(\d+)\.$", re.MULTILINE)


@dataclass(frozen=True)
class Case:
    """One feature: a module, or a folder of modules."""

    chapter: str
    name: str
    paths: tuple[str, ...]
    feature: str
    needs: tuple[int, int]

    @property
    def modules(self) -> list[str]:
        """The names of its modules."""
        return [module_name(path) for path in self.paths]


def module_name(path: str) -> str:
    """Return the dotted name of the module with this path."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def list_cases() -> list[Case]:
    """Return all cases, in the order of their paths."""
    return list(_find())


def _find() -> Iterator[Case]:
    for chapter in sorted(path for path in CORPUS.iterdir() if (path / "__init__.py").exists()):
        for path in sorted(chapter.iterdir()):
            if path.is_dir() and (path / "__init__.py").exists():
                yield _case(path / "__init__.py", sorted(path.rglob("*.py")))
            elif path.suffix == ".py" and path.name != "__init__.py":
                yield _case(path, [path])


def _case(described: Path, paths: list[Path]) -> Case:
    source = described.read_text(encoding="utf-8")
    feature = ast.get_docstring(ast.parse(source))
    assert feature, f"{described} has no docstring, which is the name of its feature"
    major, minor = found.groups() if (found := NEEDS.search(source)) else ("2", "11")
    relative = [str(path.relative_to(TESTS)) for path in paths]
    chapter, name = module_name(relative[0]).split(".")[1:3]
    return Case(chapter, name, tuple(relative), " ".join(feature.split()), (int(major), int(minor)))
