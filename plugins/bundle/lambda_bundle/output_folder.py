"""Unzips an artifact to a folder, in the place of what is there; if the output is one."""

import os
import shutil
import stat
import tempfile
import zipfile
from pathlib import Path


def is_zip(output: Path) -> bool:
    """Whether an output is to be a zip, by its name."""
    return output.suffix.lower() == ".zip"


def replace_folder(artifact: Path, output: Path) -> None:
    """Make a folder of an artifact: the whole of it or nothing.

    Raises:
        OSError: it cannot be written; what was there is there again.
    """
    place = output.parent if os.access(output.parent, os.W_OK) else output
    unfinished = Path(tempfile.mkdtemp(dir=place))
    try:
        _unzip(artifact, unfinished / "new")
        if place == output:  # A volume of a container, as CDK has it.
            _move_into(unfinished / "new", output)
        elif output.exists():
            _exchange(unfinished / "new", output, unfinished / "old")
        else:
            (unfinished / "new").rename(output)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _unzip(artifact: Path, folder: Path) -> None:
    folder.mkdir()
    with zipfile.ZipFile(artifact) as archive:
        for entry in archive.infolist():
            path, mode = folder / entry.filename, entry.external_attr >> 16
            path.parent.mkdir(parents=True, exist_ok=True)
            if entry.is_dir():
                path.mkdir(exist_ok=True)
            elif stat.S_ISLNK(mode):
                path.symlink_to(archive.read(entry).decode())
            else:
                with archive.open(entry) as content, path.open("wb") as file:
                    shutil.copyfileobj(content, file)
                path.chmod(stat.S_IMODE(mode) or 0o644)  # Zips of other systems have no modes.


def _exchange(new: Path, output: Path, old: Path) -> None:
    try:
        output.rename(old)
    except OSError:  # A mount point.
        _move_into(new, output)
        return
    try:
        new.rename(output)
    except BaseException:
        old.rename(output)
        raise


def _move_into(new: Path, output: Path) -> None:
    """Move the files of one folder into another, which loses its own."""
    for path in output.iterdir():
        if path not in new.parents:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    for path in new.iterdir():
        path.rename(output / path.name)
