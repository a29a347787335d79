"""Settings of what other systems show and are told: the card, alerts and webhooks."""

from webportal.config.environment import hosts, number, optional_address, origins

# Who may frame the card; nobody unless named. No other page is framed by anybody else.
EMBED_HOSTS = origins("ENCORE_EMBED_HOSTS")
CARD_LIFE_SECONDS = number("ENCORE_CARD_MINUTES", 10, least=1, greatest=60) * 60

# Where mails say that the portal is; without it they name no address.
PUBLIC_URL = optional_address("ENCORE_PUBLIC_URL")

# Hosts of our own network that webhooks may go to, also without TLS; all others must be public and speak HTTPS.
WEBHOOK_HOSTS = hosts("ENCORE_WEBHOOK_HOSTS")
WEBHOOK_SECONDS = number("ENCORE_WEBHOOK_SECONDS", 10, least=1, greatest=60)

# Every mail of the portal waits in its database; the follower sends it by MAIL_TRANSPORT, which `dev` and `prod` name.
EMAIL_BACKEND = "webportal.alerts.outbox.Outbox"

KEEP_ALERT_DAYS = number("ENCORE_KEEP_ALERT_DAYS", 90, least=1, greatest=3650)
