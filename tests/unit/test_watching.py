"""A saved file is noticed, wherever it lies among what is deployed."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dev.waiting import wait_until
from dev.watching import Watch


@pytest.fixture
def notices(tmp_path: Path) -> Callable[[str, Callable[[], object]], None]:
    """Return what checks that a path is noticed when something is done, however often that takes.

    A watch begins a moment after it is made, and after a folder is: until then nothing is seen.
    """
    for path in ("handler.py", "hello/handler.py", "hello/words/greeting.py", "tests/test.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    watch = Watch(tmp_path)

    def check(path: str, act: Callable[[], object]) -> None:
        def look() -> bool:
            act()
            return Path(path) in watch.wait(0.2)

        wait_until(look, lambda: path)

    return check


def test_a_file_is_noticed_in_every_folder(
    notices: Callable[[str, Callable[[], object]], None], tmp_path: Path
) -> None:
    for path in ("handler.py", "hello/handler.py", "hello/words/greeting.py"):
        notices(path, lambda path=path: (tmp_path / path).write_text("x = 1\n"))  # type: ignore[misc]


def test_a_file_that_takes_the_place_of_another_is_noticed(
    notices: Callable[[str, Callable[[], object]], None], tmp_path: Path
) -> None:
    def save() -> None:
        (tmp_path / "hello/.tmp").write_text("x = 1\n")
        (tmp_path / "hello/.tmp").rename(tmp_path / "hello/handler.py")

    notices("hello/handler.py", save)


def test_a_new_folder_and_one_that_was_replaced_are_watched(
    notices: Callable[[str, Callable[[], object]], None], tmp_path: Path
) -> None:
    shutil.copytree(tmp_path / "hello", tmp_path / "shout")
    notices("shout/handler.py", lambda: (tmp_path / "shout/handler.py").write_text("y = 1\n"))
    shutil.move(tmp_path / "hello", tmp_path.parent / "elsewhere")
    shutil.copytree(tmp_path.parent / "elsewhere", tmp_path / "hello")
    notices("hello/handler.py", lambda: (tmp_path / "hello/handler.py").write_text("z = 1\n"))


def test_what_is_not_deployed_is_not_noticed(tmp_path: Path) -> None:
    for folder in ("tests", "hello", ".git"):
        (tmp_path / folder).mkdir()
    watch = Watch(tmp_path)

    def saved() -> set[Path]:
        for path in ("tests/test.py", ".git/index", "hello/.swap", "hello/a.pyc", "hello/b.py"):
            (tmp_path / path).write_text("x = 1\n")
        return watch.wait(0.2)

    assert wait_until(saved, lambda: "nothing") == {Path("hello/b.py")}
