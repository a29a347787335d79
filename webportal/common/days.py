"""Days in words. Pages name the same few days over and over, and working one out costs more than showing it."""

from datetime import date
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language

_REMEMBERED = 8_192


def short_day(day: date) -> str:
    """Return `day` as lists show it, in the reader's region: 1 Dec 2018."""
    return _written(day, "SHORT_DATE_FORMAT", get_language())


def day_of_week(day: date) -> str:
    """Return `day` with its day of the week: Sat 1 Dec 2018."""
    return f"{_written(day, 'D', get_language())} {short_day(day)}"


def day_of_year(day: date) -> str:
    """Return `day` without its year: 1 Dec."""
    return _written(day, "MONTH_DAY_FORMAT", get_language())


@lru_cache(_REMEMBERED)
def _written(day: date, form: str, region: str | None) -> str:
    return date_format(day, form)
