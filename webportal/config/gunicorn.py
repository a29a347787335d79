"""How gunicorn serves the portal: `gunicorn -c python:webportal.config.gunicorn webportal.config.wsgi:application`."""

workers = 2
threads = 4  # a thread for each of a few agents
worker_tmp_dir = "/dev/shm"  # noqa: S108 - the heartbeat must lie in memory, not on a slow disk

# What a browser never needs, and what a worker must not be kept busy with.
limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190
timeout = 30
graceful_timeout = 30
keepalive = 5

# A worker that leaks is replaced before it matters, and not all at the same time.
max_requests = 20_000
max_requests_jitter = 2_000
