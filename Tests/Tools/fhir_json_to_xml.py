#!/usr/bin/env python3
"""Turns FHIR JSON into FHIR XML, keeping the order of the JSON.

For tests only: an independent second opinion on how the two encodings correspond (FHIR R4, 2.6.1 and 2.6.2).
Reads pairs of lines, the JSON file and the XML file to write, from standard input.
"""
import json
import sys
from xml.sax.saxutils import escape, quoteattr


class Number(str):
    """A number as it was written."""


def text(value):
    if value is True:
        return "true"
    if value is False:
        return "false"
    return str(value)


def attribute(name, value):
    quoted = quoteattr(text(value), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
    return f" {name}={quoted}"


def is_resource(value):
    return isinstance(value, dict) and "resourceType" in value


def element(name, value, companion, out):
    """Writes one element: a resource, markup, a complex value or a primitive with its companion."""
    if is_resource(value):
        out.append(f"<{name}>")
        resource(value, out, False)
        out.append(f"</{name}>")
    elif name == "div" and isinstance(value, str):
        out.append(value)
    else:
        holder = value if isinstance(value, dict) else (companion or {})
        attributes = "".join(attribute(key, holder[key]) for key in ("id", "url") if plain_attribute(name, key, holder))
        if not isinstance(value, dict) and value is not None:
            attributes += attribute("value", value)
        out.append(f"<{name}{attributes}>")
        members(name, holder, out, False)
        out.append(f"</{name}>")


def plain_attribute(name, key, holder):
    """`id` of every element is an attribute; `url` only of extensions."""
    of_extension = key == "url" and name in ("extension", "modifierExtension")
    return key in holder and (key == "id" or of_extension)


def members(name, holder, out, of_resource):
    done = set()
    for key in holder:
        base = key[1:] if key.startswith("_") else key
        if base in done or key in ("resourceType", "fhir_comments"):
            continue
        done.add(base)
        if not of_resource and plain_attribute(name, base, holder):
            continue
        values, companions = holder.get(base), holder.get("_" + base)
        if isinstance(values, list) or isinstance(companions, list):
            values, companions = values or [], companions or []
            for index in range(max(len(values), len(companions))):
                value = values[index] if index < len(values) else None
                companion = companions[index] if index < len(companions) else None
                if value is not None or companion is not None:
                    element(base, value, companion, out)
        elif values is not None or companions is not None:
            element(base, values, companions, out)


def resource(value, out, is_root):
    name = value["resourceType"]
    namespace = ' xmlns="http://hl7.org/fhir"' if is_root else ""
    out.append(f"<{name}{namespace}>")
    members(name, value, out, True)
    out.append(f"</{name}>")


def convert(source, target):
    with open(source, encoding="utf-8-sig") as file:
        value = json.load(file, parse_float=Number, parse_int=Number)
    out = []
    resource(value, out, True)
    with open(target, "w", encoding="utf-8", newline="") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n' + "".join(out))


if __name__ == "__main__":
    lines = sys.stdin.read().splitlines()
    for source, target in zip(lines[::2], lines[1::2]):
        convert(source, target)
