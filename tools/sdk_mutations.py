"""The changes that `sdk_mutants.py` makes: found in a file's syntax tree, made in its text."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple


@dataclass(frozen=True, order=True)
class Mutant:
    """One change: the text from `start` to `end` (in bytes) becomes `replacement`."""

    file: str
    line: int
    start: int
    end: int
    replacement: str
    original: str
    kind: str
    scope: str
    field: str = ""
    nth: int = 1

    @property
    def key(self) -> str:
        """Name the mutant without line numbers, which differ from release to release."""
        scope = self.scope if self.nth == 1 else f"{self.scope}#{self.nth}"
        return f"{self.file} {scope}: {_flat(self.original)} -> {_flat(self.replacement) or 'nothing'}"

    def __str__(self) -> str:
        return f"{self.key}  [{self.file}:{self.line} {self.kind}]"

    def applied(self, source: str) -> str:
        """Return the source with this change in it."""
        text = source.encode()
        return (text[: self.start] + self.replacement.encode() + text[self.end :]).decode()

    def is_another_program(self, source: str) -> bool:
        """Say whether the change leaves a program, and not the same one."""
        try:
            return ast.dump(ast.parse(self.applied(source))) != ast.dump(ast.parse(source))
        except SyntaxError:
            return False


class Named(NamedTuple):
    """A change that a user will try first, and the words one of which must be in the failure."""

    name: str
    file: str
    old: str
    new: str
    field: str


NAMED = (
    Named("trailing zero in a price", "utils/signing.py", '"p": float_to_wire(order["limit_px"])',
          '"p": float_to_wire(order["limit_px"]) + "0"', '.p |"p"'),
    Named("trailing zero in every figure", "utils/signing.py", 'return f"{normalized:f}"',
          'return f"{normalized:f}0"', "float_to_wire|.p |.s "),
    Named("price and size swapped", "utils/signing.py",
          '"p": float_to_wire(order["limit_px"]),\n        "s": float_to_wire(order["sz"]),',
          '"s": float_to_wire(order["sz"]),\n        "p": float_to_wire(order["limit_px"]),',
          'order of keys|"s"'),
    Named("dropped cloid", "utils/signing.py", 'order_wire["c"] = order["cloid"].to_raw()', "pass", "c"),
    Named("cloid dropped in order()", "exchange.py", 'order["cloid"] = cloid', "pass", ".c "),
    Named("rounded to seven decimals", "utils/signing.py", 'f"{x:.8f}"', 'f"{round(x, 7):.8f}"',
          "float_to_wire|.p |.s "),
    Named("rounded behind the check", "utils/signing.py", "Decimal(rounded)",
          'Decimal(f"{x:.7f}")', ".p |.s "),
    Named("nonce of four bytes", "utils/signing.py", 'nonce.to_bytes(8, "big")',
          '(nonce % 2**32).to_bytes(4, "big")', "signature|'r'"),
    Named("lost expiresAfter", "exchange.py", '"expiresAfter": self.expires_after,', "", "expiresAfter"),
    Named("expiresAfter not signed", "utils/signing.py", 'data += expires_after.to_bytes(8, "big")',
          "pass", "signature|'r'"),
    Named("lost vaultAddress", "exchange.py", '"vaultAddress": self.vault_address if',
          '"vaultAddress": None if', "vaultAddress"),
    Named("lost dex", "info.py", '{"type": "allMids", "dex": dex}', '{"type": "allMids"}', "dex"),
    Named("wrong Content-Type", "api.py", '"application/json"', '"text/plain"', "content-type|Content-Type"),
    Named("another path", "exchange.py", '"/exchange"', '"/exchanges"', "uri|exchanges"),
    Named("signers unsorted", "exchange.py", "sorted(authorized_users)", "authorized_users", "signers"),
    Named("builder's case kept", "exchange.py", 'builder["b"].lower()', 'builder["b"]', "builder"),
    Named("signers without blanks", "exchange.py", "json.dumps(signers)",
          'json.dumps(signers, separators=(",", ":"))', "signers"),
    Named("nonce rounded", "utils/signing.py", "int(time.time() * 1000)", "round(time.time() * 1000)",
          "nonce"),
    Named("lost timeout", "api.py", "timeout=self.timeout", "timeout=None", "timeout"),
)  # fmt: skip

_COMPARISONS = {
    ast.Eq: ("!=",), ast.NotEq: ("==",), ast.Lt: ("<=", ">"), ast.LtE: ("<", ">"), ast.Gt: (">=", "<"),
    ast.GtE: (">", "<"), ast.Is: ("is not",), ast.IsNot: ("is",), ast.In: ("not in",), ast.NotIn: ("in",),
}  # fmt: skip
_ARITHMETIC = {ast.Add: "-", ast.Sub: "+", ast.Mult: "/", ast.Div: "*", ast.Pow: "*"}
_SHOWN = 70
_ENVELOPE = {"vault_address": "vaultAddress", "expires_after": "expiresAfter", "timeout": "timeout"}
_SCOPES = (ast.FunctionDef, ast.ClassDef)


class _Text:
    """A file's text, addressed as its syntax tree does: by line and by byte."""

    def __init__(self, source: str) -> None:
        self.raw = source.encode()
        self._lines = [0]
        for line in self.raw.split(b"\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Return where the node stands."""
        start = self._lines[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined]
        return start, self._lines[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined]

    def of(self, node: ast.AST) -> str:
        """Return the node's own text."""
        start, end = self.span(node)
        return self.raw[start:end].decode()


class _Change(NamedTuple):
    start: int
    end: int
    new: str
    kind: str


def mutants(file: str, source: str) -> Iterator[Mutant]:
    """Return every mutant of a file, each once."""
    text, tree = _Text(source), ast.parse(source)
    seen: set[tuple[int, int, str]] = set()
    alike: Counter[tuple[str, str, str]] = Counter()
    for one in NAMED:
        if one.file == file:
            start = len(source[: source.index(one.old)].encode())
            line = source[: source.index(one.old)].count("\n") + 1
            end = start + len(one.old.encode())
            yield Mutant(file, line, start, end, one.new, one.name, "named", "named", one.field)
    for node, scope, field in _visit(tree, "", ""):
        for change in _changes(text, node):
            if change[:3] in seen:
                continue
            seen.add(change[:3])
            original = text.raw[change.start : change.end].decode()
            line = text.raw[: change.start].count(b"\n") + 1
            alike[scope, original, change.new] += 1
            nth = alike[scope, original, change.new]
            yield Mutant(
                file, line, change.start, change.end, change.new, original, change.kind, scope, field, nth
            )


def _visit(node: ast.AST, scope: str, field: str) -> Iterator[tuple[ast.AST, str, str]]:
    """Walk the program, without docstrings, imports, annotations, types and log; with scope and field."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.Expr) and ast.unparse(node).startswith("logging.debug("):
        return
    if scope == "" and isinstance(node, ast.Assign) and _is_type(node.value):
        return
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "cast":
        yield from _visit(node.args[1], scope, field)
        return
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
        field = field or _ENVELOPE.get(node.attr, "")
    if isinstance(node, ast.FunctionDef):
        _note_names(node)
    # `None()` and `is ""` are warnings of the compiler, and what is lower-cased twice is lower-cased.
    if not hasattr(node, "is_fixed"):
        yield node, scope, field
    if isinstance(node, ast.Call):
        node.func.is_fixed = True  # type: ignore[attr-defined]
        if isinstance(node.func, ast.Attribute) and node.func.attr == "lower":
            node.func.value.is_fixed = True  # type: ignore[attr-defined]
    elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Is | ast.IsNot):
        node.comparators[0].is_fixed = True  # type: ignore[attr-defined]
    if isinstance(node, _SCOPES):
        scope = f"{scope}.{node.name}".lstrip(".")
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            name = str(key.value) if isinstance(key, ast.Constant) else field
            for part in (key, value):
                if part is not None:
                    yield from _visit(part, scope, name)
        return
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _visit(child, scope, field)


def _is_type(value: ast.expr) -> bool:
    makers = ("TypedDict", "NamedTuple")
    is_maker = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in makers
    return is_maker or isinstance(value, ast.Name | ast.Subscript)


def _note_names(function: ast.FunctionDef) -> None:
    """Mark the uses of a function's textual parameters, and the assignments to names that have a value."""
    parameters = {parameter.arg: parameter.annotation for parameter in function.args.args}
    textual = {
        name for name, kind in parameters.items() if kind and re.search(r"\bstr\b", ast.unparse(kind))
    } - {"name", "coin"}  # the names of coins are looked up, so their case shows at once
    bound = set(parameters)
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in textual:
            node.is_text = True  # type: ignore[attr-defined]
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            if node.targets[0].id in bound:
                node.rebinds = True  # type: ignore[attr-defined]
            bound.add(node.targets[0].id)


def _changes(text: _Text, node: ast.AST) -> Iterator[_Change]:
    for kind, new in _replacements(text, node):
        yield _Change(*text.span(node), new, kind)
    if isinstance(node, ast.Dict):
        pairs = [
            (text.span(key)[0], text.span(value)[1])
            for key, value in zip(node.keys, node.values, strict=True)
            if key
        ]
        yield from _sequence(text, pairs, "key")
    elif isinstance(node, ast.List | ast.Tuple):
        yield from _sequence(text, [text.span(item) for item in node.elts], "item")
    elif isinstance(node, ast.Call):
        yield from _sequence(
            text,
            [text.span(item) for item in node.args],
            "argument",
            drops=not node.keywords and not _needs_all(node),
        )
        for value in [*node.args, *(keyword.value for keyword in node.keywords)]:
            yield _Change(*text.span(value), "None", "argument lost")
        spans = [text.span(item) for item in [*node.args, *node.keywords]]
        for number in range(len(node.args), len(spans)):
            yield _dropped(spans, number, "keyword dropped")
    elif isinstance(node, ast.FunctionDef):
        for decorator in node.decorator_list:
            start, end = text.span(decorator)
            yield _Change(start - 1, end, "", "decorator dropped")
    elif isinstance(node, ast.If):
        for new in ("True", "False"):
            yield _Change(*text.span(node.test), new, "condition")
    elif isinstance(node, ast.For | ast.comprehension):
        for new in ("[::-1]", "[1:]", "[:1]"):
            yield _Change(*text.span(node.iter), f"list({text.of(node.iter)}){new}", "iteration")
    elif isinstance(node, ast.ExceptHandler) and node.type is not None:
        yield _Change(*text.span(node.type), "ZeroDivisionError", "exception")
    elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        yield _Change(*text.span(node.exc.func), "Exception", "exception")


def _sequence(
    text: _Text, spans: list[tuple[int, int]], what: str, *, drops: bool = True
) -> Iterator[_Change]:
    for number, (start, end) in enumerate(spans):
        # An argument in the middle that is missing is a TypeError, which tells nothing.
        if drops and (what != "argument" or number == len(spans) - 1):
            yield _dropped(spans, number, f"{what} dropped")
        if number + 1 < len(spans):
            later, last = spans[number + 1]
            swapped = text.raw[later:last] + text.raw[end:later] + text.raw[start:end]
            yield _Change(start, last, swapped.decode(), f"{what}s swapped")


def _needs_all(call: ast.Call) -> bool:
    """Say whether a missing argument is a TypeError, which tells nothing."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return name.startswith(("sign_", "_post_action"))


def _dropped(spans: list[tuple[int, int]], number: int, kind: str) -> _Change:
    if number + 1 < len(spans):
        return _Change(spans[number][0], spans[number + 1][0], "", kind)
    return _Change(spans[number - 1][1] if number else spans[number][0], spans[number][1], "", kind)


def _replacements(text: _Text, node: ast.AST) -> Iterator[tuple[str, str]]:
    """Return what may stand in the place of the whole node."""
    match node:
        case ast.Constant(value=bool() as value):
            yield "boolean", str(not value)
        case ast.Constant(value=None):
            yield "none", '""'
        case ast.Constant(value=str() | bytes() as value):
            prefix, more = ("b", b"_") if isinstance(value, bytes) else ("", "_")
            yield "string", repr(value + more)  # type: ignore[operator]
            if len(value) == 1:
                yield "string", f'{prefix}""'
        case ast.Constant(value=int() as value):
            yield from (("number", str(other)) for other in (value + 1, value - 1, value * 10))
        case ast.Constant(value=float() as value):
            yield from (("number", repr(other)) for other in (value * 10, value / 10, 0.0))
        case ast.JoinedStr():
            yield "string", f"({text.of(node)} + '_')"
            for found in re.finditer(r"\d+|(?<=\d)[fgx]|#", text.of(node)):
                for new in (str(int(found[0]) + 1), str(int(found[0]) - 1)) if found[0].isdigit() else ("",):
                    yield "format", text.of(node)[: found.start()] + new + text.of(node)[found.end() :]
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            for new in _COMPARISONS[type(operator)]:
                yield "comparison", f"({text.of(left)} {new} {text.of(right)})"
            if isinstance(operator, ast.IsNot):
                yield "truthiness", f"({text.of(left)})"
            elif isinstance(operator, ast.Is):
                yield "truthiness", f"(not {text.of(left)})"
        case ast.Compare(left=left, comparators=[*rest]):
            between = [text.of(part) for part in (left, *rest)]
            yield from (("comparison", f"({a} <= {b})") for a, b in pairwise(between))
        case ast.BoolOp(op=operator, values=values):
            other = " and " if isinstance(operator, ast.Or) else " or "
            yield "boolean", f"({other.join(map(text.of, values))})"
            yield from (("operand", text.of(value)) for value in values)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "boolean", text.of(operand)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield from (("branch", f"({text.of(part)})") for part in (body, orelse))
            yield "condition", f"({text.of(orelse)} if {text.of(test)} else {text.of(body)})"
        case ast.BinOp(left=left, op=operator, right=right):
            yield "arithmetic", f"({text.of(left)} {_ARITHMETIC[type(operator)]} {text.of(right)})"
            yield from (("operand", text.of(part)) for part in (left, right))
        case ast.AugAssign(target=target, op=operator, value=value):
            for sign in (f"{_ARITHMETIC[type(operator)]}=", "="):
                yield "arithmetic", f"{text.of(target)} {sign} {text.of(value)}"
            yield "statement", "pass"
        case ast.Call(func=ast.Attribute(value=receiver), args=[]):
            yield "call dropped", text.of(receiver)
        case ast.Call(func=ast.Name(id=name), args=[argument]):
            yield "call dropped", text.of(argument)
            if name == "str":
                yield from (("figure", f'f"{{{text.of(argument)}:{form}}}"') for form in ("g", ".8f"))
            elif name in ("int", "round"):
                yield "rounding", f"{'round' if name == 'int' else 'int'}({text.of(argument)})"
        case ast.Attribute(value=ast.Name(id="self"), ctx=ast.Load()):
            yield "attribute lost", "None"
        case ast.Subscript(value=value, slice=ast.Slice()):
            yield "slice dropped", text.of(value)
        case ast.Return(value=value) if value is not None:
            yield "return", "return None"
        case ast.Return() | ast.Raise() | ast.Delete() | ast.Expr():
            yield "statement", "pass"
        case ast.Assign(targets=[target]) | ast.AnnAssign(target=target):
            # Without its first assignment a name is a NameError, which tells nothing.
            if not isinstance(target, ast.Name) or hasattr(node, "rebinds"):
                yield "statement", "pass"
        case ast.Continue():
            yield "statement", "break"
        case ast.Name() if hasattr(node, "is_text"):
            yield "case", f"({node.id}.lower() if {node.id} else {node.id})"


def _flat(text: str) -> str:
    flat = re.sub(r"\s+", " ", text).strip()
    return flat if len(flat) <= _SHOWN else f"{flat[: _SHOWN // 2]}…{flat[-_SHOWN // 2 :]}"
