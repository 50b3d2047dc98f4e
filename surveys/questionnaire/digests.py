"""Fingerprints and base64, as XForms 1.1 §7.8.2 and the ODK XForms specification give them."""

from __future__ import annotations

import base64
import binascii
import hashlib

_ALGORITHMS = {
    "MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512",
}  # fmt: skip


def digest(source: str, algorithm: str, encoding: str = "base64") -> str:
    """Return the fingerprint of the text in UTF-8; '' for an algorithm or encoding the specification does not name."""
    name = _ALGORITHMS.get(algorithm.strip().upper())
    if name is None:
        return ""
    found = hashlib.new(name, source.encode(), usedforsecurity=False)
    match encoding.strip().lower():
        case "hex":
            return found.hexdigest()
        case "base64":
            return base64.b64encode(found.digest()).decode("ascii")
        case _:
            return ""


def decoded(source: str) -> str:
    """Return the text that is base64 of UTF-8, '' if it is none."""
    try:
        return base64.b64decode(source, validate=True).decode()
    except (binascii.Error, ValueError):
        return ""
