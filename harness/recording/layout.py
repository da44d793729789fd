"""White space in JSON: what a person reads on tape, and what a comparison ignores.

Only white space is ever touched. Numbers keep their digits and keys their order, because the order of
the keys in an action is part of what the SDK signs.
"""

import json
import re

# The last alternative is the quote of a string that does not end, which is no JSON.
_NOT_SPACE = re.compile(r'"(?:[^"\\]|\\.)*"|[^ \t\n\r"]+|"')
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
# YAML keeps a literal block only if it is printable ASCII.
_NOT_PLAIN = re.compile(r"[^\x20-\x7e]")

LINE_WIDTH = 110


def squeeze(text: str) -> str:
    """Return JSON `text` without white space outside its strings; two bodies are equal if these are."""
    return "".join(_NOT_SPACE.findall(text))


def canonical(text: str) -> str:
    """Return `text` as requests are compared: JSON without white space and in ASCII, other text as it is."""
    if text[:1] not in ("{", "["):
        return text
    # What is sent now mostly is so already: to see that takes a hundredth of the two substitutions.
    if text.isascii() and text.isprintable() and " " not in text:
        return text
    return _NOT_PLAIN.sub(_escape, squeeze(text))


def lay_out(text: str) -> str:
    """Return `text` as it is written to tape: JSON objects and lists spread out, other text as it is."""
    if text[:1] not in ("{", "["):
        return text
    try:
        json.loads(text)
    except ValueError:
        return text
    return spread(text)


def spread(text: str) -> str:
    """Return JSON `text` laid out for reading: what fits on a line stays on one, the rest is broken.

    Characters outside printable ASCII become escapes; they can only stand inside strings.
    """
    tokens = _TOKENS.findall(_NOT_PLAIN.sub(_escape, squeeze(text)))
    lines, position = _value(tokens, 0, LINE_WIDTH)
    if position != len(tokens):
        raise ValueError("text after the first JSON value")
    return "\n".join(lines)


def _escape(match: re.Match[str]) -> str:
    units = match.group().encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


def _value(tokens: list[str], at: int, width: int) -> tuple[list[str], int]:
    """Lay out the value that starts at token `at`; return its lines and the token after it."""
    opening = tokens[at]
    if opening not in "{[":
        return [opening], at + 1
    closing = "}" if opening == "{" else "]"
    items: list[list[str]] = []
    at += 1
    while tokens[at] != closing:
        if tokens[at] == ",":
            at += 1
        prefix = ""
        if opening == "{":
            prefix, at = f"{tokens[at]}: ", at + 2
        lines, at = _value(tokens, at, width - 2)
        items.append([prefix + lines[0], *lines[1:]])
    at += 1
    if all(len(lines) == 1 for lines in items):
        line = opening + ", ".join(lines[0] for lines in items) + closing
        if len(line) <= width:
            return [line], at
    laid_out = [opening]
    for number, lines in enumerate(items):
        comma = "," if number < len(items) - 1 else ""
        laid_out += [f"  {line}" for line in lines[:-1]]
        laid_out.append(f"  {lines[-1]}{comma}")
    laid_out.append(closing)
    return laid_out, at
