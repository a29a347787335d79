"""English for every reader, with dates and numbers as the reader's region writes them."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language
from django.utils.translation.trans_real import parse_accept_lang_header

from spark_assets.contracts.explanations import FIGURE

PLAIN = "en"
_WRITTEN_SO = {
    PLAIN: "en es-mx es-us es-pr es-gt es-hn es-ni es-pa es-pe es-sv es-do",
    "en-us": "en-us",
    "en-ch": "de-ch de-li fr-ch it-ch rm gsw en-ch",
    "en-de": "de nl es it pt da id tr el hr sr sl ro vi ca",
    "en-fr": "fr sv nb nn no fi cs sk pl ru uk hu bg et lv",
    "en-jp": "ja zh ko",
}
_REGIONS = {wish: region for region, wishes in _WRITTEN_SO.items() for wish in wishes.split()}
"""By language, or by language and country where a country writes otherwise than most of its language."""


def region_of(accepted: str) -> str:
    """Return the code of the first wish in an `Accept-Language` header that is known here; `PLAIN` without any."""
    for wish, _quality in parse_accept_lang_header(accepted):
        for known in (wish, wish.partition("-")[0]):
            if known in _REGIONS:
                return _REGIONS[known]
    return PLAIN


def in_region(sentence: str) -> str:
    """Return a published sentence with its numbers as the reader's region writes them: 12,5 adverts; typical is 4."""
    return FIGURE.sub(_written, sentence)


def _written(figure: re.Match[str]) -> str:
    plain = figure[0].replace(",", "")
    return number_format(Decimal(plain), len(plain.partition(".")[2]), force_grouping=True)


class RegionMiddleware:
    """Writes each answer for the region that its reader's browser names."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the region; caches are told what the answer depends on."""
        with translation.override(region_of(request.headers.get("Accept-Language", ""))):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", PLAIN)
        patch_vary_headers(response, ("Accept-Language",))
        return response


_REMEMBERED = 8_192


def short_day(day: date) -> str:
    """Return `day` as lists show it, in the reader's region: 1 Dec 2018."""
    return _in_words(day, "SHORT_DATE_FORMAT", get_language())


def day_of_week(day: date) -> str:
    """Return `day` with its day of the week: Sat 1 Dec 2018."""
    return f"{_in_words(day, 'D', get_language())} {short_day(day)}"


def day_of_year(day: date) -> str:
    """Return `day` without its year: 1 Dec."""
    return _in_words(day, "MONTH_DAY_FORMAT", get_language())


@lru_cache(_REMEMBERED)
def _in_words(day: date, form: str, region: str | None) -> str:
    return date_format(day, form)
