"""Old Excel workbooks (.xls) made byte by byte: what is written today no longer writes them.

The records are those of BIFF8 ([MS-XLS] §2.4), in a compound file of sectors of 512 bytes ([MS-CFB] §2).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def xls(
    sheets: Mapping[str, Sequence[Sequence[str | float]]], *, streams: Sequence[str] = (), locked: bool = False
) -> bytes:
    """Return an .xls with these sheets; `streams` are further names in its directory."""
    return compound({"Workbook": stream(sheets, locked=locked), **dict.fromkeys(streams, b"x" * 4096)})


def stream(sheets: Mapping[str, Sequence[Sequence[str | float]]], *, locked: bool) -> bytes:
    bodies = [_sheet(rows) for rows in sheets.values()]
    head = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    if locked:
        head += _record(0x002F, struct.pack("<HHH", 1, 1, 1) + bytes(48))
    names = [_record(0x0085, struct.pack("<IBB", 0, 0, 0) + _short(name)) for name in sheets]
    place = len(head) + sum(map(len, names)) + 4
    bounds = b""
    for name, body in zip(sheets, bodies, strict=True):
        bounds += _record(0x0085, struct.pack("<IBB", place, 0, 0) + _short(name))
        place += len(body)
    return head + bounds + _record(0x000A, b"") + b"".join(bodies)


def _sheet(rows: Sequence[Sequence[str | float]]) -> bytes:
    found = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            if isinstance(cell, str):
                text = struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le")
                found += _record(0x0204, struct.pack("<HHH", y, x, 0) + text) if cell else b""
            else:
                found += _record(0x0203, struct.pack("<HHHd", y, x, 0, cell))
    return found + _record(0x000A, b"")


def _short(name: str) -> bytes:
    return struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def compound(streams: Mapping[str, bytes]) -> bytes:
    """Return a compound file with these streams, each padded to at least 4096 bytes."""
    contents = {name: data.ljust(max(4096, -(-len(data) // SECTOR) * SECTOR), b"\0") for name, data in streams.items()}
    directory = -(-(len(contents) + 1) // 4)
    sectors = sum(len(data) // SECTOR for data in contents.values()) + directory
    tables = 1
    while tables * 128 < sectors + tables:
        tables += 1
    chain: list[int] = [FAT] * tables
    chain += [tables + n + 1 for n in range(directory - 1)] + [END]
    entries = [_entry("Root Entry", 5, END, 0, child=1)]
    start = tables + directory
    for number, (name, data) in enumerate(contents.items(), 1):
        count = len(data) // SECTOR
        after = number + 1 if number < len(contents) else FREE
        entries.append(_entry(name, 2, start, len(data), after=after))
        chain += [start + n + 1 for n in range(count - 1)] + [END]
        start += count
    chain += [FREE] * (tables * 128 - len(chain))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, tables, tables, 0, 4096, END, 0, END, 0)
    header += b"".join(struct.pack("<I", n if n < tables else FREE) for n in range(109))
    body = struct.pack(f"<{len(chain)}I", *chain) + b"".join(entries).ljust(directory * SECTOR, b"\0")
    return header + body + b"".join(contents.values())


def _entry(name: str, kind: int, start: int, size: int, *, child: int = FREE, after: int = FREE) -> bytes:
    written = (name + "\0").encode("utf-16-le")
    links = struct.pack("<III", FREE, after, child)
    return (
        written.ljust(64, b"\0")
        + struct.pack("<HBB", len(written), kind, 1)
        + links
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
