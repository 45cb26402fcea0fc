"""The SVG of Matplotlib, made fit to stand within the page, and small: the page holds many of them.

    inlined(text, prefix)      style attributes become presentation attributes (the page's policy allows no other styles), the ink
                               becomes the colour of the page's text, names get a prefix of their own

Then what is not seen goes, nothing else: white space and groups without a purpose, names that nothing uses, digits beyond a
hundredth of a point; what neighbours share is said once, by the group around them; strokes of one style become one path; texts,
which stand above everything else, come last.
"""

from __future__ import annotations

import itertools
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping

INK = "#0c0d0e"  # on the page: the colour of its text
SVG = "http://www.w3.org/2000/svg"
LINK = "{http://www.w3.org/1999/xlink}href"
FONT = re.compile(r"(?:[a-z0-9 ]*?)(?P<size>[0-9.]+)px\b")
NUMBERS = {"d", "x", "y", "width", "height", "transform", "points"}
NUMBER = re.compile(r"-?[0-9]+\.[0-9]+")
BETWEEN = re.compile(r"\s*([A-Za-z])\s*|\s+")
INHERITED = {
    "fill",
    "stroke",
    "stroke-width",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-dasharray",
    "font-size",
    "text-anchor",
}
ROOT = {
    "stroke-linejoin": "round",
    "stroke-linecap": "butt",
    "font-family": "system-ui, 'DejaVu Sans', Arial, sans-serif",
    "fill": "currentColor",
}


def inlined(text: str, prefix: str) -> str:
    """The SVG as an element of the page."""
    root = ET.fromstring(text)
    _plain(root)
    for key in ("width", "height", "version"):
        root.attrib.pop(key, None)
    root.attrib.update(ROOT)
    _thinned(root)
    _texts_last(root)
    targets = {element.get("id"): element for element in root.iter() if "id" in element.attrib}
    for use in root.iter("use"):
        target = targets.get(use.get("href", "")[1:])
        for key in INHERITED & set(use.attrib) & set(target.attrib if target is not None else ()):
            use.attrib.pop(key)  # what is used says it itself
    _strokes_joined(root)
    _said_once(root)
    _unsaid(root, ROOT)
    _flattened(root)
    _named(root, prefix)
    return ET.tostring(root, encoding="unicode").replace(" />", "/>")


# In the page's own terms -------------------------------------------------------------------------------


def _plain(root: ET.Element) -> None:
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in (f"{{{SVG}}}style", f"{{{SVG}}}metadata"):
                parent.remove(child)
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{{{SVG}}}")
        for key, value in _attributes(element.attrib.pop("style", "")):
            element.set(key, value)
        if LINK in element.attrib:
            element.set("href", element.attrib.pop(LINK))
        for key, value in element.attrib.items():
            if value == INK:
                element.set(key, "currentColor")


def _attributes(style: str) -> Iterator[tuple[str, str]]:
    """The declarations of a style as presentation attributes; of a font only its size, the rest is the page's."""
    for declaration in filter(None, map(str.strip, style.split(";"))):
        key, _, value = (part.strip() for part in declaration.partition(":"))
        if key == "font":
            size = FONT.match(value)
            if size is not None:
                yield "font-size", size["size"]
        else:
            yield key, value


def _named(root: ET.Element, prefix: str) -> None:
    """The names that are used, short and with the prefix; the others go."""
    written = ET.tostring(root, encoding="unicode")
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', written))
    found = [element.attrib["id"] for element in root.iter() if element.get("id") in used]
    names = {name: f"{prefix}-{number}" for number, name in enumerate(found)}
    for element in root.iter():
        name = element.attrib.pop("id", "")
        if name in names:
            element.set("id", names[name])
        for key, value in element.attrib.items():
            if key == "href":
                element.set(key, f"#{names[value[1:]]}")
            elif value.startswith("url(#"):
                element.set(key, f"url(#{names[value[5:-1]]})")


# What is not seen --------------------------------------------------------------------------------------


