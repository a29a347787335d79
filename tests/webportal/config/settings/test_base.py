from django.conf import settings

from tests.webportal.starting import KEY, URL, start

PRINT = "import webportal.config.settings.base as s; print(s.STATIC_ROOT, s.DEBUG)"


def test_never_shows_a_debug_page() -> None:
    assert settings.DEBUG is False


def test_collects_static_files_in_the_home_of_encore() -> None:
    done = start("-c", PRINT, DATABASE_URL=URL, DJANGO_SECRET_KEY=KEY, ENCORE_HOME="/srv/encore")
    assert done.stdout.split() == ["/srv/encore/static", "False"]


def test_collects_static_files_beside_the_portal_without_a_home() -> None:
    done = start("-c", PRINT, DATABASE_URL=URL, DJANGO_SECRET_KEY=KEY)
    assert done.stdout.split()[0].endswith("webportal/staticfiles")
