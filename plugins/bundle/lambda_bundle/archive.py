"""The zip that Lambda runs: the same bytes from the same files."""

import io
import stat
import zipfile
from collections.abc import Container

EPOCH = (1980, 1, 1, 0, 0, 0)  # The earliest time that a zip can hold.
# `npm start` builds for this machine at every save, so there speed matters more than size. For
# Lambda, level 9 would take twice as long as 6 and save 0.4 %.
COMPRESSION_LEVELS = {"lambda": 6, "machine": 1}


def make_zip(
    files: dict[str, bytes],
    executable: Container[str] = (),
    level: int = 6,
    links: Container[str] = (),
) -> bytes:
    """Return the zip of files, contents by path; those in `executable` have mode 755.

    The contents of `links` are what symbolic links point to.

    Paths are sorted, and times and modes are fixed, so that the same files make the same bytes:

        make_zip({"handler.py": b"...", "bin/tool": b"..."}, executable={"bin/tool"})
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as out:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, EPOCH)
            entry.create_system = 3  # Unix, whatever the build machine.
            mode = 0o100755 if path in executable else 0o100644
            entry.external_attr = (stat.S_IFLNK | 0o777 if path in links else mode) << 16
            out.writestr(entry, files[path], zipfile.ZIP_DEFLATED, level)
    return buffer.getvalue()
