from pathlib import Path

from tests.webportal.starting import KEY, MAIL, URL, start


def test_collects_hashed_and_compressed_files_for_production(tmp_path: Path) -> None:
    done = start(
        "webportal/manage.py",
        "collectstatic",
        "--noinput",
        DJANGO_SETTINGS_MODULE="webportal.config.settings.prod",
        DATABASE_URL=URL,
        DJANGO_SECRET_KEY=KEY,
        ENCORE_ALLOWED_HOSTS="desk.example",
        EMAIL_URL=MAIL,
        ENCORE_MAIL_FROM="desk@desk.example",
        ENCORE_HOME=str(tmp_path),
    )
    assert done.returncode == 0, done.stderr
    collected = tmp_path / "static"
    assert (collected / "staticfiles.json").is_file()
    assert list((collected / "encore").glob("portal.*.css.gz"))
    imported = next((collected / "encore").glob("portal.*.css")).read_text()
    assert 'url("tokens.' in imported
    # Dash and the chart's frame ask for names without a hash.
    assert (collected / "encore/chart-frame.css").is_file()
    assert (collected / "dash/component/dash/dcc/dash_core_components.js").is_file()
