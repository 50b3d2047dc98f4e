"""A place stated as coordinates: "31.128, 104.399", "北纬31.128 东经104.399", or sent from the map."""

from __future__ import annotations

import re

_NUMBER = r"[+-]?\d{1,3}(?:\.\d{1,12})?"
_PAIR = re.compile(rf"\(?(?P<lat>{_NUMBER})\s*[,;\s]\s*(?P<lon>{_NUMBER})(?:[\s,;]+{_NUMBER}){{0,2}}\)?")
_NAMED = re.compile(
    rf"(?:北纬|纬度|lat(?:itude)?|n)\s*[:=]?\s*(?P<lat>{_NUMBER})\s*°?\s*n?\s*[,;\s]*"
    rf"(?:东经|经度|lon(?:g(?:itude)?)?|lng|e)\s*[:=]?\s*(?P<lon>{_NUMBER})\s*°?\s*e?"
)
_SIDES = re.compile(rf"(?P<lat>{_NUMBER})\s*°?\s*(?P<ns>[ns])[,;\s]*(?P<lon>{_NUMBER})\s*°?\s*(?P<ew>[ew])")


def read_place(text: str) -> str | None:
    """Return the place a folded text states as `latitude longitude 0 0` (degrees, no height), or None.

    Two whole numbers are no place: they may be a house number, or an answer to something else. Nor is an address: it
    would have to be looked up.
    """
    stated = text.strip(" .!。").replace("、", ",")
    if named := _NAMED.fullmatch(stated):
        return _made(float(named["lat"]), float(named["lon"]))
    if sides := _SIDES.fullmatch(stated):
        latitude = float(sides["lat"]) * (-1 if sides["ns"] == "s" else 1)
        return _made(latitude, float(sides["lon"]) * (-1 if sides["ew"] == "w" else 1))
    pair = _PAIR.fullmatch(stated)
    if pair is None or "." not in pair["lat"] or "." not in pair["lon"]:
        return None
    return _made(float(pair["lat"]), float(pair["lon"]))


def _made(latitude: float, longitude: float) -> str | None:
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return f"{latitude:.7f}".rstrip("0").rstrip(".") + " " + f"{longitude:.7f}".rstrip("0").rstrip(".") + " 0 0"
