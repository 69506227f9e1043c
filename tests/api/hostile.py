"""Documents that nobody means well with, all small enough to be sent."""


def chained(links: int, between: str = "...{0} ...{0}") -> str:
    """Two spreads of the next fragment in each: written out, 2 ** links of them."""
    chain = (f"fragment F{n} on Person {{ {between.format(f'F{n + 1}')} }}" for n in range(links))
    return " ".join(["{ me { ...F0 } }", *chain, f"fragment F{links} on Person {{ name }}"])


def many(count: int, part: str) -> str:
    return " ".join(part.format(n) for n in range(count))


DOCUMENTS = {
    "chained fragments": chained(60),
    "chained fields": chained(50, "friend {{ ...{0} }} friend {{ ...{0} }}"),
    "a cycle": "{ me { ...A } } fragment A on Person { ...B } fragment B on Person { ...A }",
    "a wide cycle": "{ me { ...F0 } }"
    + many(18, "fragment F{0} on Person {{ " + many(18, "...F{0}") + " }}"),
    "unknown fragments": f"{{ me {{ {many(490, '...F{0}')} }} }}",
    "one fragment again and again": f"{{ me {{ {'...F ' * 480} }} }}"
    "fragment F on Person { name }",
    "fragments beside each other": f"{{ me {{ {many(90, '...F{0}')} }} }}"
    + many(90, "fragment F{0} on Person {{ name }}"),
    "fragments with fields beside each other": f"{{ me {{ {many(60, '...F{0}')} }} }}"
    + many(60, "fragment F{0} on Person {{ friend {{ name }} }}"),
    "operations by fragments": many(50, "query Q{0} {{ me {{ ...F0 }} }}")
    + many(50, "fragment F{0} on Person {{ name }}"),
    "one field again and again": f"{{ me {{ {'name ' * 990} }} }}",
    "one object again and again": "{" + "me { name } " * 248 + "}",
    "aliases": f"{{ me {{ {many(330, 'a{0}: name')} }} }}",
    "conflicting aliases": "{" + "a: me { name } a: people { __typename } " * 80 + "}",
    "directives": f"{{ me {{ name {'@skip(if: true) ' * 160} }} }}",
    "unknown directives": f"{{ me {{ {'name @a @b @c ' * 120} }} }}",
    "depth": "{ me {" + "friend {" * 190 + "name" + "}" * 190 + "}}",
    "depth beyond any stack": "{ me {" + "friend{" * 20_000 + "name" + "}" * 20_000 + "}}",
    "inline fragments in each other": "{ me" + "{ ... " * 190 + "{ name }" + "}" * 190 + "}",
    "lists in each other": "{ echo(text: " + "[" * 95_000 + "]" * 95_000 + ") }",
    "types in each other": "query ($v: " + "[" * 450 + "Int" + "]" * 450 + ") { me { name } }",
    "unknown fields": f"{{ me {{ {many(900, 'x{0}')} }} }}",
    "an unknown field of 190 kB": f"{{ {'x' * 190_000} }}",
    "unknown arguments": f"{{ echo({many(320, 'x{0}: 1')}) }}",
    "one argument again and again": f"{{ echo({'text: 1 ' * 320}) }}",
    "unused variables": f"query ({many(240, '$v{0}: Int')}) {{ me {{ name }} }}",
    "operations": many(120, "query Q{0} {{ me {{ name }} }}"),
    "subscriptions at once": f"subscription {{ {'count ' * 900} }}",
    "type definitions": "type A { a: Int } " * 120,
    "tokens": "{" + "a " * 95_000 + "}",
    "comments": "#\n" * 60_000 + "{ me { name } }",
    "a comment": f"# {'x' * 190_000}\n{{ me {{ name }} }}",
    "line breaks before mistakes": "\n" * 95_000 + "{ me { a b c d e f } }",
    "a string of escapes": '{ echo(text: "' + "\\n" * 60_000 + '") }',
    "a string of lines": '{ echo(text: """' + " \n" * 60_000 + '""") }',
    "a number of 190,000 digits": f"{{ echo(number: {'9' * 190_000}) }}",
    "a fraction of 190,000 digits": f"{{ scaled(by: 0.{'9' * 190_000}) }}",
    "a large page of large pages": "{"
    + "people(first: 100) { nodes {" * 3
    + "name"
    + "}}" * 3
    + "}",
    "2 ** 31": "{ people(first: 2147483648) { nodes { name } } }",
    "an unfinished one": "{ me {" * 300,
    "nothing": "",
    "a NUL": "\0",
}
