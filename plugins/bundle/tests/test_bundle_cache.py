"""Artifacts of earlier builds are used again, and deleted only when no build uses the cache."""

import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path

from lambda_bundle.bundle import make_bundles
from lambda_bundle.cache import ENTRIES_MAX
from requests_for import request_for


def entries(tmp_path: Path) -> set[Path]:
    """Return the entries of the cache."""
    return set((tmp_path / "cache").iterdir())


def add_old_entries(tmp_path: Path, count: int) -> set[Path]:
    """Add entries that are older than what a test makes, the first one being the oldest."""
    added = [tmp_path / "cache" / f"{number:03}" for number in range(count)]
    for number, entry in enumerate(added):
        entry.mkdir(parents=True)
        os.utime(entry, (number, number))
    return set(added)


def test_an_unchanged_artifact_comes_from_the_cache(tmp_path: Path) -> None:
    request = request_for(tmp_path, {"handler.py": "f = 1"})
    first = make_bundles(request)
    (entry,) = entries(tmp_path)
    before = (entry / "artifact.zip").stat().st_mtime_ns
    assert make_bundles(request) == first
    assert (entry / "artifact.zip").stat().st_mtime_ns == before
    make_bundles(request_for(tmp_path, {"handler.py": "f = 2"}))
    assert len(entries(tmp_path)) == 2


def test_only_functions_that_reach_a_changed_file_are_bundled_again(tmp_path: Path) -> None:
    files = {"handler.py": "import shared", "shared.py": "", "other.py": "def g(): ...\n"}
    request = request_for(tmp_path, files)
    request["functions"].append({**request["functions"][0], "name": "g", "handler": "other.g"})

    def entries_after_build() -> int:
        make_bundles(request)
        return len(entries(tmp_path))

    assert entries_after_build() == 2
    request_for(tmp_path, {**files, "unreached.py": ""})
    assert entries_after_build() == 2
    request_for(tmp_path, {**files, "other.py": "def g(): pass\n"})
    assert entries_after_build() == 3
    request_for(tmp_path, {**files, "shared.py": "x = 1\n"})
    assert entries_after_build() == 4


def test_the_least_recently_used_entries_are_deleted(tmp_path: Path) -> None:
    request = request_for(tmp_path, {"handler.py": ""})
    make_bundles(request)
    (used,) = entries(tmp_path)
    os.utime(used, (0, 0))
    old = add_old_entries(tmp_path, ENTRIES_MAX)
    make_bundles(request)
    assert entries(tmp_path) == {used, *sorted(old)[1:]}


def test_stray_files_in_the_cache_do_not_fail_a_build(tmp_path: Path) -> None:
    old = sorted(add_old_entries(tmp_path, ENTRIES_MAX + 2))
    for stray, make in ((old[0], Path.touch), (old[1], lambda path: path.symlink_to("nowhere"))):
        stray.rmdir()
        make(stray)
        os.utime(stray, (0, 0), follow_symlinks=False)
    make_bundles(request_for(tmp_path, {"handler.py": ""}))
    assert set(old) - entries(tmp_path) == {old[2]}


def test_entries_of_the_build_itself_are_never_deleted(tmp_path: Path) -> None:
    request = request_for(tmp_path, {"handler.py": ""})
    function = request["functions"][0]
    names = [f"f{number}" for number in range(ENTRIES_MAX + 1)]
    request["functions"] = [{**function, "name": name} for name in names]
    assert [each["function"] for each in make_bundles(request)] == names
    assert len(entries(tmp_path)) == len(names)


def test_nothing_is_deleted_while_another_build_uses_the_cache(tmp_path: Path) -> None:
    old = add_old_entries(tmp_path, ENTRIES_MAX + 5)
    request = request_for(tmp_path, {"handler.py": ""})
    another_build = os.open(tmp_path / "cache", os.O_RDONLY)
    fcntl.flock(another_build, fcntl.LOCK_SH)
    make_bundles(request)
    assert old < entries(tmp_path)
    os.close(another_build)
    make_bundles(request)
    assert len(entries(tmp_path)) == ENTRIES_MAX


def test_an_entry_that_is_not_whole_is_made_again(tmp_path: Path) -> None:
    request = request_for(tmp_path, {"handler.py": ""})
    (first,) = make_bundles(request)
    artifact = Path(first["artifact"]).read_bytes()
    (entry,) = entries(tmp_path)
    for damage in (
        (entry / "result.json").unlink,
        lambda: (entry / "artifact.zip").write_bytes(b"half"),
        lambda: (entry / "sizes").write_bytes(b""),
    ):
        damage()
        assert make_bundles(request) == [first]
        assert Path(first["artifact"]).read_bytes() == artifact
        assert entries(tmp_path) == {entry}
        assert (entry / "artifact.zip").read_bytes() == artifact


def test_a_cache_that_cannot_be_written_is_not_used(tmp_path: Path) -> None:
    request = request_for(tmp_path, {"handler.py": ""})
    (tmp_path / "cache").write_text("a file")
    (made,) = make_bundles(request)
    assert Path(made["artifact"]).exists()
    del request["cache"]
    assert make_bundles(request) == [made]


def test_a_full_disk_is_an_error_that_leaves_no_half_artifact(tmp_path: Path) -> None:
    request = request_for(tmp_path, {"handler.py": "", "big": os.urandom(3_000_000)})
    limited = (
        "import json, resource, sys; from lambda_bundle.bundle import make_bundles;"
        "from lambda_bundle.problems import BundleError;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))\n"
        "try: make_bundles(json.load(sys.stdin))\n"
        "except BundleError as error: print(error)"
    )
    run = subprocess.run(
        [sys.executable, "-c", limited],
        input=json.dumps(request),
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == f"{tmp_path / 'output/f.zip'} cannot be written: File too large.\n"
    assert not list((tmp_path / "output").iterdir())
    assert not entries(tmp_path)


def test_processes_that_make_the_same_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    request = request_for(tmp_path, {"handler.py": "", "big": os.urandom(300_000)})
    names = [f"f{number}" for number in range(20)]
    request["functions"] = [{**request["functions"][0], "name": name} for name in names]
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "lambda_bundle", "request"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        for _ in range(3)
    ]
    for number, process in enumerate(processes):
        assert process.stdin
        json.dump({**request, "output": str(tmp_path / str(number))}, process.stdin)
        process.stdin.close()
    for process in processes:
        assert process.wait(60) == 0
    made = [
        {path.name: path.read_bytes() for path in (tmp_path / str(number)).iterdir()}
        for number in range(3)
    ]
    assert made[0] == made[1] == made[2]
    assert len(made[0]) == 2 * len(names)
    assert len(entries(tmp_path)) == len(names)
