"""What an attacker writes into a field, an address or a header."""

from urllib.parse import quote

from tests.webportal.publishing import Row, customer

MARK = "pwned7"
"""Set on `window` by each payload that runs."""

RUN = f"window.{MARK}=1"
SCRIPTS = (
    f"<script>{RUN}</script>",
    f'"><img src=x onerror="{RUN}">',
    f"'\"--></title></style></textarea><svg onload={RUN}>",
    f"</script><script>{RUN}</script>",
    f"javascript:{RUN}//",
    f"<a href='javascript:{RUN}'>Anna</a>",
    f"<iframe srcdoc='<script>parent.{RUN.removeprefix('window.')}</script>'></iframe>",
    f"{{{{constructor.constructor('{RUN}')()}}}}",
    f"<b style='background:url(javascript:{RUN})'>Anna</b>",
    f"\u2028</ScRiPt\n><svg/onload={RUN}>",
)

TEXT_FIELDS = ("first_name", "last_name", "location", "gender", "level")
"""Columns of the snapshot that hold text as the logs had it. Songs, artists and user agents are published nowhere."""

FORMULAS = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3+cmd",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    '=HYPERLINK("http://evil.example")',
)

SQL = (
    "'",
    "' OR '1'='1",
    "'; DROP TABLE customer_snapshot; --",
    "1) UNION SELECT password FROM accounts_user --",
    "%' OR customer_number LIKE '%",
    "\\",
    "$$;SELECT pg_sleep(3)$$",
    "1'||(SELECT pg_sleep(3))||'",
    "-1 OR 1=1",
    "%",
    "_",
)

ELSEWHERE = (
    "//evil.example",
    "///evil.example",
    "////evil.example/%2f..",
    "https:evil.example",
    "https:/evil.example",
    "https://evil.example/",
    "http:///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    "%2f%2fevil.example",
    "/%5cevil.example",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "//evil。example",
    "/\r\nLocation: https://evil.example",
)

PATHS = (
    "..",
    "../..",
    "../../etc/passwd",
    "%2e%2e/%2e%2e/etc/passwd",
    "%252e%252e%252fetc%252fpasswd",
    "..%2f..%2fetc%2fpasswd",
    "..%5c..%5cwindows",
    "....//....//etc/passwd",
    "%c0%ae%c0%ae/etc/passwd",
    "%00",
    "1%00.html",
    "%ff%fe",
    "%E2%80%AE",
    "%0d%0aSet-Cookie:%20a=b",
    ";/../../settings.py",
    "~root",
    "%",
    "%zz",
    quote("ü" * 50),
    "1" * 3_000,
)


def hostile_customers() -> list[Row]:
    """Return one customer for each payload in each text field, numbered from 900001; all fields at once in the last."""
    pairs = [(field, script) for field in TEXT_FIELDS for script in (*SCRIPTS, *FORMULAS)]
    rows = [customer(str(900001 + place), **{field: script}) for place, (field, script) in enumerate(pairs)]
    everywhere = dict.fromkeys(TEXT_FIELDS, SCRIPTS[1])
    return [*rows, customer(str(900001 + len(pairs)), **everywhere)]
