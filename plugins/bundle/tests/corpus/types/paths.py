"""`Path`, `FilePath`, `DirectoryPath` and `NewPath`."""

from pathlib import Path, PurePosixPath

from pydantic import BaseModel, DirectoryPath, FilePath, NewPath


class Files(BaseModel):
    path: Path
    pure: PurePosixPath = PurePosixPath("a/b")
    default: Path = Path("config.toml")


class Checked(BaseModel):
    file: FilePath | None = None
    folder: DirectoryPath | None = None
    new: NewPath | None = None


def example_paths():
    return (
        Files(path="a").path / "b",
        Checked(folder="/"),
        Checked(file="/nothing/there"),
        Checked(new="/"),
    )
