"""What forms of the pages that agents have open all day share."""

from django import forms
from django.forms.renderers import Jinja2


class PlainForm(forms.Form):
    """A form whose fields Django's own Jinja templates render: the same HTML in half the time.

    All share one renderer, which holds the compiled templates. Forms of the administration cannot: its widgets have
    templates for Django's engine alone.
    """

    default_renderer = Jinja2()
