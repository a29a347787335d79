"""Of readers who begin with the year, as in Japanese, Chinese and Korean."""

DATE_FORMAT = "Y F j"
SHORT_DATE_FORMAT = "Y M j"
DATETIME_FORMAT = "Y F j, H:i"
SHORT_DATETIME_FORMAT = "Y M j H:i"