def _thinned(element: ET.Element) -> None:
    for child in list(element):
        _thinned(child)
    element[:] = [kept for child in element for kept in _kept(child)]
    if element.get("transform", "").startswith("rotate(-0 "):
        element.attrib.pop("transform")
    if element.tag == "g":
        element.attrib.pop("id", None)
    if element.tag != "svg":
        element.attrib.pop("font-family", None)
    for key in NUMBERS & set(element.attrib):
        shorter = NUMBER.sub(lambda number: _hundredths(number[0]), element.attrib[key])
        element.set(key, BETWEEN.sub(lambda m: m[1] or " ", shorter).strip() if key == "d" else " ".join(shorter.split()))
    if element.tag not in ("text", "tspan"):
        element.text = None
    element.tail = None


def _kept(child: ET.Element) -> list[ET.Element]:
    """The child, what is in it, or nothing."""
    if child.tag == "g" and not child.attrib:
        return list(child)
    if child.tag == "defs" and not len(child):
        return []
    unseen = child.tag == "path" and child.get("fill") == "none" and "stroke" not in child.attrib and "id" not in child.attrib
    return [] if unseen else [child]


def _hundredths(number: str) -> str:
    shorter = f"{float(number):.2f}".rstrip("0").rstrip(".")
    return "0" if shorter == "-0" else shorter


# Once for all ------------------------------------------------------------------------------------------


def _texts_last(element: ET.Element) -> None:
    for child in element:
        _texts_last(child)
    if element.tag in ("svg", "g"):
        element[:] = sorted(element, key=lambda child: child.tag == "text")


def _strokes_joined(element: ET.Element) -> None:
    """Neighbours that are strokes of one style become one path; where they are seen through, an overlap would show."""
    made: list[ET.Element] = []
    for child in element:
        _strokes_joined(child)
        last = made[-1] if made else None
        if last is not None and _stroke(last) is not None and _stroke(last) == _stroke(child):
            last.set("d", last.attrib["d"] + child.attrib["d"])
        else:
            made.append(child)
    element[:] = made


def _stroke(element: ET.Element) -> dict[str, str] | None:
    if element.tag != "path" or element.get("fill") != "none" or any("opacity" in key or key == "id" for key in element.attrib):
        return None
    return {key: value for key, value in element.attrib.items() if key != "d"}


def _said_once(element: ET.Element) -> None:
    """What is the same in a row of neighbours is said by a group around them, or by the parent if they are all that it has."""
    for child in element:
        _said_once(child)
    if element.tag not in ("svg", "g"):
        return
    made: list[ET.Element] = []
    for kind, row in itertools.groupby(element, key=_style):
        run = list(row)
        if len(run) < 2 or not kind:
            made.extend(run)
            continue
        for one in run:
            for key, _ in kind:
                one.attrib.pop(key)
        if element.tag == "g" and len(run) == len(element) and not {key for key, _ in kind} & set(element.attrib):
            element.attrib.update(kind)
            made.extend(run)
        else:
            group = ET.Element("g", dict(kind))
            group[:] = run
            made.append(group)
    element[:] = made


def _style(element: ET.Element) -> tuple[tuple[str, str], ...]:
    """What a group can say for the element; a clip path moves with a transformation, so it stays with one."""
    if element.tag not in ("use", "text", "path", "rect", "g"):
        return ()
    keys = INHERITED | ({"clip-path"} if "transform" not in element.attrib else set())
    return tuple(sorted((key, element.attrib[key]) for key in keys & set(element.attrib)))


def _unsaid(element: ET.Element, above: Mapping[str, str]) -> None:
    """Leaves out what the elements around it say already; what is defined for use elsewhere says all of it."""
    here = dict(above)
    for key in sorted(INHERITED & set(element.attrib)):
        if element.tag != "svg" and above.get(key) == element.attrib[key]:
            element.attrib.pop(key)
        else:
            here[key] = element.attrib[key]
    if element.tag not in ("defs", "clipPath"):
        for child in element:
            _unsaid(child, here)


def _flattened(element: ET.Element) -> None:
    """Groups that have nothing left to say go."""
    for child in element:
        _flattened(child)
    element[:] = [kept for child in element for kept in _kept(child)]
