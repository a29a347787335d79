"""The WSGI entry: `gunicorn webportal.config.wsgi:application`."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from webportal.common.bodies import with_length
from webportal.config.environment import one_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webportal.config.settings.dev")

try:
    application = with_length(get_wsgi_application())
except ImproperlyConfigured as failure:
    sys.stderr.write(one_line(failure) + "\n")
    # gunicorn gives up on status 3; on any other it would start the worker again for ever.
    raise SystemExit(3) from None
