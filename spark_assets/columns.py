"""Names that the logs and the lake share: pages, auth values and column names as constants."""

NEXT_SONG = "NextSong"
CANCELLATION = "Cancellation Confirmation"

LOGGED_OUT_AUTHS = ("Logged Out", "Guest")
"""Auth values of events that belong to no customer."""

USER_ID = "user_id"
EVENT_DATE = "event_date"
EVENT_AT = "event_at"
CUT_OFF = "cut_off"
LABEL = "label"

CLEANED_EVENTS = "cleaned_events"
QUARANTINED_EVENTS = "quarantined_events"
DAILY_ACTIVITY = "daily_activity"
USER_FEATURES = "user_features"
TRAINING_EXAMPLES = "training_examples"
CHURN_SCORES = "churn_scores"
PAST_FEATURES = "past_features"
PAST_SCORES = "past_scores"
