"""Rows that Postgres can store: texts cut to the contract's bytes, customers that cannot be published set aside."""

from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.contracts import CUSTOMER_SNAPSHOT, ColumnType
from spark_assets.contracts import Column as ContractColumn
from spark_assets.errors import PublishError
from spark_assets.publishing.staging import select_contract

SET_ASIDE = "set_aside"
"""Column of `publishable_rows`: why the row cannot be published, null where it can."""

MAX_NAMED = 20
"""Customers set aside that are named; the others are counted with their reason."""

_NUMBER = "customer_number"
_LISTED = ("gender", "level", "location")
"""What lists are filtered by: a value is one line as a person would type it, or null."""
_NUL, _REPLACEMENT, _CUT = "\x00", "\ufffd", "…"


@dataclass(frozen=True)
class SetAside:
    """A customer that was not published. The pseudonym names it: run metadata holds no customer numbers."""

    customer: str
    reason: str


def publishable_rows(customers: DataFrame) -> DataFrame:
    """Return the columns of `customer_snapshot` with values that Postgres takes, and `SET_ASIDE` beside them.

    NUL and bytes that are no UTF-8 become U+FFFD, a text longer than the contract's bytes ends with an ellipsis, a
    double that is not finite becomes null. A number stays as it is: changed, it could be another customer's.
    """
    wanted = select_contract(customers, CUSTOMER_SNAPSHOT)
    return wanted.select(*map(_value, CUSTOMER_SNAPSHOT.columns), _fault().alias(SET_ASIDE))


def clean_text(text: Column) -> Column:
    """Return a text without NUL and with valid UTF-8."""
    return F.translate(F.make_valid_utf8(text), _NUL, _REPLACEMENT)


def set_aside_in(rows: DataFrame) -> tuple[int, list[SetAside]]:
    """Count the rows that cannot be published and name the first `MAX_NAMED`, by pseudonym.

    Raises:
        PublishError: most rows are among them, so the fault is not of single customers.
    """
    by_reason = rows.groupBy(SET_ASIDE).count().collect()
    count = sum(row["count"] for row in by_reason if row[SET_ASIDE] is not None)
    total = sum(row["count"] for row in by_reason)
    if not count:
        return 0, []
    faulty = rows.where(F.col(SET_ASIDE).isNotNull()).select("pseudonym", SET_ASIDE)
    named = [
        SetAside(row[0] or "", row[1]) for row in faulty.orderBy(SET_ASIDE, "pseudonym").limit(MAX_NAMED).collect()
    ]
    if 2 * count > total:
        raise PublishError(f"{count:,} of {total:,} customers cannot be published; the first: {named[0].reason}.")
    return count, named


def shortened_in(rows: DataFrame) -> dict[str, int]:
    """Count by column the texts that were cut; columns without any are left out."""
    limited = [column for column in CUSTOMER_SNAPSHOT.columns if column.max_bytes and column.name != _NUMBER]
    counts = [F.count_if(_is_cut(column)).alias(column.name) for column in limited]
    row = rows.where(F.col(SET_ASIDE).isNull()).agg(*counts).first()
    return {name: n for name, n in row.asDict().items() if n} if row else {}


def _value(column: ContractColumn) -> Column:
    value = F.col(column.name)
    if column.type is ColumnType.DOUBLE:
        value = F.when(F.abs(value) < float("inf"), value)  # NaN is above all numbers in Spark
    elif column.type is ColumnType.TEXT and column.name != _NUMBER:
        value = _one_line(value) if column.name in _LISTED else clean_text(value)
        value = _cut(value, column.max_bytes) if column.max_bytes else value
    return value.alias(column.name)


def _one_line(text: Column) -> Column:
    """One space for every white space and control character, none at the ends; null when nothing is left."""
    line = F.trim(F.regexp_replace(F.make_valid_utf8(text), r"(?U)[\s\p{Cc}]+", " "))
    return F.when(line != "", line)


def _cut(text: Column, max_bytes: int) -> Column:
    kept = F.substring(text.cast("binary"), 1, max_bytes - len(_CUT.encode()))
    # A letter that the cut halves becomes one replacement character.
    whole = F.rtrim(F.make_valid_utf8(kept.cast("string")), F.lit(_REPLACEMENT))
    return F.when(F.octet_length(text) > max_bytes, F.concat(whole, F.lit(_CUT))).otherwise(text)


def _is_cut(column: ContractColumn) -> Column:
    """Whether a text is as long as cut ones are, a letter of up to four bytes aside, and ends as they do."""
    is_long = F.octet_length(column.name) > (column.max_bytes or 0) - 4
    return is_long & F.col(column.name).endswith(_CUT)


def _fault() -> Column:
    number, limit = F.col(_NUMBER), _max_bytes(_NUMBER)
    size = F.format_number(F.octet_length(number), 0)
    faults = [
        (number.isNull(), F.lit("it has no number")),
        (
            F.octet_length(number) > limit,
            F.concat(F.lit("its number has "), size, F.lit(f" bytes, and at most {limit} can be published")),
        ),
        (number.contains(_NUL), F.lit("its number holds NUL")),
        (~F.is_valid_utf8(number), F.lit("its number is not UTF-8")),
    ]
    faults += [
        (F.col(column.name).isNull(), F.lit(f"it has no {column.name}, or one out of range"))
        for column in CUSTOMER_SNAPSHOT.columns
        if not column.nullable and column.name not in CUSTOMER_SNAPSHOT.key
    ]
    return F.coalesce(*(F.when(holds, reason) for holds, reason in faults))


def _max_bytes(name: str) -> int:
    return next(column.max_bytes or 0 for column in CUSTOMER_SNAPSHOT.columns if column.name == name)
