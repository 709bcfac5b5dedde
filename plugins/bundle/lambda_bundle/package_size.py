"""Tells packages that are too large to be bundled: a mistake, such as a packaged `.venv`."""

from collections import Counter
from collections.abc import Mapping

from lambda_bundle.problems import BundleError

# The bundler holds a package in memory. Lambda takes 250 MB, so this is never meant.
UNZIPPED_MAX_BYTES = 1_000_000_000
FOLDERS_MAX = 3  # That the message names.


class TooLargeError(BundleError):
    """Raised when a package is too large to be read; the message names its largest folders."""


def check_size(sizes: Mapping[str, int]) -> None:
    """Check the sizes of a package's files, in bytes by path.

    Raises:
        TooLargeError: together they are too large.
    """
    total_bytes = sum(sizes.values())
    if total_bytes <= UNZIPPED_MAX_BYTES:
        return
    folders: Counter[str] = Counter()
    for path, size_bytes in sizes.items():
        folders[path.partition("/")[0]] += size_bytes
    largest = [f"{name} ({_gigabytes(size)})" for name, size in folders.most_common(FOLDERS_MAX)]
    raise TooLargeError(
        f"the package has {_gigabytes(total_bytes)} unzipped, and Lambda takes 0.25 GB. The "
        f"largest in it: {', '.join(largest)}. Exclude what the function does not need."
    )


def _gigabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1e9:.2f} GB"
