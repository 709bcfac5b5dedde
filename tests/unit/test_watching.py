"""A watch reports each saved file that a deploy reads."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dev.waiting import wait_until
from dev.watching import Watch


@pytest.fixture
def check_reported(tmp_path: Path) -> Callable[[str, Callable[[], object]], None]:
    """Return a function that repeats an action until the watch reports a path.

    It has to repeat it, because a watch misses what happens in the moment before it starts.
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


def test_a_file_in_any_folder_is_reported(
    check_reported: Callable[[str, Callable[[], object]], None], tmp_path: Path
) -> None:
    for path in ("handler.py", "hello/handler.py", "hello/words/greeting.py"):
        check_reported(path, lambda path=path: (tmp_path / path).write_text("x = 1\n"))  # type: ignore[misc]


def test_a_file_that_replaces_another_is_reported(
    check_reported: Callable[[str, Callable[[], object]], None], tmp_path: Path
) -> None:
    def save() -> None:
        (tmp_path / "hello/.tmp").write_text("x = 1\n")
        (tmp_path / "hello/.tmp").rename(tmp_path / "hello/handler.py")

    check_reported("hello/handler.py", save)


def test_new_and_replaced_folders_are_watched(
    check_reported: Callable[[str, Callable[[], object]], None], tmp_path: Path
) -> None:
    shutil.copytree(tmp_path / "hello", tmp_path / "shout")
    check_reported(
        "shout/handler.py", lambda: (tmp_path / "shout/handler.py").write_text("y = 1\n")
    )
    shutil.move(tmp_path / "hello", tmp_path.parent / "elsewhere")
    shutil.copytree(tmp_path.parent / "elsewhere", tmp_path / "hello")
    check_reported(
        "hello/handler.py", lambda: (tmp_path / "hello/handler.py").write_text("z = 1\n")
    )


def test_files_that_are_not_deployed_are_ignored(tmp_path: Path) -> None:
    for folder in ("tests", "hello", ".git"):
        (tmp_path / folder).mkdir()
    watch = Watch(tmp_path)

    def saved() -> set[Path]:
        for path in ("tests/test.py", ".git/index", "hello/.swap", "hello/a.pyc", "hello/b.py"):
            (tmp_path / path).write_text("x = 1\n")
        return watch.wait(0.2)

    assert wait_until(saved, lambda: "nothing") == {Path("hello/b.py")}
