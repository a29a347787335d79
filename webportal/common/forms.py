"""What forms of the pages that agents have open all day share."""

from urllib.parse import urlsplit

from django import forms
from django.forms.renderers import Jinja2
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


class PlainForm(forms.Form):
    """A form whose fields Django's own Jinja templates render: the same HTML in half the time.

    All share one renderer, which holds the compiled templates. Forms of the administration cannot: its widgets have
    templates for Django's engine alone.
    """

    default_renderer = Jinja2()


def page_of_form(request: HttpRequest) -> str | None:
    """Return the path and query of the page whose form a request sent, or None when the browser does not say.

    Our pages send a `Referer` to ourselves alone; one that names another host counts as none.
    """
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}) or "://" not in referer:
        return None
    page = urlsplit(referer)
    path = f"{page.path or '/'}{'?' if page.query else ''}{page.query}"
    return path if url_has_allowed_host_and_scheme(path, None) else None
