"""Of readers who write 1.234,5, such as in German, Dutch, Spanish, Italian, Portuguese and Danish."""

DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "."
NUMBER_GROUPING = 3
